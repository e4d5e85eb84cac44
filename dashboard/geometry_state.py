"""What the page of geometry looks at: vectors at moments of training, their points and numbers, kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from dashboard.documents_state import How
from dashboard.state import Key, run_key
from workbench.analysis.document_map import hover_texts
from workbench.analysis.documents import Documents, read_documents
from workbench.analysis.frequency_kinds import Bounds, frequency_kinds, group_bounds
from workbench.analysis.geometry import (
    Axes,
    centred_spectrum,
    geometry_table,
    principal_axes,
    shares_of_variance,
)
from workbench.analysis.label_order import label_names
from workbench.analysis.projection import checked_vectors, kept_projection, to_unit_length
from workbench.analysis.projection_cache import read_points
from workbench.analysis.stage_vectors import drawn_rows, moment_vectors
from workbench.errors import WorkbenchError
from workbench.runs.store import BrokenRun, Run
from workbench.workspace import Workspace

Rows = NDArray[np.int64]


@dataclass(frozen=True)
class Panel:
    """A run at a moment of its training."""

    run: Run
    moment: str

    @property
    def name(self) -> str:
        """What stands above it."""
        return f"{self.run.name} · {self.moment}"

    @property
    def key(self) -> Key:
        """The run as the caches know it."""
        return run_key(self.run)


@dataclass
class Geometries:
    """The same documents in every panel, with the points of those that are laid out.

    Attributes:
        how: how they are laid out.
        rows: the documents, rows of the test split; `shared` is how many there were to draw them from.
        panels: by name, those that can be read.
        points: by panel, (N, 2) or (N, 3).
        shares: for PCA the share of the variance along each axis, by panel.
        missing: runs with a panel that is not laid out yet.
        broken: runs that cannot be read.
        is_one_space: all panels have the axes of the first.
    """

    how: How
    rows: Rows = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    shared: int = 0
    panels: dict[str, Panel] = field(default_factory=dict)
    points: dict[str, np.ndarray] = field(default_factory=dict)
    shares: dict[str, tuple[float, ...]] = field(default_factory=dict)
    missing: list[Run] = field(default_factory=list)
    broken: list[BrokenRun] = field(default_factory=list)
    is_one_space: bool = False


def laid_out(panels: Sequence[Panel], how: How, *, is_one_space: bool = False) -> Geometries:
    """The panels as far as they are laid out; PCA is computed here and now, with three axes.

    `is_one_space` gives all of them the axes of the first, where their vectors have as many dimensions.
    """
    found = Geometries(how)
    rows: list[Rows] = []
    for panel in panels:
        try:
            rows += [_moment(panel.key, panel.moment)[1], _documents(panel.key).rows]
        except WorkbenchError as error:
            if all(other.path != panel.run.path for other in found.broken):
                found.broken.append(BrokenRun(panel.run.path, str(error)))
        else:
            found.panels[panel.name] = panel
    if not found.panels:
        return found
    shared = reduce(np.intersect1d, rows)
    found.rows, found.shared = drawn_rows(shared), len(shared)
    if len(found.rows) and how.method == "pca":
        _along_axes(found, is_one_space)
    elif len(found.rows):
        _from_disk(found)
    return found


def point_table(found: Geometries, bounds: Bounds) -> pd.DataFrame:
    """A row for each panel and drawn document: panel, document (place among them), x, y, z, kind, text."""
    parts = []
    for name, points in found.points.items():
        axes = {axis: points[:, number] for number, axis in enumerate("xyz"[: points.shape[1]])}
        places = pd.DataFrame({"panel": name, "document": np.arange(len(points)), **axes})
        parts.append(places.join(_told(found.panels[name].key, found.rows, bounds)))
    return pd.concat(parts, ignore_index=True)


def training_documents(run: Run) -> int:
    """How many documents the run was trained on, as far as it says so."""
    return run.n_train or int(run.train_counts.max(initial=1))


def numbers(found: Geometries) -> tuple[pd.DataFrame, dict[str, np.ndarray]]:
    """One row a panel as `geometry_table` has them, and its centred singular values, over what is drawn."""
    parts, spectra = [], {}
    for name, panel in found.panels.items():
        row, spectra[name] = _numbers(panel.key, panel.moment, found.rows, _is_scaled(found.how))
        parts.append(row.assign(panel=name))
    return pd.concat(parts, ignore_index=True), spectra


def _along_axes(found: Geometries, is_one_space: bool) -> None:
    first = next(iter(found.panels.values()))
    is_scaled = _is_scaled(found.how)
    shared = _axes(first.key, first.moment, found.rows, is_scaled)
    for name, panel in found.panels.items():
        vectors = _drawn(panel.key, panel.moment, found.rows, is_scaled)
        fits = is_one_space and vectors.shape[1] == shared.dimensions
        axes = shared if fits else _axes(panel.key, panel.moment, found.rows, is_scaled)
        found.points[name] = axes.points(vectors)
        found.shares[name] = shares_of_variance(vectors, found.points[name])
        found.is_one_space = is_one_space and (fits and (found.is_one_space or panel is first))


def _from_disk(found: Geometries) -> None:
    """Maps are of all documents whose vectors a run kept; here some of them are drawn."""
    dimensions = int(dict(found.how.settings).get("dimensions", 2))
    for name, panel in found.panels.items():
        vectors, rows = _moment(panel.key, panel.moment)
        try:
            path = kept_projection(
                vectors, found.how.method, dict(found.how.settings), Workspace.current().cache
            )
        except WorkbenchError as error:
            found.broken.append(BrokenRun(panel.run.path, str(error)))
            continue
        points = read_points(path, len(rows), dimensions)
        if points is not None:
            found.points[name] = points[np.searchsorted(rows, found.rows)]
        elif panel.run not in found.missing:
            found.missing.append(panel.run)


def _is_scaled(how: How) -> bool:
    return bool(dict(how.settings).get("unit_length"))


def _drawn(key: Key, moment: str, rows: Rows, is_scaled: bool) -> np.ndarray:
    vectors, kept = _moment(key, moment)
    matrix = vectors[np.searchsorted(kept, rows)]
    return to_unit_length(matrix) if is_scaled else matrix


@st.cache_data(max_entries=24, show_spinner="Reading vectors…")
def _moment(key: Key, moment: str) -> tuple[np.ndarray, Rows]:
    vectors, rows = moment_vectors(Run.load(key[0]), moment)
    return checked_vectors(vectors), rows


@st.cache_data(max_entries=20, show_spinner="Reading predictions…")
def _documents(key: Key) -> Documents:
    return read_documents(Run.load(key[0]))


@st.cache_data(max_entries=24, show_spinner="Reading labels…")
def _told(key: Key, rows: Rows, bounds: Bounds) -> pd.DataFrame:
    """Of each of these documents the kind, by the frequency of its labels, and the text for its dot."""
    run, documents = Run.load(key[0]), _documents(key)
    drawn = documents.take(np.searchsorted(documents.rows, rows))
    limits = group_bounds(bounds, training_documents(run))
    texts = hover_texts(drawn, label_names(run.labels, run.label_texts), with_labels=True)
    return pd.DataFrame({"kind": frequency_kinds(drawn.gold, run.train_counts, limits), "text": texts})


@st.cache_data(max_entries=50, show_spinner="PCA…")
def _axes(key: Key, moment: str, rows: Rows, is_scaled: bool) -> Axes:
    return principal_axes(_drawn(key, moment, rows, is_scaled))


@st.cache_data(max_entries=100, show_spinner="Measuring angles…")
def _numbers(key: Key, moment: str, rows: Rows, is_scaled: bool) -> tuple[Any, np.ndarray]:
    documents = _documents(key)
    gold = documents.gold[np.searchsorted(documents.rows, rows)]
    vectors = _drawn(key, moment, rows, is_scaled)
    spectrum = centred_spectrum(vectors)
    return geometry_table({moment: vectors}, {moment: gold}, {moment: spectrum}), spectrum
