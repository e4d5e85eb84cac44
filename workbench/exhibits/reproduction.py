"""Making an exhibit: train what is missing, probe what must be probed, and write what came out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workbench.data.cards import list_corpora
from workbench.data.library import load_corpus
from workbench.exhibits.base import Exhibit, Material, Result
from workbench.exhibits.budgets import BUDGETS, check_budget
from workbench.exhibits.registry import find_exhibit
from workbench.exhibits.scope import CorpusFacts, Made, Scope
from workbench.exhibits.state import State, state_of
from workbench.runs.store import Run, list_runs
from workbench.workspace import Workspace


@dataclass(frozen=True)
class Reproduction:
    """An exhibit about to be made on a corpus; `corpus` is what finds it (a name, or a folder)."""

    exhibit: Exhibit
    scope: Scope
    corpus: str
    workspace: Workspace

    def state(self) -> State:
        """How far it is, by the runs in the workspace."""
        return state_of(self.exhibit, self.scope, list_runs(self.workspace.runs))

    def check(self) -> None:
        """Refuse, before anything is trained, what no run could be trained with; imports torch.

        Raises:
            WorkbenchError: for an encoder, a setting or a value that does not fit.
        """
        from workbench.training.settings import resolve

        self.exhibit.check(self.scope)
        tried = set()
        for need in self.state().missing:
            key = (need.method, need.encoder, repr(need.settings))
            if key not in tried:
                resolve(need.method, need.encoder, need.frozen, need.settings)
            tried.add(key)

    def train(self, tell: Callable[[Run], None]) -> None:
        """Train what is missing, run by run; each is told of when it is finished and stays if the next fails.

        Raises:
            WorkbenchError: as `workbench.fit` does.
            TrainingInterrupted: after Ctrl-C; the next call goes on.
        """
        missing = self.state().missing
        if not missing:
            return
        from workbench.training.once import fit_once

        for need in missing:
            how = {"frozen": need.frozen, "workspace": self.workspace, **need.settings}
            tell(fit_once(need.method, need.corpus or self.corpus, need.encoder, need.seed, **how))

    def probe(self, tell: Callable[[Made], None]) -> None:
        """Visit the runs that the analysis cannot read yet."""
        for one in self.exhibit.unprobed(self.state().made):
            self.exhibit.probe(one, self.workspace)
            tell(one)

    def analyse(self) -> Result:
        """The tables, from the runs that are there now."""
        made = self.state().made
        return self.exhibit.analyse(
            Material(self.scope, made, lambda: load_corpus(self.corpus, self.workspace))
        )


def scope_of(
    exhibit: Exhibit,
    facts: CorpusFacts,
    encoders: Sequence[str] | None,
    budget: str,
    seeds: int | None,
    frozen: bool,
    settings: Mapping[str, Any],
) -> Scope:
    """What is asked for: what is None is chosen by exhibit and budget.

    Raises:
        WorkbenchError: for an unknown budget.
    """
    check_budget(budget)
    chosen = tuple(dict.fromkeys(encoders or ()))
    counted = tuple(range(seeds or BUDGETS[budget]))
    return exhibit.scope(facts, chosen, seeds=counted, budget=budget, frozen=frozen, settings=settings)


def reproduce(
    exhibit: str,
    corpus: str = "demo",
    *,
    encoders: Sequence[str] | None = None,
    budget: str = "quick",
    seeds: int | None = None,
    frozen: bool = False,
    train: bool = True,
    workspace: Workspace | None = None,
    **settings: Any,
) -> Result:
    """Make a paper's table or figure again: train and probe what is missing, then read the runs.

    Args:
        exhibit: its id, such as "protomix/figure-6"; `all_exhibits()` has all of them.
        corpus: the name of an imported corpus, or "demo".
        encoders: names as `fit` takes them; by default a small one (quick) or the paper's own (full).
        budget: "quick" (one seed, small models) or "full" (five seeds, the paper's sizes).
        seeds: how many, from 0 on; by default the budget's.
        frozen: encode once, train the heads only.
        train: whether to train the runs that are missing; without them the tables have what is there.
        workspace: where corpora and runs are; by default the current folder or WORKBENCH_HOME.
        settings: hyper-parameters of every run by their own names.

    Returns:
        The tables by name, one row a thing drawn, and what could not be read;
        `find_exhibit(id).figure(result)` draws them.

    Raises:
        WorkbenchError: for an unknown exhibit, corpus, encoder or budget, and as `fit` does.
    """
    workspace, found = workspace or Workspace.current(), find_exhibit(exhibit)
    scope = scope_of(found, facts_of(corpus, workspace), encoders, budget, seeds, frozen, settings)
    making = Reproduction(found, scope, corpus, workspace)
    found.check(scope)
    if train and making.state().missing:
        making.check()
        making.train(lambda _: None)
    making.probe(lambda _: None)
    return making.analyse()


def facts_of(corpus: str, workspace: Workspace) -> CorpusFacts:
    """What is to be known of the corpus of this name or folder, and which versions the workspace has.

    Raises:
        WorkbenchError: when there is none.
    """
    facts = CorpusFacts.of(load_corpus(corpus, workspace))
    cards = [entry.card for entry in list_corpora(workspace) if entry.card is not None]
    return facts.with_versions((card["name"], card["fingerprint"], card["split_id"]) for card in cards)
