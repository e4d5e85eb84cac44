"""Tables of numbers in a terminal: however narrow it is, no number is cut."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import pandas as pd
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from workbench.exhibits.numbers import TITLES

_NAMES = ("run", "method", "variant", "encoder")
_SENTENCES = ("measure",)
_TEXTS = ("metric", *_NAMES, *_SENTENCES)
_LEAST = ("full_rank", "largest_singular_value", "rank_90")
"""Columns that narrow terminals do without, the first to go first; the files that are written have them."""


def print_table(console: Console, frame: pd.DataFrame, keys: Collection[str] = ()) -> None:
    """Print a table of numbers, or several where its columns do not fit beside each other.

    What counts least is left out first. Each of several tables begins with the columns that say what a row
    is: texts, and those in `keys`. Names are never broken, headings between words only.
    """
    for part in _parts(frame, console.width, {*_TEXTS, *keys}):
        columns = [_Column.of(part, name) for name in part.columns]
        padding = 1 if _needed([column.whole for column in columns], 1) <= console.width else 0
        widths = _shared(columns, console.width)
        table = _laid_out(part, columns, widths, padding)
        console.print(table, width=max(console.width, _needed(widths, padding)), crop=False)


@dataclass(frozen=True)
class _Column:
    """A heading with its cells; how wide they are as they stand, and with breaks between words."""

    name: str
    heading: str
    cells: Sequence[str]
    whole: int
    least: int

    @classmethod
    def of(cls, frame: pd.DataFrame, name: str) -> _Column:
        heading = str(TITLES.get(name, name)).replace("_", " ")
        cells = [said(value) for value in frame[name]]
        lines = [line for cell in cells for line in cell.splitlines()]
        words = [word for cell in cells for word in _unbroken(cell, name in _SENTENCES)]
        whole = max(map(len, [*heading.splitlines(), *lines]))
        return cls(name, heading, cells, whole, max(map(len, [*heading.split(), *words])))


def _unbroken(cell: str, is_sentence: bool) -> list[str]:
    """What of a cell stands on one line: its first line, unless it is a sentence, and each word behind it."""
    first, *rest = cell.splitlines() or [""]
    return [*(first.split() if is_sentence else [first]), *" ".join(rest).split()]


def _parts(frame: pd.DataFrame, width: int, keys: Collection[str]) -> Iterator[pd.DataFrame]:
    least = {str(name): _Column.of(frame, str(name)).least for name in frame.columns}
    dropped = next((name for name in _LEAST if name in least), None)
    if _needed(list(least.values()), 0) <= width:
        yield frame
    elif dropped is not None:
        yield from _parts(frame.drop(columns=dropped), width, keys)
    else:
        kept = [name for name in least if name in keys]
        taken: list[str] = []
        for name in (name for name in least if name not in keys):
            if taken and _needed([least[each] for each in (*kept, *taken, name)], 0) > width:
                yield frame[[*kept, *taken]]
                taken = []
            taken.append(name)
        yield frame[[*kept, *taken]]


def _needed(widths: Sequence[int], padding: int) -> int:
    """How wide a table is: its columns, what pads them, the gaps between them and both margins."""
    return sum(widths) + len(widths) * 2 * padding + len(widths) + 1


def _shared(columns: Sequence[_Column], width: int) -> list[int]:
    """The columns' widths: whole where there is room, else taken from those that can give most."""
    widths = [column.whole for column in columns]
    spare = [column.whole - column.least for column in columns]
    while _needed(widths, 0) > width and any(spare):
        most = spare.index(max(spare))
        widths[most] -= 1
        spare[most] -= 1
    return widths


def _laid_out(frame: pd.DataFrame, columns: Sequence[_Column], widths: Sequence[int], padding: int) -> Table:
    table = Table(box=SIMPLE_HEAD, padding=(0, padding))
    for column, width in zip(columns, widths, strict=True):
        justify: Literal["left", "right"] = "left" if column.name in _TEXTS else "right"
        table.add_column(escape(column.heading), justify=justify, overflow="fold", width=width)
    grouped, before = bool(frame.iloc[:, 0].duplicated().any()), None
    for first, *rest in zip(*(column.cells for column in columns), strict=True):
        if grouped and before is not None and first != before:
            table.add_section()
        table.add_row("" if grouped and first == before else escape(first), *map(escape, rest))
        before = first
    return table


def said(value: object) -> str:
    """A cell's text."""
    if isinstance(value, float):
        return "–" if pd.isna(value) else f"{value:.4g}"
    return str(value)
