"""What the page of exhibits looks at: exhibits made from the runs there are, kept until a run changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from dashboard.state import Key, run_key
from workbench.data.cards import list_corpora
from workbench.data.corpus import Corpus
from workbench.data.library import load_corpus
from workbench.errors import WorkbenchError
from workbench.exhibits.base import Exhibit, Material, Result
from workbench.exhibits.offers import offers
from workbench.exhibits.scope import CorpusFacts, Scope
from workbench.exhibits.state import State
from workbench.runs.store import BrokenRun, Run

NOTHING = State((), (), ())


@dataclass(frozen=True)
class Showing:
    """An exhibit on one corpus, from runs that were trained alike; without runs it has no result."""

    exhibit: Exhibit
    scope: Scope
    state: State = NOTHING
    result: Result | None = None

    @property
    def broken(self) -> list[BrokenRun]:
        """Runs that could not be read."""
        told = (problem.partition(": ") for problem in (self.result.problems if self.result else ()))
        return [BrokenRun(Path(name), reason) for name, _, reason in told]


def ways(exhibit: Exhibit, corpus: CorpusFacts, runs: Sequence[Run]) -> dict[str, Showing]:
    """The exhibit as each way of training begins it, by what sets the way apart; tables are not made yet."""
    if exhibit.needs_corpus:
        return {"the corpus": Showing(exhibit, exhibit.scope(corpus))}
    found = offers(exhibit, corpus, runs)
    return {name: Showing(exhibit, scope, state) for name, (scope, state) in found.items()}


def made(showing: Showing) -> Showing:
    """With its tables, where there is something to make them from."""
    exhibit, scope, state = showing.exhibit, showing.scope, showing.state
    if not (state.made or exhibit.needs_corpus or exhibit.draws_printed):
        return showing
    try:
        result = _result(exhibit.id, repr(scope), _keys(state), showing)
    except WorkbenchError as error:
        result = Result({}, (f"{scope.corpus.name}: {error}",))
    return Showing(exhibit, scope, state, result)


def figure(showing: Showing) -> Any:
    """The exhibit's picture; None where there is nothing to draw."""
    if showing.result is None:
        return None
    if showing.result.tables:
        drawn = _figure(
            showing.exhibit.id, repr(showing.scope), _keys(showing.state), showing.exhibit, showing.result
        )
    else:  # it could not be made, which may be otherwise the next time
        drawn = showing.exhibit.figure(showing.result)
    return drawn if drawn is not None and len(drawn.data) else None


def _keys(state: State) -> tuple[Key, ...]:
    return tuple(run_key(one.run) for one in state.made)


@st.cache_resource(max_entries=100, show_spinner=False)
def _figure(exhibit_id: str, scope: str, keys: tuple[Key, ...], _exhibit: Exhibit, _made: Result) -> Any:
    """One object for all visitors: it is drawn, and never changed."""
    return _exhibit.figure(_made)


@st.cache_data(max_entries=100, show_spinner="Analysing runs…")
def _result(exhibit_id: str, scope: str, keys: tuple[Key, ...], _showing: Showing) -> Result:
    wanted = _showing.scope
    return _showing.exhibit.analyse(Material(wanted, _showing.state.made, lambda: _corpus(wanted.corpus)))


def _corpus(facts: CorpusFacts) -> Corpus:
    """The very corpus that the runs saw; the built-in one is not generated for a page."""
    for entry in list_corpora():
        if entry.card is not None and entry.card["fingerprint"] == facts.fingerprint:
            return load_corpus(entry.path)
    raise WorkbenchError("the corpus that runs here were trained on is not in this workspace.")
