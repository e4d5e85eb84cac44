"""What the page of label texts looks at: corpora with descriptions of labels or generated documents."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.label_state import Key, open_corpus
from workbench.analysis.generated_texts import (
    described_labels,
    nearest_texts,
    rows_of_label,
    variety,
)
from workbench.data.corpus import Corpus
from workbench.llm.report import read_report


def versions(offered: Mapping[str, Key]) -> dict[str, Key]:
    """Those of the corpora that a language model, or what stands in for one, wrote something for."""
    return {name: key for name, key in offered.items() if _has_texts(key)}


def report(key: Key) -> dict[str, Any]:
    """What was asked and answered, by job; empty where no report is kept.

    Raises:
        WorkbenchError: when the report is damaged.
    """
    return read_report(Path(key[0])) or {}


def labels(key: Key) -> pd.DataFrame:
    """As `analysis.generated_texts.described_labels` gives it."""
    return _labels(key)


def beside(key: Key, label: int) -> pd.DataFrame:
    """One row a generated document of the label, beside the real training document that is most like it.

    Columns: document (id), text, labels, nearest (id), nearest text, nearest labels, cosine.
    """
    return _beside(key, label)


def varied(key: Key, label: int | None) -> pd.DataFrame:
    """As `analysis.generated_texts.variety` gives it, of a label's documents.

    Without a label: of the documents of all labels that generated documents have.
    """
    return _varied(key, label)


@st.cache_data(max_entries=200, show_spinner=False)
def _has_texts(key: Key) -> bool:
    if not Path(key[0]).is_dir():
        return False
    corpus = open_corpus(key)
    return bool(corpus.descriptions) or corpus.train.n_generated > 0


@st.cache_data(max_entries=20, show_spinner="Reading labels…")
def _labels(key: Key) -> pd.DataFrame:
    return described_labels(open_corpus(key), report(key))


@st.cache_data(max_entries=50, show_spinner="Looking for the nearest documents…")
def _beside(key: Key, label: int) -> pd.DataFrame:
    corpus = open_corpus(key)
    train = corpus.train
    _, made = rows_of_label(corpus, label)
    real = np.arange(len(train)) if train.generated is None else np.flatnonzero(~train.generated)
    texts = [train.texts[int(row)] for row in made]
    places, cosines = nearest_texts(texts, [train.texts[int(row)] for row in real])
    nearest = real[places] if len(places) else real[:0]
    return pd.DataFrame(
        {
            "document": [train.ids[int(row)] for row in made],
            "text": texts,
            "labels": [_labels_of(corpus, int(row)) for row in made],
            "nearest": [train.ids[int(row)] for row in nearest],
            "nearest text": [train.texts[int(row)] for row in nearest],
            "nearest labels": [_labels_of(corpus, int(row)) for row in nearest],
            "cosine": cosines,
        }
    )


@st.cache_data(max_entries=50, show_spinner="Measuring variety…")
def _varied(key: Key, label: int | None) -> pd.DataFrame:
    corpus = open_corpus(key)
    train = corpus.train
    if label is None:
        found = labels(key)
        asked = np.flatnonzero((found["generated"] > 0).to_numpy())
        pairs = [rows_of_label(corpus, int(one)) for one in asked]
    else:
        pairs = [rows_of_label(corpus, label)]
    real, made = (
        np.unique(np.concatenate([pair[side] for pair in pairs] or [np.empty(0, dtype=np.int64)]))
        for side in (0, 1)
    )
    return variety([train.texts[int(row)] for row in real], [train.texts[int(row)] for row in made])


def _labels_of(corpus: Corpus, row: int) -> str:
    return ", ".join(corpus.labels[label] for label in corpus.train.targets[[row]].indices)
