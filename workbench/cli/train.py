"""`workbench train` and `workbench methods`."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from workbench.errors import WorkbenchError


def train(
    method: Annotated[str | None, typer.Argument(help="Method or variant, such as protomix or base.")] = None,
    corpus: Annotated[str, typer.Option(help="Imported corpus, or demo.")] = "demo",
    encoder: Annotated[
        str | None,
        typer.Option(
            help="cnn, bilstm, small-bert, minilm, a transformers name or folder; unset: the method decides."
        ),
    ] = None,
    seed: Annotated[
        list[int] | None, typer.Option(help="Seed; give it several times for several runs.")
    ] = None,
    assignments: Annotated[
        list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="A hyper-parameter.")
    ] = None,
    add: Annotated[
        list[str] | None, typer.Option(help="A further objective: protomix.prototype:weight=0.001")
    ] = None,
    config: Annotated[Path | None, typer.Option(metavar="FILE.yaml", help="Settings from a file.")] = None,
    frozen: Annotated[bool, typer.Option("--frozen", help="Encode once, train the heads only.")] = False,
    name: Annotated[str | None, typer.Option(help="Name of the run's folder.")] = None,
    resume: Annotated[str | None, typer.Option(metavar="RUN", help="Go on with an interrupted run.")] = None,
) -> None:
    """Train a method on a corpus; the result is a folder in runs/."""
    if resume is not None:
        _resume(resume, method)
        return
    if method is None:
        raise WorkbenchError(
            "Say which method to train: workbench train METHOD. `workbench methods` lists them."
        )
    _require_free(name)  # before torch is loaded
    from workbench.assignments import parse_assignments
    from workbench.training.fit import fit
    from workbench.training.settings import read_settings_file, resolve

    seeds = seed or [0]
    if name is not None and len(seeds) > 1:
        raise WorkbenchError("--name names one run, and several seeds make several. Leave one of them out.")
    settings = (read_settings_file(config) if config else {}) | parse_assignments(assignments or [])
    if add:
        settings["add"] = tuple(add)
    resolve(method, encoder, frozen, settings)  # what is an argument of `fit`, such as seed, is no setting
    if len(seeds) > 1 and settings.get("training.devices", settings.get("devices", 1)) != 1:
        raise WorkbenchError("Several devices train one run a command: give one --seed at a time.")
    for each in seeds:
        with told_when_interrupted():
            run = fit(method, corpus, encoder, each, frozen=frozen, name=name, **settings)
        _say_done(run.path, run.metrics["test"]["overall"])
    _say_next(run.path.name)


def _require_free(name: str | None) -> None:
    """Refuse a name that is taken; further processes of a training join the run of that name."""
    if name is None or int(os.environ.get("LOCAL_RANK", "0")):
        return
    from workbench.runs.writer import require_free
    from workbench.workspace import Workspace

    require_free(Workspace.current().runs, name)


def _resume(name: str, method: str | None) -> None:
    if method is not None:
        raise WorkbenchError(f"--resume goes on with what the run was: leave the method {method!r} out.")
    from workbench.runs.store import find_run
    from workbench.training.fit import resume
    from workbench.workspace import Workspace

    with told_when_interrupted():
        run = resume(find_run(Workspace.current().runs, name))
    _say_done(run.path, run.metrics["test"]["overall"])
    _say_next(run.path.name)


@contextmanager
def told_when_interrupted() -> Iterator[None]:
    """After Ctrl-C, say how to go on and end with status 130."""
    from workbench.training.fit import TrainingInterrupted

    try:
        yield
    except TrainingInterrupted as interruption:
        Console(stderr=True, highlight=False, soft_wrap=True).print(str(interruption))
        raise typer.Exit(130) from None


def _say_done(path: Path, overall: dict[str, float | None]) -> None:
    shown = ("P@1", "P@3", "P@5", "nDCG@5", "micro_F1", "macro_F1")
    numbers = "  ".join(f"{name} {overall[name]:.3f}" for name in shown if overall.get(name) is not None)
    print(f"{path.name}: test {numbers}")


def _say_next(name: str) -> None:
    console = Console(highlight=False, soft_wrap=True)
    console.print(
        f'Next: workbench predict {name} --text "…"  ·  workbench dashboard', style="dim", markup=False
    )


def methods(
    json: Annotated[
        Path | None,
        typer.Option("--json", metavar="FILE", help="Write them with all settings, encoders and training."),
    ] = None,
) -> None:
    """List the methods, their variants and papers."""
    if json is not None:
        from workbench.files import write_json
        from workbench.training.forms import describe_settings

        write_json(json, describe_settings())
        return
    from workbench.methods.registry import method_classes, objective_names

    console = Console()
    table = Table("method", "what it does", title="Methods and variants", title_justify="left")
    for method in method_classes():
        table.add_section()
        for variant, meaning in method.variants.items():
            table.add_row(f"[bold]{variant}[/]", meaning)
        table.add_row("", f"[dim]{method.card.title} ({method.card.year})[/]")
    console.print(table)
    console.print("Objectives that can be added with --add: " + ", ".join(objective_names()), highlight=False)
