"""What a report is made of, before it is written: sections with words, tables, pictures and commands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from workbench.figures.theme import Figure


@dataclass(frozen=True)
class Words:
    """A paragraph; `is_note` for what is missing and why."""

    text: str
    is_note: bool = False


@dataclass(frozen=True)
class Table:
    """A table whose columns the reader can sort by.

    Attributes:
        rows: what stands in it; numbers are sorted as numbers.
        digits: of the numbers of a column behind the point; whole numbers where it is not named.
        marked: cells (row from 0, column) to stand out.
        caption: above it.
        signed: columns of differences, which have a sign; zero has none.
    """

    rows: pd.DataFrame
    digits: Mapping[str, int] = field(default_factory=dict)
    marked: frozenset[tuple[int, str]] = frozenset()
    caption: str = ""
    signed: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Picture:
    """A plotly figure under a name, which saved pictures have; as wide as the page or `width` pixels."""

    figure: Figure
    name: str
    width: int = 0


@dataclass(frozen=True)
class Commands:
    """Lines for a terminal."""

    lines: Sequence[str]


@dataclass(frozen=True)
class Passage:
    """A document's text, or as much of it as is shown, with what is said of it."""

    title: str
    text: str
    facts: Mapping[str, str] = field(default_factory=dict)


Part = Words | Table | Picture | Commands | Passage


@dataclass(frozen=True)
class Section:
    """A heading and what stands below it."""

    title: str
    parts: Sequence[Part]
