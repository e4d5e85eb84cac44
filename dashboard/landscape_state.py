"""What the page of landscapes looks at: read once, kept until a run's files change."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from workbench.analysis.landscape import Landscape, read_landscape
from workbench.errors import WorkbenchError
from workbench.runs.store import BrokenRun, Run

Pair = tuple[Run, Landscape]


def landscapes(runs: Sequence[Run], plane: str) -> tuple[list[Pair], list[Run], list[BrokenRun]]:
    """The runs with a landscape on this plane, those without one, and those where it is damaged."""
    found: list[Pair] = []
    without: list[Run] = []
    broken: list[BrokenRun] = []
    for run in runs:
        try:
            one = _landscape(str(run.path), run.changed_ns, plane)
        except WorkbenchError as error:
            broken.append(BrokenRun(run.path, str(error)))
            continue
        if one is None:
            without.append(run)
        else:
            found.append((run, one))
    return found, without, broken


@st.cache_data(max_entries=500, show_spinner=False)
def _landscape(path: str, changed_ns: int, plane: str) -> Landscape | None:
    return read_landscape(Run.load(path), plane)
