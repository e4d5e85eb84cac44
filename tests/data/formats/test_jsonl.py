from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from workbench.data.formats import reader_for

Read = Callable[..., Any]


def test_a_folder_of_plain_and_compressed_files(tmp_path: Path, read: Read) -> None:
    line = json.dumps({"id": "1", "text": "ein “Text”", "labels": ["a", "b"]})
    (tmp_path / "train.jsonl.gz").write_bytes(gzip.compress(f"{line}\n\n".encode()))
    (tmp_path / "dev.ndjson").write_text(line.replace('"1"', '"2"'))
    (tmp_path / "labels.json").write_text('{"a": "A", "b": "B"}')
    documents, reading = read(tmp_path)
    assert [(d.split, d.id, d.text, d.labels, d.line) for d in documents] == [
        ("valid", "2", "ein “Text”", ("a", "b"), 1),
        ("train", "1", "ein “Text”", ("a", "b"), 1),
    ]
    assert not list(reading.problems)


@pytest.mark.parametrize(
    ("line", "kind", "says"),
    [
        ('{"text": "a", "labels": ["x"]', "broken JSON", "broken at column"),
        ("nonsense", "broken JSON", "broken at column 1"),
        ('["a"]', "wrong type", "holds a list, not an object"),
        ("3", "wrong type", "holds a int"),
        ("[" * 200_000, "broken JSON", "nested"),
        ('{"text": "a", "labels": [' + "1" * 5000 + "]}", "broken JSON", "digits"),
        ('{"labels": ["x"]}', "missing field", "'text' is missing"),
    ],
)
def test_a_bad_line_is_named_and_the_others_are_read(
    tmp_path: Path, read: Read, line: str, kind: str, says: str
) -> None:
    good = '{"text": "a", "labels": ["x"]}'
    (tmp_path / "all.jsonl").write_text(f"{good}\n{line}\n{good}\n")
    documents, reading = read(tmp_path / "all.jsonl")
    (problem,) = reading.problems
    assert [document.line for document in documents] == [1, 3]
    assert (problem.kind, problem.line) == (kind, 2)
    assert says in problem.message


def test_a_file_called_json_may_hold_lines(tmp_path: Path) -> None:
    (tmp_path / "train.json").write_text('{"text": "a", "labels": ["x"]}\n')
    assert reader_for(tmp_path).name == "jsonl"


@pytest.mark.parametrize("indent", [None, 1])
def test_a_json_array_is_one_problem(tmp_path: Path, read: Read, indent: int | None) -> None:
    (tmp_path / "train.json").write_text(json.dumps([{"text": "a", "labels": ["x"]}] * 3, indent=indent))
    documents, reading = read(tmp_path)
    (problem,) = reading.problems
    assert documents == []
    assert "one JSON array" in problem.message
    assert "jq -c" in problem.remedy
