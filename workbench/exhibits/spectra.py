"""Exhibits of label embeddings: how fast the energy of their singular values adds up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from workbench.analysis.spectrum import rank_table, singular_values, spectrum_table
from workbench.errors import WorkbenchError
from workbench.exhibits.base import Material, Result
from workbench.exhibits.grids import VariantTable

EMBEDDINGS = "label_embeddings"


@dataclass(frozen=True, kw_only=True)
class SpectrumFigure(VariantTable):
    """Spectra of the label embeddings of several methods."""

    has_floor: bool = False
    shown: tuple[str, ...] = ("ranks",)

    def analyse(self, material: Material) -> Result:
        """`spectra`, one row a singular value, and `ranks`, one row a run, both with its method."""
        spectra: dict[str, np.ndarray] = {}
        problems = []
        for one in material.made:
            try:
                spectra[one.run.name] = singular_values(one.run.array(EMBEDDINGS))
            except WorkbenchError as error:
                problems.append(f"{one.run.name}: {error}")
        methods = {one.run.name: one.need.method for one in material.made}
        tables = {"spectra": spectrum_table(spectra), "ranks": rank_table(spectra)}
        for table in tables.values():
            table.insert(1, "method", table["run"].map(methods))
        return Result(tables, tuple(problems))

    def figure(self, result: Result) -> Any:
        """Cumulative energy as the paper draws it, and the singular values beside it."""
        from workbench.figures.spectrum import spectrum_figure

        table = result.tables["spectra"]
        return spectrum_figure(table, dict(zip(table["run"], table["method"], strict=True)))
