"""`workbench exhibits` and `workbench reproduce`: papers' tables and figures, made again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from workbench.errors import WorkbenchError

if TYPE_CHECKING:
    from workbench.exhibits.reproduction import Reproduction

CorpusOption = Annotated[str, typer.Option(help="Imported corpus, or demo.")]
BudgetOption = Annotated[
    str, typer.Option(help="quick: one seed, small models; full: five seeds, the paper's sizes.")
]
EncoderOption = Annotated[
    list[str] | None,
    typer.Option(help="Repeatable; when not given a small one (quick) or the paper's own (full)."),
]
SeedsOption = Annotated[
    int | None, typer.Option(min=1, help="How many seeds, from 0 on; when not given 1 (quick) or 5 (full).")
]
FrozenOption = Annotated[bool, typer.Option("--frozen", help="Encode once, train the heads only.")]


def exhibits(
    corpus: CorpusOption = "demo",
    encoder: EncoderOption = None,
    budget: BudgetOption = "quick",
    seeds: SeedsOption = None,
    frozen: FrozenOption = False,
) -> None:
    """List the papers' tables and figures that can be made again, and how far each is."""
    from workbench.cli.exhibit_view import print_exhibits
    from workbench.exhibits.registry import all_exhibits
    from workbench.exhibits.reproduction import facts_of, scope_of
    from workbench.exhibits.state import state_of
    from workbench.runs.store import list_runs
    from workbench.workspace import Workspace

    workspace = Workspace.current()
    facts, runs = facts_of(corpus, workspace), list_runs(workspace.runs)
    rows = []
    for exhibit in all_exhibits().values():
        state = state_of(exhibit, scope_of(exhibit, facts, encoder, budget, seeds, frozen, {}), runs)
        rows.append((exhibit, state, len(exhibit.unprobed(state.made))))
    print_exhibits(Console(), rows, f"{facts.name} ({facts.split_id}), budget {budget}")


def reproduce(
    exhibit: Annotated[str, typer.Argument(metavar="ID", help="Such as protomix/figure-6.")],
    corpus: CorpusOption = "demo",
    encoder: EncoderOption = None,
    budget: BudgetOption = "quick",
    seeds: SeedsOption = None,
    assignments: Annotated[
        list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="A setting of every run.")
    ] = None,
    frozen: FrozenOption = False,
    train: Annotated[
        bool, typer.Option("--train/--no-train", help="Train the runs that are missing.")
    ] = True,
    html: Annotated[bool, typer.Option("--html", help="Write the figure as a page of its own too.")] = False,
) -> None:
    """Make a paper's table or figure: train what is missing, put the paper's numbers beside ours."""
    from workbench.exhibits.registry import find_exhibit
    from workbench.exhibits.reproduction import Reproduction, facts_of, scope_of
    from workbench.workspace import Workspace

    workspace = Workspace.current()
    found = find_exhibit(exhibit)
    facts = facts_of(corpus, workspace)
    scope = scope_of(found, facts, encoder, budget, seeds, frozen, _settings(assignments or []))
    making = Reproduction(found, scope, corpus, workspace)
    _make(making, train=train)
    _show(making, html=html)


def _settings(assignments: list[str]) -> dict[str, Any]:
    if not assignments:
        return {}
    from workbench.assignments import parse_assignments

    return parse_assignments(assignments)


def _make(making: Reproduction, *, train: bool) -> None:
    from workbench.cli.exhibit_view import Progress, print_plan

    console = Console(highlight=False)
    making.exhibit.check(making.scope)
    state = making.state()
    print_plan(console, making.exhibit, making.scope, state)
    if not (train and state.missing):
        return
    making.check()
    try:
        making.train(Progress(console, state, making.scope).trained)
    except KeyboardInterrupt:
        where = Console(stderr=True, highlight=False, soft_wrap=True)
        where.print("Interrupted: what is finished stays, and the same command goes on from there.")
        raise typer.Exit(130) from None


def _show(making: Reproduction, *, html: bool) -> None:
    from workbench.cli.exhibit_view import print_result
    from workbench.exhibits.writing import folder_of, write_exhibit

    console = Console(highlight=False)
    exhibit, scope = making.exhibit, making.scope
    try:
        making.probe(lambda one: console.print(f"  probed {one.run.name}"))
    except KeyboardInterrupt:
        raise typer.Exit(130) from None
    state, result = making.state(), making.analyse()
    print_result(console, exhibit, scope, result)
    if state.total and not state.made:
        none = "The run is not" if state.total == 1 else f"None of the {state.total} runs is"
        left = "nothing can be drawn" if exhibit.printed.empty else "only the paper's side is shown"
        console.print(f"{none} there: {left}. The same command without --no-train trains what is missing.")
        return
    folder = folder_of(exhibit, scope, making.workspace)
    for path in write_exhibit(exhibit, scope, state, result, folder, html=html):
        console.print(f"Written: {path}", soft_wrap=True)
    if not state.is_whole:
        raise WorkbenchError(_incomplete(len(state.missing), len(state.training)))


def _incomplete(missing: int, training: int) -> str:
    from workbench.wording import how_many, is_are

    said = f"The exhibit is not whole: {how_many(missing, 'run')} {is_are(missing)} missing"
    elsewhere = f", {training} in training by another process" if training else ""
    return f"{said}{elsewhere}. Run the same command again, without --no-train, to go on."
