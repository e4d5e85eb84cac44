"""What the page of similarity looks at: pairs of labels and of documents, kept until a run's files change."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.meanwhile import are_done, begun
from dashboard.state import EMBEDDINGS as LABEL_EMBEDDINGS
from dashboard.state import Key, run_key
from workbench.analysis.cooccurrence import Cooccurrence
from workbench.analysis.document_map import shared_places
from workbench.analysis.documents import EMBEDDINGS, ROWS, Documents, read_documents
from workbench.analysis.label_clusters import clustered_order, similarity
from workbench.analysis.label_order import arrange, group_names, label_names
from workbench.analysis.similar_pairs import (
    identical_sets,
    rank_correlation,
    ranked_pairs,
    told_correlation,
)
from workbench.analysis.similarity import (
    clustered,
    counted_labels,
    document_similarity,
    label_cells,
    label_directions,
    label_similarity,
    read_document_similarity,
)
from workbench.analysis.stage_vectors import drawn_rows
from workbench.analysis.trained_on import corpus_of, named_corpus
from workbench.errors import WorkbenchError
from workbench.plain_text import shown_name
from workbench.runs.store import BrokenRun, Run
from workbench.wording import how_many

DOTS_AT_MOST = 10_000
"""Of all runs together: a browser turns slow beyond."""


@dataclass(frozen=True)
class Cells:
    """What is drawn: names (R,) in order, numbers (R, R) by name, and how many labels share the rows."""

    names: list[str]
    numbers: dict[str, np.ndarray]
    labels: int


@dataclass(frozen=True)
class Drawn:
    """Test documents that all runs kept, in the order of the first run's clusters."""

    names: list[str]
    products: dict[str, np.ndarray]
    jaccard: np.ndarray
    shared: np.ndarray
    matching: int


def keeps(run: Run, view: str) -> bool:
    """Whether a run has what a view draws."""
    needed = {LABEL_EMBEDDINGS} if view == "Labels" else {EMBEDDINGS, ROWS}
    return run.status == "done" and needed <= set(run.array_names)


def with_labels(runs: Sequence[Run]) -> tuple[list[Run], list[BrokenRun]]:
    """The runs whose label vectors can be read and whose labels the first has, and the others."""
    good: list[Run] = []
    broken = []
    for run in runs:
        try:
            _directions(run_key(run))
            _counted(run_key(run))
            if good and run.labels != good[0].labels:
                raise WorkbenchError(f"Its labels are not those of {good[0].name}: look at it alone.")
            good.append(run)
        except (WorkbenchError, KeyError) as error:
            broken.append(BrokenRun(run.path, str(error)))
    return good, broken


def with_documents(runs: Sequence[Run]) -> tuple[list[Run], list[BrokenRun]]:
    """The runs whose vectors of documents can be read, and the others."""
    good, broken = [], []
    for run in runs:
        try:
            _identical(run_key(run))
            good.append(run)
        except WorkbenchError as error:
            broken.append(BrokenRun(run.path, str(error)))
    return good, broken


def names(run: Run) -> list[str]:
    """A name for each label that no other has."""
    return label_names(run.labels, run.label_texts)


def counts(run: Run) -> tuple[Cooccurrence, str]:
    """As `analysis.similarity.counted_labels`, in the training documents that the run saw."""
    return _counted(run_key(run))


def cells(run: Run, first: Run, chosen: Sequence[int]) -> Cells:
    """All labels of a run in the order of the first one's clusters, or those that are chosen."""
    return _cells(run_key(run), run_key(first), tuple(chosen))


def are_ranked(runs: Sequence[Run]) -> bool:
    """Whether the pairs of these runs' labels are ranked; a thread does it, see `dashboard.meanwhile`."""
    return are_done([_ranked(run) for run in runs], "Ranking pairs of labels…")


def correlations(runs: Sequence[Run], chosen: Sequence[int]) -> pd.DataFrame:
    """One row a run: labels, pairs, mean inner product, correlation, p; and of the `chosen` labels alone."""
    rows = [_ranked(run).result()[0] | {"run": run.name} for run in runs]
    if len(chosen) > 2:
        for row, run in zip(rows, runs, strict=True):
            row["chosen"] = _correlated(run_key(run), tuple(chosen))
    return pd.DataFrame(rows)


def label_pairs(runs: Sequence[Run]) -> pd.DataFrame:
    """Pairs of labels of each run, `dots_of_each` at most and those furthest off: run, is_furthest, ….

    Further columns as `analysis.similar_pairs.pair_rows` has them.
    """
    parts = []
    for run in runs:
        table = _ranked(run).result()[1]
        furthest, others = table[table["is_furthest"]], table[~table["is_furthest"]]
        drawn = others.iloc[drawn_rows(np.arange(len(others)), dots_of_each(runs))]
        parts += [furthest.assign(run=run.name), drawn.assign(run=run.name)]
    return pd.concat(parts, ignore_index=True)


def dots_of_each(runs: Sequence[Run]) -> int:
    """How many pairs of each of these runs are drawn as dots."""
    return DOTS_AT_MOST // len(runs)


def identical(run: Run) -> tuple[pd.DataFrame, dict[str, Any]]:
    """As `analysis.similarity.identical_sets`; and documents, pairs, mean inner product, correlation, p."""
    return _identical(run_key(run))


def drawn_documents(runs: Sequence[Run], sought: str, at_most: int) -> Drawn:
    """Documents of the runs that hold `sought` in their id, labels or text; `at_most` of them, drawn."""
    return _drawn(tuple(map(run_key, runs)), sought.strip().casefold(), at_most)


def has_texts(run: Run) -> bool:
    """Whether the texts of the run's test documents are at hand, to be searched."""
    return _texts(run_key(run)) is not None


