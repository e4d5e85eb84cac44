"""How sharp a minimum is, as numbers with an interval over seeds, so that "flatter" is no impression.

The numbers were computed by `workbench probe landscape`: the mean rise of the loss at a distance along random
filter-normalised directions, and the largest eigenvalue of the Hessian.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from workbench.analysis.comparison import each_seed, run_table
from workbench.analysis.landscape import Landscape, check_comparable
from workbench.analysis.records import SETTING
from workbench.runs.store import Run

RISE, EIGENVALUE = "mean rise of the loss", "largest eigenvalue of the Hessian"
MEASURES = (RISE, EIGENVALUE)
CONFIDENCE = 0.95


def distances(landscapes: Sequence[Landscape]) -> list[float]:
    """The distances at which all of these landscapes have a mean rise."""
    known = [[rise["radius"] for rise in one.report["sharpness"]["rises"]] for one in landscapes]
    return [radius for radius in known[0] if all(radius in other for other in known)] if known else []


def without_rise(landscapes: Sequence[Landscape], distance: float) -> list[Landscape]:
    """Those whose loss overflowed on some direction at this distance, so that it has no mean rise."""
    return [one for one in landscapes if _rises(one.report)[distance] is None]


def smaller_radius(report: Mapping[str, Any]) -> float:
    """A radius at which a landscape that overflowed can be computed anew: as far as there is a mean rise."""
    known = [radius for radius, mean in _rises(report).items() if mean is not None]
    return max(known) if known else min(1.0, report["settings"]["radius"] / 10)


def _rises(report: Mapping[str, Any]) -> dict[float, float | None]:
    return {rise["radius"]: rise["mean"] for rise in report["sharpness"]["rises"]}


def sharpness_table(runs: Sequence[Run], landscapes: Sequence[Landscape], distance: float) -> pd.DataFrame:
    """One row a run and measure; a measure that overflowed has no row.

    Columns: run, seed, split_id, method, encoder, settings, setting, measure (of `MEASURES`; the rise is the
    one at `distance`), value.

    Args:
        runs: the runs of the landscapes, in their order.
        landscapes: of one corpus, split, grid and seed.
        distance: one of `distances(landscapes)`.

    Raises:
        WorkbenchError: when the landscapes must not be compared.
    """
    check_comparable(landscapes)
    about = run_table(runs)[["run", "seed", *SETTING]]
    rows = []
    for known, one in zip(about.to_dict("records"), landscapes, strict=True):
        sharpness = one.report["sharpness"]
        values = {RISE: _rises(one.report).get(distance), EIGENVALUE: sharpness["eigenvalue"]["value"]}
        rows += [{**known, "measure": name, "value": value} for name, value in values.items()]
    table = pd.DataFrame(rows, columns=["run", "seed", *SETTING, "measure", "value"])
    return table.dropna(subset=["value"]).astype({"value": "float64"}).reset_index(drop=True)


def sharpness_over_seeds(table: pd.DataFrame) -> pd.DataFrame:
    """One row a setting and measure, from a `sharpness_table`.

    Columns: split_id, method, encoder, settings, setting, measure, n, mean, std (n - 1 in the denominator),
    low and high: the ends of the mean's 95 % interval by Student's t; NaN for a single seed.
    """
    from scipy.special import stdtrit

    keys = [*SETTING, "measure"]
    grouped = each_seed(table, keys).groupby(keys, sort=False)["value"]
    summary = grouped.agg(n="count", mean="mean", std="std").reset_index()
    several = summary["n"].where(summary["n"] > 1)
    half = stdtrit(several - 1, (1 + CONFIDENCE) / 2) * summary["std"] / np.sqrt(several)
    return summary.assign(low=summary["mean"] - half, high=summary["mean"] + half)
