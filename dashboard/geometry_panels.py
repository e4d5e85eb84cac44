"""The panels of the page of geometry: computed by workbench.analysis, drawn by workbench.figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.documents_panels import CAUTION
from dashboard.documents_table import chosen_numbers, documents_table
from dashboard.download import chart, offer_csv
from dashboard.geometry_state import Geometries, point_table, training_documents
from dashboard.kept_points import chart_of_points, heading
from dashboard.linked_cameras import link_cameras
from workbench.analysis.frequency_kinds import Bounds, group_bounds
from workbench.analysis.spectrum import spectrum_table
from workbench.analysis.stage_vectors import moments
from workbench.figures.geometry import scene_figure
from workbench.figures.projection import projection_figure
from workbench.figures.spectrum import spectrum_figure
from workbench.runs.store import Run
from workbench.wording import how_many

_FLAT = "geometry-flat"
LEGEND = "Groups of a document's labels"
LOOK_FOR = (
    "Look whether documents fill the space or crowd in a cone, and whether those with rare labels alone (×) "
    "stand apart. Each dot is the document vector that the encoder gives a test document."
)
_BELOW = {
    "mean_cosine": ("mean cosine", ".3f"),
    "uniformity": ("uniformity", ".3f"),
    "alignment": ("alignment", ".3f"),
    "effective_rank": ("effective rank", ".1f"),
    "first_share": ("first axis", ".0%"),
}
_AXES = {"pca": "PC", "umap": "UMAP"}
_ALIKE = "pairs of documents with the very same gold labels"
_NUMBERS: dict[str, Any] = {
    "panel": st.column_config.TextColumn(pinned=True),
    "zero_vectors": st.column_config.NumberColumn(
        "zero vectors", help="They have no direction and take no part in the next three numbers."
    ),
    "mean_cosine": st.column_config.NumberColumn(
        "mean cosine",
        format="%.3f",
        help="Over all pairs of documents: 1 when all point the same way (a narrow cone), 0 when directions "
        "cancel out.",
    ),
    "uniformity": st.column_config.NumberColumn(
        format="%.3f",
        help="log of the mean of exp(-2 ‖x - y‖²) over all pairs, at length 1 (Wang & Isola 2020): 0 when "
        "all are the same, the lower the more evenly they lie on the sphere; about -4 at random.",
    ),
    "alignment": st.column_config.NumberColumn(
        format="%.3f",
        help=f"Mean ‖x - y‖² over {_ALIKE}, at length 1 (Wang & Isola 2020, whose positive pairs are two "
        "views of one sample): 0 when they share a direction, 2 when at right angles.",
    ),
    "positive_pairs": st.column_config.NumberColumn("positive pairs", help=f"How many {_ALIKE} there are."),
    "effective_rank": st.column_config.NumberColumn(
        "effective rank",
        format="%.1f",
        help="Of the centred vectors: exp of the entropy of the singular values divided by their sum (Roy & "
        "Vetterli 2007).",
    ),
    "first_share": st.column_config.NumberColumn(
        "first axis", format="percent", help="The share of the variance along the first axis of PCA."
    ),
}


def draw(found: Geometries, table: pd.DataFrame, bounds: Bounds, *, in_three: bool) -> None:
    """The panels side by side; in two dimensions where the browser cannot draw three."""
    in_three = in_three and all(points.shape[1] == 3 for points in found.points.values())
    if in_three and not link_cameras("chart-geometry"):
        st.warning(
            "This browser has no WebGL, which three dimensions need: here are two.", icon=":material/block:"
        )
        in_three = False
    points = point_table(found, bounds)
    if in_three:
        figure = scene_figure(
            points,
            LEGEND,
            shares=found.shares,
            notes=_notes(table),
            axes=_AXES[found.how.method],
            is_one_space=found.is_one_space,
        )
        chart(figure, "geometry")
        st.caption(
            "**Turn one panel and all turn**; the wheel brings them nearer. In **2-D** documents can be "
            "encircled and listed."
        )
    else:
        flat = {name: (shares[0], shares[1]) for name, shares in found.shares.items()}
        renamed = points.rename(columns={"panel": "run"})
        figure = projection_figure(renamed, found.how.method, LEGEND, shares=flat)
        about = (tuple(found.panels), tuple(found.rows.tolist()))
        _chosen(found, chart_of_points(figure, _FLAT, about))
    drawn = how_many(len(found.rows), "document")
    some = (
        f" Drawn and measured: {drawn} of {found.shared:,}, with seed 0."
        if len(found.rows) < found.shared
        else ""
    )
    first = next(iter(found.panels.values())).run
    head, mid = group_bounds(bounds, training_documents(first))
    least = how_many(head, "training document")
    groups = f" Head labels have at least {least}, mid ones {mid:,}, tail ones fewer."
    st.caption(f"{LOOK_FOR} {CAUTION[found.how.method]}{groups}{some}")
    offer_csv({"geometry-points": points.rename(columns={"text": "id_and_labels"})})


def _chosen(found: Geometries, points: Sequence[Mapping[str, Any]]) -> None:
    """The documents that the reader has clicked or encircled, where there are any."""
    chosen = chosen_numbers(points, len(found.rows))
    if not chosen:
        st.caption("Click a document or draw around several with the lasso to list them.")
        return
    heading(len(chosen), "document", _FLAT)
    runs = {panel.run.name: panel.run for panel in found.panels.values()}
    documents_table(list(runs.values()), found.rows[chosen].tolist(), "chosen-documents")


def numbers(found: Geometries, table: pd.DataFrame, spectra: Mapping[str, np.ndarray]) -> None:
    """Angles and spectra of the panels, which no shadow of the space shows."""
    st.subheader("How evenly do they fill the space?", anchor=False)
    st.dataframe(table, hide_index=True, placeholder="–", column_config=_NUMBERS)
    st.caption(
        "A lower mean cosine and a lower uniformity say that the cone has opened. A lower alignment says "
        f"that documents with the same labels lie closer; it is taken over {_ALIKE}. Good vectors are low "
        "in both."
    )
    methods = {name: str(panel.run.manifest.get("method", "?")) for name, panel in found.panels.items()}
    lines = spectrum_table(spectra)
    chart(spectrum_figure(lines, methods), "geometry-spectra")
    st.caption(
        "Singular values of the vectors less their mean. The slower the energy rises, the more directions "
        "documents differ in."
    )
    offer_csv({"geometry": table, "geometry-spectra": lines})


def say_how_to_keep_more(runs: Sequence[Run]) -> None:
    """Commands for runs that kept their last vectors alone."""
    bare = [run.name for run in runs if len(moments(run)) == 1]
    if bare:
        st.caption(
            "Vectors before training, where they were not kept, are computed by:  \n"
            f"`workbench probe geometry {' '.join(bare)}`  \n"
            "Those between stages need training with `--set keep_stages=true`."
        )


def _notes(table: pd.DataFrame) -> dict[str, str]:
    """The numbers under each panel."""
    return {
        row["panel"]: "<br>".join(
            f"{name} {_told(row[column], spec)}" for column, (name, spec) in _BELOW.items()
        )
        for row in table.to_dict("records")
    }


def _told(value: Any, spec: str) -> str:
    return "–" if value is None or np.isnan(value) else format(value, f"z{spec}")
