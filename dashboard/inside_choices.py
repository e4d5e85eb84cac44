"""What the reader chooses on the page inside a document: a text, what to look at, and labels."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st

from dashboard import choices, inside_state
from dashboard.inside_state import Readings
from dashboard.plain import plain, plain_sentences
from workbench.analysis.documents import gold_first
from workbench.errors import WorkbenchError
from workbench.runs.store import Run

AT_MOST_RUNS, AT_MOST_LABELS = 4, 3
_LISTED = 500
_SOURCES = {"test": "a test document", "own": "a text of your own"}
_LOOKS = {
    "tokens": "tokens",
    "why": "missed and wrong labels",
    "edit": "an edited copy",
    "near": "nearest training documents",
}
_SHADES = {"own": "attention, where there is one", "gradient": "gradient × input"}
_ANY = "any"
_DOCUMENT, _AMONG = "document", "document_among"


@dataclass(frozen=True)
class Given:
    """A text, what tells it from others, and the codes of its gold labels where they are known."""

    words: str
    name: str
    gold: list[str] | None
    is_own: bool = False


def choose_text(run: Run) -> Given | None:
    """The text to look inside; None for none yet."""
    source = _one_of("Look inside", _SOURCES, "test", "inside")
    if source == "own":
        words = choices.kept_text(
            "Text", "own_text", placeholder="Write or paste a document here.", height=140
        )
        name = f"own-{zlib.crc32(words.encode('utf-8', 'surrogatepass')):08x}"
        if words.strip():
            return Given(words, name, None, is_own=True)
        st.caption(
            "Write or paste a text, then press Ctrl+Enter: below it you will see what runs make of it. It "
            "stays out of the link."
        )
        return None
    row = _choose_document(run)
    if row is None:
        return None
    codes, _ = inside_state.labels(run)
    documents = inside_state.tested(run)
    gold = [codes[label] for label in documents["gold_labels"].iloc[row]]
    try:
        return Given(inside_state.text(run, row), str(documents["id"].iloc[row]), gold)
    except WorkbenchError as error:
        st.warning(f"Its text cannot be shown: {plain_sentences(error)}", icon=":material/broken_image:")
        return None


def choose_look() -> str:
    """What stands below the predictions: a key of `_LOOKS`."""
    return _one_of("Look at", _LOOKS, "tokens", "look")


def choose_shades(any_attends: bool) -> str:
    """What tokens are shaded by: "own" or "gradient"; there is a choice where a run's labels attend."""
    return _one_of("Shade tokens by", _SHADES, "own", "shades") if any_attends else "gradient"


def _one_of(title: str, options: Mapping[str, str], first: str, key: str) -> str:
    chosen: str = st.segmented_control(
        title,
        list(options),
        format_func=options.__getitem__,
        default=first,
        key=key,
        bind="query-params",
        required=True,
    )
    return chosen


def choose_labels(found: Readings, name: str) -> list[str]:
    """The codes of the labels that tokens are shaded for; at first the rarest and the commonest gold label.

    `name` tells the text from others: each begins with labels of its own.
    """
    run = next(found.runs[one] for one in found.read)
    codes, names = inside_state.labels(run)
    place = {code: index for index, code in enumerate(codes)}
    gold = [place[code] for code in found.gold or [] if code in place]
    order = gold_first([one.scores for one in found.read.values()], gold)
    offered = {names[label]: codes[label] for label in order}
    by_count = sorted(gold, key=lambda label: run.train_counts[label]) or order[:2]
    at_first = [names[label] for label in order if label in (by_count[0], by_count[-1])]
    chosen: list[str] = st.multiselect(
        f"Labels ({in_which_order(found)})",
        list(offered),
        default=at_first,
        key=f"read-{name}",
        bind="query-params",
        wrap=True,
        max_selections=AT_MOST_LABELS,
    )
    if not chosen:
        st.caption("Choose a label to see which tokens it goes by.")
    return [offered[one] for one in chosen]


def in_which_order(found: Readings) -> str:
    """How labels are ranked in the box."""
    by_score = "by score" if len(found.read) == 1 else "by the highest score of any run"
    return f"gold ones first, then {by_score}" if found.gold else by_score


def _choose_document(run: Run) -> int | None:
    """The row of the test document that the reader picks from a list, or names by its id."""
    documents = inside_state.tested(run)
    _, names = inside_state.labels(run)
    left, right = st.columns([2, 3])
    with left:
        by_count = [names[label] for label in np.argsort(-run.train_counts, kind="stable")]
        wanted = st.selectbox("With the gold label", [_ANY, *by_count], key="gold", bind="query-params")
    is_any = wanted == _ANY
    rows = np.arange(len(documents)) if is_any else inside_state.with_label(run, names.index(wanted))
    shown = rows[:_LISTED]
    listed = documents.iloc[shown]
    titles = {
        identity: _title(identity, gold, names)
        for identity, gold in zip(listed["id"].astype(str), listed["gold_labels"], strict=True)
    }
    _begin_anew((run.split_id, wanted), titles)
    with right:
        more = f" (of {len(rows):,} the first {len(shown)} are listed)" if len(rows) > len(shown) else ""
        identity = st.selectbox(
            f"Document{more}; or type its id",
            list(titles),
            format_func=lambda one: titles.get(one, one),
            key=_DOCUMENT,
            bind="query-params",
            accept_new_options=True,
            placeholder="No test document has this label",
        )
    places = np.flatnonzero(documents["id"].astype(str).to_numpy() == identity)
    if identity is not None and not len(places):
        st.caption(f"No test document has the id '{plain(identity)}'.")
    return int(places[0]) if len(places) else None


def _begin_anew(among: tuple[str, str], titles: Iterable[str]) -> None:
    """Go to the first document when the reader changes among which to choose: any id can stay in the box."""
    if st.session_state.get(_AMONG, among) != among:
        st.session_state[_DOCUMENT] = next(iter(titles), None)
    st.session_state[_AMONG] = among


def _title(identity: str, gold: Sequence[int], names: Sequence[str]) -> str:
    return f"{identity}: {', '.join(names[label] for label in gold) or 'no gold label'}"
