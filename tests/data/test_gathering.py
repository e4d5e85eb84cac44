from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from workbench.data.formats import reader_for
from workbench.data.gathering import Gathered, gather
from workbench.data.problems import Problems
from workbench.data.reading import Reading, ReadOptions
from workbench.errors import WorkbenchError

Write = Callable[[Path, list[Any]], Path]


def gathered(path: Path, **options: Any) -> tuple[Gathered, Problems]:
    reading = Reading(ReadOptions(**options))
    return gather(reader_for(path), path, reading), reading.problems


def document(text: str, *labels: str, **more: str) -> dict[str, Any]:
    return {"text": text, "labels": list(labels), **more}


def test_splits_are_gathered_and_counted_in_order(tmp_path: Path, write_jsonl: Write) -> None:
    write_jsonl(tmp_path / "test.jsonl", [document("c", "x")])
    write_jsonl(tmp_path / "dev.jsonl", [document("d", "z")])
    write_jsonl(tmp_path / "train.jsonl", [document("a", "x"), document("b", "y", "x")])
    data, problems = gathered(tmp_path)
    assert list(data.counts.items()) == [("train", 2), ("valid", 1), ("test", 1)]
    assert set(data.labels) == {"x", "y", "z"}
    assert not list(problems)


def test_the_same_id_twice_names_both_places(tmp_path: Path, write_jsonl: Write) -> None:
    write_jsonl(tmp_path / "test.jsonl", [document("c", "x", id="1")])
    write_jsonl(tmp_path / "train.jsonl", [document("a", "x", id="2"), document("b", "x", id="1")])
    _, problems = gathered(tmp_path)
    (problem,) = problems.errors
    assert (problem.kind, problem.file.name, problem.line) == ("duplicate id", "train.jsonl", 2)
    assert "test.jsonl:1" in problem.message
    assert '--id-field ""' in problem.remedy


def test_ids_counted_anew_in_each_split_can_be_ignored(tmp_path: Path) -> None:
    for split in ("train", "test"):
        (tmp_path / f"{split}.csv").write_text(f"id,text,a,b\n1,{split} one,1,0\n2,{split} two,0,1\n")
    assert {problem.kind for problem in gathered(tmp_path)[1].errors} == {"duplicate id"}
    data, problems = gathered(tmp_path, id_field="")
    assert not list(problems)
    assert set(data.labels) == {"a", "b"}  # the column of ids is no label either
    order = np.arange(2)
    ids = [data.parts[split].split(order, 2, split).ids for split in ("train", "test")]
    assert ids == [["train-000001", "train-000002"], ["test-000001", "test-000002"]]


def test_the_same_id_twice_in_a_split_is_a_mistake_to_correct(tmp_path: Path, write_jsonl: Write) -> None:
    write_jsonl(tmp_path / "train.jsonl", [document("a", "x", id="1"), document("b", "x", id="1")])
    (problem,) = gathered(tmp_path)[1].errors
    assert "--id-field" not in problem.remedy


def test_a_label_outside_of_the_list_is_an_error_with_the_nearest(tmp_path: Path, write_jsonl: Write) -> None:
    (tmp_path / "labels.json").write_text('{"sauce": "Sauce", "bread": "Bread"}')
    write_jsonl(tmp_path / "train.jsonl", [document("a", "sauce"), document("b", "sause", "bread")])
    _, problems = gathered(tmp_path)
    (problem,) = problems.errors
    assert (problem.kind, problem.line) == ("unknown label", 2)
    assert "'sause' is not in labels.json. Did you mean 'sauce'?" in problem.message


def test_labels_that_differ_in_case_are_warned_of(tmp_path: Path, write_jsonl: Write) -> None:
    documents = [document("a", "Bread", "x"), document("b", "bread"), document("c", "bread", "sauce")]
    data, problems = gathered(write_jsonl(tmp_path / "all.jsonl", documents))
    assert set(data.labels) == {"Bread", "bread", "x", "sauce"}
    (problem,) = problems
    assert (problem.kind, problem.severity) == ("similar labels", "warning")
    assert "'bread' (2) and 'Bread' (1)" in problem.message
    assert "--fold-labels" in problem.remedy


