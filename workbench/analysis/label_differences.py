"""One run against another label by label: which labels gained, which lost, and whether beyond chance."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.analysis.agreement import Decisions
from workbench.analysis.label_order import label_names
from workbench.analysis.significance import mcnemar
from workbench.errors import WorkbenchError
from workbench.runs.store import Run

FIRST = "F1"
_COLUMNS = ["label", "text", "train_count", "test_count", "a", "b", "difference"]
_TESTED = ["only_a", "only_b", "p_holm"]


def label_metrics(run: Run) -> list[str]:
    """The metrics that a run has of each label, F1 first; none where its metrics tell of no label."""
    rows = run.metrics.get("test", {}).get("labels", [])
    found = [name for name, value in rows[0].items() if _is_share(name, value)] if rows else []
    return sorted(found, key=lambda name: name != FIRST)


def label_differences(
    run_a: Run, run_b: Run, decided_a: Decisions, decided_b: Decisions, metric: str = FIRST
) -> pd.DataFrame:
    """One row a label that some test document has, in the order of the labels.

    Columns: label (code), text (unique name), train_count (of the run with more training documents),
    test_count, a and b (the metric of each run; 0 where it is not defined, as in macro averages), difference
    (b minus a), only_a and only_b (documents about whose label one run alone is right), p_holm (McNemar's
    exact test, corrected by Holm; see `significance.mcnemar`).

    Raises:
        WorkbenchError: when the runs have other labels, or one has no such metric of each label.
    """
    if run_a.labels != run_b.labels:
        raise WorkbenchError(
            f"The labels of {run_b.name} are not those of {run_a.name}. Train one of them anew on the corpus "
            "of the other."
        )
    a, b = (_of_labels(run, metric) for run in (run_a, run_b))
    tests = mcnemar(decided_a.predicted, decided_b.predicted, decided_a.gold).set_index("label").sort_index()
    counts = max((run_a.train_counts, run_b.train_counts), key=np.sum)
    table = pd.DataFrame(
        {
            "label": run_a.labels,
            "text": label_names(run_a.labels, run_a.label_texts),
            "train_count": counts,
            "test_count": np.asarray(decided_a.gold.sum(axis=0)).reshape(-1).astype(np.int64),
            "a": a,
            "b": b,
            "difference": b - a,
            "only_a": tests["first_right"].to_numpy(),
            "only_b": tests["second_right"].to_numpy(),
            "p_holm": tests["p_holm"].to_numpy(),
        }
    )
    return table.loc[table["test_count"] > 0, [*_COLUMNS, *_TESTED]].reset_index(drop=True)


def most_changed(table: pd.DataFrame, most: int = 10) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The labels of a `label_differences` that gained most from a to b, and those that lost most.

    At most `most` of each, those with more test documents first among equals.
    """
    ranked = table.sort_values(["difference", "test_count"], ascending=[False, False], kind="stable")
    gained = ranked[ranked["difference"] > 0].head(most)
    lost = table[table["difference"] < 0].sort_values(
        ["difference", "test_count"], ascending=[True, False], kind="stable"
    )
    return gained.reset_index(drop=True), lost.head(most).reset_index(drop=True)


def _of_labels(run: Run, metric: str) -> NDArray[np.float64]:
    """A metric of each label, (L,); 0 where it is not defined."""
    rows = run.metrics.get("test", {}).get("labels", [])
    if len(rows) != len(run.labels) or metric not in label_metrics(run):
        raise WorkbenchError(
            f"The metrics of {run.name} do not tell {metric} of each of its {len(run.labels)} labels: train "
            "it again."
        )
    return np.array([row.get(metric) or 0.0 for row in rows], dtype=np.float64)


def _is_share(name: str, value: Any) -> bool:
    return not isinstance(value, str) and name not in ("index", "label") and not name.endswith("_count")
