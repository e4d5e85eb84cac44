"""Exhibits that rank methods over corpora: Friedman's test on what a paper prints, and on our own runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from workbench.analysis.significance import RankComparison, compare_ranks, iman_davenport
from workbench.exhibits.base import Material, Result
from workbench.exhibits.grids import VariantTable
from workbench.metrics.catalogue import higher_is_better

FEWEST_METHODS, FEWEST_BLOCKS = 3, 2


@dataclass(frozen=True, kw_only=True)
class RankedTable(VariantTable):
    """Test metrics of several methods, and whether the printed ones differ over the paper's corpora.

    `printed_statistics` has F_F as printed, by metric; `ranked` the printed methods that it is over.
    """

    ranked: tuple[str, ...]
    printed_statistics: Mapping[str, float] = field(default_factory=dict)
    draws_printed: bool = True
    shown: tuple[str, ...] = ("numbers", "friedman")

    def analyse(self, material: Material) -> Result:
        """As a table of variants; also `friedman`, one row a test, and the average `ranks` behind it."""
        result = super().analyse(material)
        found = self._printed() | self._ours(result.tables["runs"])
        tests = [self._test(*key, one) for key, one in found.items()]
        ranks = [one.ranks.assign(source=source, metric=metric) for (source, metric), one in found.items()]
        more = {"friedman": pd.DataFrame(tests), "ranks": pd.concat(ranks, ignore_index=True)}
        return Result({**result.tables, **more}, result.problems)

    def figure(self, result: Result) -> Any:
        """The printed average ranks in micro-F1, and which methods Nemenyi's test does not tell apart."""
        from workbench.figures.critical_difference import critical_difference_figure

        one = list(self._printed().values())[-1]
        return critical_difference_figure(one.ranks, one.critical_difference, one.groups, one.blocks)

    def _printed(self) -> dict[tuple[str, str], RankComparison]:
        rows = self.printed[self.printed["variant"].isin(self.ranked)]
        corpora = ", ".join(dict.fromkeys(rows["corpus"]))
        return {
            (f"paper: {corpora}", metric): compare_ranks(
                _blocks(rows[rows["metric"] == metric], "corpus"), higher=higher_is_better(metric)
            )
            for metric in self.printed_statistics
        }

    def _ours(self, runs: pd.DataFrame) -> dict[tuple[str, str], RankComparison]:
        """Our methods ranked by seed, on one corpus: where there are enough seeds and methods."""
        found = {}
        for (corpus, encoder), here in runs.groupby(["corpus", "encoder"], sort=False):
            for metric in self.printed_statistics:
                values = _blocks(here[here["metric"] == metric], "seed")
                if len(values) >= FEWEST_BLOCKS and values.shape[1] >= FEWEST_METHODS:
                    source = f"ours: seeds on {corpus}, {encoder}"
                    found[source, metric] = compare_ranks(values, higher=higher_is_better(metric))
        return found

    def _test(self, source: str, metric: str, found: RankComparison) -> dict[str, Any]:
        statistic, p, critical = iman_davenport(found)
        is_printed = source.startswith("paper")
        return {
            "source": source,
            "metric": metric,
            "methods": len(found.ranks),
            "blocks": found.blocks,
            "chi_square": found.statistic,
            "chi_square_p": found.p,
            "F_F": statistic,
            "F_F_printed": self.printed_statistics[metric] if is_printed else float("nan"),
            "F_F_p": p,
            "F_F_critical": critical,
            "critical_difference": found.critical_difference,
        }


def _blocks(rows: pd.DataFrame, block: str) -> pd.DataFrame:
    """One row a block, one column a method that every block has."""
    return rows.pivot_table(index=block, columns="variant", values="value", sort=False).dropna(axis="columns")
