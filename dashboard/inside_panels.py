"""The panels of the page inside a document: shaded tokens, scores."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

import streamlit as st

from dashboard import inside_state
from dashboard.download import offer_csv
from dashboard.inside_shades import shaded_text
from dashboard.inside_state import Readings
from workbench.analysis.attention import attention_table
from workbench.analysis.documents import scores_beside
from workbench.figures.palette import method_colour

LOOK_FOR = (
    "Each label reads the document for itself: the darker a token, the more of the label's feature comes "
    "from it. Look whether a label looks at words that name it, and whether two labels of one document look "
    "at different ones. Attention says what was averaged, not why the score came out so: states of tokens "
    "carry their neighbours, too."
)


def shaded(found: Readings, codes: Sequence[str]) -> None:
    """The text once for each label and run, its tokens shaded by attention."""
    for code in codes:
        columns = st.columns(len(found.attending), gap="medium")
        for column, name in zip(columns, found.attending, strict=True):
            with column:
                _shaded(found, name, code)


def not_understood(found: Readings) -> None:
    """Name the runs whose encoder knows no word of the text."""
    names = [name for name, reading in found.read.items() if not reading.is_understood]
    if names:
        st.warning(
            f"{' and '.join(names)} knows no word of this text: none was frequent enough in its training "
            "documents. All unknown words are the same to it, so that scores and shades say nothing."
        )


def scores(found: Readings) -> None:
    """The scores of the gold labels and of each run's best ones."""
    runs = [found.runs[name] for name in found.read]
    codes, _ = inside_state.labels(runs[0])
    gold = [codes.index(code) for code in found.gold or [] if code in codes]
    table = scores_beside(runs, [found.read[run.name].scores for run in runs], gold, top=5)
    columns: dict[str, Any] = {
        "label_text": "label",
        "train_count": st.column_config.NumberColumn("in training", help="Training documents with it."),
    }
    for run in runs:
        columns[f"{run.name} score"] = st.column_config.ProgressColumn(
            f"score, {run.name}" if len(runs) > 1 else "score", format="%.3f", min_value=0, max_value=1
        )
    hidden = ["label"] if found.gold is not None else ["label", "gold"]
    st.dataframe(table.drop(columns=hidden), hide_index=True, column_config=columns)


def tables(found: Readings, codes: Sequence[str]) -> None:
    """Every token with the attention of the chosen labels, to take away."""
    made = {}
    for name in found.attending:
        reading = found.read[name]
        assert reading.attention is not None
        labels, _ = inside_state.labels(found.runs[name])
        chosen = {code: reading.attention[labels.index(code)] for code in codes if code in labels}
        made[f"attention-{name}"] = attention_table(reading.text, reading.spans, chosen)
    offer_csv(made)


def _shaded(found: Readings, name: str, code: str) -> None:
    run, reading = found.runs[name], found.read[name]
    assert reading.attention is not None
    labels, names = inside_state.labels(run)
    label = labels.index(code)
    score, threshold = float(reading.scores[label]), found.threshold(name, label)
    standing = "predicted" if score >= threshold else "not predicted"
    if found.gold is not None:
        standing = f"{'gold' if code in found.gold else 'not gold'}, {standing}"
    heading = (
        f"<b>{escape(names[label])}</b> in {escape(name)}<br>"
        f"score {score:.3f}, threshold {threshold:.3f}: {standing}"
    )
    with st.container(border=True):
        colour = method_colour(str(run.manifest.get("method", "?")))
        shaded_text(heading, reading.text, reading.spans, reading.attention[label], colour)
