"""What the reader chooses on the page of comparison: two of the runs, metrics, how documents are ranked."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard.download import clicked
from workbench.analysis.compared_runs import METRICS
from workbench.runs.store import Run

MATRIX = "agreement"
LEVELS = {"label decisions": "decisions", "label sets": "sets", "best labels": "best"}
"""What can be right or wrong, and what `analysis.agreement` calls it."""
ORDERS = {
    "They differ most": "differ",
    "Only A is right": "only_a",
    "Only B is right": "only_b",
    "Neither is right": "neither",
}
"""Which documents come first, and the column that they are ranked by."""
_A, _B = "a", "b"


def choose_pair(runs: Sequence[Run]) -> tuple[Run, Run] | None:
    """Runs A and B, the first two at first; None without two different ones."""
    if len(runs) < 2:
        st.caption("Choose a second run to see differences between two.")
        return None
    named = {run.name: run for run in runs}
    columns = st.columns(2)
    chosen = []
    for place, (key, column) in enumerate(zip((_A, _B), columns, strict=True)):
        if key in st.session_state and st.session_state[key] not in named:
            del st.session_state[key]
        chosen.append(
            column.selectbox(f"Run {key.upper()}", list(named), place, key=key, bind="query-params")
        )
    if chosen[0] == chosen[1]:
        st.info("A and B are the same run: choose another for one of them.", icon=":material/compare_arrows:")
        return None
    return named[chosen[0]], named[chosen[1]]


def take_pair(names: Sequence[str]) -> None:
    """Make A and B the runs of the cell that the reader has clicked in the matrix of agreement."""
    for point in clicked(MATRIX)[:1]:
        a, b = (int(place) for place in point["customdata"][:2])
        if max(a, b) < len(names):
            st.session_state[_A], st.session_state[_B] = names[a], names[b]


def choose_metrics(offered: Sequence[str]) -> list[str]:
    """Test metrics, those of `workbench compare` at first."""
    chosen: list[str] = st.multiselect(
        "Metrics (test documents)",
        offered,
        default=[name for name in METRICS if name in offered] or list(offered[:3]),
        key="metrics",
        bind="query-params",
    )
    return chosen
