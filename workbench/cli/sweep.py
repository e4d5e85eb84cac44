"""`workbench sweep`: search over hyper-parameters; trials are runs, a database keeps the search."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from workbench.errors import WorkbenchError

if TYPE_CHECKING:
    from workbench.training.sweep import Sweep

MOST_AT_ONCE = 20
"""Trials of a sweep that is told no number and has no end of its own."""

_WHAT_TO_SAY = (
    "Say what to search: workbench sweep METHOD --search space.yaml. Each line of space.yaml is a setting "
    "with a list of values, or a range: beta: {low: 0.0001, high: 0.1, log: true}"
)


def sweep(
    method: Annotated[str | None, typer.Argument(help="Method or variant, such as protomix or base.")] = None,
    search: Annotated[Path | None, typer.Option(metavar="SPACE.yaml", help="Which settings vary.")] = None,
    trials: Annotated[
        int | None, typer.Option(min=1, help="How many more; when not given 20, or what is left of a grid.")
    ] = None,
    corpus: Annotated[str, typer.Option(help="Imported corpus, or demo.")] = "demo",
    encoder: Annotated[
        str | None, typer.Option(help="As `workbench train` takes it; unset: the method decides.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Of every run, and of what is proposed.")] = 0,
    assignments: Annotated[
        list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="A setting that stays the same.")
    ] = None,
    frozen: Annotated[bool, typer.Option("--frozen", help="Encode once, train the heads only.")] = False,
    sampler: Annotated[str, typer.Option(help="tpe (learns from earlier trials), random or grid.")] = "tpe",
    study: Annotated[str | None, typer.Option(help="Name of the study; the same one goes on.")] = None,
    storage: Annotated[
        str | None, typer.Option(metavar="URL", help="Database that several machines share.")
    ] = None,
    show: Annotated[
        str | None, typer.Option(metavar="STUDY", help="Show a study's trials, and train nothing.")
    ] = None,
) -> None:
    """Search settings with the best validation metric; test documents are not looked at."""
    if show is not None:
        _show(show, storage)
        return
    if method is None or search is None:
        raise WorkbenchError(_WHAT_TO_SAY)
    from workbench.assignments import parse_assignments
    from workbench.methods import find_method
    from workbench.training.space import read_space
    from workbench.training.sweep import Sweep, study_name

    chosen = encoder or find_method(method)[0].default_encoder
    wanted = Sweep(
        study=study or study_name(method, corpus, chosen, search),
        method=method,
        corpus=corpus,
        encoder=chosen,
        seed=seed,
        frozen=frozen,
        space=read_space(search),
        settings=parse_assignments(assignments or []),
        sampler=sampler,
    )
    _run(wanted, trials, storage)


def _run(wanted: Sweep, trials: int | None, storage: str | None) -> None:
    from workbench.cli.sweep_view import print_begun, print_trial
    from workbench.training.fit import TrainingInterrupted
    from workbench.training.studies import trials_of
    from workbench.training.sweep import begin_sweep, run_trials

    console = Console(highlight=False)
    study = begin_sweep(wanted, storage=storage)
    print_begun(console, study, len(trials_of(study)))
    count = trials if trials or wanted.sampler == "grid" else MOST_AT_ONCE
    try:
        run_trials(wanted, study, count, tell=lambda trial: print_trial(console, trial))
    except TrainingInterrupted:
        where = Console(stderr=True, highlight=False, soft_wrap=True)
        where.print("Interrupted: the same command goes on, first with what was interrupted.")
        raise typer.Exit(130) from None
    _show(wanted.study, storage)


def _show(name: str, storage: str | None) -> None:
    from workbench.cli.sweep_view import print_study
    from workbench.training.studies import about, load_study, open_storage, trials_of
    from workbench.workspace import Workspace

    study = load_study(name, open_storage(storage, Workspace.current()))
    shared, trials = about(study), trials_of(study)
    print_study(Console(highlight=False), name, shared, trials)
    failed = [trial for trial in trials if trial.status == "failed"]
    if failed and not any(trial.status == "done" for trial in trials):
        raise WorkbenchError(
            f"No trial of {name!r} was finished. The last one failed with: {failed[-1].reason}"
        )
