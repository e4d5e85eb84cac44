"""What the page inside a document looks at: test documents, and what a run's labels read in a text.

This page runs models: torch is imported when the first text is read, not before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.state import Key
from workbench.analysis.documents import document_text, threshold_of
from workbench.analysis.label_order import label_names
from workbench.data.library import load_corpus
from workbench.errors import WorkbenchError
from workbench.runs.store import BrokenRun, Run

if TYPE_CHECKING:
    from workbench.probes.attention import Reading
    from workbench.probes.inference import Predictor


@dataclass
class Readings:
    """One text as several runs read it, by the name of the run; `gold` are codes, None where unknown."""

    gold: list[str] | None
    runs: dict[str, Run] = field(default_factory=dict)
    read: dict[str, Reading] = field(default_factory=dict)
    broken: list[BrokenRun] = field(default_factory=list)

    @property
    def attending(self) -> list[str]:
        """The runs whose labels look at tokens, each for itself."""
        return [name for name, reading in self.read.items() if reading.attention is not None]

    def threshold(self, name: str, label: int) -> float:
        """The score at which this run predicts a label."""
        threshold = _threshold(_key(self.runs[name]))
        return threshold if isinstance(threshold, float) else float(threshold[label])


def looks_at_tokens(run: Run) -> bool:
    """Whether a finished run's labels look at tokens for themselves, or are compared with them."""
    looks = (run.manifest.get(name) for name in ("attends_by_label", "compares_tokens"))
    return run.status == "done" and any(looks)


def readable(runs: Sequence[Run]) -> tuple[list[Run], list[BrokenRun]]:
    """The runs whose labels and test documents can be read, and those where they are damaged."""
    good, broken = [], []
    for run in runs:
        try:
            _tested(_key(run))
            _labels(_key(run))
            good.append(run)
        except WorkbenchError as error:
            broken.append(BrokenRun(run.path, str(error)))
    return good, broken


def with_label(run: Run, label: int) -> np.ndarray:
    """The rows of the test documents with this gold label."""
    return _with_label(_key(run), label)


def tested(run: Run) -> pd.DataFrame:
    """The run's test documents: `id` and `gold_labels` (indices)."""
    return _tested(_key(run))


def labels(run: Run) -> tuple[list[str], list[str]]:
    """The codes of all labels, and a name for each."""
    return _labels(_key(run))


def text(run: Run, row: int) -> str:
    """The text of the test document at `row`.

    Raises:
        WorkbenchError: when the corpus is not here any more, or not as it was.
    """
    return _text(_key(run), row)


def readings(runs: Sequence[Run], words: str, gold: list[str] | None) -> Readings:
    """What the labels of each run read in a text."""
    found = Readings(gold)
    for run in runs:
        try:
            found.read[run.name] = _reading(_key(run), words)
            found.runs[run.name] = run
        except WorkbenchError as error:
            found.broken.append(BrokenRun(run.path, str(error)))
    return found


def _key(run: Run) -> Key:
    return str(run.path), run.changed_ns


@st.cache_data(max_entries=20, show_spinner=False)
def _tested(key: Key) -> pd.DataFrame:
    return Run.load(key[0]).predictions[["id", "gold_labels"]]


@st.cache_data(max_entries=100, show_spinner=False)
def _with_label(key: Key, label: int) -> np.ndarray:
    gold = _tested(key)["gold_labels"].to_numpy()
    rows = np.repeat(np.arange(len(gold)), [len(labels) for labels in gold])
    return rows[np.concatenate([np.zeros(0, dtype=np.int64), *gold]) == label]


@st.cache_data(max_entries=50, show_spinner=False)
def _labels(key: Key) -> tuple[list[str], list[str]]:
    run = Run.load(key[0])
    return list(run.labels), label_names(run.labels, run.label_texts)


@st.cache_data(max_entries=50, show_spinner=False)
def _threshold(key: Key) -> float | np.ndarray:
    return threshold_of(Run.load(key[0]))  # not of a run whose metrics are remembered: they have none


@st.cache_data(max_entries=500, show_spinner="Looking up the text…")
def _text(key: Key, row: int) -> str:
    run, documents = Run.load(key[0]), _tested(key)
    corpus = run.manifest.get("recipe", {}).get("corpus") or run.manifest["corpus"]["name"]
    gold = [run.labels[label] for label in documents["gold_labels"].iloc[row]]
    return document_text(load_corpus(corpus), row, documents["id"].iloc[row], gold)


@st.cache_data(max_entries=10, show_spinner="Reading…")
def _reading(key: Key, words: str) -> Reading:
    from workbench.probes.attention import read_text

    return read_text(_predictor(key), words)


@st.cache_resource(max_entries=4, show_spinner="Loading the model…")
def _predictor(key: Key) -> Predictor:
    from workbench.probes.inference import Predictor

    return Predictor.load(Run.load(key[0]))
