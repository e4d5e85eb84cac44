"""`workbench runs list|show|add|rm`: what was trained, and how it went."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from workbench.workspace import Workspace

if TYPE_CHECKING:  # pandas and pyarrow are loaded by the command that needs them
    from workbench.runs.store import BrokenRun

app = typer.Typer(name="runs", help="List, show, add and remove runs.", no_args_is_help=True)

RunArgument = Annotated[str, typer.Argument(help="Name of a run, or a path to its folder.")]


@app.command("list")
def list_(
    metric: Annotated[list[str] | None, typer.Option(help="Test metrics to show; may be repeated.")] = None,
    names: Annotated[bool, typer.Option("--names", help="Only names, one a line, for scripts.")] = False,
) -> None:
    """List all runs, the newest first, grouped by the split they were tested on."""
    from workbench.cli.run_view import print_broken, print_runs
    from workbench.runs.store import Run, list_runs

    folder = Workspace.current().runs
    found = list_runs(folder)
    runs = [run for run in found if isinstance(run, Run)]
    if names:
        typer.echo("\n".join(run.name for run in found))
        return
    console = Console()
    if not found:
        console.print(f"No runs in {folder} yet. Train one with: [bold]workbench demo[/]", soft_wrap=True)
    broken: list[BrokenRun] = [run for run in found if not isinstance(run, Run)]
    print_runs(console, runs, metric or ["nDCG@5", "P@1", "macro_F1"], broken)
    print_broken(console, broken)


@app.command()
def show(run: RunArgument) -> None:
    """Show one run: its metrics, how its losses fell, and its settings."""
    from workbench.cli.run_view import print_run
    from workbench.runs.opening import load_run

    print_run(Console(), load_run(run))


@app.command()
def add(
    archive: Annotated[
        Path, typer.Argument(help="What `workbench export --archive` wrote, .zip or .tar.gz.")
    ],
) -> None:
    """Bring somebody else's runs into this workspace; names that are taken stay as they are."""
    from workbench.runs.adding import add_runs

    for run in add_runs(archive):
        typer.echo(f"Added {run.path}")


@app.command("rm")
def remove(
    runs: Annotated[list[str], typer.Argument(help="Names of runs, or paths to their folders.")],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Remove runs for good, broken ones too; asks first."""
    from workbench.runs.removing import remove_run
    from workbench.runs.store import find_run

    folders = [find_run(Workspace.current().runs, name) for name in runs]
    for folder in folders:
        if yes or typer.confirm(f"Remove {folder} for good?"):
            remove_run(folder)
            typer.echo(f"Removed {folder}")
