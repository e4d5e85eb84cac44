"""The form: what to train, on what, how; the same as a command; and the button that queues it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st

from dashboard import train_state
from dashboard.choices import forget_unless_offered
from dashboard.train_fields import fields, plain, problems, wrong
from workbench.cards import PaperCard, paper_cards
from workbench.errors import WorkbenchError
from workbench.forms.known import Known, KnownMethod
from workbench.forms.request import Request
from workbench.forms.settings import Section
from workbench.queue.jobs import Queue
from workbench.wording import how_many
from workbench.workspace import Workspace

FIRST = ("epochs", "batch_size", "learning_rate", "head_learning_rate")
_FIRST_TITLES = ("Epochs", "Batch size", "Learning rate", "Learning rate of the heads")
_ELSEWHERE = ("variant", "add")
_FIRST_METHOD = "protomix"
_REFUSED = "train_refused"


@dataclass(frozen=True)
class _Encoder:
    name: str
    frozen: bool
    section: Section | None


def form(known: Known) -> None:
    """Ask for a training; nothing begins before the button is pressed."""
    corpus_place, paper_place, variant_place = st.columns(3)
    with corpus_place:
        corpus = st.selectbox("Corpus", train_state.corpora(), key="corpus", bind="query-params")
    with paper_place:
        method, card = _paper(known)
    with variant_place:
        variant = _variant(method)
    st.caption(
        f"**{variant}**: {plain(method.variants[variant])}. "
        f"Paper: {plain(card.title)}, {plain(card.venue)} {card.year}. {plain(card.summary)}"
    )
    row = st.columns([3, 2, 2, 3], vertical_alignment="bottom")
    encoder = _encoder(known, method, variant, row[0], row[1])
    with row[2]:
        seeds, seed_problem = _seeds()
    with row[3]:
        name, name_problem = _name()
    given, found = _settings(known, method, encoder)
    added = _added(known)
    request = Request(variant, corpus, encoder.name, encoder.frozen, seeds, name, given, added)
    is_sound = not found and not seed_problem and not name_problem and encoder.section is not None
    _start(request, method, is_sound)


def _paper(known: Known) -> tuple[KnownMethod, PaperCard]:
    """The paper that the reader picks; the one of a method that is named in the address."""
    cards = {name: card for name, card in paper_cards().items() if name in known.methods}
    wanted = st.query_params.get("method", _FIRST_METHOD)
    owner = next((name for name in cards if wanted in known.methods[name].variants), _FIRST_METHOD)
    chosen = st.selectbox(
        "Paper",
        list(cards),
        list(cards).index(owner),
        key="paper",
        bind="query-params",
        help="By the names of their methods, in the order of their years; type to search.",
    )
    return known.methods[chosen], cards[chosen]


def _variant(method: KnownMethod) -> str:
    """The variant of the paper's method, each with what it does."""
    forget_unless_offered("method", method.variants)
    meanings = (f"**{name}**: {plain(meaning)}" for name, meaning in method.variants.items())
    return st.selectbox(
        "Method", list(method.variants), key="method", bind="query-params", help="  \n".join(meanings)
    )


def _encoder(known: Known, method: KnownMethod, variant: str, place: Any, beside: Any) -> _Encoder:
    with place:
        name = st.selectbox(
            "Encoder",
            ["", *known.encoders],
            format_func=lambda one: one or f"{method.default_encoder} (the method's own)",
            key="encoder",
            bind="query-params",
            accept_new_options=True,
            help="Or type the name of a model on the Hugging Face hub, or a folder that holds one.",
        )
    with beside:
        frozen = st.checkbox(
            "Frozen", key="frozen", bind="query-params", help="Encode the texts once, train the heads only."
        )
    chosen, section = str(name or "").strip(), None
    try:
        section = method.encoder(known, chosen or method.default_encoder, frozen=frozen, variant=variant)
    except WorkbenchError as error:
        with place:
            wrong(str(error))
    return _Encoder(chosen, frozen, section)


