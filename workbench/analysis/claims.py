"""Whether runs with several seeds bear out a claim: the mean difference of two settings, with its interval.

Runs are paired by seed: what two methods share at a seed (the draw of documents, the first weights) falls out
of their difference. The interval covers the seeds of training only. Other test documents, other corpora and
other settings are not in it. Where many claims are judged at 95 %, one in twenty intervals leaves zero out by
chance: verdicts are not corrected for that, and `holm` says which of them would survive correction.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from workbench.errors import WorkbenchError

HELD, NOT_HELD, UNDECIDED = "held", "did not hold", "undecided"
CONFIDENCE = 0.95
_ROUNDING = 1e-12
"""Values that differ by less, relative to their size, are equal."""


@dataclass(frozen=True)
class Claim:
    """That the runs of one setting measure more (or less) than those of another.

    `first` and `second` are values of columns, such as {"method": "proto"}; `higher` says on which side of
    the second setting the first is claimed to be; `at` tells claims of one name apart, as "P@1" or "75 %".
    """

    name: str
    measure: str
    first: Mapping[str, Any]
    second: Mapping[str, Any]
    higher: bool = True
    at: str = ""


@dataclass(frozen=True)
class Difference:
    """First setting minus second, over the seeds that both have.

    `mean` is NaN without a pair; `std` (n - 1 in the denominator), the 95 % interval `low` to `high` and the
    two-sided `p` are NaN with fewer than two.
    """

    seeds: tuple[int, ...]
    differences: tuple[float, ...]
    mean: float
    std: float
    low: float
    high: float
    p: float
    verdict: str

    @property
    def n(self) -> int:
        """The number of pairs."""
        return len(self.seeds)


def paired_difference(
    table: pd.DataFrame, first: Mapping[str, Any], second: Mapping[str, Any], *, higher: bool = True
) -> Difference:
    """The mean over seeds of what `first` measures above `second`, and whether it is on the claimed side.

    The interval is Student's t on the differences, n - 1 degrees of freedom. The verdict is "held" when the
    whole interval lies on the claimed side of zero, "did not hold" when it lies wholly on the other side,
    else "undecided": also with fewer than two pairs. When all differences are the same the interval is a
    point, and it decides unless it is zero.

    Args:
        table: one row a run: the columns that the settings name, seed, value. Rows without a finite value are
            left out, and seeds that only one of the settings has.
        first: column -> value; the rows that agree with all of them.
        second: the same for the other side.
        higher: whether `first` is claimed to measure more.

    Raises:
        WorkbenchError: when a seed occurs twice in a setting, so that it is not clear what to pair.
    """
    pairs = pd.concat([_by_seed(table, first), _by_seed(table, second)], axis=1, join="inner").sort_index()
    one, other = pairs.to_numpy(dtype=np.float64).T
    differences = np.where(np.isclose(one, other, rtol=_ROUNDING, atol=0), 0.0, one - other)
    mean, std, low, high, p = _student(differences)
    return Difference(
        tuple(int(seed) for seed in pairs.index),
        tuple(differences.tolist()),
        *(mean, std, low, high, p),
        _verdict(low, high, higher),
    )


def judge(table: pd.DataFrame, claims: Iterable[Claim], by: Sequence[str]) -> pd.DataFrame:
    """Each claim in each group of runs, from a table with columns `by`, measure, seed, value and settings.

    Columns: `by`, claim, at, measure, higher, n, mean, std, low, high, p, verdict, seeds, differences (these
    two tuples): see `Difference`.

    Raises:
        WorkbenchError: as `paired_difference` does.
    """
    rows = []
    for group, runs in table.groupby(list(by), sort=False):
        for claim in claims:
            here = runs[runs["measure"] == claim.measure]
            found = paired_difference(here, claim.first, claim.second, higher=claim.higher)
            about = {"claim": claim.name, "at": claim.at, "measure": claim.measure, "higher": claim.higher}
            rows.append(
                dict(zip(by, group, strict=True)) | about | {name: getattr(found, name) for name in _FOUND}
            )
    return pd.DataFrame(rows, columns=[*by, "claim", "at", "measure", "higher", *_FOUND])


_FOUND = ["n", "mean", "std", "low", "high", "p", "verdict", "seeds", "differences"]


def together(verdicts: Iterable[str]) -> str:
    """The verdict on several claims at once: held when all held, not when one did not, else undecided."""
    said = list(verdicts)
    if NOT_HELD in said:
        return NOT_HELD
    return HELD if said and all(verdict == HELD for verdict in said) else UNDECIDED


def holm(p: Sequence[float] | np.ndarray | pd.Series) -> np.ndarray:
    """P-values (K,) adjusted so that 0.05 bounds the chance of even one false rejection; NaN stays NaN.

    Source: Holm, "A simple sequentially rejective multiple test procedure" (1979). NaNs count for nothing.
    """
    given = np.asarray(p, dtype=np.float64)
    adjusted = np.full(given.shape, np.nan)
    known = np.flatnonzero(~np.isnan(given))
    order = known[np.argsort(given[known], kind="stable")]
    factors = len(order) - np.arange(len(order))
    adjusted[order] = np.minimum(1.0, np.maximum.accumulate(factors * given[order]))
    return adjusted


def matching(table: pd.DataFrame, setting: Mapping[str, Any]) -> pd.DataFrame:
    """The rows that have these values in these columns."""
    chosen = np.ones(len(table), dtype=bool)
    for column, value in setting.items():
        chosen &= (table[column] == value).to_numpy()
    return table[chosen]


def _by_seed(table: pd.DataFrame, setting: Mapping[str, Any]) -> pd.Series:
    rows = matching(table, setting)
    rows = rows[np.isfinite(rows["value"].to_numpy(dtype=np.float64))]
    twice = rows[rows["seed"].duplicated(keep=False)]
    if len(twice):
        seed = twice["seed"].iloc[0]
        which = twice.loc[twice["seed"] == seed, "run"].tolist() if "run" in twice else f"{len(twice)} rows"
        raise WorkbenchError(
            f"Seed {seed} occurs more than once in the setting {dict(setting)}: {which}. Runs are paired by "
            "seed, so leave all but one out."
        )
    return rows.set_index("seed")["value"]


def _student(differences: np.ndarray) -> tuple[float, float, float, float, float]:
    """Mean, standard deviation, ends of the interval, and p."""
    from scipy.special import stdtr, stdtrit  # scipy.stats has the same, and takes a second to import

    n, nan = len(differences), float("nan")
    if n < 2:
        return float(differences[0]) if n else nan, nan, nan, nan, nan
    mean, std = float(differences.mean()), float(differences.std(ddof=1))
    if np.ptp(differences) <= _ROUNDING * abs(mean):
        return mean, 0.0, mean, mean, float(mean == 0)
    error = std / np.sqrt(n)
    half = float(stdtrit(n - 1, (1 + CONFIDENCE) / 2)) * error
    return mean, std, mean - half, mean + half, float(2 * stdtr(n - 1, -abs(mean) / error))


def _verdict(low: float, high: float, higher: bool) -> str:
    if low > 0:
        return HELD if higher else NOT_HELD
    if high < 0:
        return NOT_HELD if higher else HELD
    return UNDECIDED
