"""What runs make of one document: which labels each finds, misses and adds, and why it missed one."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.metrics import apply_threshold
from workbench.wording import how_many

VERDICTS = ("found", "missed", "wrong", "left out", "predicted")
"""Of gold labels and others; "predicted" stands for found or wrong where gold labels are not known."""

NEAR = 0.8
"""The share of the threshold from which a score counts as little below it; its inverse as little above."""
_FEW = 5


def verdict_table(
    scores: NDArray[np.floating],
    threshold: float | NDArray[np.floating],
    gold: Collection[int] | None,
    train_counts: NDArray[np.integer],
    chosen: NDArray[np.bool_] | None = None,
) -> pd.DataFrame:
    """One row a label, in the order of the labels.

    Where the method says sets, they are `chosen` (L,); threshold and distance are NaN then.

    Columns: label (index), score, threshold, distance (score minus threshold), rank (from 1; of equal scores
    the lower label first), train_count, is_gold, is_predicted, verdict (one of `VERDICTS`).

    Shapes: scores (L,), threshold one number or (L,), train_counts (L,); gold None where it is not known.
    """
    table = np.asarray(scores)[None, :]
    predicted = apply_threshold(table, threshold)[0] if chosen is None else chosen
    values = table[0].astype(np.float64)
    limits = np.broadcast_to(np.asarray(threshold, dtype=np.float64), values.shape)
    rank = np.empty(len(values), dtype=np.int64)
    rank[np.argsort(-values, kind="stable")] = np.arange(1, len(values) + 1)
    is_gold = np.isin(np.arange(len(values)), list(gold or ()))
    verdict = np.select(
        [
            is_gold & predicted,
            is_gold,
            predicted if gold is not None else np.zeros_like(predicted),
            predicted,
        ],
        ["found", "missed", "wrong", "predicted"],
        "left out",
    )
    return pd.DataFrame(
        {
            "label": np.arange(len(values)),
            "score": values,
            "threshold": limits,
            "distance": values - limits,
            "rank": rank,
            "train_count": np.asarray(train_counts),
            "is_gold": is_gold,
            "is_predicted": predicted,
            "verdict": verdict,
        }
    )


def mistakes(table: pd.DataFrame) -> pd.DataFrame:
    """The missed, then the wrong labels of a `verdict_table`, nearest to the threshold first, with `why`."""
    found = table[table["verdict"].isin(["missed", "wrong"])]
    why = [_why(row, table) for row in found.to_dict("records")]
    order = np.lexsort((found["distance"].abs(), found["verdict"]))
    return found.assign(why=why).iloc[order].reset_index(drop=True)


def agreement(tables: Mapping[str, pd.DataFrame]) -> NDArray[np.int64]:
    """How many of the runs predict each label, (L,)."""
    votes = np.stack([table["is_predicted"].to_numpy() for table in tables.values()])
    found: NDArray[np.int64] = votes.sum(axis=0)
    return found


def shown_labels(tables: Mapping[str, pd.DataFrame], gold: Collection[int] | None, most: int) -> list[int]:
    """The labels that a picture of these runs shows: gold ones, predicted ones, then the next best.

    Gold labels come first, then the others, both by the highest score of any run; at most `most` of them.
    """
    best = np.max(np.stack([table["score"].to_numpy() for table in tables.values()]), axis=0)
    is_gold = np.isin(np.arange(len(best)), list(gold or ()))
    kind = np.where(is_gold, 0, np.where(agreement(tables) > 0, 1, 2))
    chosen = np.lexsort((-best, kind))[:most]
    ordered: list[int] = chosen[np.lexsort((-best[chosen], ~is_gold[chosen]))].tolist()
    return ordered


def moved_labels(
    before: Sequence[NDArray[np.floating]], after: Sequence[NDArray[np.floating]], most: int
) -> list[int]:
    """The labels whose scores an edit moved most in any run, the most moved first; only such as moved.

    Shapes: before and after, (L,) a run.
    """
    changes = [
        np.abs(np.asarray(new, dtype=np.float64) - np.asarray(old, dtype=np.float64))
        for old, new in zip(before, after, strict=True)
    ]
    moved = np.max(changes, axis=0)
    order = np.argsort(-moved, kind="stable")[:most]
    labels: list[int] = order[moved[order] > 0].tolist()
    return labels


def _why(row: Mapping[Any, Any], table: pd.DataFrame) -> str:
    return _why_missed(row, table) if row["verdict"] == "missed" else _why_wrong(row, table)


def _why_missed(row: Mapping[Any, Any], table: pd.DataFrame) -> str:
    score, threshold, count = row["score"], row["threshold"], row["train_count"]
    if count == 0:
        return "Never seen: no training document has it."
    seen = f" Few examples: {how_many(count, 'training document')}." if count <= _FEW else ""
    if np.isnan(threshold):
        return f"Left out of the set that the method says, at rank {row['rank']}.{seen}"
    if not np.isfinite(threshold):
        return f"Never predicted: its threshold is infinite.{seen}"
    if score >= NEAR * threshold:
        return f"Below the threshold by little: {score:.3f} of {threshold:.3f}.{seen}"
    ahead = int(((table["rank"] < row["rank"]) & ~table["is_gold"]).sum())
    if ahead:
        return f"Outranked: {how_many(ahead, 'label')} not gold scored higher.{seen}"
    share = f"{score / threshold:.0%} of the threshold"
    return f"Ranked above every label that is not gold, but its score is {share}.{seen}"


def _why_wrong(row: Mapping[Any, Any], table: pd.DataFrame) -> str:
    score, threshold = row["score"], row["threshold"]
    if np.isnan(threshold):
        return f"In the set that the method says, at rank {row['rank']}."
    if NEAR * score <= threshold:
        return f"Above the threshold by little: {score:.3f} of {threshold:.3f}."
    if not table["is_gold"].any():
        return "Well above the threshold, of a document without any gold label."
    behind = int((table["is_gold"] & (table["rank"] > row["rank"])).sum())
    if behind:
        return f"Well above the threshold, and scored higher than {how_many(behind, 'gold label')}."
    return "Well above the threshold, though every gold label scored higher."
