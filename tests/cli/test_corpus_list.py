from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from workbench.cli.corpus_list import corpora_table
from workbench.data.cards import CorpusEntry

LONG = "papers-of-several-conferences-described-with-sentences-generated"


def entry(name: str, title: str) -> CorpusEntry:
    counts = {"train": 12_309, "valid": 306, "test": 385}
    card = {"about": {"title": title}, "counts": counts, "labels": ["a"] * 48, "split_id": "demo/d60cc6ca"}
    return CorpusEntry(name, Path(name), card)


def printed(entries: list[CorpusEntry], width: int) -> list[str]:
    console = Console(width=width, file=StringIO())
    console.print(corpora_table(entries, width))
    return [line.strip() for line in console.file.getvalue().splitlines() if line.strip()]


def test_names_are_whole_and_titles_cut_where_there_is_little_room() -> None:
    title = "Built-in demo corpus: short research abstracts with a planted label structure"
    entries = [entry(name, title) for name in ("demo", "demo-described", "demo-described-generated")]
    lines = printed(entries, 80)[2:]
    assert [line.split()[0] for line in lines] == [entry.name for entry in entries]
    assert all("Built-in" in line and "…" in line and line.endswith("demo/d60cc6ca") for line in lines)
    assert all("12,309" in line for line in lines)
    assert all(title in line for line in printed(entries, 160)[2:])


@pytest.mark.parametrize("width", [60, 80, 100])
def test_a_name_wider_than_its_column_is_folded(width: int) -> None:
    lines = printed([entry("demo", "Demo"), entry(LONG, "Long [t]")], width)[3:]
    assert "".join(line.split()[0] for line in lines) == LONG
    assert "Long [t]" in lines[0]


def test_what_is_broken_or_not_made_yet_is_said() -> None:
    lines = printed([CorpusEntry("sad", Path("sad"), None, "no card")], 80)
    assert "broken" in lines[2]
    assert lines[3].split()[:3] == ["demo", "built", "in,"]
