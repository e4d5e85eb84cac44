"""Exhibits of head, mid and tail labels as CL-MIL bounds them: their sizes, and micro-F1 in each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from workbench.analysis.comparison import run_table
from workbench.analysis.floor import FLOOR
from workbench.analysis.group_f1 import group_f1_table, group_sizes
from workbench.analysis.groups import groups_over_seeds
from workbench.analysis.records import SETTING
from workbench.errors import WorkbenchError
from workbench.exhibits.base import Exhibit, Material, Result
from workbench.exhibits.grids import VariantTable
from workbench.exhibits.scope import Made, Need, Scope


@dataclass(frozen=True, kw_only=True)
class GroupSizeTable(Exhibit):
    """How many labels and documents fall in each group; it needs no run."""

    needs_corpus: bool = True
    shown: tuple[str, ...] = ("groups",)

    def needs(self, scope: Scope) -> list[Need]:
        """None."""
        return []

    def analyse(self, material: Material) -> Result:
        """`groups`, one row a group; bounds are the paper's share of the training documents."""
        corpus = material.corpus()
        return Result({"groups": group_sizes(corpus.train.targets, corpus.test.targets)})


@dataclass(frozen=True, kw_only=True)
class FrequencyGroupFigure(VariantTable):
    """Micro-F1 of all labels and of head, mid and tail ones, for several methods."""

    shown: tuple[str, ...] = ("groups",)

    def analyse(self, material: Material) -> Result:
        """`groups`, one row a method, encoder and group, and the single `runs` behind them."""
        parts, problems = [], []
        for one in material.made:
            try:
                parts.append(_table(one))
            except WorkbenchError as error:
                problems.append(f"{one.run.name}: {error}")
        columns = ["run", "seed", *SETTING, "group", "labels", "value"]
        runs = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)
        groups = groups_over_seeds(runs).drop(columns=["split_id", "settings", "setting"])
        return Result({"groups": groups, "runs": runs}, tuple(problems))

    def figure(self, result: Result) -> Any:
        """One line a method."""
        from workbench.figures.groups import group_figure

        groups = result.tables["groups"]
        named = groups.assign(setting=groups["method"] + " · " + groups["encoder"])
        return group_figure(named, "micro_F1", FLOOR)


def _table(one: Made) -> pd.DataFrame:
    """The groups of one run; the grid's runs are set alike, so that method and encoder name a setting."""
    about = run_table([one.run], "test")[["run", "seed", "split_id", "method", "encoder"]].iloc[0]
    known = {**about, "settings": "", "setting": f"{about['method']} · {about['encoder']}"}
    table = group_f1_table(one.run)[["group", "labels", "micro_F1"]].rename(columns={"micro_F1": "value"})
    return table.assign(**known)[["run", "seed", *SETTING, "group", "labels", "value"]]
