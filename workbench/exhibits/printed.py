"""Numbers that a paper prints, as one tidy table: transcribed once, from lines that look like the paper's."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

COLUMNS = ["corpus", "split", "encoder", "variant", "at", "metric", "value"]
"""corpus and split as the paper names and counts them, encoder ("" where the paper does not say), variant (a
method), at (of what the exhibit varies; NaN for nothing), metric, value (a fraction, or a count)."""

METRICS = ("P@1", "P@3", "P@5", "nDCG@3", "nDCG@5")
_SETS = {f"{mean}_{what}" for mean in ("micro", "macro") for what in ("precision", "recall", "F1")}
FRACTIONS = frozenset({*METRICS, "PSP@1", "PSP@3", "PSP@5", "macro_P@5", *_SETS})
"""Metrics, which papers print in percent; everything else in their tables stands there as it is."""


def percentages(
    corpus: str, split: str, lines: str, metrics: Sequence[str] = METRICS, *, encoder: str | None = None
) -> pd.DataFrame:
    """Read lines of `encoder variant 82.90 …`, `FRACTIONS` in percent; "-" is a number left out.

    With `encoder` (may be "") the lines begin with the variant. Spaces in a name are written as underscores.
    """
    rows = []
    for line in filter(None, map(str.strip, lines.splitlines())):
        words = line.split()
        *names, first = words[: len(words) - len(metrics)]
        (used,) = names if encoder is None else [encoder]
        for metric, text in zip(metrics, words[-len(metrics) :], strict=True):
            if text != "-":
                value = round(float(text) / 100, 6) if metric in FRACTIONS else float(text)
                rows.append((corpus, split, used, first.replace("_", " "), float("nan"), metric, value))
    return pd.DataFrame(rows, columns=COLUMNS)


def along(
    corpus: str, split: str, variant: str, lines: str, metrics: Sequence[str] = METRICS
) -> pd.DataFrame:
    """Read lines of `0.05 86.36 …`: a value of what is varied, then percentages."""
    table = percentages(corpus, split, lines, metrics, encoder="")
    return table.assign(at=table["variant"].astype("float64"), variant=variant)


def counts(rows: Sequence[tuple[str, str, str, float]]) -> pd.DataFrame:
    """Rows of (corpus, split, metric, value) that belong to no encoder or variant."""
    table = pd.DataFrame(rows, columns=["corpus", "split", "metric", "value"])
    return table.assign(encoder="", variant="", at=float("nan"))[COLUMNS]


def taken(table: pd.DataFrame, *, encoder: str, variants: Sequence[str]) -> pd.DataFrame:
    """Rows that another table of the paper prints too, to say each number once."""
    return table[(table["encoder"] == encoder) & table["variant"].isin(variants)]


def reported(*tables: pd.DataFrame) -> dict[tuple[str, str, str, str], float]:
    """As a method's card keeps them: (corpus, encoder, variant, metric) -> fraction."""
    rows = pd.concat(tables)
    keys = zip(rows["corpus"], rows["encoder"], rows["variant"], rows["metric"], strict=True)
    return dict(zip(keys, map(float, rows["value"]), strict=True))


def no_numbers() -> pd.DataFrame:
    """The numbers of an exhibit that prints none."""
    return pd.DataFrame(
        {name: pd.Series(dtype="float64" if name in ("at", "value") else "object") for name in COLUMNS}
    )
