"""What the page inside a document looks at: test documents, and what runs make of a text.

This page runs models: torch is imported when the first text is to be read, not before, and by a thread.
"""

from __future__ import annotations

import importlib
from collections.abc import Hashable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.meanwhile import are_done, begun
from dashboard.state import Key, run_key
from workbench.analysis.documents import document_text
from workbench.analysis.label_order import label_names
from workbench.analysis.predicted_sets import threshold_of
from workbench.analysis.trained_on import corpus_of, named_corpus
from workbench.analysis.training_vectors import (
    keeps_training_vectors,
    label_votes,
    nearest_by_cosine,
    read_training_vectors,
    training_table,
)
from workbench.analysis.verdicts import verdict_table
from workbench.errors import WorkbenchError
from workbench.metrics import apply_threshold
from workbench.runs.store import BrokenRun, Run

if TYPE_CHECKING:
    from workbench.data.corpus import Corpus
    from workbench.probes.attention import Reading
    from workbench.probes.inference import Predictor
    from workbench.probes.saliency import Saliency

_FAILURES = (WorkbenchError, RuntimeError, MemoryError, OSError)
"""What running a model can end in; a memory that is too small is a RuntimeError of torch."""


@dataclass
class Readings:
    """One text as several runs read it, by the name of the run; `gold` are codes, None where unknown."""

    words: str
    gold: list[str] | None
    runs: dict[str, Run] = field(default_factory=dict)
    read: dict[str, Reading] = field(default_factory=dict)
    broken: list[BrokenRun] = field(default_factory=list)

    @property
    def key(self) -> tuple[Hashable, ...]:
        """What is made of them can be kept by it."""
        gold = None if self.gold is None else tuple(self.gold)
        return *map(run_key, self.runs.values()), self.words, gold

    @property
    def attending(self) -> list[str]:
        """The runs whose labels look at tokens, each for itself."""
        return [name for name, reading in self.read.items() if reading.attention is not None]

    def gold_indices(self, codes: Sequence[str]) -> list[int] | None:
        """The gold labels' places among `codes`, None where gold labels are not known."""
        return None if self.gold is None else [codes.index(code) for code in self.gold if code in codes]

    def threshold(self, name: str, label: int) -> float:
        """The score at which this run predicts a label; NaN where its method says sets."""
        threshold = _threshold(run_key(self.runs[name]))
        return threshold if isinstance(threshold, float) else float(threshold[label])

    def predicted(self, name: str) -> np.ndarray:
        """The labels that this run predicts, (L,) bool."""
        reading = self.read[name]
        if reading.chosen is not None:
            return reading.chosen
        return apply_threshold(reading.scores[None], _threshold(run_key(self.runs[name])))[0]


@dataclass(frozen=True)
class Near:
    """Training documents near a text, and how many of them have each gold label."""

    table: pd.DataFrame
    votes: list[int]


def is_loaded(runs: Sequence[Run]) -> bool:
    """Whether torch is there, and what these runs' encoders need; if not, a thread imports it.

    The page is run again when it is there.
    """
    imported = begun(("torch", tuple(map(run_key, runs))), partial(_import_probes, tuple(runs)))
    return are_done([imported], "Loading what runs models…")


def can_look_at_gradients() -> bool:
    """Whether captum is there; if not, as with torch. Predictions do not wait for it."""
    return are_done([begun("captum", _import_saliency)], "Loading what looks at gradients…")


def _import_probes(runs: Sequence[Run]) -> None:
    importlib.import_module("workbench.probes.attention")
    from workbench.probes.inference import import_what_runs

    for run in runs:
        with suppress(WorkbenchError):  # a damaged one is told of when it is read
            import_what_runs(run)


def _import_saliency() -> None:
    importlib.import_module("workbench.probes.saliency")


def can_be_run(run: Run) -> bool:
    """Whether a run is finished and has a model."""
    return run.status == "done" and run.has_model


def readable(runs: Sequence[Run]) -> tuple[list[Run], list[BrokenRun]]:
    """The runs whose labels and test documents can be read, and those where they are damaged."""
    good, broken = [], []
    for run in runs:
        try:
            _tested(run_key(run))
            _labels(run_key(run))
            good.append(run)
        except WorkbenchError as error:
            broken.append(BrokenRun(run.path, str(error)))
    return good, broken


def with_label(run: Run, label: int) -> np.ndarray:
    """The rows of the test documents with this gold label."""
    return _with_label(run_key(run), label)


def tested(run: Run) -> pd.DataFrame:
    """The run's test documents: `id` and `gold_labels` (indices)."""
    return _tested(run_key(run))


def labels(run: Run) -> tuple[list[str], list[str]]:
    """The codes of all labels, and a name for each."""
    return _labels(run_key(run))


def text(run: Run, row: int) -> str:
    """The text of the test document at `row`.

    Raises:
        WorkbenchError: when the corpus is not here any more, or not as it was.
    """
    return _text(run_key(run), row)


