"""Exhibits of label groups: macro-F1 from frequent to rare labels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from workbench.analysis.frequency_bins import bins_of_runs, bins_over_seeds, f1_table
from workbench.errors import WorkbenchError
from workbench.exhibits.base import Material, Result
from workbench.exhibits.grids import VariantTable


@dataclass(frozen=True, kw_only=True)
class LabelGroupFigure(VariantTable):
    """Macro-F1 of label groups of one size, from frequent to rare labels."""

    groups: int
    shown: tuple[str, ...] = ("groups",)

    def analyse(self, material: Material) -> Result:
        """`groups`, one row a setting and group, and the single `runs` behind them."""
        good, problems = [], []
        for one in material.made:
            try:
                f1_table(one.run, self.groups)
                good.append(one.run)
            except WorkbenchError as error:
                problems.append(f"{one.run.name}: {error}")
        table = bins_of_runs(good, self.groups, 0, "macro_F1", lambda run: f1_table(run, self.groups))
        # the grid's runs are set alike, but an encoder that reads labels has settings that others lack
        table = table.assign(settings="", setting=table["method"] + " · " + table["encoder"])
        groups = bins_over_seeds(table).drop(columns=["split_id", "settings", "setting"])
        return Result({"groups": groups, "runs": table}, tuple(problems))

    def figure(self, result: Result) -> Any:
        """One line a method."""
        from workbench.figures.frequency_bins import bin_figure

        groups = result.tables["groups"]
        return bin_figure(groups.assign(setting=groups["method"] + " · " + groups["encoder"]), "macro_F1")
