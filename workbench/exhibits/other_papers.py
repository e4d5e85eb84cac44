"""What other papers print for the same method: where they disagree, a table's cell shows both numbers."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from functools import cache
from typing import Any

import pandas as pd

from workbench.exhibits.base import Exhibit
from workbench.exhibits.numbers import number_text, side_by_side
from workbench.exhibits.registry import all_exhibits

_CELL = ["corpus", "encoder", "variant", "metric"]


def sides_of(exhibit: Exhibit, ours: pd.DataFrame, encoders: Sequence[str] = ()) -> pd.DataFrame:
    """The exhibit's printed numbers and ours, as `side_by_side`, with a column `elsewhere`.

    `elsewhere` says what other papers print otherwise for the same corpus, encoder, method and metric, such
    as "84.90 in ProtoMix"; "" where they agree or print nothing, and of ours. Their splits may differ.
    """
    sides = side_by_side(exhibit.printed, ours, encoders)
    return sides.assign(elsewhere=[_elsewhere(row, exhibit) for row in sides.to_dict("records")])


def how_to_read(sides: pd.DataFrame) -> str:
    """What must be known of such numbers, to be said below their table."""
    said = "Splits differ: compare within a column, not across."
    if (sides["elsewhere"] == "").all():
        return said
    return f"{said} In brackets: what other papers print for the same method."


def _elsewhere(row: Mapping[Hashable, Any], exhibit: Exhibit) -> str:
    if row["source"] != "paper" or not row["variant"] or not pd.isna(row["at"]):
        return ""
    printed = _printed().get(tuple(row[name] for name in _CELL), {})
    papers: dict[str, list[str]] = {}
    for paper, value in printed.items():
        if paper != exhibit.paper.name and value != row["value"]:
            papers.setdefault(number_text(value, row["metric"]), []).append(paper)
    return "; ".join(f"{text} in {', '.join(names)}" for text, names in papers.items())


@cache
def _printed() -> Mapping[tuple[Hashable, ...], Mapping[str, float]]:
    """Cell -> paper -> the number that stands there first."""
    found: dict[tuple[Hashable, ...], dict[str, float]] = {}
    for exhibit in all_exhibits().values():
        rows = exhibit.printed[exhibit.printed["at"].isna() & (exhibit.printed["variant"] != "")]
        for *cell, value in rows[[*_CELL, "value"]].itertuples(index=False):
            found.setdefault(tuple(cell), {}).setdefault(exhibit.paper.name, float(value))
    return found
