"""The panel of training documents near a text in each run's space, and the work that they may need first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import streamlit as st

from dashboard import inside_state, jobs
from dashboard.download import offer_csv
from dashboard.inside_state import Readings
from workbench.errors import WorkbenchError
from workbench.runs.store import Run
from workbench.wording import how_many
from workbench.workspace import Workspace

_LOOK_FOR = (
    "Similarity is the cosine with the text's vector in the run's own space. Look whether documents of the "
    "missed labels are near: where they are, the classifier left them out, where not, the encoder did. ★ "
    "marks gold labels of the text, ✓ what the run predicts for it."
)
_COUNTS = [5, 10, 20]
_COLUMNS = {
    "similarity": st.column_config.NumberColumn(format="%.3f", width="small"),
    "text": st.column_config.TextColumn(width="large"),
    "labels": st.column_config.TextColumn(width="medium"),
    "is_generated": st.column_config.CheckboxColumn(
        "generated", help="Made from other documents, or by a language model."
    ),
}


def neighbours(found: Readings, tables: Mapping[str, pd.DataFrame], words: str) -> None:
    """A table a run; runs whose training documents have no vectors yet offer to compute them."""
    missing = inside_state.without_vectors(found)
    if missing:
        _offer(missing)
    ready = [name for name, run in found.runs.items() if run not in missing]
    if not ready:
        return
    k = st.segmented_control(
        "How many", _COUNTS, default=_COUNTS[0], key="near", bind="query-params", required=True
    )
    made = []
    for name in ready:
        st.subheader(f"Nearest training documents in {name}", anchor=False)
        try:
            made.append(_table(found, name, tables[name], words, k).assign(run=name))
        except WorkbenchError as error:
            st.warning(str(error), icon=":material/broken_image:")
    st.caption(_LOOK_FOR)
    if made:
        offer_csv({"neighbours": pd.concat(made, ignore_index=True)})


def _table(found: Readings, name: str, verdicts: pd.DataFrame, words: str, k: int) -> pd.DataFrame:
    run = found.runs[name]
    codes, names = inside_state.labels(run)
    gold = found.gold_indices(codes)
    predicted = np.flatnonzero(verdicts["is_predicted"]).tolist()
    near = inside_state.near(run, words, gold, predicted, k)
    shown = near.table if near.table["is_generated"].any() else near.table.drop(columns="is_generated")
    st.dataframe(shown, hide_index=True, column_config=_COLUMNS)
    if gold:
        st.caption(_votes([names[label] for label in gold], near.votes, len(near.table)))
    return near.table


def _votes(names: Sequence[str], votes: Sequence[int], of: int) -> str:
    told = ", ".join(f"{name} {count}" for name, count in zip(names, votes, strict=True))
    return f"Gold labels that these {how_many(of, 'document')} have, too: {told}."


def _offer(missing: Sequence[Run]) -> None:
    key = ("training-vectors", str(Workspace.current().root), tuple(run.name for run in missing))
    title = f"vectors of the training documents of {how_many(len(missing), 'run')}"
    jobs.show(key)
    if not jobs.is_running(key):
        st.button(
            f"Compute {title}",
            key="compute",
            type="primary",
            icon=":material/hub:",
            on_click=_compute,
            args=(key, f"Computing {title}", [str(run.path) for run in missing]),
            help=f"{', '.join(run.name for run in missing)}. They are kept with the runs: once is enough.",
        )


def _compute(key: tuple[object, ...], title: str, runs: Sequence[str]) -> None:
    jobs.start_workbench(key, title, ["probe", "training-vectors", *runs])
