"""What the page of exhibits looks at: exhibits made from the runs there are, kept until a run changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from dashboard.state import Key
from workbench.data.cards import list_corpora
from workbench.data.corpus import Corpus
from workbench.data.library import load_corpus
from workbench.errors import WorkbenchError
from workbench.exhibits.base import Exhibit, Material, Result
from workbench.exhibits.offers import offers
from workbench.exhibits.scope import CorpusFacts, Made, Scope
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
    keys = tuple((str(one.run.path), one.run.changed_ns) for one in state.made)
    try:
        result = _result(exhibit.id, repr(scope), keys, showing)
    except WorkbenchError as error:
        result = Result({}, (f"{scope.corpus.name}: {error}",))
    return Showing(exhibit, scope, state, result)


@st.cache_data(max_entries=100, show_spinner="Analysing runs…")
def _result(exhibit_id: str, scope: str, keys: tuple[Key, ...], _showing: Showing) -> Result:
    wanted = _showing.scope
    made_runs = [
        Made(one.need, Run.load(one.run.path)) for one in _showing.state.made
    ]  # whole, not a summary
    return _showing.exhibit.analyse(Material(wanted, made_runs, lambda: _corpus(wanted.corpus)))


def _corpus(facts: CorpusFacts) -> Corpus:
    """The very corpus that the runs saw; the built-in one is not generated for a page."""
    for entry in list_corpora():
        if entry.card is not None and entry.card["fingerprint"] == facts.fingerprint:
            return load_corpus(entry.path)
    raise WorkbenchError("the corpus that runs here were trained on is not in this workspace.")