def _seeds() -> tuple[tuple[int, ...], str]:
    typed = st.text_input(
        "Seeds", "0", key="seeds", bind="query-params", help="One run each, such as 0, 1, 2."
    )
    parts = [part for part in re.split(r"[,;\s]+", typed) if part]
    try:
        seeds = tuple(int(part) for part in parts)
        Request("", "any", seeds=seeds).check()
    except WorkbenchError as error:
        problem = str(error)
    except ValueError:
        problem = f"{typed!r} are no seeds: give whole numbers from 0 to 2^63 - 1."
    else:
        return seeds, ""
    wrong(problem)
    return (), problem


def _name() -> tuple[str, str]:
    """The name of the run, and what is wrong with it."""
    name = st.text_input(
        "Name of the run", key="name", placeholder="made from the rest", help="For one seed only."
    ).strip()
    problem = _problem_of_name(name) if name else ""
    wrong(problem)
    return name, problem


def _problem_of_name(name: str) -> str:
    from workbench.runs.writer import require_free  # brings pandas, which no page waits for at once

    workspace = Workspace.current()
    try:
        require_free(workspace.runs, name)
    except WorkbenchError as error:
        return str(error)
    is_queued = any(job.run == name and job.is_active for job in Queue(workspace).jobs())
    return f"A run {name!r} is in the queue already: choose another name." if is_queued else ""


def _settings(known: Known, method: KnownMethod, encoder: _Encoder) -> tuple[tuple[str, ...], list[str]]:
    """All settings, those that are changed most often first; what was changed, and what is wrong with it."""
    first = fields(known.training, "training", FIRST, _FIRST_TITLES)
    groups: list[tuple[Section, str, str, list[str]]] = [
        (method.section, method.name, f"Settings of {method.name}", []),
        (known.training, "training", "More settings of training", first),
    ]
    if encoder.section is not None:
        title = f"Settings of the encoder {plain(encoder.name or method.default_encoder)}"
        groups.append((encoder.section, str(encoder.section.schema["title"]), title, []))
    owners = [name for section, *_ in groups for name in section.settings]
    given: list[str] = []
    found: list[str] = []
    for section, prefix, title, before in groups:
        names = [name for name in section.settings if name not in (*FIRST, *_ELSEWHERE)]
        changed = list(before)
        if names:
            with st.expander(f"{title} ({len(names)})"):
                changed += fields(section, prefix, names)
        found += problems(section, changed)
        given += [
            f"{section.name}.{text}" if owners.count(text.partition("=")[0]) > 1 else text for text in changed
        ]
    return tuple(given), found


def _added(known: Known) -> tuple[str, ...]:
    """Objectives of other methods."""
    with st.expander("Objectives of other methods"):
        return tuple(
            st.multiselect(
                "Add to the loss",
                known.objectives,
                key="add",
                bind="query-params",
                wrap=True,
                accept_new_options=True,
                placeholder="None",
                help="With settings where wanted: protomix.prototype:weight=0.001",
            )
        )


def _start(request: Request, method: KnownMethod, is_sound: bool) -> None:
    problem = _checked(request.check) if is_sound else ""
    wrong(problem)
    if is_sound and not problem:
        st.code(request.command(), language="bash", wrap_lines=True)
    waiting = sum(job.is_active for job in train_state.queue().jobs())
    many = how_many(len(request.seeds), "training")
    st.button(
        f"Queue {many}" if waiting else "Start training" if len(request.seeds) < 2 else f"Start {many}",
        key="start",
        type="primary",
        icon=":material/model_training:",
        disabled=not is_sound or bool(problem),
        on_click=_begin,
        args=(request, method.default_encoder),
        help=f"After {how_many(waiting, 'other training')}." if waiting else None,
    )
    wrong(st.session_state.pop(_REFUSED, ""))


def _checked(check: Callable[[], None]) -> str:
    try:
        check()
    except WorkbenchError as error:
        return str(error)
    return ""


def _begin(request: Request, encoder: str) -> None:
    st.session_state[_REFUSED] = _checked(lambda: train_state.begin(request, encoder))
    st.session_state["name"] = ""