def readings(runs: Sequence[Run], words: str, gold: list[str] | None) -> Readings:
    """What each run makes of a text; one that fails stands beside the others with its reason."""
    found = Readings(words, gold)
    for run in runs:
        try:
            _require_labels_of(run, runs[0])
            found.read[run.name] = _reading(run_key(run), words)
            found.runs[run.name] = run
        except _FAILURES as error:
            found.broken.append(BrokenRun(run.path, _first_line(error)))
    return found


def verdicts(found: Readings) -> dict[str, pd.DataFrame]:
    """A row for each label by the name of the run, see `workbench.analysis.verdicts`."""
    made = {}
    for name, reading in found.read.items():
        run = found.runs[name]
        gold = found.gold_indices(labels(run)[0])
        made[name] = verdict_table(
            reading.scores, _threshold(run_key(run)), gold, run.train_counts, reading.chosen
        )
    return made


def saliency(run: Run, words: str, label: int) -> Saliency | str:
    """Which tokens push a label's score, or why that cannot be told."""
    try:
        return _saliency(run_key(run), words, label)
    except _FAILURES as error:
        return _first_line(error)


def without_vectors(found: Readings) -> list[Run]:
    """The runs whose training documents have no vectors yet, and whose text has one."""
    runs = (found.runs[name] for name, reading in found.read.items() if reading.vector is not None)
    return [run for run in runs if not keeps_training_vectors(run)]


def near(run: Run, words: str, gold: Sequence[int] | None, predicted: Sequence[int], k: int) -> Near:
    """The k training documents nearest to a text in the run's space.

    Raises:
        WorkbenchError: when the vectors or the corpus are gone or damaged.
    """
    rows, cosines = _near(run_key(run), words, k)
    train = _corpus(run_key(run)).train
    marks = {"★": gold or [], "✓": predicted}
    table = training_table(train, rows, cosines, labels(run)[1], marks)
    return Near(table, label_votes(train, rows, gold or []).tolist())


def _require_labels_of(run: Run, first: Run) -> None:
    if labels(run)[0] != labels(first)[0]:
        raise WorkbenchError(f"Its labels are not those of {first.name}: they cannot stand in the same rows.")


def _first_line(error: BaseException) -> str:
    """What went wrong, without what a library prints below it."""
    return str(error).strip().partition("\n")[0] or type(error).__name__


@st.cache_resource(max_entries=20, show_spinner=False)  # nobody writes into it: no copy for each visit
def _tested(key: Key) -> pd.DataFrame:
    return Run.load(key[0]).predictions[["id", "gold_labels"]]


@st.cache_data(max_entries=100, show_spinner=False)
def _with_label(key: Key, label: int) -> np.ndarray:
    gold = _tested(key)["gold_labels"].to_numpy()
    rows = np.repeat(np.arange(len(gold)), [len(labels) for labels in gold])
    return rows[np.concatenate([np.zeros(0, dtype=np.int64), *gold]) == label]


@st.cache_resource(max_entries=50, show_spinner=False)  # nobody writes into them: no copy for each visit
def _labels(key: Key) -> tuple[list[str], list[str]]:
    run = Run.load(key[0])
    return list(run.labels), label_names(run.labels, run.label_texts)


@st.cache_data(max_entries=50, show_spinner=False)
def _threshold(key: Key) -> float | np.ndarray:
    return threshold_of(Run.load(key[0]))  # not of a run whose metrics are remembered: they have none


@st.cache_data(max_entries=500, show_spinner="Looking up the text…")
def _text(key: Key, row: int) -> str:
    run, documents = Run.load(key[0]), _tested(key)
    gold = [run.labels[label] for label in documents["gold_labels"].iloc[row]]
    return document_text(named_corpus(run), row, documents["id"].iloc[row], gold)


@st.cache_data(max_entries=20, show_spinner="Reading…")
def _reading(key: Key, words: str) -> Reading:
    from workbench.probes.attention import read_text

    return read_text(_predictor(key), words)


@st.cache_resource(max_entries=6, show_spinner="Loading the model…")
def _predictor(key: Key) -> Predictor:
    from workbench.probes.inference import Predictor

    return Predictor.load(Run.load(key[0]))


@st.cache_data(max_entries=200, show_spinner="Looking at gradients…")
def _saliency(key: Key, words: str, label: int) -> Saliency:
    from workbench.probes.saliency import text_saliency

    return text_saliency(_predictor(key), words, [label])


@st.cache_data(max_entries=100, show_spinner="Looking for neighbours…")
def _near(key: Key, words: str, k: int) -> tuple[np.ndarray, np.ndarray]:
    vector = _reading(key, words).vector
    if vector is None:
        raise WorkbenchError(
            "Its method gives no document vectors: no training document is nearer than another."
        )
    return nearest_by_cosine(read_training_vectors(Run.load(key[0])), vector, k)


@st.cache_resource(max_entries=4, show_spinner="Opening the corpus…")
def _corpus(key: Key) -> Corpus:
    return corpus_of(Run.load(key[0]))