@st.cache_resource(max_entries=20, show_spinner="Reading vectors…")  # nobody writes into it
def _directions(key: Key) -> np.ndarray:
    return label_directions(Run.load(key[0]))


@st.cache_resource(max_entries=20, show_spinner="Counting label pairs…")  # nor into this
def _counted(key: Key) -> tuple[Cooccurrence, str]:
    run = Run.load(key[0])
    return counted_labels(run, lambda: corpus_of(run))


@st.cache_data(max_entries=20, show_spinner="Putting similar labels together…")
def _groups(key: Key, chosen: tuple[int, ...]) -> list[np.ndarray]:
    found, run = _counted(key)[0], Run.load(key[0])
    if not chosen:
        return arrange(found, label_names(run.labels, run.label_texts))
    some = np.array([label for label in chosen if found.counts[label]], dtype=np.intp)
    return [some[[place]] for place in clustered_order(similarity(found, some))] if len(some) else []


@st.cache_data(max_entries=20, show_spinner="Comparing labels…")
def _cells(key: Key, first: Key, chosen: tuple[int, ...]) -> Cells:
    found, run, groups = _counted(key)[0], Run.load(key[0]), _groups(first, chosen)
    named = group_names(_counted(first)[0], groups, label_names(run.labels, run.label_texts))
    sizes = [int(found.counts[group].sum()) for group in groups]
    told = [
        f"{name}<br>({how_many(size, 'document')})" if len(group) == 1 else name
        for name, group, size in zip(named, groups, sizes, strict=True)
    ]
    return Cells(told, label_cells(_directions(key), found, groups), sum(map(len, groups)))


@st.cache_data(max_entries=50, show_spinner="Correlating…")
def _correlated(key: Key, chosen: tuple[int, ...]) -> float | None:
    some = np.array(chosen, dtype=np.intp)
    return rank_correlation(label_similarity(_directions(key), _counted(key)[0], some)).value


def _ranked(run: Run) -> Future[tuple[dict[str, Any], pd.DataFrame]]:
    """As `analysis.similar_pairs.ranked_pairs`, of all labels of a run."""
    key = run_key(run)
    alike = partial(label_similarity, _directions(key), _counted(key)[0])
    return begun(("ranked pairs", key), lambda: ranked_pairs(alike(), names(run), DOTS_AT_MOST))


@st.cache_data(max_entries=20, show_spinner="Reading predictions…")
def _documents(key: Key) -> Documents:
    return read_documents(Run.load(key[0]))


@st.cache_data(max_entries=20, show_spinner="Comparing documents…")
def _identical(key: Key) -> tuple[pd.DataFrame, dict[str, Any]]:
    alike = read_document_similarity(Run.load(key[0]), _documents(key))
    return identical_sets(alike), {"documents": len(alike)} | told_correlation(alike)


@st.cache_data(max_entries=50, show_spinner="Comparing documents…")
def _drawn(keys: tuple[Key, ...], sought: str, at_most: int) -> Drawn:
    runs = [Run.load(path) for path, _ in keys]
    kept = {run.name: _documents(key) for run, key in zip(runs, keys, strict=True)}
    places = shared_places(kept)
    first = kept[runs[0].name].take(places[runs[0].name])
    labelled = np.flatnonzero(np.diff(first.gold.indptr))
    matching = labelled[_holding(keys[0], first, sought)[labelled]]
    chosen = drawn_rows(matching, at_most)
    alike = [document_similarity(run.array(EMBEDDINGS)[places[run.name]], first.gold, chosen) for run in runs]
    common = np.array(sorted(set.intersection(*(set(one.places.tolist()) for one in alike))), dtype=np.intp)
    alike = [one.at(np.searchsorted(one.places, common)) for one in alike]
    order = clustered(alike[0].products)
    alike = [one.at(order) for one in alike]
    products = {run.name: _off_diagonal(one.products) for run, one in zip(runs, alike, strict=True)}
    named = _named(first.take(common[order]), label_names(runs[0].labels, runs[0].label_texts))
    return Drawn(named, products, _off_diagonal(alike[0].jaccard), alike[0].shared, len(matching))


def _off_diagonal(values: np.ndarray) -> np.ndarray:
    """The same without what each is with itself."""
    values = values.copy()
    np.fill_diagonal(values, np.nan)
    return values


def _named(documents: Documents, labels: Sequence[str]) -> list[str]:
    gold = documents.gold
    return [
        f"{shown_name(identity)}<br>({', '.join(labels[int(label)] for label in gold.indices[start:end])})"
        for identity, (start, end) in zip(documents.ids, pairwise(gold.indptr), strict=True)
    ]


def _holding(key: Key, documents: Documents, sought: str) -> np.ndarray:
    """Which documents hold these words, (N,); all where there are none."""
    if not sought:
        return np.ones(len(documents), dtype=bool)
    run, texts = Run.load(key[0]), _texts(key)
    named = label_names(run.labels, run.label_texts)
    with_label = [label for label, name in enumerate(named) if sought in name.casefold()]
    held = np.asarray(documents.gold[:, with_label].sum(axis=1)).reshape(-1) > 0
    held |= np.array([sought in identity.casefold() for identity in documents.ids], dtype=bool)
    if texts is not None:
        held |= np.array([sought in texts[row].casefold() for row in documents.rows], dtype=bool)
    return held


@st.cache_data(max_entries=4, show_spinner="Opening the corpus…")
def _texts(key: Key) -> list[str] | None:
    """The texts of all test documents; None where the corpus is gone or has others."""
    run = Run.load(key[0])
    try:
        test = named_corpus(run).test
    except WorkbenchError:
        return None
    return list(test.texts) if list(test.ids) == run.predictions["id"].tolist() else None
