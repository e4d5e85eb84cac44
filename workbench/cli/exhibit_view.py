"""How exhibits look in a terminal: the list, what will be trained, and numbers side by side."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from workbench.cli.number_tables import print_table
from workbench.exhibits.base import Exhibit, Result
from workbench.exhibits.numbers import wide
from workbench.exhibits.other_papers import how_to_read, sides_of
from workbench.exhibits.scope import Scope
from workbench.exhibits.state import State, seconds_for
from workbench.runs.store import Run
from workbench.wording import how_many


def print_exhibits(console: Console, rows: Sequence[tuple[Exhibit, State, int]], where: str) -> None:
    """One row an exhibit: id, what it shows, what it needs, how far it is; `int` counts runs to be probed."""
    table = Table(title=f"Exhibits on {where}", title_justify="left", box=SIMPLE_HEAD)
    table.add_column("id", no_wrap=True)
    for name in ("what", "needs", "state"):
        table.add_column(name, overflow="fold")
    paper = None
    for exhibit, state, unprobed in rows:
        if exhibit.paper is not paper:
            paper = exhibit.paper
            table.add_section()
        table.add_row(exhibit.id, exhibit.title, _needs(exhibit, state), state_text(state, unprobed))
    console.print(table)
    console.print("Make one with: [bold]workbench reproduce ID[/]", highlight=False)


def state_text(state: State, unprobed: int = 0) -> str:
    """How far an exhibit is, in a few words."""
    if not state.total:
        return "ready"
    said = "ready" if state.is_whole else f"{len(state.made)} of {how_many(state.total, 'run')}"
    if unprobed:
        said = f"{len(state.made)} of {how_many(state.total, 'run')}, {unprobed} to be probed"
    return said


def _needs(exhibit: Exhibit, state: State) -> str:
    if not state.total:
        return "the corpus"
    return how_many(state.total, "run")


def print_plan(console: Console, exhibit: Exhibit, scope: Scope, state: State) -> None:
    """What the exhibit is, how many of its runs are there, how many will be trained and for how long."""
    console.print(f"[bold]{escape(exhibit.id)}[/]: {exhibit.paper.name}, {exhibit.place}, {exhibit.title}")
    console.print(exhibit.caption, style="dim")
    if not state.total:
        return
    where = f"{scope.corpus.name} ({scope.corpus.split_id})"
    said = (
        f"{how_many(state.total, 'run')} on {where}: {len(state.made)} there, {len(state.missing)} to train"
    )
    if state.training:
        said += f", {len(state.training)} in training by another process"
    seconds = seconds_for(state.missing, state.made, scope.corpus.n_train)
    if state.missing and seconds is not None:
        said += f", about {duration(seconds)}"
    console.print(escape(said + "."))


class Progress:
    """Tells of each trained run, with the time that is left by the ones trained so far."""

    def __init__(self, console: Console, state: State, scope: Scope) -> None:
        self._console, self._needs, self._scope = console, state.missing, scope
        self._seconds: list[float] = []

    def trained(self, run: Run) -> None:
        """A run is finished."""
        self._seconds.append(float((run.manifest.get("durations_s") or {}).get("total") or 0))
        done, total = len(self._seconds), len(self._needs)
        left = sum(self._seconds) / done * (total - done)
        rest = f", about {duration(left)} left" if left else ""
        self._console.print(f"  {done}/{total} {escape(run.name)}: {duration(self._seconds[-1])}{rest}")


def duration(seconds: float) -> str:
    """Seconds, minutes or hours, whichever a person would say."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 90 * 60 else f"{seconds / 3600:.1f} h"


def print_result(console: Console, exhibit: Exhibit, scope: Scope, result: Result) -> None:
    """The exhibit's tables, numbers beside the paper's, then what must be known of them."""
    sides = sides_of(exhibit, result.tables.get("numbers", pd.DataFrame()), scope.encoders)
    for name in exhibit.shown:
        table = result.tables.get(name, pd.DataFrame())
        if name == "numbers":
            table = wide(sides, exhibit.heading, exhibit.value_text)
        if len(table):
            print_table(console, table, {exhibit.heading})
    if len(exhibit.printed):
        console.print(how_to_read(sides), style="dim")
    if exhibit.remark:
        console.print(exhibit.remark, style="dim")
    for problem in result.problems:
        console.print(f"[yellow]left out[/]  {escape(problem)}", soft_wrap=True)
