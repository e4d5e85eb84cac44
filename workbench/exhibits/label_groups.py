"""Exhibits of label groups: how frequent labels are, and macro-F1 from frequent to rare ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from workbench.analysis.frequency_f1 import f1_of_runs, f1_over_seeds, f1_table, frequency_table
from workbench.errors import WorkbenchError
from workbench.exhibits.base import Material, Result
from workbench.exhibits.grids import VariantTable


@dataclass(frozen=True, kw_only=True)
class LabelGroupFigure(VariantTable):
    """Training documents of each label, and macro-F1 of label groups of one size, frequent to rare."""

    groups: int
    shown: tuple[str, ...] = ("groups",)

    def analyse(self, material: Material) -> Result:
        """`groups`, one row a setting and group, the single `runs` behind them, and `labels`, one a label."""
        good, problems = [], []
        for one in material.made:
            try:
                f1_table(one.run, self.groups)
                good.append(one.run)
            except WorkbenchError as error:
                problems.append(f"{one.run.name}: {error}")
        table = f1_of_runs(good, self.groups)
        # the grid's runs are set alike, but an encoder that reads labels has settings that others lack
        table = table.assign(settings="", setting=table["method"] + " · " + table["encoder"])
        groups = f1_over_seeds(table).drop(columns=["split_id", "settings", "setting"])
        # one split, so that all runs saw the same labels as often
        labels = frequency_table(good[0], self.groups) if good else pd.DataFrame()
        return Result({"groups": groups, "runs": table, "labels": labels}, tuple(problems))

    def figure(self, result: Result) -> Any:
        """A bar a label beside a bar a method in each group."""
        from workbench.figures.frequency_f1 import distribution_figure

        groups = result.tables["groups"]
        named = groups.assign(setting=groups["method"] + " · " + groups["encoder"])
        return distribution_figure(result.tables["labels"], named, "macro_F1")
