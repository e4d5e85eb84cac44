"""What `workbench data list` prints: a corpus a line, as wide as the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.markup import escape
from rich.table import Table

from workbench.data.cards import BUILT_IN

if TYPE_CHECKING:
    from workbench.data.cards import CorpusEntry

_PARTS = ("train", "valid", "test")
_LEAST_TITLE = 8
_LEAST_NAME = 12
_MOST_ID = 26
"""Characters: more of a title, a name or a split id stand where there is room."""


def corpora_table(entries: Sequence[CorpusEntry], width: int) -> Table:
    """One row a corpus; where `width` (characters) is short titles are cut, and names never."""
    rows = [_cells(entry) for entry in entries]
    if not any(entry.name == BUILT_IN for entry in entries):
        rows.append((BUILT_IN, "built in, generated when first used", *["–"] * 4, ""))
    headings = (*_PARTS, "labels")
    numbers = sum(
        max(len(name), *(len(row[2 + place]) for row in rows)) for place, name in enumerate(headings)
    )
    longest_id = max(len("split id"), *(len(row[-1]) for row in rows))
    id_width = min(_MOST_ID, longest_id)
    room = width - numbers - id_width - len(headings) - 4  # a gap beside each column, and both margins
    longest = max(len("corpus"), *(len(row[0]) for row in rows))
    name_width = min(longest, max(_LEAST_NAME, room - _LEAST_TITLE))
    table = Table(box=SIMPLE_HEAD, padding=0)
    table.add_column("corpus", overflow="fold", min_width=name_width, max_width=name_width)
    title_width = max(_LEAST_TITLE, room - name_width)
    table.add_column("title", no_wrap=True, overflow="ellipsis", max_width=title_width)
    for heading in headings:
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("split id", style="dim", overflow="fold", min_width=id_width, max_width=id_width)
    for name, title, *counts, split_id in rows:
        table.add_row(escape(name), title, *counts, escape(split_id))
    return table


def _cells(entry: CorpusEntry) -> tuple[str, ...]:
    """Name, title as markup, four counts and the split id."""
    if entry.card is None:
        return entry.name, "[red]broken[/]", *["–"] * 4, ""
    card, counts = entry.card, entry.card["counts"]
    numbers = [f"{counts[part]:,}" for part in _PARTS]
    return entry.name, escape(card["about"]["title"]), *numbers, f"{len(card['labels']):,}", card["split_id"]
