"""`workbench demo`: a floor and four variants on the built-in corpus, a comparison, then the dashboard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from workbench.analysis.floor import FLOOR
from workbench.cli.train import told_when_interrupted
from workbench.exhibits.budgets import QUICK_CNN

if TYPE_CHECKING:
    from workbench.runs.store import Run

VARIANTS = ("base", "proto", "mix", "protomix")
SETTINGS: dict[str, Any] = {**QUICK_CNN, "keep_epochs": True}
_COLUMNS = ("P@1", "P@5", "nDCG@5", "PSP@5", "micro_F1", "macro_F1")


def demo(
    serve: Annotated[bool, typer.Option("--serve/--no-serve", help="Open the dashboard afterwards.")] = True,
    seed: Annotated[int, typer.Option(help="Seed of the runs.")] = 0,
    port: Annotated[
        int | None, typer.Option(help="Port of the dashboard; a free one when not given.")
    ] = None,
) -> None:
    """Train base, proto, mix, protomix and linear models on the built-in corpus; compare them (minutes)."""
    from workbench.training.once import fit_once
    from workbench.workspace import Workspace

    console = Console()
    workspace = Workspace.current()
    console.print(
        "Linear models, the floor, and four variants of ProtoMix with a CNN on the built-in corpus, in "
        f"{workspace.runs}",
        highlight=False,
    )
    wanted: list[tuple[str, str, dict[str, Any]]] = [(FLOOR, "tfidf", {})]
    wanted += [(variant, "cnn", SETTINGS) for variant in VARIANTS]
    runs = []
    for number, (method, encoder, settings) in enumerate(wanted, 1):
        with told_when_interrupted():
            run = fit_once(method, "demo", encoder, seed, workspace=workspace, **settings)
        seconds = run.manifest["durations_s"]["total"]
        console.print(f"  {number}/{len(wanted)} {run.name}: {seconds:.0f} s", highlight=False)
        runs.append(run)
    console.print(_comparison(runs))
    console.print("One seed of a small corpus: differences of a point or two are noise. More seeds tell.")
    if serve:
        from workbench.cli.dashboard import dashboard

        dashboard(port=port, home=None, runs=None, no_browser=False)


def _comparison(runs: list[Run]) -> Table:
    rows = [
        [run.metrics["test"]["overall"][name] for name in _COLUMNS]
        + [run.metrics["test"]["groups"]["tail"]["macro_F1"]]
        for run in runs
    ]
    best = [max((row[column] or 0) for row in rows) for column in range(len(rows[0]))]
    table = Table(title="Test documents of the built-in corpus, %", title_justify="left", box=SIMPLE_HEAD)
    table.add_column("method", no_wrap=True)
    for name in (*_COLUMNS, "tail F1"):
        table.add_column(name.replace("_", " "), justify="right", no_wrap=True)
    for run, row in zip(runs, rows, strict=True):
        cells = ["-" if value is None else f"{100 * value:.1f}" for value in row]
        marked = [
            f"[bold]{cell}[/]" if value == top else cell
            for cell, value, top in zip(cells, row, best, strict=True)
        ]
        table.add_row(run.manifest["method"], *marked)
    return table
