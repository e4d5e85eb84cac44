"""Documents that several runs share, as tables: for a map, a selection on it, a document's neighbours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.analysis.documents import Documents
from workbench.analysis.neighbourhoods import label_agreement, nearest_neighbours
from workbench.plain_text import shown_name

_LABELS_SHOWN = 4
_LETTERS_SHOWN = 30


def shared_places(documents: Mapping[str, Documents]) -> dict[str, NDArray[np.int64]]:
    """For each run the places of the documents whose vectors all runs kept, in the same order for all."""
    rows = [kept.rows for kept in documents.values()]
    shared = reduce(np.intersect1d, rows) if rows else np.zeros(0, dtype=np.int64)
    return {run: np.searchsorted(kept.rows, shared) for run, kept in documents.items()}


def map_table(
    points: Mapping[str, np.ndarray], kinds: Mapping[str, pd.Categorical[str]], texts: NDArray[np.str_]
) -> pd.DataFrame:
    """One row a run and document, for the figure: run, document (number), x, y, kind, text.

    Shapes: points (N, 2), kinds (N,), each of the same N documents in the same order; texts (N,).
    """
    parts = [
        pd.DataFrame(
            {
                "run": run,
                "document": np.arange(len(xy)),
                "x": xy[:, 0],
                "y": xy[:, 1],
                "kind": kinds[run],
                "text": texts,
            }
        )
        for run, xy in points.items()
    ]
    columns = ["run", "document", "x", "y", "kind", "text"]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)


def hover_texts(documents: Documents, label_texts: Sequence[str], *, with_labels: bool) -> NDArray[np.str_]:
    """Each document's id, and below it its first gold labels, (N,)."""
    if not with_labels:
        return np.array([shown_name(identity) for identity in documents.ids], dtype=np.str_)
    short = [
        text if len(text) <= _LETTERS_SHOWN else f"{text[: _LETTERS_SHOWN - 1]}…" for text in label_texts
    ]
    gold = documents.gold
    rows = (gold.indices[start:stop] for start, stop in zip(gold.indptr, gold.indptr[1:], strict=False))
    return np.array(
        [
            f"{shown_name(identity)}<br>{_listed([short[label] for label in labels])}"
            for identity, labels in zip(documents.ids, rows, strict=True)
        ]
    )


def mistake_table(documents: Mapping[str, Documents], numbers: Sequence[int]) -> pd.DataFrame:
    """One row a chosen document: each run's mistakes as "<run> missed", "<run> wrong".

    `documents` are the same for all runs and in the same order; `numbers` are places among them.
    """
    places = np.asarray(numbers, dtype=np.int64)
    mistakes = {
        f"{run} {what}": getattr(kept, what)[places]
        for run, kept in documents.items()
        for what in ("missed", "wrong")
    }
    return pd.DataFrame(mistakes)


def neighbour_table(
    vectors: np.ndarray, documents: Documents, place: int, labels: Sequence[str], k: int = 5
) -> pd.DataFrame:
    """The k nearest other documents of the one at `place`: id, gold_labels, agreement (Jaccard), distance.

    Shapes: vectors (N, H), in the order of `documents`; fewer rows when there are fewer documents.
    """
    here, k = np.array([place]), min(k, len(documents) - 1)
    if k < 1:
        return pd.DataFrame(columns=["id", "gold_labels", "agreement", "distance"])
    near, distances = nearest_neighbours(vectors, k, here)
    others = documents.take(near[0])
    agreement = [label_agreement(documents.gold, here, near[:, [column]]) for column in range(k)]
    return pd.DataFrame(
        {
            "id": others.ids,
            "gold_labels": _gold_labels(others, labels),
            "agreement": agreement,
            "distance": distances[0],
        }
    )


def _gold_labels(documents: Documents, labels: Sequence[str]) -> list[str]:
    return [
        ", ".join(labels[int(label)] for label in documents.gold[[place]].indices)
        for place in range(len(documents))
    ]


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _LABELS_SHOWN} more" if len(names) > _LABELS_SHOWN else ""
    return ", ".join(names[:_LABELS_SHOWN]) + more if names else "no gold label"
