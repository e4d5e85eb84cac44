"""How sweeps look in a terminal: each trial when it ends, and the best ones in a table."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from workbench.wording import how_many

if TYPE_CHECKING:
    import optuna

    from workbench.training.studies import Trial

MOST_SHOWN = 15


def print_begun(console: Console, study: optuna.Study, trials: int) -> None:
    """Which study goes on, and what decides."""
    from workbench.training.studies import about

    said = f"goes on after {how_many(trials, 'trial')}" if trials else "begins"
    metric = about(study)["metric"]
    console.print(
        f"Study [bold]{escape(study.study_name)}[/] {said}. What counts is {metric} on validation documents."
    )


def print_trial(console: Console, trial: Trial) -> None:
    """One line for a trial that has ended."""
    ended = (
        f"{trial.value:.4f}" if trial.value is not None else f"[red]{trial.status}[/]: {escape(trial.reason)}"
    )
    console.print(f"  trial {trial.number}: {ended}  [dim]{escape(said(trial.settings))}[/]", soft_wrap=True)


def print_study(console: Console, name: str, shared: Mapping[str, Any], trials: Sequence[Trial]) -> None:
    """The best trials, how many there are of each kind, and how to train the best settings again."""
    counted = Counter(trial.status for trial in trials)
    numbers = ", ".join(f"{count} {status}" for status, count in counted.items()) or "no trial yet"
    console.print(f"{escape(name)}: {escape(_recipe(shared))}; trials: {numbers}", soft_wrap=True)
    if not trials:
        return
    console.print(_table(str(shared["metric"]), trials[:MOST_SHOWN]))
    if len(trials) > MOST_SHOWN:
        console.print(f"and {len(trials) - MOST_SHOWN} more")
    if trials[0].value is not None:
        console.print(f"The best one is the run {escape(trials[0].run)}.", soft_wrap=True)
        console.print("Best settings, with other seeds:", style="dim")
        console.print(_command(shared, trials[0].settings), soft_wrap=True, markup=False)


def said(settings: Mapping[str, Any]) -> str:
    """Settings as key=value, numbers with four digits."""
    return ", ".join(f"{key}={_value(value)}" for key, value in settings.items())


def _table(metric: str, trials: Sequence[Trial]) -> Table:
    keys = list(dict.fromkeys(key for trial in trials for key in trial.settings))
    table = Table(box=SIMPLE_HEAD, padding=(0, 1))
    for name in ("trial", f"{metric} (valid)", *keys):
        table.add_column(escape(name.replace("_", " ")), justify="right")
    for trial in trials:
        value = f"{trial.value:.4f}" if trial.value is not None else f"[red]{trial.status}[/]"
        cells = [escape(_value(trial.settings[key])) if key in trial.settings else "" for key in keys]
        table.add_row(str(trial.number), value, *cells)
    return table


def _recipe(shared: Mapping[str, Any]) -> str:
    encoder = f"{shared['encoder']} frozen" if shared["frozen"] else shared["encoder"]
    fixed = f", {said(shared['settings'])}" if shared["settings"] else ""
    return f"{shared['method']} with {encoder} on {shared['corpus']}, seed {shared['seed']}{fixed}"


def _command(shared: Mapping[str, Any], best: Mapping[str, Any]) -> str:
    settings = {**shared["settings"], **best}
    words = [
        "workbench",
        "train",
        shared["method"],
        "--corpus",
        shared["corpus"],
        "--encoder",
        shared["encoder"],
    ]
    words += ["--frozen"] if shared["frozen"] else []
    for key, value in settings.items():
        words += ["--set", f"{key}={value}"]
    return shlex.join([*words, "--seed", str(shared["seed"] + 1), "--seed", str(shared["seed"] + 2)])


def _value(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
