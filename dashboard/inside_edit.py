"""The panel of an edited copy of the document: what the edit moves in each run."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from dashboard import cards, choices, inside_state
from dashboard.download import chart, offer_csv
from dashboard.inside_choices import Given
from dashboard.inside_state import Readings
from workbench.analysis.verdicts import moved_labels
from workbench.figures.moved_scores import moved_scores_figure

_LOOK_FOR = (
    "A ring is the score of the document as it was, a triangle that of your copy. Take out a word that you "
    "think decides, and look whether its label falls in every run, and what moves that should not."
)
_AT_MOST_LABELS = 10


def edited(found: Readings, given: Given) -> None:
    """A copy of the text to edit, and the labels whose scores the edit moves most."""
    key = f"edited-{given.name}"
    words = choices.kept_text(
        "Your copy of the text (the document itself stays)", key, given.words, height=180
    )
    is_changed = words != given.words
    st.button(
        "Back to the text as it was",
        icon=":material/undo:",
        disabled=not is_changed,
        on_click=choices.set_text,
        args=(key, given.words),
    )
    if not is_changed:
        st.caption("Change a word, then press Ctrl+Enter: scores before and after will stand here.")
        return
    after = inside_state.readings(list(found.runs.values()), words, found.gold)
    if after.read:
        _moved(found, after)
    cards.broken_runs(after.broken)


def _moved(found: Readings, after: Readings) -> None:
    old, new = ({name: one.read[name].scores for name in after.read} for one in (found, after))
    codes, names = inside_state.labels(next(iter(after.runs.values())))
    rows = moved_labels(list(old.values()), list(new.values()), _AT_MOST_LABELS)
    tables = {name: _table(found, after, name) for name in new}
    gold = after.gold_indices(codes) or []
    titles = [f"★ {names[label]}" if label in gold else names[label] for label in rows]
    chart(moved_scores_figure({name: table.iloc[rows] for name, table in tables.items()}, titles), "moved")
    st.caption(_LOOK_FOR)
    for name, table in tables.items():
        st.markdown(f"**{name}**: {_crossed(table, names)}")
    listed = [table.assign(label=codes, label_text=names, run=name) for name, table in tables.items()]
    offer_csv({"moved": pd.concat(listed, ignore_index=True)})


def _table(found: Readings, after: Readings, name: str) -> pd.DataFrame:
    old, new = found.read[name].scores, after.read[name].scores
    threshold = [after.threshold(name, label) for label in range(len(new))]
    columns = {"before": old, "after": new, "threshold": threshold}
    made = {title: np.asarray(values, dtype=np.float64) for title, values in columns.items()}
    sets = {"was_predicted": found.predicted(name), "is_predicted": after.predicted(name)}
    return pd.DataFrame(made | sets)


def _crossed(table: pd.DataFrame, names: list[str]) -> str:
    """Which labels are predicted that were not, and the other way round."""
    was, is_now = table["was_predicted"], table["is_predicted"]
    gained = ", ".join(names[label] for label in np.flatnonzero(is_now & ~was))
    lost = ", ".join(names[label] for label in np.flatnonzero(was & ~is_now))
    told = [f"{what} {some}" for what, some in (("now predicted:", gained), ("no longer:", lost)) if some]
    return "; ".join(told) or "the same labels are predicted."
