"""The panels of tokens on the page inside a document: shaded by attention, or by gradient x input."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import numpy as np
import streamlit as st

from dashboard import inside_choices, inside_matrix, inside_state
from dashboard.download import Table, offer_csv
from dashboard.inside_choices import Given
from dashboard.inside_shades import shaded_text, signed_text
from dashboard.inside_state import Readings
from dashboard.text_box import text_box
from workbench.analysis.attention import attention_table
from workbench.figures.palette import ATTENTION

_OF_ATTENTION = (
    "**Attention**: the darker a token, the more of the label's feature comes from it. Look whether a label "
    "looks at words that name it; attention says what was averaged, not why the score came out so, and "
    "states of tokens carry their neighbours, too."
)
_OF_GRADIENTS = (
    "**Gradient × input**: orange tokens push the label's logit up, blue ones down, as far as a small change "
    "tells. Look whether words that name the label are orange; of linear models the values are exact, of "
    "others see how far they add up."
)


def text(given: Given) -> None:
    """A test document as it is, a few lines at a time; a text of the reader's own stands in its box."""
    if not given.is_own:
        text_box(given.words, 9)


def tokens(found: Readings, given: Given) -> None:
    """The text once for each label and run, and the matrices of runs that compare tokens with labels."""
    codes = inside_choices.choose_labels(found, given.name)
    by_gradient = inside_choices.choose_shades(bool(found.attending)) == "gradient"
    needs_gradients = by_gradient or len(found.attending) < len(found.read)
    if codes and needs_gradients and not inside_state.can_look_at_gradients():
        return
    tables: dict[str, Table] = {}
    beside = 2 if len(found.read) == 4 else len(found.read)
    rows = -(-len(found.read) // beside)
    for code in codes:
        columns = [column for _ in range(rows) for column in st.columns(beside, gap="small")]
        for column, name in zip(columns, found.read, strict=True):
            with column.container(border=True):
                if name in found.attending and not by_gradient:
                    _attention(found, name, code)
                else:
                    _gradient(found, name, code, tables)
    if codes:
        is_attention = bool(found.attending) and not by_gradient
        st.caption("  \n".join([_OF_ATTENTION] * is_attention + [_OF_GRADIENTS] * needs_gradients))
    inside_matrix.matrices(found)
    if codes:
        offer_csv(_attention_tables(found, codes) | tables)


def _attention(found: Readings, name: str, code: str) -> None:
    reading, run = found.read[name], found.runs[name]
    assert reading.attention is not None
    label = inside_state.labels(run)[0].index(code)
    heading = _heading(found, name, code, "attention")
    shaded_text(heading, reading.text, reading.spans, reading.attention[label], ATTENTION)


def _gradient(found: Readings, name: str, code: str, tables: dict[str, Table]) -> None:
    run, words = found.runs[name], found.read[name].text
    label = inside_state.labels(run)[0].index(code)
    told = inside_state.saliency(run, words, label)
    if isinstance(told, str):
        st.html(f"<div>{_heading(found, name, code, 'gradient × input')}</div>")
        st.info(told, icon=":material/visibility_off:")
        return
    heading = _heading(found, name, code, f"gradient × input on {told.on}")
    signed_text(heading, words, told.spans, told.values[0])
    total, change = float(told.values[0].sum()), float(told.change[0])
    if told.adds_up[0]:
        st.caption(f"Exact: the values add up to {total:+.2f}, the {told.of} above its bias.")
    else:
        st.caption(
            f"The values add up to {total:+.2f}; against an empty input the {told.of} moves by {change:+.2f}."
        )
    table = attention_table(words, told.spans, {}).assign(value=told.values[0])
    tables[f"gradient-{name}-{code}"] = table


def _attention_tables(found: Readings, codes: Sequence[str]) -> dict[str, Table]:
    """Every token with the attention of the chosen labels, to take away."""
    made: dict[str, Table] = {}
    for name in found.attending:
        reading = found.read[name]
        assert reading.attention is not None
        labels, _ = inside_state.labels(found.runs[name])
        chosen = {code: reading.attention[labels.index(code)] for code in codes}
        made[f"attention-{name}"] = attention_table(reading.text, reading.spans, chosen)
    return made


def _heading(found: Readings, name: str, code: str, shades: str) -> str:
    run, reading = found.runs[name], found.read[name]
    labels, names = inside_state.labels(run)
    label = labels.index(code)
    score, threshold = float(reading.scores[label]), found.threshold(name, label)
    standing = "predicted" if found.predicted(name)[label] else "not predicted"
    beside = "" if np.isnan(threshold) else f", threshold {threshold:.3f}"
    if found.gold is not None:
        standing = f"{'gold' if code in found.gold else 'not gold'}, {standing}"
    return (
        f"<b>{escape(names[label])}</b> in {escape(name)}<br>"
        f"score {score:.3f}{beside}: {standing}<br>"
        f'<span style="opacity: .75">{escape(shades)}</span>'
    )
