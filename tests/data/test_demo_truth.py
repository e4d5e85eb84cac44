from __future__ import annotations

import json
from pathlib import Path

import pytest

from workbench.data.demo import PlantedTruth, generate, load_truth
from workbench.errors import WorkbenchError


@pytest.fixture(scope="module")
def truth() -> PlantedTruth:
    return generate(1, 200).truth


def test_json_gives_an_equal_truth_back(truth: PlantedTruth) -> None:
    assert PlantedTruth.from_json(truth.to_json()) == truth


def test_load_truth_reads_the_file_beside_a_corpus(truth: PlantedTruth, tmp_path: Path) -> None:
    assert load_truth(tmp_path) is None
    (tmp_path / "truth.json").write_text(truth.to_json(), encoding="utf-8")
    assert load_truth(tmp_path) == truth


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "3", "null", '{"schema": 1}', '{"schema": "x"}', "\udcff"]
)
def test_a_damaged_file_is_named(content: str, tmp_path: Path) -> None:
    path = tmp_path / "truth.json"
    path.write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises(WorkbenchError, match=r"truth\.json: "):
        load_truth(tmp_path)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("implicit", [["a", "b"]]),
        ("cooccurring", [3]),
        ("label_words", []),
        ("noise", 3),
        ("disturbed", None),
    ],
)
def test_a_field_of_the_wrong_shape_is_an_error(truth: PlantedTruth, field: str, value: object) -> None:
    fields = json.loads(truth.to_json()) | {field: value}
    with pytest.raises(WorkbenchError, match="not a planted truth"):
        PlantedTruth.from_json(json.dumps(fields))


def test_a_newer_schema_is_refused(truth: PlantedTruth) -> None:
    with pytest.raises(WorkbenchError, match="schema 99, newer than 1"):
        PlantedTruth.from_json(json.dumps(json.loads(truth.to_json()) | {"schema": 99}))
