"""What the pages look at: the workspace's runs, read once and kept until a run's files change."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st

from workbench.errors import WorkbenchError
from workbench.runs.store import BrokenRun, Run, list_runs
from workbench.workspace import Workspace

if TYPE_CHECKING:  # what the first page does not need is imported where it is used
    import numpy as np
    import pandas as pd

RUNS_VARIABLE = "WORKBENCH_RUNS"
EMBEDDINGS = "label_embeddings"
_PARTS = ("valid", "test")
_LABELS = "labels"

Key = tuple[str, int]
"""A run as the caches know it: its folder, and when something in it last changed (ns)."""


class _Remembered(Run):
    """A run whose metrics are kept from one rerun of a page to the next, those of single labels aside.

    Within one rerun it is looked at once: whether its files changed, and what its metrics are.
    """

    @cached_property
    def metrics(self) -> dict[str, Any]:
        kept = _metrics(run_key(self))
        return kept | {part: _WithLabels(kept[part], self.path, part) for part in _PARTS if part in kept}

    @cached_property
    def changed_ns(self) -> int:
        return super().changed_ns


class _WithLabels(Mapping[str, Any]):
    """Metrics on one part of the documents; thousands of labels are read when they are asked for."""

    def __init__(self, kept: Mapping[str, Any], path: Path, part: str) -> None:
        self._kept, self._path, self._part = kept, path, part

    def __getitem__(self, name: str) -> Any:
        return self._labels if name == _LABELS and name in self._kept else self._kept[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._kept)

    def __len__(self) -> int:
        return len(self._kept)

    @cached_property
    def _labels(self) -> Any:
        return Run.load(self._path).metrics[self._part][_LABELS]


def runs_dir() -> Path:
    """The folder of runs to look at: WORKBENCH_RUNS, else the current workspace's."""
    told = os.environ.get(RUNS_VARIABLE)
    return Path(told) if told else Workspace.current().runs


def all_runs() -> tuple[list[Run], list[BrokenRun]]:
    """The runs that can be read, the newest first, and those that cannot."""
    found = list_runs(runs_dir())
    good: list[Run] = [
        _Remembered(run.path, run.manifest, run.status) for run in found if isinstance(run, Run)
    ]
    return good, [run for run in found if isinstance(run, BrokenRun)]


def sound(runs: Sequence[Run], part: str) -> tuple[list[Run], list[BrokenRun]]:
    """The runs whose `part` ("metrics", "history", "labels") can be read, and those where it is damaged."""
    problems = {run.path: _problem(run, part) for run in runs}
    broken = [BrokenRun(run.path, problem) for run in runs if (problem := problems[run.path])]
    return [run for run in runs if not problems[run.path]], broken


def are_alike(run: Run, other: Run) -> bool:
    """Whether two runs were tested on the same documents and trained on as many."""
    sizes = [(one.manifest.get("corpus") or {}).get("n_train") for one in (run, other)]
    return run.split_id == other.split_id and sizes[0] == sizes[1]


def curves(runs: Sequence[Run]) -> pd.DataFrame:
    """One row a measured value, as `learning_curves` makes it."""
    return _curves(tuple(map(run_key, runs)))


def spectra(runs: Sequence[Run]) -> tuple[dict[str, np.ndarray], list[BrokenRun]]:
    """Singular values (K,) of the label embeddings by run, and the runs where they cannot be had."""
    values: dict[str, np.ndarray] = {}
    broken = []
    for run in runs:
        try:
            values[run.name] = _spectrum(run_key(run))
        except WorkbenchError as error:
            broken.append(BrokenRun(run.path, str(error)))
    return values, broken


def run_key(run: Run) -> Key:
    """What the caches keep a run's things by: a new key as soon as one of its files changes."""
    return str(run.path), run.changed_ns


@st.cache_data(max_entries=2000, show_spinner=False)
def _metrics(key: Key) -> dict[str, Any]:
    metrics = dict(Run.load(key[0]).metrics)
    for part in _PARTS:
        if _LABELS in metrics.get(part, {}):
            metrics[part] = metrics[part] | {_LABELS: None}
    return metrics


def _problem(run: Run, part: str) -> str | None:
    try:
        getattr(run, part)
    except WorkbenchError as error:
        return str(error)
    return None


@st.cache_data(max_entries=50, show_spinner=False)
def _curves(keys: tuple[Key, ...]) -> pd.DataFrame:
    from workbench.analysis.history import learning_curves

    runs = [Run.load(path) for path, _ in keys]
    return learning_curves({run.name: run.history for run in runs})


@st.cache_data(max_entries=500, show_spinner="Singular values…")
def _spectrum(key: Key) -> np.ndarray:
    from workbench.analysis.spectrum import singular_values

    return singular_values(Run.load(key[0]).array(EMBEDDINGS))
