"""`workbench runs list|show|export|rm`: what was trained, how it went, and what to do with it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from workbench.errors import WorkbenchError
from workbench.workspace import Workspace

if TYPE_CHECKING:  # pandas and pyarrow are loaded by the command that needs them
    from workbench.runs.store import BrokenRun, Run

app = typer.Typer(name="runs", help="List, show, export and remove runs.", no_args_is_help=True)

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

    print_run(Console(), _load(run))


@app.command()
def export(
    run: RunArgument,
    to: Annotated[Path | None, typer.Option("--to", help="File (or folder, for csv) to write.")] = None,
    kind: Annotated[str, typer.Option("--format", help="zip, tar.gz or csv.")] = "zip",
    force: Annotated[bool, typer.Option("--force", help="Replace what is there.")] = False,
) -> None:
    """Write a run as an archive without checkpoints, or its metrics, history and predictions as CSV."""
    from workbench.runs.export import FORMATS, export_run

    if kind not in FORMATS:
        raise WorkbenchError(f"Unknown format {kind!r}: choose one of {', '.join(FORMATS)}.")
    loaded = _load(run)
    target = to or Path(loaded.name if kind == "csv" else f"{loaded.name}.{kind}")
    if target.exists() and not force:
        raise WorkbenchError(
            f"{target} is there already. Use --force to replace it, or --to for another place."
        )
    for path in export_run(loaded, kind, target):
        typer.echo(path)


@app.command("rm")
def remove(
    runs: Annotated[list[str], typer.Argument(help="Names of runs, or paths to their folders.")],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Remove runs for good, broken ones too; asks first."""
    from workbench.runs.store import find_run, remove_run

    folders = [find_run(Workspace.current().runs, name) for name in runs]
    for folder in folders:
        if yes or typer.confirm(f"Remove {folder} for good?"):
            remove_run(folder)
            typer.echo(f"Removed {folder}")


def _load(run: str) -> Run:
    from workbench.runs.store import Run, find_run

    return Run.load(find_run(Workspace.current().runs, run))