def test_labels_that_differ_in_case_are_made_one_when_asked(tmp_path: Path, write_jsonl: Write) -> None:
    write_jsonl(tmp_path / "test.jsonl", [document("d", "x", "BREAD")])
    documents = [
        document("a", "Bread", "x"),
        document("b", "bread"),
        document("c", "bread", "bread  ", "Bread"),
        document("e", "bread"),
    ]
    write_jsonl(tmp_path / "train.jsonl", documents)
    reading = Reading(ReadOptions(fold_labels=True))
    data = gather(reader_for(tmp_path), tmp_path, reading)
    assert sorted(data.labels) == ["bread", "x"]
    assert sorted(data.labels.values()) == [0, 1]
    bread, x = data.labels["bread"], data.labels["x"]
    assert data.parts["train"].labels == [(bread, x), (bread,), (bread,), (bread,)]
    assert data.parts["test"].labels == [(x, bread)]
    assert reading.notes == ["Labels that differed in case or white space alone: 3 became 1."]
    assert {problem.kind for problem in reading.problems} == {"repeated label"}


def test_a_list_says_how_labels_are_written(tmp_path: Path, write_jsonl: Write) -> None:
    (tmp_path / "labels.json").write_text('["Bread", "Sauce"]')
    write_jsonl(tmp_path / "train.jsonl", [document("a", "bread"), document("b", "bread", "SAUCE", "soup")])
    data, problems = gathered(tmp_path, fold_labels=True)
    assert set(data.labels) == {"Bread", "Sauce", "soup"}
    assert [problem.kind for problem in problems] == ["unknown label"]
    assert len(gathered(tmp_path)[1].errors) == 4


def test_leaks_are_warned_of_one_by_one(tmp_path: Path, write_jsonl: Write) -> None:
    write_jsonl(tmp_path / "train.jsonl", [document("The same  text", "x"), document("b", "x")])
    write_jsonl(tmp_path / "dev.jsonl", [document("B", "x"), document("own", "x")])
    write_jsonl(
        tmp_path / "test.jsonl",
        [document("new", "x"), document("the same text\n", "x"), document("own", "x")],
    )
    _, problems = gathered(tmp_path)
    assert problems.errors == []
    assert [(p.kind, p.file.name, p.line) for p in problems] == [
        ("leakage", "dev.jsonl", 1),
        ("leakage", "test.jsonl", 2),
        ("leakage", "test.jsonl", 3),
    ]
    assert "one of train, at train.jsonl:1" in problems.warnings[1].message
    assert "one of valid, at dev.jsonl:2" in problems.warnings[2].message
    assert problems.kinds("warning") == {"leakage": 3}


def test_the_same_text_twice_in_train_is_no_leak(tmp_path: Path, write_jsonl: Write) -> None:
    write_jsonl(tmp_path / "train.jsonl", [document("a", "x"), document("a", "x")])
    assert not list(gathered(tmp_path)[1])


def test_the_same_text_twice_in_undivided_data_is_warned_of(tmp_path: Path, write_jsonl: Write) -> None:
    file = write_jsonl(tmp_path / "all.jsonl", [document("a", "x"), document("A", "x")])
    assert [(p.kind, p.line) for p in gathered(file)[1]] == [("repeated text", 2)]


def test_documents_without_labels_are_counted_in_one_warning(tmp_path: Path, write_jsonl: Write) -> None:
    write_jsonl(tmp_path / "train.jsonl", [document("a", "x"), document("b"), document("c")])
    _, problems = gathered(tmp_path)
    (problem,) = problems
    assert (problem.kind, problem.severity, problem.line) == ("no label", "warning", 2)
    assert "of train without a label: 2" in problem.message


@pytest.mark.parametrize(
    ("name", "records", "kind"),
    [
        ("train.jsonl", [document("a"), document("b")], "no labels"),
        ("train.jsonl", [], "no documents"),
        ("test.jsonl", [document("a", "x")], "no training documents"),
    ],
)
def test_data_that_cannot_be_trained_on_is_an_error(
    tmp_path: Path, write_jsonl: Write, name: str, records: list[Any], kind: str
) -> None:
    write_jsonl(tmp_path / name, records)
    assert [problem.kind for problem in gathered(tmp_path)[1].errors] == [kind]


def test_refusing_lists_the_first_and_counts_all() -> None:
    problems = Problems()
    problems.refuse()
    problems.warn("leakage", Path("a"), 1, "w")
    problems.refuse()
    for line in range(1, 31):
        problems.error("broken JSON", Path("a.jsonl"), line, f"error {line}.", "Repair it.")
    with pytest.raises(WorkbenchError) as raised:
        problems.refuse(limit=20)
    message = str(raised.value)
    assert message.startswith("30 things are wrong with the data; nothing was imported.")
    assert "a.jsonl:20: error: error 20. Repair it." in message
    assert "error 21" not in message
    assert "and 10 more" in message
