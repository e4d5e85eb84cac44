"""Runs in, a map of their vectors out: documents, and features of rare labels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from workbench.errors import WorkbenchError
from workbench.plots import runs_of_one_split, some_runs
from workbench.runs.store import Run

if TYPE_CHECKING:
    from workbench.figures.theme import Figure

MOST_DOCUMENTS = 25_000
"""On one map of documents: beyond that hover texts outweigh the points."""


def plot_documents(runs: Sequence[Run], method: str = "pca") -> Figure:
    """Test documents' vectors (N, H) on a plane, coloured by the group of the rarest gold label.

    Args:
        runs: finished runs of one split that kept document vectors; the documents that all of them kept are
            drawn, a panel a run.
        method: "pca" (at once), "tsne" or "umap" (minutes).

    Returns:
        A plotly figure.

    Raises:
        WorkbenchError: for no run, runs of several splits, one without vectors, or too many documents.
    """
    from workbench.analysis.document_kinds import rarest_groups
    from workbench.analysis.document_map import hover_texts, map_table, shared_places
    from workbench.analysis.documents import EMBEDDINGS, read_documents
    from workbench.analysis.label_order import label_names
    from workbench.analysis.projection import project, variance_shares
    from workbench.figures.projection import projection_figure

    first = runs_of_one_split(runs)[0]
    kept = {run.name: read_documents(run) for run in runs}
    places = shared_places(kept)
    shown = {name: documents.take(places[name]) for name, documents in kept.items()}
    if len(runs) * len(shown[first.name]) > MOST_DOCUMENTS:
        raise WorkbenchError(
            f"{len(shown[first.name]):,} documents of {len(runs)} runs are too many for one picture: at most "
            f"{MOST_DOCUMENTS:,} points. Give fewer runs, or look at the page Documents."
        )
    vectors = {run.name: np.asarray(run.array(EMBEDDINGS))[places[run.name]] for run in runs}
    points = {name: project(matrix, method) for name, matrix in vectors.items()}
    shares = (
        {name: variance_shares(vectors[name], points[name]) for name in points} if method == "pca" else {}
    )
    kinds = {run.name: rarest_groups(shown[run.name], run.train_counts) for run in runs}
    names = label_names(first.labels, first.label_texts)
    texts = hover_texts(shown[first.name], names, with_labels=True)
    return projection_figure(map_table(points, kinds, texts), method, "Rarest gold label", shares=shares)


def plot_tail_features(runs: Sequence[Run], labels: Sequence[str] | None = None) -> Figure:
    """Real and generated features of some labels on their plane of largest variance (PCA).

    Source: "Label-Specific Feature Augmentation for Long-Tailed Multi-Label Text Classification", Figure 6.

    Args:
        runs: finished runs that keep features of document-label pairs (P, V), such as those of lsfa.
        labels: codes; by default a head label and two tail labels of the first run.

    Returns:
        A plotly figure.

    Raises:
        WorkbenchError: for no run, one without such features, or an unknown label.
    """
    from workbench.analysis.label_order import label_names
    from workbench.analysis.projection import checked_vectors, project, variance_shares
    from workbench.analysis.tail_features import (
        KINDS,
        feature_table,
        first_labels,
        label_indices,
        read_features,
    )
    from workbench.figures.tail_features import tail_feature_figure

    first = some_runs(runs)[0]
    whole = {run.name: read_features(run) for run in runs}
    codes = [first.labels[label] for label in first_labels(whole[first.name])] if labels is None else labels
    features = {run.name: whole[run.name].of_labels(label_indices(run, codes)) for run in runs}
    vectors = {name: checked_vectors(found.vectors) for name, found in features.items()}
    points = {name: project(matrix, "pca") for name, matrix in vectors.items()}
    shares = {name: variance_shares(vectors[name], points[name]) for name in points}
    texts = {name: np.array(KINDS)[found.kind] for name, found in features.items()}
    names = label_names(first.labels, first.label_texts)
    labelled = {label: names[label] for label in label_indices(first, codes)}
    return tail_feature_figure(feature_table(features, points, texts, labelled), "pca", shares=shares)
