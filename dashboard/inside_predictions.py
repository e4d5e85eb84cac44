"""The panels of predictions on the page inside a document: scores, thresholds, why labels are wrong."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from dashboard import inside_state
from dashboard.download import chart, offer_csv
from dashboard.inside_state import Readings
from workbench.analysis.verdicts import agreement, mistakes, shown_labels
from workbench.figures.predictions import prediction_figure
from workbench.wording import how_many, listed

_LOOK_FOR = (
    "Each row is a label, each column a run: a sign right of its stroke is predicted. Look for rows where "
    "the signs differ from run to run"
)
_OF_GOLD = ", and for gold labels whose ring stands just left of the stroke. ★ marks gold labels."
_SAYS_SETS = (
    "A run without strokes says a set itself, its likeliest sequence: scores rank labels there, and signs "
    "tell what is in the set."
)
_WHY = (
    "The distance is score minus threshold. Look which labels a lower threshold would have found, and which "
    "ones other labels stand in front of: those need another model, not another threshold."
)
_AT_MOST_LABELS = 16
_COLUMNS = {
    "run": st.column_config.TextColumn(pinned=True),
    "label_text": st.column_config.TextColumn("label", pinned=True),
    "why": st.column_config.TextColumn(width=230),
    "distance": st.column_config.NumberColumn(format="%+.3f", width=72),
    "score": st.column_config.NumberColumn(format="%.3f", width=58),
    "threshold": st.column_config.NumberColumn(format="%.3f", width=76),
    "rank": st.column_config.NumberColumn(width=50),
    "train_count": st.column_config.NumberColumn("in training", help="Training documents with it.", width=84),
}
_ROW_PX = 68
"""The height of a row whose reason stands in lines below each other; in lower ones it would be cut off."""


def not_understood(found: Readings) -> None:
    """Name the runs whose encoder knows no word of the text."""
    names = [name for name, reading in found.read.items() if not reading.is_understood]
    if names:
        know, its, it = ("knows", "its", "it") if len(names) == 1 else ("know", "their", "them")
        st.warning(
            f"{listed(names)} {know} no word of this text: none was frequent enough in {its} training "
            f"documents. All unknown words are the same to {it}, so that scores and shades say nothing."
        )


def predictions(found: Readings, tables: Mapping[str, pd.DataFrame]) -> None:
    """Scores of the gold labels, of what runs predict and of the next best, all runs side by side."""
    chart(_picture(found.key, found, tables), "predictions")
    told = [_LOOK_FOR + (_OF_GOLD if found.gold else ".")]
    if any(reading.chosen is not None for reading in found.read.values()):
        told.append(_SAYS_SETS)
    st.caption(" ".join(told))
    offer_csv({"predictions": partial(_named, found, tables)})


@st.cache_resource(max_entries=50, show_spinner=False)
def _picture(key: tuple[Hashable, ...], _found: Readings, _tables: Mapping[str, pd.DataFrame]) -> Any:
    """One object for all visitors: it is drawn, and never changed."""
    codes, names = inside_state.labels(next(iter(_found.runs.values())))
    gold = _found.gold_indices(codes) or []
    rows = shown_labels(_tables, gold, max(_AT_MOST_LABELS, len(gold)))
    titles = [f"★ {names[label]}" if label in gold else names[label] for label in rows]
    shown = {name: table.iloc[rows] for name, table in _tables.items()}
    return prediction_figure(shown, titles, agreement(_tables)[rows].tolist())


def why(found: Readings, tables: Mapping[str, pd.DataFrame]) -> None:
    """Every missed and every wrong label of each run, with the reason in a sentence."""
    if found.gold is None:
        st.info("A text of your own has no gold labels: nobody knows what is missed. Choose a test document.")
        return
    wrong = {name: mistakes(table) for name, table in tables.items()}
    for name, table in wrong.items():
        if table.empty:
            st.markdown(f":material/check: **{name}** finds all gold labels and no other.")
    both = _named(found, wrong)
    for verdict, title in (("missed", "gold label missed"), ("wrong", "label predicted that is not gold")):
        part = both[both["verdict"] == verdict]
        if len(part):
            plural = {"missed": "gold labels missed", "wrong": "labels predicted that are not gold"}[verdict]
            by = f", by {part['run'].nunique()} of {len(tables)} runs" if len(tables) > 1 else ""
            st.subheader(how_many(part["label"].nunique(), title, plural) + by, anchor=False)
            st.dataframe(part[list(_COLUMNS)], hide_index=True, column_config=_COLUMNS, row_height=_ROW_PX)
    if len(both):
        st.caption(_WHY)
        offer_csv({"missed-and-wrong": both})


def _named(found: Readings, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """All tables in one, with the labels' codes and names instead of their indices."""
    codes, names = (
        np.array(told, dtype=object) for told in inside_state.labels(next(iter(found.runs.values())))
    )
    whole = pd.concat([table.assign(run=name) for name, table in tables.items()], ignore_index=True)
    indices = whole["label"].to_numpy(dtype=np.int64)
    return whole.assign(label=codes[indices], label_text=names[indices])
