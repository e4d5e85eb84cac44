"""Exhibits of document vectors: how they lie in three dimensions, and how evenly they fill their space."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from workbench.analysis.document_map import hover_texts
from workbench.analysis.documents import read_documents
from workbench.analysis.frequency_kinds import COMBINATIONS, frequency_kinds, group_bounds
from workbench.analysis.geometry import (
    centred_spectrum,
    geometry_table,
    principal_axes,
    shares_of_variance,
)
from workbench.analysis.label_order import label_names
from workbench.analysis.projection import checked_vectors
from workbench.analysis.stage_vectors import drawn_rows, moment_vectors, moments
from workbench.errors import WorkbenchError
from workbench.exhibits.base import Material, Result
from workbench.exhibits.grids import VariantTable
from workbench.exhibits.scope import Made

_AXES = ("x", "y", "z")
_LEGEND = "Groups of a document's labels"
_EMPTY = {
    "points": ["panel", *_AXES, "kind", "text"],
    "shares": ["panel", *_AXES],
    "geometry": ["run", "method", "seed", "moment"],
}


@dataclass(frozen=True, kw_only=True)
class GeometryFigure(VariantTable):
    """Vectors of test documents along their three axes of largest variance, a panel a method and moment.

    `initial` has those before the last stage of training, else those after it.
    """

    has_floor: bool = False
    initial: bool = False
    shown: tuple[str, ...] = ("geometry",)

    def analyse(self, material: Material) -> Result:
        """`geometry` of every run and moment; `points` and `shares` of the first seed alone."""
        found: dict[str, list[pd.DataFrame]] = {name: [] for name in _EMPTY}
        problems = []
        first = min((one.need.seed for one in material.made), default=0)
        for one in material.made:
            try:
                for name, table in self._tables(one, is_drawn=one.need.seed == first).items():
                    found[name].append(table)
            except WorkbenchError as error:
                problems.append(f"{one.run.name}: {error}")
        tables = {
            name: pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=_EMPTY[name])
            for name, parts in found.items()
        }
        kinds = pd.CategoricalDtype(list(COMBINATIONS.values()))
        tables["points"] = tables["points"].astype({"kind": kinds})
        return Result(tables, tuple(problems))

    def figure(self, result: Result) -> Any:
        """One scene a method and moment."""
        from workbench.figures.geometry import scene_figure

        shares = result.tables["shares"].set_index("panel")
        told = {str(panel): tuple(row) for panel, row in zip(shares.index, shares.to_numpy(), strict=True)}
        return scene_figure(result.tables["points"], _LEGEND, shares=told)

    def _tables(self, one: Made, *, is_drawn: bool) -> dict[str, pd.DataFrame]:
        """What one run gives to each table."""
        _ = one.run.metrics  # a run whose numbers are damaged is not drawn as if it were whole
        chosen = [moment for moment in moments(one.run) if _is_initial(moment) is self.initial]
        if not chosen:
            raise WorkbenchError(
                f"it kept no vectors {'before the last stage' if self.initial else 'at its end'}. Train it "
                "again with: --set keep_stages=true"
            )
        parts = [_moment(one, moment) for moment in chosen]
        return {
            name: pd.concat([part[name] for part in parts], ignore_index=True)
            for name in (_EMPTY if is_drawn else ["geometry"])
        }


def _is_initial(moment: str) -> bool:
    return moment == "start" or moment.startswith("after ")


def _moment(one: Made, moment: str) -> dict[str, pd.DataFrame]:
    run, panel = one.run, f"{one.need.method} · {one.encoder} · {moment}"
    vectors, kept = moment_vectors(run, moment)
    documents = read_documents(run)
    rows = drawn_rows(np.intersect1d(kept, documents.rows))
    chosen = documents.take(np.searchsorted(documents.rows, rows))
    matrix = checked_vectors(vectors)[np.searchsorted(kept, rows)]
    points = principal_axes(matrix).points(matrix)
    numbers = geometry_table({panel: matrix}, {panel: chosen.gold}, {panel: centred_spectrum(matrix)})
    about: dict[str, Any] = {
        "run": run.name,
        "method": one.need.method,
        "seed": one.need.seed,
        "moment": moment,
    }
    numbers = numbers.drop(columns="panel")
    for place, (name, value) in enumerate(about.items()):
        numbers.insert(place, name, value)
    return {
        "points": pd.DataFrame(
            {
                "panel": panel,
                **dict(zip(_AXES, points.T, strict=True)),
                "kind": frequency_kinds(chosen.gold, run.train_counts, group_bounds("paper", run.n_train)),
                "text": hover_texts(chosen, label_names(run.labels, run.label_texts), with_labels=True),
            }
        ),
        "shares": pd.DataFrame([(panel, *shares_of_variance(matrix, points))], columns=["panel", *_AXES]),
        "geometry": numbers,
    }
