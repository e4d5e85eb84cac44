"""Tests that tell runs and methods apart: McNemar by label, Friedman and Nemenyi over corpora.

The paired bootstrap over documents is in bootstrap.py, the paired t-test over seeds in claims.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.analysis.bootstrap import paired_bootstrap
from workbench.analysis.claims import CONFIDENCE, holm
from workbench.errors import WorkbenchError
from workbench.metrics.blocks import map_blocks
from workbench.metrics.indicator import as_indicator
from workbench.metrics.inputs import require_same_shape

__all__ = ["RankComparison", "compare_ranks", "iman_davenport", "mcnemar", "paired_bootstrap"]


@dataclass(frozen=True, eq=False)
class RankComparison:
    """Methods ranked within each block, and which of them the average ranks tell apart.

    Attributes:
        ranks: one row a method, the best first: method, rank (the mean over blocks; 1 is best).
        blocks: how many.
        statistic: Friedman's chi-square; NaN where all methods tie in every block.
        p: that the methods do not differ at all; 1 where all tie.
        critical_difference: average ranks that are further apart differ at the 5 % level (Nemenyi).
        pairwise: (K, K) Nemenyi's p-values, methods in the order of `ranks`.
        groups: the largest sets of methods whose ranks differ by less, each as their names, the best first.
    """

    ranks: pd.DataFrame
    blocks: int
    statistic: float
    p: float
    critical_difference: float
    pairwise: pd.DataFrame
    groups: tuple[tuple[str, ...], ...]


def mcnemar(first: Any, second: Any, gold: Any) -> pd.DataFrame:
    """For each label whether one of two runs is right about more documents than the other, one row a label.

    Columns: label (index), first_right (documents about which only the first is right), second_right, p (of
    the exact binomial test that both are as likely; 1 where they never disagree), p_holm (corrected by Holm
    over the labels on which they disagree at all: without disagreement there is nothing to test). The
    smallest corrected p first, then the most disagreement, then by index.

    Shapes: first, second and gold (N, L) of 0 and 1, dense or sparse.

    Source: McNemar, "Note on the sampling error of the difference between correlated proportions or
    percentages" (1947).

    Raises:
        WorkbenchError: for shapes that differ, or values other than 0 and 1.
    """
    from scipy.special import bdtr

    only_first, only_second = _rightly_alone(first, second, gold)
    disagreed = only_first + only_second
    p = np.minimum(1.0, 2 * bdtr(np.minimum(only_first, only_second), disagreed, 0.5))
    corrected = holm(np.where(disagreed > 0, p, np.nan))
    table = pd.DataFrame(
        {
            "label": np.arange(len(p)),
            "first_right": only_first,
            "second_right": only_second,
            "p": p,
            "p_holm": np.where(disagreed > 0, corrected, 1.0),
        }
    )
    return table.iloc[np.lexsort((-disagreed, table["p_holm"]))].reset_index(drop=True)


def compare_ranks(values: pd.DataFrame, *, higher: bool = True) -> RankComparison:
    """Friedman's test over blocks and Nemenyi's over pairs of methods.

    Source: Demšar, "Statistical Comparisons of Classifiers over Multiple Data Sets" (2006).

    Args:
        values: one row a block (a corpus), one column a method; whatever was measured.
        higher: whether higher is better; the best has rank 1, and methods that tie share the mean rank.

    Raises:
        WorkbenchError: for fewer than 3 methods or 2 blocks, or a value that is missing.
    """
    n_blocks, n_methods = values.shape
    if n_methods < 3 or n_blocks < 2:
        raise WorkbenchError(
            f"Ranks of {n_methods} methods in {n_blocks} blocks; Friedman's test needs at least 3 methods, "
            "each measured in at least 2 blocks, such as corpora."
        )
    table = values.to_numpy(dtype=np.float64)
    if not np.isfinite(table).all():
        row, column = (int(place[0]) for place in np.nonzero(~np.isfinite(table)))
        raise WorkbenchError(
            f"{values.columns[column]!r} has no value in {values.index[row]!r}: every method must be "
            "measured in every block. Leave out the one or the other."
        )
    signed = -table if higher else table
    statistic, p = _friedman(signed)
    ranks, pairwise = _nemenyi(signed, [str(name) for name in values.columns])
    difference = _critical_difference(n_methods, n_blocks)
    return RankComparison(ranks, n_blocks, statistic, p, difference, pairwise, _groups(ranks, difference))


def iman_davenport(found: RankComparison) -> tuple[float, float, float]:
    """F_F of the same ranks, its p, and above which F_F the methods differ at the 5 % level.

    Friedman's chi-square is too careful where there are few blocks; F_F = (N - 1) chi² / (N (k - 1) - chi²)
    follows F with k - 1 and (k - 1) (N - 1) degrees of freedom, for k methods in N blocks. It is infinite
    where all blocks rank alike, and NaN, with p = 1, where all methods tie.

    Source: Demšar, "Statistical Comparisons of Classifiers over Multiple Data Sets" (2006), Section 3.2.2.
    """
    from scipy.stats import f

    free = len(found.ranks) - 1
    beside = free * (found.blocks - 1)
    critical = float(f.ppf(CONFIDENCE, free, beside))
    if np.isnan(found.statistic):
        return float("nan"), 1.0, critical
    rest = found.blocks * free - found.statistic
    statistic = (found.blocks - 1) * found.statistic / rest if rest > 1e-9 else float("inf")
    return statistic, float(f.sf(statistic, free, beside)), critical


def _rightly_alone(first: Any, second: Any, gold: Any) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Documents of each label about which the first alone is right, and the second alone, (L,) each."""
    names = ("first", "second", "gold")
    sets = [as_indicator(one, name) for one, name in zip((first, second, gold), names, strict=True)]
    for one, name in zip(sets[:2], names, strict=False):
        require_same_shape(one.shape, name, sets[2].shape, "gold")

    def count(start: int, stop: int) -> NDArray[np.int64]:
        one, other, truth = (indicator.mask(start, stop) for indicator in sets)
        apart = one != other
        return np.array([(apart & (side == truth)).sum(axis=0) for side in (one, other)], dtype=np.int64)

    only_first, only_second = np.sum(map_blocks(count, *sets[2].shape), axis=0)
    return only_first, only_second


