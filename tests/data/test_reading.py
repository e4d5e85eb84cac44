from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from workbench.data.reading import Document, Place, Reading, ReadOptions, decode_labels

PLACE = Place("train", Path("train.jsonl"), 7)


def read_one(record: dict[str, Any], **options: Any) -> tuple[Document | None, Reading]:
    reading = Reading(ReadOptions(**options))
    return reading.document(record, PLACE), reading


def test_a_whole_record() -> None:
    document, reading = read_one({"id": 3, "text": " a\ttext ", "labels": [" x", "y"], "other": None})
    assert document == Document(" a\ttext ", ("x", "y"), "3", "train", Path("train.jsonl"), 7)
    assert not list(reading.problems)


def test_other_field_names_and_texts_of_several_fields() -> None:
    record = {"title": "T", "abstract": "A ", "tags": [], "key": "k"}
    document, _ = read_one(record, text_field="title,abstract", labels_field="tags", id_field="key")
    assert document is not None
    assert (document.text, document.labels, document.id) == ("T\nA", (), "k")


def test_labels_in_one_string_need_a_separator() -> None:
    document, reading = read_one({"text": "t", "labels": "a b"}, separator=" ")
    assert document is not None and document.labels == ("a", "b")
    document, reading = read_one({"text": "t", "labels": "a b"})
    assert document is None
    assert [problem.kind for problem in reading.problems] == ["wrong type"]


@pytest.mark.parametrize(
    ("record", "kind", "says"),
    [
        ({"labels": ["a"]}, "missing field", "'text' is missing; the fields are: labels"),
        ({"txt": "t", "labels": ["a"]}, "missing field", "Did you mean 'txt'?"),
        ({"text": None, "labels": ["a"]}, "missing field", "'text' is null"),
        ({"text": "t"}, "missing field", "'labels' is missing"),
        ({"text": 5, "labels": ["a"]}, "wrong type", "'text' must be a string, not 5"),
        ({"text": "t", "labels": "a"}, "wrong type", "'labels' must be a list of strings"),
        ({"text": "t", "labels": ["a", 2]}, "wrong type", "'labels' must be a list of strings"),
        ({"text": "t", "labels": {"a": 1}}, "wrong type", "'labels' must be a list of strings"),
        ({"text": "t", "labels": [], "id": ""}, "wrong type", "'id' must be a string"),
        ({"text": "t", "labels": [], "id": True}, "wrong type", "'id' must be a string"),
        ({"text": " \n", "labels": ["a"]}, "empty text", "text is empty"),
        ({"text": "t", "labels": ["a", " "]}, "empty label", "empty string"),
        ({"text": "t\ud800", "labels": ["a"]}, "wrong encoding", "surrogate"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(record: dict[str, Any], kind: str, says: str) -> None:
    document, reading = read_one(record)
    assert document is None
    (problem,) = reading.problems
    assert (problem.kind, problem.place, problem.severity) == (kind, "train.jsonl:7", "error")
    assert says in problem.message
    assert problem.remedy


def test_every_wrong_field_of_a_record_is_noted_at_once() -> None:
    _, reading = read_one({"text": 1, "labels": 2, "id": 3.5})
    assert len(reading.problems) == 3


def test_an_id_field_that_was_named_must_be_there() -> None:
    document, reading = read_one({"text": "t", "labels": []}, id_field="key")
    assert document is None
    assert "'key' is missing" in next(iter(reading.problems)).message


def test_an_empty_id_field_ignores_ids_whatever_they_are() -> None:
    document, reading = read_one({"text": "t", "labels": [], "id": 3.5}, id_field="")
    assert document is not None and document.id is None
    built = reading.build("t", ["a"], "7", Place("train", Path("train.txt"), 1))
    assert built is not None and built.id is None


def test_a_label_that_stands_twice_is_counted_once() -> None:
    document, reading = read_one({"text": "t", "labels": ["a", "b", "a"]})
    assert document is not None and document.labels == ("a", "b")
    assert [(problem.kind, problem.severity) for problem in reading.problems] == [
        ("repeated label", "warning")
    ]


@pytest.mark.parametrize(
    ("value", "expected"),
    [([1, 0], ["y", "x"]), (1, ["y"]), ([], []), ([2], [2]), ([-1], [-1]), (["x"], ["x"]), ([True], [True])],
)
def test_numbered_classes_become_names(value: Any, expected: Any) -> None:
    record = {"labels": value}
    decode_labels(record, "labels", ["x", "y"])
    assert record["labels"] == expected
