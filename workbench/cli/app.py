"""Assembles the subcommands and turns a user's mistake into one clear message instead of a traceback."""

from __future__ import annotations

import sys
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from workbench import __version__
from workbench.cli.compare import compare
from workbench.cli.dashboard import dashboard
from workbench.cli.data import app as data
from workbench.cli.demo import demo
from workbench.cli.exhibits import exhibits, reproduce
from workbench.cli.export import export
from workbench.cli.llm import app as llm
from workbench.cli.predict import evaluate, predict
from workbench.cli.probe import app as probe
from workbench.cli.project import project
from workbench.cli.runs import app as runs
from workbench.cli.sweep import sweep
from workbench.cli.train import methods, train
from workbench.errors import WorkbenchError

app = typer.Typer(
    name="workbench",
    help="Train, look inside and compare multi-label text classifiers.",
    no_args_is_help=True,
    invoke_without_command=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
for command in (
    demo,
    train,
    sweep,
    methods,
    predict,
    evaluate,
    compare,
    export,
    exhibits,
    reproduce,
    project,
    dashboard,
):
    app.command()(command)
app.add_typer(data)
app.add_typer(llm)
app.add_typer(runs)
app.add_typer(probe)


@app.callback()
def _workbench(
    version: Annotated[bool, typer.Option("--version", help="Print the version and end.")] = False,
) -> None:
    """Train, look inside and compare multi-label text classifiers."""
    if version:
        print(f"workbench {__version__}")
        raise typer.Exit


def main() -> None:
    """Run the command line; a WorkbenchError is printed as `error: …` with exit status 1."""
    try:
        app()
    except WorkbenchError as error:
        message = Text.assemble(("error:", "bold red"), " ", str(error))
        Console(stderr=True, highlight=False, soft_wrap=True).print(message)
        sys.exit(1)
