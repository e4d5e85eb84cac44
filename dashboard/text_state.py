"""What the page of label texts looks at: corpora with descriptions of labels or generated documents."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.label_state import Key, open_corpus
from dashboard.meanwhile import begun
from workbench.analysis.generated_texts import (
    described_labels,
    nearest_texts,
    rows_of_labels,
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


def varied(key: Key, label: int | None) -> Future[pd.DataFrame]:
    """As `analysis.generated_texts.variety` gives it, of a label's documents; seconds of computing.

    Without a label: of the documents of all labels that generated documents have.
    """
    corpus = open_corpus(key)
    asked = [label] if label is not None else np.flatnonzero(labels(key)["generated"].to_numpy()).tolist()

    def make() -> pd.DataFrame:
        texts = corpus.train.texts
        real, made = ([texts[int(row)] for row in rows] for rows in rows_of_labels(corpus, asked))
        return variety(real, made)

    return begun(("variety", key, label), make)


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
    _, made = rows_of_labels(corpus, [label])
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


def _labels_of(corpus: Corpus, row: int) -> str:
    return ", ".join(corpus.labels[label] for label in corpus.train.targets[[row]].indices)
