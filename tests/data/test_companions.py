from __future__ import annotations

import json
from pathlib import Path

import pytest

from workbench.data.companions import find_label_list
from workbench.data.problems import Problems
from workbench.errors import WorkbenchError


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("labels.json", '{"b": "Bees", "a": "Ants"}', {"b": "Bees", "a": "Ants"}),
        ("labels.json", '["b", "a"]', {"b": "", "a": ""}),
        ("label_to_index.json", '{"b": 1, "a": 0}', {"a": "", "b": ""}),
        ("eurovoc_concepts.json", '{"1": {"label": "trade", "parents": []}}', {"1": "trade"}),
        ("eurovoc_concepts.jsonl", '{"id": "1", "label": "trade"}\n', {"1": "trade"}),
        ("labels.txt", "b\tBees\na\n\n", {"b": "Bees", "a": ""}),
    ],
)
def test_every_form_of_a_label_list(
    tmp_path: Path, name: str, content: str, expected: dict[str, str]
) -> None:
    (tmp_path / name).write_text(content)
    problems = Problems()
    found = find_label_list(tmp_path, None, problems)
    assert found is not None
    assert list(found.names.items()) == list(expected.items())
    assert not list(problems)


def test_names_win_over_codes_and_a_given_file_over_both(tmp_path: Path) -> None:
    (tmp_path / "labels.json").write_text('{"a": "Ants"}')
    (tmp_path / "label_codes.json").write_text('["a", "b"]')
    found = find_label_list(tmp_path, None, Problems())
    given = find_label_list(tmp_path, tmp_path / "label_codes.json", Problems())
    assert (found and found.names, given and given.names) == ({"a": "Ants"}, {"a": "", "b": ""})


def test_a_list_beside_a_single_file_is_found(tmp_path: Path) -> None:
    (tmp_path / "labels.json").write_text('["a"]')
    assert find_label_list(tmp_path / "all.jsonl", None, Problems()) is not None
    assert find_label_list(tmp_path / "labels.json", None, Problems()) is None


def test_a_given_file_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(WorkbenchError, match="does not exist"):
        find_label_list(tmp_path, tmp_path / "none.json", Problems())


@pytest.mark.parametrize("content", ["{", "3", '["a", 1]', '{"a": null}', '["a", ""]'])
def test_a_broken_list_is_a_problem_at_its_file(tmp_path: Path, content: str) -> None:
    (tmp_path / "labels.json").write_text(content)
    problems = Problems()
    assert find_label_list(tmp_path, None, problems) is None
    assert [(problem.kind, problem.file.name) for problem in problems] == [
        ("broken label list", "labels.json")
    ]


def test_the_line_of_broken_json_is_named(tmp_path: Path) -> None:
    (tmp_path / "labels.json").write_text(json.dumps(["a", "b"], indent=1).replace('"b"', "b"))
    problems = Problems()
    find_label_list(tmp_path, None, problems)
    assert next(iter(problems)).place.endswith("labels.json:3")
