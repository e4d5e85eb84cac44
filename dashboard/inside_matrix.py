"""The panel of a run that compares tokens with labels: the matrix, and what it makes of the document."""

from __future__ import annotations

import streamlit as st

from dashboard import inside_state
from dashboard.download import chart, offer_csv
from dashboard.inside_shades import shaded_text
from dashboard.inside_state import Readings
from workbench.analysis.documents import gold_first
from workbench.analysis.token_labels import token_label_table, weighing_most
from workbench.figures.palette import ATTENTION
from workbench.figures.token_labels import token_label_figure

LOOK_FOR = (
    "Each cell compares a token's state with a label's (Eq. 1 of LACO): blue is against, orange is for. A "
    "convolution over neighbouring tokens makes one weight a token from all labels (Eq. 2), and the document "
    "is the weighted sum of its tokens. Look whether a gold label has to do with words that name it, and "
    "whether heavy tokens are those of any label."
)
_AT_MOST_LABELS, _AT_MOST_TOKENS = 12, 45


def matrices(found: Readings) -> None:
    """The text shaded by the weights of its tokens, and their matrix with labels, a run below the other."""
    for name, reading in found.read.items():
        if reading.correlation is not None:
            st.subheader(f"Tokens and labels in {name}", anchor=False)
            _weights(found, name)
            _matrix(found, name)
    if any(reading.correlation is not None for reading in found.read.values()):
        st.caption(LOOK_FOR)


def _weights(found: Readings, name: str) -> None:
    reading = found.read[name]
    assert reading.token_weights is not None
    total = float(reading.token_weights.sum())
    if total == 0:
        st.warning("No token weighs anything: the document's vector is zero, and scores say nothing of it.")
        return
    with st.container(border=True):
        shaded_text(
            "<b>What the document's vector is made of</b>",
            reading.text,
            reading.spans,
            reading.token_weights / total,
            ATTENTION,
            "of the document's weight",
        )


def _matrix(found: Readings, name: str) -> None:
    reading, run = found.read[name], found.runs[name]
    assert reading.correlation is not None and reading.token_weights is not None
    codes, names = inside_state.labels(run)
    gold = [codes.index(code) for code in found.gold or [] if code in codes]
    labels = gold_first([reading.scores], gold)[:_AT_MOST_LABELS]
    in_text = int((reading.spans[:, 1] > reading.spans[:, 0]).sum())
    places = weighing_most(reading.spans, reading.token_weights, _how_many_tokens(in_text, name))
    figure = token_label_figure(
        [reading.text[start:end] for start, end in reading.spans[places].tolist()],
        [f"{names[label]} (gold)" if label in gold else names[label] for label in labels],
        reading.correlation[labels][:, places],
        reading.token_weights[places],
        ATTENTION,
    )
    chart(figure, f"tokens-and-labels-{name}")
    compared = {codes[label]: reading.correlation[label] for label in labels}
    offer_csv(
        {
            f"tokens-and-labels-{name}": token_label_table(
                reading.text, reading.spans, reading.token_weights, compared
            )
        }
    )


def _how_many_tokens(there: int, name: str) -> int:
    """How many of the text's tokens are drawn: of a long text the reader chooses."""
    if there <= _AT_MOST_TOKENS:
        return there
    titles = {_AT_MOST_TOKENS: f"the {_AT_MOST_TOKENS} that weigh most", there: f"all {there}"}
    return st.segmented_control(
        "Tokens",
        list(titles),
        format_func=titles.__getitem__,
        default=_AT_MOST_TOKENS,
        key=f"tokens-{name}",
        required=True,
    )
