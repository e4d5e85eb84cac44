from __future__ import annotations

from pathlib import Path

import pytest

from workbench.data.layout import data_files, split_files, split_of
from workbench.data.reading import Reading


@pytest.mark.parametrize(
    ("name", "split"),
    [
        ("train.jsonl", "train"),
        ("dev.jsonl.gz", "valid"),
        ("valid.txt", "valid"),
        ("validation-00000-of-00002.parquet", "valid"),
        ("my_val.csv", "valid"),
        ("TEST.tsv", "test"),
        ("lyrl2004_tokens_test_pt0.dat", "test"),
        ("text_val", "valid"),
        ("latest.csv", None),
        ("retrained.csv", None),
        ("corpus.jsonl", None),
    ],
)
def test_a_name_speaks_of_its_split(name: str, split: str | None) -> None:
    assert split_of(name) == split


def touch(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()


def test_companions_and_hidden_files_hold_no_data(tmp_path: Path) -> None:
    touch(tmp_path, "train.json", "labels.json", "label_codes.json", "README.md", ".git/x.json", ".a.json")
    assert [file.name for file in data_files(tmp_path)] == ["train.json"]


def test_the_nearest_folder_names_the_split_where_the_file_does_not(tmp_path: Path) -> None:
    touch(tmp_path, "train/1.json", "train/dev/2.json", "test/3.json")
    files = split_files(tmp_path, lambda file: True, Reading())
    assert {file.name: split for split, file in files} == {
        "1.json": "train",
        "2.json": "valid",
        "3.json": "test",
    }


def test_a_folder_above_the_data_names_nothing(tmp_path: Path) -> None:
    touch(tmp_path, "train/mine/a.json")
    assert split_files(tmp_path / "train" / "mine", lambda file: True, Reading())[0][0] is None


def test_one_file_is_undivided_whatever_its_name(tmp_path: Path) -> None:
    touch(tmp_path, "train.json")
    assert split_files(tmp_path / "train.json", lambda file: True, Reading()) == [
        (None, tmp_path / "train.json")
    ]


def test_a_file_without_a_split_beside_others_is_left_out_aloud(tmp_path: Path) -> None:
    touch(tmp_path, "train.json", "more.json")
    reading = Reading()
    assert [split for split, _ in split_files(tmp_path, lambda file: True, reading)] == ["train"]
    (problem,) = reading.problems
    assert (problem.severity, problem.file.name, problem.kind) == ("warning", "more.json", "unknown split")
