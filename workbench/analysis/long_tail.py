"""How unevenly documents are spread over labels: a few labels have most of them, most labels a handful."""

from __future__ import annotations

import numpy as np
import pandas as pd

MOST_POINTS = 5000
HEIGHT_OF_NONE = 0.5
"""Where labels without documents stand on a logarithmic axis, which has no zero."""


def long_tail(frequencies: pd.DataFrame, split: str = "train") -> pd.DataFrame:
    """One row a point of the curve, the label with the most training documents first.

    Args:
        frequencies: as `data.statistics.label_frequencies` gives it.
        split: whose documents are counted; rank and group go by training documents always.

    Returns:
        Columns: rank (from 1), label, text, documents, height (documents, `HEIGHT_OF_NONE` for none), group.
        Of more than `MOST_POINTS` labels, so many evenly spaced ranks, with the first and the last label of
        each group among them.
    """
    table = frequencies[["rank", "label", "text", "group"]].assign(documents=frequencies[split])
    if len(table) > MOST_POINTS:
        evenly = np.linspace(0, len(table) - 1, MOST_POINTS - 8).astype(int)
        ends = np.flatnonzero(table["group"] != table["group"].shift())
        table = table.iloc[np.unique([*evenly, *ends, *(ends[1:] - 1)])]
    table = table.assign(height=table["documents"].clip(lower=HEIGHT_OF_NONE).astype(np.float64))
    return table[["rank", "label", "text", "documents", "height", "group"]].reset_index(drop=True)


def group_summary(frequencies: pd.DataFrame, split: str = "train") -> pd.DataFrame:
    """One row a group that has labels, most frequent group first, from `label_frequencies`.

    Columns: group, labels, documents (summed over its labels), share (of all labels' documents; NaN without
    any), without_documents (labels that no document of the split has).
    """
    grouped = frequencies.groupby("group", sort=False)[split]
    table = pd.DataFrame(
        {
            "labels": grouped.size(),
            "documents": grouped.sum(),
            "without_documents": grouped.agg(lambda documents: int((documents == 0).sum())),
        }
    ).reset_index()
    total = int(table["documents"].sum())
    table.insert(3, "share", table["documents"] / total if total else np.nan)
    return table
