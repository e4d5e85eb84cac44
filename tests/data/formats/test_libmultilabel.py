from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Read = Callable[..., Any]


@pytest.mark.parametrize(("prefix", "identity"), [("d1\t", "d1"), ("", None)])
def test_with_and_without_ids(tmp_path: Path, read: Read, prefix: str, identity: str | None) -> None:
    (tmp_path / "train.txt").write_text(f"{prefix}a b\tsome text\n\n")
    (tmp_path / "test.txt").write_text(f"{prefix}\tno label here\n")
    documents, reading = read(tmp_path)
    assert [(d.split, d.id, d.labels, d.text) for d in documents] == [
        ("test", identity, (), "no label here"),
        ("train", identity, ("a", "b"), "some text"),
    ]
    assert not list(reading.problems)


def test_further_tabs_belong_to_the_text(tmp_path: Path, read: Read) -> None:
    (tmp_path / "all.txt").write_text("1\ta\tone\ttwo\n")
    assert read(tmp_path / "all.txt")[0][0].text == "one\ttwo"


def test_a_line_with_too_few_cells_is_named(tmp_path: Path, read: Read) -> None:
    (tmp_path / "all.txt").write_text("1\ta\tone\n2\ttwo\n3 a three\n4\ta\tfour\n")
    documents, reading = read(tmp_path / "all.txt")
    assert [d.id for d in documents] == ["1", "4"]
    assert [(p.kind, p.line) for p in reading.problems] == [
        ("wrong number of cells", 2),
        ("wrong number of cells", 3),
    ]


def test_a_file_without_tabs_is_all_wrong_when_asked_for(tmp_path: Path, read: Read) -> None:
    (tmp_path / "all.txt").write_text("just text\nmore\n")
    documents, reading = read(tmp_path / "all.txt", "libmultilabel")
    assert documents == []
    assert len(reading.problems) == 2
