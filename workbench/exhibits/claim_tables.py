"""The gathered claims as tables for pictures: all of them in a grid, and one family with its intervals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

COLUMNS = [
    *("id", "paper", "place", "claim", "measure", "corpus", "encoder", "effect", "low", "high", "unit"),
    *("digits", "seeds", "verdict", "survives_holm", "row", "number"),
]


def claim_table(gathered: Mapping[str, Any]) -> pd.DataFrame:
    """One row a claim and setting, columns `COLUMNS`; differences in the unit of their family.

    paper is its name, row says paper and setting, number counts a paper's claims from 1: the same claim on
    another setting has the same number. low and high are NaN where there is one pair of runs alone.
    """
    names = {paper["key"]: paper["name"] for paper in gathered["papers"]}
    numbers: dict[str, dict[tuple[str, str], int]] = {}
    rows = []
    for claim in gathered["claims"]:
        own = numbers.setdefault(claim["paper"], {})
        number = own.setdefault((claim["family"], claim["claim"]), len(own) + 1)
        paper = names[claim["paper"]]
        scaled = {name: _scaled(claim[name], claim["scale"]) for name in ("effect", "low", "high")}
        row = f"{paper}: {claim['corpus']}, {claim['encoder']}"
        rows.append({**claim, **scaled, "paper": paper, "seeds": claim["n"], "row": row, "number": number})
    return pd.DataFrame(rows, columns=COLUMNS)


def family_table(gathered: Mapping[str, Any], claim: Mapping[str, Any]) -> pd.DataFrame:
    """All claims of one claim's family, on every setting, as `intervals_figure` draws them."""
    rows = [
        {
            "panel": f"{one['corpus']} · {one['encoder']}",
            "claim": one["claim"],
            "method": one["first"]["method"],
            **{
                name: _scaled(one[source], one["scale"])
                for name, source in (("mean", "effect"), ("low", "low"), ("high", "high"))
            },
            "n": one["n"],
            "verdict": one["verdict"],
        }
        for one in gathered["claims"]
        if (one["paper"], one["family"]) == (claim["paper"], claim["family"])
    ]
    return pd.DataFrame(rows)


def told(value: float, digits: int) -> str:
    """A difference with its sign; nothing for NaN."""
    return "" if pd.isna(value) else f"{value:+.{digits}f}"


def interval_text(low: float, high: float, digits: int) -> str:
    """Both ends of an interval; nothing where there is none."""
    return "" if pd.isna(low) else f"{told(low, digits)} to {told(high, digits)}"


def _scaled(value: float | None, scale: float) -> float:
    return float("nan") if value is None else scale * value
