"""Exhibits of convergence: how fast methods come to be good on validation documents."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd

from workbench.analysis.convergence import COLUMNS, Convergence, convergence, validation_curve
from workbench.errors import WorkbenchError
from workbench.exhibits.base import Material, Result
from workbench.exhibits.grids import VariantTable

_ABOUT = ["run", "method", "encoder", "seed"]


@dataclass(frozen=True, kw_only=True)
class ConvergenceFigure(VariantTable):
    """A validation metric after each epoch, over steps and seconds."""

    has_floor: bool = False
    metric: str = "micro_F1"
    shown: tuple[str, ...] = ("convergence",)

    def analyse(self, material: Material) -> Result:
        """`curves`, one row a run and epoch, and `convergence`, one row a run."""
        curves, found, problems = [], [], []
        for one in material.made:
            try:
                _ = one.run.metrics  # a run whose numbers are damaged is not drawn as if it were whole
                curve = validation_curve(one.run, self.metric)
            except WorkbenchError as error:
                problems.append(f"{one.run.name}: {error}")
                continue
            known = (one.run.name, one.need.method, one.encoder, one.need.seed)
            about: dict[str, Any] = dict(zip(_ABOUT, known, strict=True))
            curves.append(curve.assign(**about)[[*_ABOUT, *COLUMNS]])
            found.append({**about, **asdict(convergence(curve))})
        empty = pd.DataFrame(columns=[*_ABOUT, *COLUMNS])
        drawn = pd.concat(curves, ignore_index=True) if curves else empty
        summary = pd.DataFrame(found, columns=[*_ABOUT, *Convergence.__annotations__])
        return Result({"curves": drawn, "convergence": summary}, tuple(problems))

    def figure(self, result: Result) -> Any:
        """One line a run."""
        from workbench.figures.convergence import convergence_figure

        return convergence_figure(result.tables["curves"], self.metric)
