"""How much better or worse mixtures are than their parents, with intervals and a verdict in words.

Where a mixture and a parent share two seeds or more the interval is that of their paired differences over
seeds (Student's t, claims.py): it holds for other seeds on the same documents. With one seed in common it is
that of a paired bootstrap over test documents (bootstrap.py): it holds for other documents and this very
seed, which the verdict says. No verdict is corrected for the number of rows; `p_holm` is, over the rows that
are about seeds. Those about documents have none: so few draws cannot show a p small enough for many rows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd

from workbench.analysis.claims import HELD, NOT_HELD, holm, paired_difference
from workbench.analysis.compared_runs import METRICS, require_same_documents, run_differences
from workbench.analysis.dependency import read_label_sets
from workbench.analysis.mixtures import Mixture, Parent, find_mixtures
from workbench.metrics import higher_is_better
from workbench.plain_text import shown_name
from workbench.runs.store import Run

BETTER, WORSE, NONE = "better", "worse", "no difference shown"
WITH_ONE_SEED = "with this one seed"
SEEDS, DOCUMENTS = "seeds", "test documents"
"""What an interval is over."""

COLUMNS = [
    *("corpus", "split_id", "encoder", "mixture", "parent", "role", "metric", "n", "over"),
    *("value", "reference", "difference", "low", "high", "p", "verdict"),
]


def compare_mixtures(runs: Sequence[Run], metrics: Sequence[str] = METRICS) -> pd.DataFrame:
    """Each mixture among these runs against each of its parents, metric by metric.

    A mixture is a method with an objective of another paper in its loss (`--add`). Its parents are the method
    without it, and the method that lent it: runs on the same documents with the same encoder and training.
    They are paired by seed.

    Args:
        runs: the newest first, as `load_runs` gives them; those that are no mixture are looked at as parents.
        metrics: names such as "nDCG@5"; fractions in [0, 1].

    Returns:
        One row a mixture, parent and metric. Columns: corpus, split_id, encoder, mixture, parent, role,
        metric, n (seeds in common), over (what the interval is over: "seeds", or "test documents" with one
        seed), value and reference (means of the mixture and of the parent), difference, low and high
        (95 %), p, verdict ("better", "worse", "no difference shown"), p_holm (corrected over the rows over
        seeds; NaN for others).

    Raises:
        WorkbenchError: for an unknown metric, or a run that is damaged.
    """
    found = [compare_mixture(mixture, metrics) for mixture in find_mixtures(runs)]
    return with_holm(pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=COLUMNS))


def compare_mixture(
    mixture: Mixture,
    metrics: Sequence[str],
    over_documents: Callable[[Run, Run, Sequence[str]], pd.DataFrame] | None = None,
) -> pd.DataFrame:
    """The rows of one mixture; a parent without a seed in common has none.

    `over_documents` is what compares two runs by bootstrap, as `documents_differences` does; a page keeps it.
    """
    bootstrap = over_documents or documents_differences
    rows: list[dict[str, Any]] = []
    for parent in mixture.parents:
        seeds = mixture.seeds_with(parent)
        if len(seeds) == 1:
            pair = mixture.runs[seeds[0]], parent.runs[seeds[0]]
            measured = _over_documents(bootstrap(*pair, metrics))
        else:
            measured = [_over_seeds(mixture, parent, seeds, metric) for metric in metrics if seeds]
        rows += [_about(mixture, parent) | row for row in measured if row["n"]]
    return pd.DataFrame(rows, columns=COLUMNS)


def documents_differences(run: Run, parent: Run, metrics: Sequence[str]) -> pd.DataFrame:
    """Run less parent with the interval of a paired bootstrap, as `compared_runs.run_differences`.

    Raises:
        WorkbenchError: when they were tested on other documents.
    """
    require_same_documents(parent, read_label_sets(parent), run, read_label_sets(run))
    return run_differences([parent, run], metrics)


def with_holm(table: pd.DataFrame) -> pd.DataFrame:
    """The table with the p-values of its rows over seeds corrected by Holm, and NaN for the others."""
    p = table["p"].astype("float64").where(table["over"] == SEEDS)
    return table.assign(p_holm=holm(p))


def verdict_of(low: float, high: float, n: int, *, higher: bool) -> str:
    """What an interval carries: a side only where it leaves zero out; with one seed it says so."""
    if not (low > 0 or high < 0):
        return NONE
    word = BETTER if (low > 0) == higher else WORSE
    return word if n > 1 else f"{word} {WITH_ONE_SEED}"


def _about(mixture: Mixture, parent: Parent) -> dict[str, Any]:
    known = mixture.example.manifest
    about = {
        "corpus": str((known.get("corpus") or {}).get("name", "?")),
        "split_id": mixture.example.split_id,
        "encoder": str(known.get("encoder", "?")),
        "mixture": mixture.name,
        "parent": parent.name,
        "role": parent.role,
    }
    return {name: shown_name(text) for name, text in about.items()}


def _over_documents(found: pd.DataFrame) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for row in found.to_dict("records"):
        verdict = verdict_of(row["low"], row["high"], 1, higher=higher_is_better(row["metric"]))
        kept = {str(name): row[name] for name in row if name in COLUMNS}
        rows.append(kept | {"n": 1, "over": DOCUMENTS, "verdict": verdict})
    return rows


def _over_seeds(mixture: Mixture, parent: Parent, seeds: Sequence[int], metric: str) -> dict[str, Any]:
    values = {
        side: [_measured(runs[seed], metric) for seed in seeds]
        for side, runs in (("mixture", mixture.runs), ("parent", parent.runs))
    }
    table = pd.DataFrame(
        [
            {"side": side, "seed": seed, "value": value}
            for side, some in values.items()
            for seed, value in zip(seeds, some, strict=True)
        ]
    )
    higher = higher_is_better(metric)
    found = paired_difference(table, {"side": "mixture"}, {"side": "parent"}, higher=higher)
    both = table[table["seed"].isin(found.seeds)].groupby("side")["value"].mean()
    return {
        "metric": metric,
        "n": found.n,
        "over": SEEDS,
        "value": both.get("mixture", float("nan")),
        "reference": both.get("parent", float("nan")),
        "difference": found.mean,
        "low": found.low,
        "high": found.high,
        "p": found.p,
        "verdict": {HELD: BETTER, NOT_HELD: WORSE}.get(found.verdict, NONE),
    }


def _measured(run: Run, metric: str) -> float:
    value = run.metrics.get("test", {}).get("overall", {}).get(metric)
    return float("nan") if value is None else float(value)
