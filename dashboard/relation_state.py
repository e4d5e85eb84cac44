"""What the page of label relations looks at: a corpus's training labels, counted once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from dashboard.label_state import Key, open_corpus
from workbench.analysis.label_order import label_names
from workbench.analysis.label_relations import Relations, class_shares, relations
from workbench.metrics.label_relations import RelationReading


@dataclass(frozen=True)
class Related:
    """A corpus whose training labels the reader relates; `names` (L,) are unique."""

    key: Key
    names: list[str]
    found: Relations

    @property
    def by_frequency(self) -> list[str]:
        """The names of labels that training shows, the most frequent first."""
        counts = self.found.counts
        order = sorted(range(len(counts)), key=lambda label: (-counts[label], label))
        return [self.names[label] for label in order if counts[label]]


def relate(key: Key) -> Related:
    """Open a corpus's training labels.

    Raises:
        WorkbenchError: when the corpus is damaged.
    """
    return Related(key, *_counted(key))


def ids(key: Key, rows: Sequence[int]) -> list[str]:
    """The ids of training documents."""
    part = open_corpus(key).train
    return [part.ids[row] for row in rows]


def text(key: Key, row: int) -> str:
    """The text of a training document."""
    return open_corpus(key).train.texts[row]


@st.cache_data(max_entries=20, show_spinner=False)
def shares(key: Key, reading: RelationReading) -> dict[str, float]:
    """As `analysis.label_relations.class_shares` gives them."""
    return class_shares(_counted(key)[1], reading)


@st.cache_data(max_entries=20, show_spinner="Counting label pairs…")
def _counted(key: Key) -> tuple[list[str], Relations]:
    corpus = open_corpus(key)
    return label_names(corpus.labels, corpus.label_texts), relations(corpus.train.targets)
