"""What the page of labels looks at: corpora, counted once and kept until their content changes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import streamlit as st

from workbench.analysis.cooccurrence import Cooccurrence, cooccurrence, pair_cells, pair_table
from workbench.analysis.label_order import arrange, label_names
from workbench.data.cards import BUILT_IN, CorpusEntry, list_corpora
from workbench.data.corpus import Corpus
from workbench.data.library import load_corpus
from workbench.data.statistics import label_frequencies
from workbench.workspace import Workspace

Key = tuple[str, str]
"""A corpus as the caches know it: its folder and the fingerprint of its content."""


@dataclass(frozen=True)
class Look:
    """A split of a corpus whose labels the reader looks at; `names` (L,) are unique."""

    key: Key
    split: str
    names: list[str]
    found: Cooccurrence

    @property
    def corpus(self) -> str:
        """The corpus's name."""
        return Path(self.key[0]).name


def corpora() -> tuple[dict[str, Key], list[CorpusEntry]]:
    """The corpora that can be chosen by name, the built-in one first, and those that cannot be opened."""
    entries = list_corpora()
    good = {
        entry.name: (str(entry.path), str(entry.card["fingerprint"]))
        for entry in entries
        if entry.card is not None
    }
    built_in = {BUILT_IN: (str(Workspace.current().corpora / BUILT_IN), "not generated yet")}
    return built_in | good, [entry for entry in entries if entry.card is None]


def look(key: Key, split: str) -> Look:
    """Open a corpus's labels.

    Raises:
        WorkbenchError: when the corpus is damaged.
    """
    return Look(key, split, _names(key), _counted(key, split))


def frequencies(key: Key) -> pd.DataFrame:
    """As `data.statistics.label_frequencies` gives it, with unique names in the column text."""
    return _frequencies(key)


def groups(seen: Look, order: str) -> list[np.ndarray]:
    """The rows of the picture, as `analysis.label_order.arrange` gives them."""
    return _groups(seen.key, seen.split, order)


def cells(seen: Look, order: str) -> dict[str, np.ndarray]:
    """The cells of the whole picture, as `analysis.cooccurrence.pair_cells` gives them."""
    return _cells(seen.key, seen.split, order)


def pairs(seen: Look) -> pd.DataFrame:
    """Every pair of labels that comes together."""
    return pair_table(seen.found, seen.names)


def planted(seen: Look) -> tuple[pd.DataFrame, pd.DataFrame] | None:
    """Planted pairs that come together and that never do, named; None where nothing was planted.

    Raises:
        WorkbenchError: when the truth beside the corpus is damaged.
    """
    return _planted(seen.key, seen.split)


def open_corpus(key: Key) -> Corpus:
    """The corpus of this key.

    Raises:
        WorkbenchError: when it is damaged.
    """
    return load_corpus(Path(key[0]).name)


@st.cache_data(max_entries=20, show_spinner="Opening the corpus…")
def _names(key: Key) -> list[str]:
    corpus = open_corpus(key)
    return label_names(corpus.labels, corpus.label_texts)


@st.cache_data(max_entries=20, show_spinner="Counting label pairs…")
def _counted(key: Key, split: str) -> Cooccurrence:
    return cooccurrence(open_corpus(key).splits[split].real_targets)


@st.cache_data(max_entries=20, show_spinner=False)
def _frequencies(key: Key) -> pd.DataFrame:
    corpus = open_corpus(key)
    names = dict(zip(corpus.labels, label_names(corpus.labels, corpus.label_texts), strict=True))
    table = label_frequencies(corpus)
    return table.assign(text=table["label"].map(names))


@st.cache_data(max_entries=20, show_spinner="Putting similar labels together…")
def _groups(key: Key, split: str, order: str) -> list[np.ndarray]:
    return arrange(_counted(key, split), _names(key), order)


@st.cache_data(max_entries=20, show_spinner=False)
def _cells(key: Key, split: str, order: str) -> dict[str, np.ndarray]:
    rows = _groups(key, split, order)
    return pair_cells(_counted(key, split), rows, rows)


@st.cache_data(max_entries=20, show_spinner=False)
def _planted(key: Key, split: str) -> tuple[pd.DataFrame, pd.DataFrame] | None:
    from workbench.analysis.planted import planted_pairs, silent_pairs
    from workbench.data.demo.truth import load_truth

    corpus = open_corpus(key)
    truth = load_truth(Path(key[0]))
    if truth is None:
        return None
    part = corpus.splits[split]
    names = dict(zip(corpus.labels, label_names(corpus.labels, corpus.label_texts), strict=True))
    together = planted_pairs(truth, corpus.labels, part.ids, part.targets)
    apart = silent_pairs(truth, corpus.labels, part.targets)
    for table in (together, apart):
        for column in ("label_a", "label_b"):
            table[column] = table[column].map(names)
    return together, apart
