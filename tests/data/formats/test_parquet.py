from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from workbench.data.formats import parquet

Read = Callable[..., Any]


def test_rows_are_numbered_and_checked(tmp_path: Path, read: Read, monkeypatch: Any) -> None:
    monkeypatch.setattr(parquet, "BATCH", 2)
    labels = [["x"], ["y", "x"], [], None]
    pd.DataFrame({"text": ["a", "b", "", "d"], "labels": labels}).to_parquet(tmp_path / "train.parquet")
    documents, reading = read(tmp_path)
    assert [(d.split, d.text, d.labels, d.line) for d in documents] == [
        ("train", "a", ("x",), 1),
        ("train", "b", ("y", "x"), 2),
    ]
    assert [(p.kind, p.line) for p in reading.problems] == [("empty text", 3), ("missing field", 4)]


def test_two_columns_of_one_name_are_an_error(tmp_path: Path, read: Read) -> None:
    columns = [pa.array(["a", "b"]), pa.array([["x"], ["y"]]), pa.array([["z"], ["z"]])]
    pq.write_table(pa.Table.from_arrays(columns, ["text", "labels", "labels"]), tmp_path / "train.parquet")
    documents, reading = read(tmp_path)
    assert not documents
    assert [(p.kind, p.message) for p in reading.problems] == [
        ("doubled column", "More than one column is called 'labels'.")
    ]


def test_numbered_classes_get_the_names_in_the_metadata(tmp_path: Path, read: Read) -> None:
    features = {
        "labels": {"feature": {"names": ["admiration", "joy"], "_type": "ClassLabel"}, "_type": "List"}
    }
    table = pa.table({"text": ["a", "b"], "labels": [[1, 0], []]})
    metadata = {"huggingface": json.dumps({"info": {"features": features}})}
    pq.write_table(table.replace_schema_metadata(metadata), tmp_path / "all.parquet")
    documents, reading = read(tmp_path / "all.parquet")
    assert [d.labels for d in documents] == [("joy", "admiration"), ()]
    assert not list(reading.problems)


def test_numbers_without_names_are_refused(tmp_path: Path, read: Read) -> None:
    pq.write_table(pa.table({"text": ["a"], "labels": [[1]]}), tmp_path / "all.parquet")
    assert [p.kind for p in read(tmp_path / "all.parquet")[1].problems] == ["wrong type"]


def test_a_missing_column_is_one_problem_not_one_a_row(tmp_path: Path, read: Read) -> None:
    pq.write_table(pa.table({"text": ["a", "b"], "label": [["x"], ["y"]]}), tmp_path / "all.parquet")
    (problem,) = read(tmp_path / "all.parquet")[1].problems
    assert "no column 'labels'; the columns are: text, label. Did you mean 'label'?" in problem.message
    documents, _ = read(tmp_path / "all.parquet", labels_field="label")
    assert len(documents) == 2


def test_a_file_that_is_no_parquet(tmp_path: Path, read: Read) -> None:
    (tmp_path / "all.parquet").write_bytes(b"PAR1 but not really")
    assert [p.kind for p in read(tmp_path / "all.parquet")[1].problems] == ["broken Parquet"]
