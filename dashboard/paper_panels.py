"""The panels of the page of papers: what a paper proposes, and all its exhibits as a gallery."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

import streamlit as st

from dashboard import exhibit_panels, exhibits_state
from dashboard.choices import segments
from dashboard.exhibits_state import Showing
from dashboard.link import link_to
from workbench.cards import PaperCard, paper_cards
from workbench.exhibits.base import Exhibit, Paper
from workbench.exhibits.places import NOTEBOOKS
from workbench.exhibits.registry import all_exhibits
from workbench.exhibits.scope import CorpusFacts
from workbench.exhibits.state import seconds_for
from workbench.runs.store import BrokenRun, Run
from workbench.wording import how_many

PAPER = "paper"
_FIRST = "paper_at_first"
_PICTURES = "with pictures and numbers"
_ACROSS = 3
_PICTURES_AT_ONCE = 6
_HALF = 36


def choose_paper() -> Paper:
    """The paper that the reader picks, by year: that of the exhibit in the address, where it names none."""
    cards = paper_cards()
    known = {exhibit.paper.key: exhibit.paper for exhibit in all_exhibits().values()}
    papers = {known[key].name: known[key] for key in cards if key in known}
    named = all_exhibits().get(st.query_params.get(exhibit_panels.EXHIBIT, ""))
    first = st.session_state.setdefault(_FIRST, named.paper.name if named else next(iter(papers)))
    chosen = st.segmented_control(
        "Paper", list(papers), default=first, key=PAPER, bind="query-params", required=True
    )
    return papers[chosen]


def card(paper: Paper) -> None:
    """Who proposes what, with the equations, and where its notebook and claims are."""
    about = paper_cards()[paper.key]
    st.subheader(about.title, anchor=False)
    st.caption(f"{about.authors} · {about.venue} {about.year}")
    st.markdown(about.summary)
    _equations(paper)
    claims = link_to("claims", f"What held of {paper.name}'s claims", claims_of=paper.name)
    st.markdown(f"Notebook: `jupyter lab {NOTEBOOKS[paper.key]}` · {claims}")


def mechanism(paper: Paper) -> None:
    """The equations and the notebook of an exhibit's paper, for those who ask."""
    with st.expander(f"The mechanism: {paper.name}'s equations and notebook"):
        st.markdown(paper_cards()[paper.key].summary)
        _equations(paper)
        st.markdown(f"Notebook: `jupyter lab {NOTEBOOKS[paper.key]}`")


def _equations(paper: Paper) -> None:
    about = paper_cards()[paper.key]
    for names in _lines(about):
        for column, name in zip(st.columns(2 if len(names) > 1 else 1), names, strict=True):
            with column:
                _equation(about, name)
    st.caption(
        "As the methods here read them by default: where the print and its text disagree, other readings "
        "have names among the settings."
    )


def _lines(about: PaperCard) -> list[list[str]]:
    """The equations' names in their order: two that are short share a line."""
    lines: list[list[str]] = []
    has_room = False
    for name, equation in about.equations.items():
        is_wide = _is_wide(equation)
        if has_room and not is_wide:
            lines[-1].append(name)
            has_room = False
        else:
            lines.append([name])
            has_room = not is_wide
    return lines


def _equation(about: PaperCard, name: str) -> None:
    number = about.numbers.get(name)
    st.caption((f"Eq. {number} · " if number else "") + name.replace("_", " "))
    st.latex(about.equations[name])


def _is_wide(equation: str) -> bool:
    """Whether it is too long for half of the page: commands count as a letter each, braces as none."""
    return len(re.sub(r"[\s{}_^&]|\\[,;]", "", re.sub(r"\\[A-Za-z]+", "x", equation))) > _HALF


