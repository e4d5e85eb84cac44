"""What the page of tail features looks at: features, points, distances, kept until a run's files change."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.documents_state import How
from dashboard.meanwhile import begun
from dashboard.state import Key, run_key
from workbench.analysis.closeness import closeness_summary, closeness_table
from workbench.analysis.projection import (
    checked_vectors,
    kept_projection,
    project,
    to_unit_length,
    variance_shares,
)
from workbench.analysis.projection_cache import read_points
from workbench.analysis.tail_features import (
    Features,
    first_labels,
    label_indices,
    pair_texts,
    read_features,
)
from workbench.analysis.trained_on import named_corpus
from workbench.errors import WorkbenchError
from workbench.runs.store import BrokenRun, Run
from workbench.workspace import Workspace


@dataclass
class FeatureMaps:
    """Features of the chosen labels by run, with points (P, 2) where their map is ready."""

    how: How
    runs: dict[str, Run] = field(default_factory=dict)
    features: dict[str, Features] = field(default_factory=dict)
    points: dict[str, np.ndarray] = field(default_factory=dict)
    shares: dict[str, tuple[float, float]] = field(default_factory=dict)
    missing: list[Run] = field(default_factory=list)
    broken: list[BrokenRun] = field(default_factory=list)


def features(runs: Sequence[Run]) -> tuple[dict[str, Run], list[BrokenRun]]:
    """The runs whose features can be read, by name, and those where they are damaged."""
    found, broken = {}, []
    for run in runs:
        try:
            _features(run_key(run))
            found[run.name] = run
        except WorkbenchError as error:
            broken.append(BrokenRun(run.path, str(error)))
    return found, broken


def labels_at_first(run: Run) -> list[str]:
    """The codes of a head label and two tail labels."""
    return [run.labels[label] for label in first_labels(_features(run_key(run)))]


def known_labels(run: Run) -> np.ndarray:
    """The labels (K,) of which the run kept real features."""
    found = _features(run_key(run))
    return np.unique(found.label[found.row >= 0])


def is_tail(run: Run) -> np.ndarray:
    """Which labels are tail labels, (L,)."""
    return _features(run_key(run)).is_tail


def maps(runs: Sequence[Run], codes: Sequence[str], how: How) -> FeatureMaps:
    """The features of these labels on a plane, as far as it is computed; PCA is computed here and now."""
    found = FeatureMaps(how)
    for run in runs:
        try:
            chosen = _features(run_key(run)).of_labels(label_indices(run, codes))
            points = _points(run_key(run), tuple(codes), how)
        except WorkbenchError as error:
            found.broken.append(BrokenRun(run.path, str(error)))
            continue
        found.runs[run.name] = run
        if points is None:
            found.missing.append(run)
            continue
        found.features[run.name], found.points[run.name] = chosen, points
        if how.method == "pca":
            matrix = checked_vectors(chosen.vectors)
            matrix = to_unit_length(matrix) if dict(how.settings).get("unit_length") else matrix
            found.shares[run.name] = variance_shares(matrix, points)
    return found


def texts(run: Run, found: Features, codes: Sequence[str]) -> np.ndarray:
    """What hovering says of each feature, (P,); its kind alone where the corpus is gone."""
    try:
        return _texts(run_key(run), tuple(codes), found)
    except WorkbenchError:
        return np.array([f"document at row {row}" if row >= 0 else "" for row in found.row])


def closeness(runs: Sequence[Run]) -> pd.DataFrame:
    """One row a run and kind: means over tail labels, as `closeness_summary` has them."""
    parts = [closeness_summary(label_closeness(run).result()).assign(run=run.name) for run in runs]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def label_closeness(run: Run) -> Future[pd.DataFrame]:
    """One row a label and kind, as `closeness_table` has them; it takes seconds."""
    key = run_key(run)
    return begun(("closeness", key), partial(closeness_table, _features(key)))


@st.cache_resource(max_entries=10, show_spinner="Reading features…")
def _features(key: Key) -> Features:
    """The very object for all visitors, as it is large: nobody may write to it."""
    found = read_features(Run.load(key[0]))
    for array in (found.vectors, found.label, found.row, found.kind, found.is_tail):
        array.setflags(write=False)
    return found


@st.cache_data(max_entries=50, show_spinner="Looking up documents…")
def _texts(key: Key, codes: tuple[str, ...], _found: Features) -> np.ndarray:
    run = Run.load(key[0])
    return pair_texts(run, named_corpus(run), _found)


def _points(key: Key, codes: tuple[str, ...], how: How) -> np.ndarray | None:
    path, size = _kept(key, codes, how)
    points = read_points(path, size)
    return _pca(key, codes, how) if points is None and how.method == "pca" else points


@st.cache_data(max_entries=200, show_spinner=False)
def _kept(key: Key, codes: tuple[str, ...], how: How) -> tuple[Path, int]:
    vectors = _features(key).of_labels(label_indices(Run.load(key[0]), codes)).vectors
    cache = Workspace.current().cache
    return kept_projection(vectors, how.method, dict(how.settings), cache), len(vectors)


@st.cache_data(max_entries=100, show_spinner="PCA…")
def _pca(key: Key, codes: tuple[str, ...], how: How) -> np.ndarray:
    vectors = _features(key).of_labels(label_indices(Run.load(key[0]), codes)).vectors
    return project(vectors, "pca", dict(how.settings))
