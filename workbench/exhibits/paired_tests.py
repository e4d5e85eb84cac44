"""Exhibits of tests: whether one method differs from others on the same test documents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from workbench.analysis.compared_runs import compare_runs
from workbench.analysis.dependency import read_label_sets
from workbench.analysis.floor import FLOOR
from workbench.errors import WorkbenchError
from workbench.exhibits.base import Material, Result
from workbench.exhibits.grids import VariantTable
from workbench.exhibits.numbers import over_seeds, single_numbers
from workbench.exhibits.scope import Made, made_of

COLUMNS = ["run", "against", "seed", "encoder", "metric", "difference", "low", "high", "p"]
"""`difference` is `run`, of the first method, minus `against`."""


@dataclass(frozen=True, kw_only=True)
class PairedTestTable(VariantTable):
    """P-values of the first method against each of the others, by the paired bootstrap over test documents.

    `p_values` says what the p-value of a metric is called.
    """

    p_values: Mapping[str, str] = field(default_factory=dict)
    shown: tuple[str, ...] = ("numbers", "tests")

    def analyse(self, material: Material) -> Result:
        """`tests`, one row a pair of runs and metric; `numbers` are the p-values of the first seed."""
        readable, problems = _readable(material)
        tests = []
        for one in readable:
            try:
                tests += self._against(one, readable)
            except WorkbenchError as error:
                problems.append(f"{one.run.name}: {error}")
        table = pd.DataFrame(tests, columns=COLUMNS)
        about, _ = single_numbers(readable, material.scope, tuple(self.p_values))
        first = table.loc[table["seed"] == table["seed"].min(), ["against", "metric", "p"]]
        merged = about.merge(first.rename(columns={"against": "run"}), on=["run", "metric"])
        single = merged.assign(value=merged["p"], metric=merged["metric"].map(self.p_values))
        return Result({"numbers": over_seeds(single), "tests": table, "runs": about}, tuple(problems))

    def figure(self, result: Result) -> Any:
        """Nothing: the paper has a table alone."""
        return None

    def _against(self, one: Made, readable: list[Made]) -> list[dict[str, Any]]:
        """The tests of this run, if the first method has one with its seed and encoder.

        The floor has one seed and an encoder of its own: it is compared with the first.
        """
        if one.need.method == self.methods[0]:
            return []
        wanted = (one.need.seed, one.need.encoder)
        pairs = [
            other
            for other in made_of(readable, self.methods[0])
            if one.need.method == FLOOR or (other.need.seed, other.need.encoder) == wanted
        ]
        if not pairs:
            return []
        (found,) = compare_runs([one.run, pairs[0].run], tuple(self.p_values))
        names = (pairs[0].run.name, one.run.name, pairs[0].need.seed, pairs[0].encoder)
        rows = found.differences[COLUMNS[4:]].itertuples(index=False)
        return [dict(zip(COLUMNS, (*names, *row), strict=True)) for row in rows]


def _readable(material: Material) -> tuple[list[Made], list[str]]:
    good, problems = [], []
    for one in material.made:
        try:
            read_label_sets(one.run)
            good.append(one)
        except WorkbenchError as error:
            problems.append(f"{one.run.name}: {error}")
    return good, problems