def gallery(paper: Paper, corpus: CorpusFacts, runs: Sequence[Run]) -> list[BrokenRun]:
    """All exhibits of the paper with how far they are; pictures and numbers when they are asked for.

    Returns the runs that could not be read.
    """
    title, choice = st.columns([2, 3], vertical_alignment="bottom")
    title.subheader("Exhibits", anchor=False)
    with choice:
        view = segments("Show", ["status alone", _PICTURES], "gallery")
    st.caption(
        f"Status on {corpus.split_id or corpus.name}, for the way of training that is farthest. "
        "Look at which of the paper's findings rest on printed numbers, and open an exhibit to compare "
        "them with ours: splits differ, so directions may be compared, and levels may not."
    )
    mine: Sequence[Exhibit] = [one for one in all_exhibits().values() if one.paper == paper]
    if view == _PICTURES:
        mine = _some(mine, f"pictures_{paper.key}")
    across = 1 if view == _PICTURES else _ACROSS
    broken: list[BrokenRun] = []
    for start in range(0, len(mine), across):
        for column, exhibit in zip(st.columns(across), mine[start : start + across], strict=False):
            with column.container(border=True, height="stretch"):
                broken += _entry(exhibit, corpus, runs, has_picture=view == _PICTURES)
    exhibit_panels.runs_on(corpus, runs)
    return broken


def _some(exhibits: Sequence[Exhibit], key: str) -> Sequence[Exhibit]:
    """A handful of exhibits, which the reader picks where there are more: each picture takes its time."""
    parts = -(-len(exhibits) // _PICTURES_AT_ONCE)
    if parts <= 1:
        return exhibits
    ends = [len(exhibits) * part // parts for part in range(parts + 1)]
    chunks = [exhibits[start:stop] for start, stop in pairwise(ends)]
    named = {f"{chunk[0].place} to {chunk[-1].place}": chunk for chunk in chunks}
    return named[segments("Pictures of", list(named), key)]


def _entry(
    exhibit: Exhibit, corpus: CorpusFacts, runs: Sequence[Run], *, has_picture: bool
) -> list[BrokenRun]:
    """One exhibit of the gallery; runs that could not be read are returned."""
    ways = exhibits_state.ways(exhibit, corpus, runs)
    showing = next(iter(ways.values()), Showing(exhibit, exhibit.scope(corpus)))
    st.markdown(f"**{exhibit.place}**: {exhibit.title}")
    count = len(exhibit.printed)
    printed = how_many(count, "printed number") if count else "no printed numbers"
    st.markdown(f"{_status(showing)}  \n:gray[{printed}]")
    st.button("Open", key=f"open-{exhibit.id}", on_click=_open, args=(exhibit.id,))
    if not has_picture:
        return []
    showing = exhibits_state.made(showing)
    exhibit_panels.in_short(showing)
    return showing.broken


def back(paper: Paper) -> None:
    """The way from an exhibit to the gallery."""
    st.button(f"All exhibits of {paper.name}", icon=":material/arrow_back:", on_click=_open, args=(None,))


def _open(exhibit: str | None) -> None:
    st.session_state[exhibit_panels.EXHIBIT] = exhibit


def _status(showing: Showing) -> str:
    """Made, or can be made (in how many minutes, where runs tell), as a badge."""
    exhibit, state, scope = showing.exhibit, showing.state, showing.scope
    if exhibit.needs_corpus:
        return ":green-badge[:material/check: needs no run]"
    needs = exhibit.needs(scope)
    runs = how_many(state.total or len(needs), "run")
    if state.made and state.is_whole and not exhibit.unprobed(state.made):
        return f":green-badge[:material/check: made, {runs}]"
    missing = state.missing if state.total else needs
    seconds = seconds_for(missing, state.made, scope.corpus.n_train) if missing else None
    time = f", about {max(1, round(seconds / 60))} min" if seconds else ""
    if state.made:
        return f":blue-badge[:material/timelapse: {len(state.made)} of {runs}{time}]"
    return f":gray-badge[:material/play_arrow: can be made: {runs}{time}]"