def _friedman(table: NDArray[np.float64]) -> tuple[float, float]:
    from scipy.stats import friedmanchisquare

    if (table == table[:, :1]).all():  # 0 / 0 in the formula
        return float("nan"), 1.0
    found = friedmanchisquare(*table.T)
    return float(found.statistic), float(found.pvalue)


def _nemenyi(table: NDArray[np.float64], names: Sequence[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    from scikit_posthocs import posthoc_nemenyi_friedman
    from scipy.stats import rankdata

    ranks = rankdata(table, axis=1).mean(axis=0)
    order = np.argsort(ranks, kind="stable")
    ordered = [names[place] for place in order]
    p = posthoc_nemenyi_friedman(table).to_numpy()[np.ix_(order, order)]
    return (
        pd.DataFrame({"method": ordered, "rank": ranks[order]}),
        pd.DataFrame(p, index=ordered, columns=ordered),
    )


def _critical_difference(methods: int, blocks: int) -> float:
    """Q sqrt(k (k + 1) / (6 N)), with q of the studentised range over the square root of 2."""
    from scipy.stats import studentized_range

    q = float(studentized_range.ppf(CONFIDENCE, methods, np.inf)) / np.sqrt(2)
    return float(q * np.sqrt(methods * (methods + 1) / (6 * blocks)))


def _groups(ranks: pd.DataFrame, difference: float) -> tuple[tuple[str, ...], ...]:
    """From each method on, those within the critical difference, where no earlier group holds them all."""
    names, values = ranks["method"].tolist(), ranks["rank"].to_numpy()
    groups, reached = [], 0
    for start, value in enumerate(values):
        stop = int(np.searchsorted(values, value + difference, side="left"))
        if stop - start > 1 and stop > reached:
            groups.append(tuple(names[start:stop]))
            reached = stop
    return tuple(groups)
