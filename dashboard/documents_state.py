"""What the page of documents looks at: points, kinds and texts, kept until a run's files change."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.meanwhile import begun
from dashboard.state import Key, run_key
from workbench.analysis.document_kinds import counted, first_hits, label_states, rarest_groups
from workbench.analysis.document_map import neighbour_table, shared_places
from workbench.analysis.documents import EMBEDDINGS, ROWS, Documents, document_text, read_documents
from workbench.analysis.label_order import label_names
from workbench.analysis.neighbourhoods import map_quality
from workbench.analysis.projection import (
    checked_vectors,
    kept_projection,
    project,
    to_unit_length,
    variance_shares,
)
from workbench.analysis.projection_cache import read_points
from workbench.analysis.trained_on import named_corpus
from workbench.errors import WorkbenchError
from workbench.runs.store import BrokenRun, Run
from workbench.workspace import Workspace


@dataclass(frozen=True)
class How:
    """How documents are laid out."""

    method: str
    settings: tuple[tuple[str, Any], ...] = ()


@dataclass
class Maps:
    """Documents that all of `runs` have, with the points of those whose map is ready.

    Attributes:
        how: the map that is drawn.
        runs: by name.
        documents: by run, the same documents in the same order.
        places: (N,) where they are among all documents that the run kept.
        points: (N, 2) by run.
        whole: the points of all documents that the run kept.
        shares: for PCA the share of the variance along each axis.
        missing: runs whose map is not computed yet.
        broken: runs that cannot be drawn.
        left_out: documents that not all runs have.
    """

    how: How
    runs: dict[str, Run] = field(default_factory=dict)
    documents: dict[str, Documents] = field(default_factory=dict)
    places: dict[str, np.ndarray] = field(default_factory=dict)
    points: dict[str, np.ndarray] = field(default_factory=dict)
    whole: dict[str, np.ndarray] = field(default_factory=dict)
    shares: dict[str, tuple[float, float]] = field(default_factory=dict)
    missing: list[Run] = field(default_factory=list)
    broken: list[BrokenRun] = field(default_factory=list)
    left_out: int = 0

    def number_of(self, identity: str) -> int | None:
        """The place of a document by its id."""
        for documents in self.documents.values():
            return next(iter(np.flatnonzero(documents.ids == identity).tolist()), None)
        return None


def keeps_documents(run: Run) -> bool:
    """Whether a run has what the page draws."""
    return {EMBEDDINGS, ROWS} <= set(run.array_names)


def maps(runs: Sequence[Run], how: How) -> Maps:
    """The maps of these runs as far as they are computed; PCA is computed here and now."""
    found = Maps(how)
    whole: dict[str, Documents] = {}
    for run in runs:
        try:
            points, documents = _points(run, how), _documents(run_key(run))
        except WorkbenchError as error:
            found.broken.append(BrokenRun(run.path, str(error)))
            continue
        found.runs[run.name], whole[run.name] = run, documents
        if points is None:
            found.missing.append(run)
            continue
        found.whole[run.name] = points
        if how.method == "pca":
            found.shares[run.name] = _shares(run_key(run), how, points)
    found.places = shared_places(whole)
    found.left_out = max((len(whole[name]) - len(kept) for name, kept in found.places.items()), default=0)
    found.documents = {name: documents.take(found.places[name]) for name, documents in whole.items()}
    found.points = {name: points[found.places[name]] for name, points in found.whole.items()}
    return found


def kinds(found: Maps, by: str, label: str | None) -> dict[str, pd.Categorical[str]]:
    """What each run's documents are coloured by: "group", "label" (a code), "errors", "missed" or "first"."""
    return {name: _kinds(run_key(found.runs[name]), by, label)[found.places[name]] for name in found.points}


def quality(found: Maps) -> dict[str, Future[dict[str, Any]]]:
    """By run, how far its vectors gather documents of the same labels, and its map its neighbours.

    As `analysis.neighbourhoods.map_quality` has it; it takes seconds.
    """
    return {name: _quality(found.runs[name], found.how, points) for name, points in found.whole.items()}


def neighbours(run: Run, how: How, row: int) -> pd.DataFrame:
    """The nearest documents of the test document at `row`, in the run's own space."""
    documents = _documents(run_key(run))
    place = int(np.searchsorted(documents.rows, row))
    names = label_names(run.labels, run.label_texts)
    return neighbour_table(_vectors(run, how), documents, place, names)


def text(run: Run, row: int, identity: str, gold: Sequence[str]) -> str:
    """The text of a test document of the run.

    Raises:
        WorkbenchError: when the corpus is not here any more, or not as it was.
    """
    return _text(run_key(run), row, identity, tuple(gold))


def _vectors(run: Run, how: How) -> np.ndarray:
    """The vectors as they are projected."""
    matrix = checked_vectors(run.array(EMBEDDINGS))
    return to_unit_length(matrix) if dict(how.settings).get("unit_length") else matrix


def _points(run: Run, how: How) -> np.ndarray | None:
    path, documents = _kept(run_key(run), how)
    points = read_points(path, documents)
    return _pca(run_key(run), how) if points is None and how.method == "pca" else points


@st.cache_data(max_entries=50, show_spinner="PCA…")
def _pca(key: Key, how: How) -> np.ndarray:
    vectors, settings = Run.load(key[0]).array(EMBEDDINGS), dict(how.settings)
    try:
        return project(vectors, "pca", settings, cache=Workspace.current().cache)
    except WorkbenchError:  # a folder that cannot be written is no reason not to draw
        return project(vectors, "pca", settings)


@st.cache_data(max_entries=200, show_spinner=False)
def _kept(key: Key, how: How) -> tuple[Path, int]:
    """Where the points of a run are kept, and how many they are."""
    vectors = Run.load(key[0]).array(EMBEDDINGS)
    return kept_projection(vectors, how.method, dict(how.settings), Workspace.current().cache), len(vectors)


@st.cache_data(max_entries=20, show_spinner="Reading predictions…")
def _documents(key: Key) -> Documents:
    return read_documents(Run.load(key[0]))


@st.cache_data(max_entries=200, show_spinner=False)
def _shares(key: Key, how: How, _points: np.ndarray) -> tuple[float, float]:
    return variance_shares(_vectors(Run.load(key[0]), how), _points)


def _quality(run: Run, how: How, points: np.ndarray) -> Future[dict[str, Any]]:
    gold = _documents(run_key(run)).gold
    return begun(("map quality", run_key(run), how), lambda: map_quality(_vectors(run, how), points, gold))


@st.cache_data(max_entries=500, show_spinner="Looking up the text…")
def _text(key: Key, row: int, identity: str, gold: tuple[str, ...]) -> str:
    run = Run.load(key[0])
    return document_text(named_corpus(run), row, identity, gold)


@st.cache_data(max_entries=50, show_spinner=False)
def _kinds(key: Key, by: str, label: str | None) -> pd.Categorical[str]:
    run, documents = Run.load(key[0]), _documents(key)
    if by == "label" and label is not None:
        return label_states(documents, run, run.labels.index(label))
    if by == "errors":
        return counted(documents.missed + documents.wrong)
    if by == "missed":
        return counted(documents.missed)
    if by == "first":
        return first_hits(documents)
    return rarest_groups(documents, run.train_counts)
