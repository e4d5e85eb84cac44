"""Runs beside the first of their split: how much they differ on other documents, and on which labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Protocol

import numpy as np
import pandas as pd
from scipy import sparse

from workbench.analysis.bootstrap import RESAMPLES, difference_of, resampled
from workbench.analysis.comparison import run_table
from workbench.analysis.dependency import LabelSets, read_label_sets
from workbench.analysis.document_statistics import run_statistics
from workbench.analysis.significance import mcnemar
from workbench.assignments import check_seed
from workbench.errors import WorkbenchError
from workbench.runs.store import Run

METRICS = ("P@1", "P@5", "nDCG@5", "PSP@5", "micro_F1", "macro_F1")
"""What runs are compared by where nothing else is asked for."""


class Tested(Protocol):
    """Test documents: their ids (N,), and gold labels (N, L) of 0/1."""

    @property
    def ids(self) -> np.ndarray:
        """The documents."""
        ...

    @property
    def gold(self) -> sparse.csr_array:
        """Their labels."""
        ...


@dataclass(frozen=True, eq=False)
class SplitComparison:
    """Runs tested on the documents of one split, each against the first.

    Attributes:
        split_id: of the documents.
        documents: how many.
        runs: one row a run: run, setting, seed; the first is what the others are compared with.
        differences: one row a further run and metric: run, against, metric, value, reference, difference
            (value minus reference), low and high (95 % interval), p; see `bootstrap.paired_bootstrap`.
        labels: one row a further run and label: run, against, label (code), label_text, run_right (documents
            about which this run alone is right), reference_right, p, p_holm; see `significance.mcnemar`.
    """

    split_id: str
    documents: int
    runs: pd.DataFrame
    differences: pd.DataFrame
    labels: pd.DataFrame


def compare_runs(
    runs: Sequence[Run], metrics: Sequence[str] = METRICS, *, n: int = RESAMPLES, seed: int = 0
) -> list[SplitComparison]:
    """Each run against the first one of its split, split by split in the order of their first runs.

    PSP@k weighs labels by the training documents of each run itself, as in its metrics.

    Args:
        runs: finished runs, at least two of each split.
        metrics: names as in `metrics.METRIC_NAMES`, such as "P@3".
        n: resamples of the paired bootstrap.
        seed: of the resamples.

    Returns:
        One comparison a split: `differences` (one row a further run and metric, with the 95 % interval and p)
        and `labels` (one row a further run and label).

    Raises:
        WorkbenchError: for fewer than two runs, one that is named twice, not finished, damaged or tested on
            other documents than all the others (naming both splits), and for an unknown metric or a seed that
            is none.
    """
    check_seed(seed)
    _require_several(runs)
    table = run_table(runs)
    comparisons = []
    for split_id, rows in table.groupby("split_id", sort=False):
        chosen = [runs[place] for place in rows.index]
        about = rows[["run", "setting", "seed"]].reset_index(drop=True)
        comparisons.append(_compare_split(str(split_id), chosen, about, metrics, n, seed))
    return comparisons


def _require_several(runs: Sequence[Run]) -> None:
    if len(runs) < 2:
        raise WorkbenchError(
            "Name at least two runs: the others are compared with the first. `workbench runs list` names "
            "those there are."
        )
    paths = [run.path.resolve() for run in runs]
    for run, path in zip(runs, paths, strict=True):
        if paths.count(path) > 1:
            raise WorkbenchError(f"Run {run.name!r} is named twice: a run does not differ from itself.")
        run.require_done("has predictions")
    splits = [run.split_id for run in runs]
    for run, split in zip(runs, splits, strict=True):
        if splits.count(split) == 1:
            other = next(one for one in runs if one.split_id != split)
            raise WorkbenchError(
                f"{run.name} was tested on the split {split}, but {other.name} on {other.split_id}: numbers "
                f"of different documents are not compared. Name a second run of {split}, or leave "
                f"{run.name} out."
            )


def _compare_split(
    split_id: str, runs: Sequence[Run], about: pd.DataFrame, metrics: Sequence[str], n: int, seed: int
) -> SplitComparison:
    sets = [read_label_sets(run) for run in runs]
    for run, one in zip(runs[1:], sets[1:], strict=True):
        require_same_documents(runs[0], sets[0], run, one)
    labels = [_label_rows(runs[0], sets[0], run, one) for run, one in zip(runs[1:], sets[1:], strict=True)]
    differences = run_differences(runs, metrics, n, seed)
    return SplitComparison(split_id, len(sets[0].ids), about, differences, pd.concat(labels))


def require_same_documents(first: Run, sets: Tested, other: Run, others: Tested) -> None:
    """Refuse two runs whose splits are called the same, but whose test documents or gold labels are not.

    Raises:
        WorkbenchError: when they are not.
    """
    same_documents = np.array_equal(sets.ids, others.ids)
    if same_documents and first.labels == other.labels and _are_equal(sets.gold, others.gold):
        return
    what = "gold labels" if same_documents else "documents"
    raise WorkbenchError(
        f"{first.name} (split {first.split_id}) and {other.name} (split {other.split_id}) were tested on "
        f"different {what}, though their splits are called the same. Train one of them anew on the corpus of "
        "the other."
    )


def _are_equal(gold: sparse.csr_array, other: sparse.csr_array) -> bool:
    return np.array_equal(gold.indptr, other.indptr) and np.array_equal(gold.indices, other.indices)


def run_differences(
    runs: Sequence[Run], metrics: Sequence[str] = METRICS, n: int = RESAMPLES, seed: int = 0
) -> pd.DataFrame:
    """The differences of `compare_runs` alone, of runs that are known to be of the same documents.

    Every metric of every run is on the same resamples. Columns as in `SplitComparison.differences`.

    Raises:
        WorkbenchError: for an unknown metric, and a run that is not finished or damaged.
    """
    found = {
        (place, metric): statistic
        for place, run in enumerate(runs)
        for metric, statistic in run_statistics(run, metrics).items()
    }
    drawn = resampled(found, n, seed)
    here = {key: float(one(np.ones((1, one.documents)))[0]) for key, one in found.items()}
    rows = []
    for place, metric in found:
        if place:
            ours, theirs = (place, metric), (0, metric)
            about = {"run": runs[place].name, "against": runs[0].name, "metric": metric}
            row = asdict(difference_of(here[ours], here[theirs], drawn[ours] - drawn[theirs]))
            rows.append(about | {"value": row.pop("first"), "reference": row.pop("second")} | row)
    columns = ["run", "against", "metric", "value", "reference", "difference", "low", "high", "p"]
    return pd.DataFrame(rows, columns=columns)


def _label_rows(first: Run, sets: LabelSets, other: Run, others: LabelSets) -> pd.DataFrame:
    table = mcnemar(others.predicted, sets.predicted, sets.gold)
    table = table.rename(columns={"first_right": "run_right", "second_right": "reference_right"})
    places = table["label"].to_numpy()
    table["label"] = np.array(first.labels, dtype=object)[places]
    table.insert(1, "label_text", np.array(first.label_texts, dtype=object)[places])
    table.insert(0, "run", other.name)
    table.insert(1, "against", first.name)
    return table
