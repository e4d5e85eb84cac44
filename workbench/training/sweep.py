"""Sweeps: many runs with different settings, compared on validation documents, never on test documents.

Trials are runs like any other; a study, kept in a database that several machines may share, proposes their
settings ("Optuna: A Next-generation Hyperparameter Optimization Framework", Akiba et al., 2019).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.data.library import load_corpus
from workbench.errors import WorkbenchError, nearest
from workbench.runs.layout import checked_name
from workbench.runs.naming import free_name
from workbench.training.fit import TrainingInterrupted, fit
from workbench.training.settings import resolve
from workbench.training.space import Range, Space, Values, check_space
from workbench.training.spec import Recipe
from workbench.training.studies import ABOUT, Trial, about, open_storage, read_trial
from workbench.workspace import Workspace

if TYPE_CHECKING:
    import optuna

SAMPLERS = {
    "tpe": "learns from the trials so far where good values lie",
    "random": "draws every trial alike",
    "grid": "tries every combination once",
}


@dataclass(frozen=True)
class Sweep:
    """What is searched: a recipe, the settings that vary, and how they are proposed."""

    study: str
    method: str
    corpus: str
    encoder: str = "cnn"
    seed: int = 0
    frozen: bool = False
    space: Mapping[str, Any] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    sampler: str = "tpe"

    def checked_space(self) -> Space:
        """The space, after everything that can be wrong was looked at.

        Raises:
            WorkbenchError: for a name, sampler, setting, value or range that will not do.
        """
        checked_name(f"{self.study}-trial-9999", "the runs of a study")
        if self.sampler not in SAMPLERS:
            raise WorkbenchError(
                f"There is no sampler {self.sampler!r}.{nearest(self.sampler, SAMPLERS)} "
                f"Samplers: {', '.join(f'{name} ({meaning})' for name, meaning in SAMPLERS.items())}."
            )
        Recipe.of(self.method, self.corpus, self.encoder, self.frozen, self.seed, dict(self.settings))
        space = check_space(self.space, self.method, self.encoder, self.frozen, self.settings)
        if resolve(self.method, self.encoder, self.frozen, self.settings).training.devices > 1:
            raise WorkbenchError(
                "A sweep trains one run after another, each on one device: leave devices out."
            )
        if self.sampler == "grid" and any(one.choices is None for one in space.values()):
            endless = [key for key, one in space.items() if one.choices is None]
            raise WorkbenchError(
                f"A grid needs values that can be counted: give {', '.join(endless)} a list, or a range with "
                "a step and without log."
            )
        return space

    def about(self, fingerprint: str) -> dict[str, Any]:
        """What all trials of a study share, as the study keeps it."""
        resolved = resolve(self.method, self.encoder, self.frozen, self.settings)
        shared = {
            "method": self.method,
            "corpus": self.corpus,
            "fingerprint": fingerprint,
            "encoder": self.encoder,
            "frozen": self.frozen,
            "seed": self.seed,
            "settings": dict(self.settings),
            "space": dict(self.space),
            "metric": resolved.training.select,
        }
        kept: dict[str, Any] = json.loads(json.dumps(shared, default=str))
        return kept


def begin_sweep(
    sweep: Sweep, *, storage: str | None = None, workspace: Workspace | None = None
) -> optuna.Study:
    """The sweep's study, made if it is not there; nothing is trained.

    Raises:
        WorkbenchError: for whatever is wrong with the sweep, its storage, or a study of this name that is a
            sweep of something else.
    """
    workspace = workspace or Workspace.current()
    space = sweep.checked_space()
    wanted = sweep.about(load_corpus(sweep.corpus, workspace).fingerprint)
    opened = open_storage(storage, workspace)
    import optuna

    from workbench.training.samplers import SeededByTrial

    study = optuna.create_study(
        study_name=sweep.study,
        storage=opened,
        sampler=SeededByTrial(sweep.sampler, sweep.seed),
        direction="maximize",
        load_if_exists=True,
    )
    if not study.user_attrs and not study.get_trials(deepcopy=False):
        study.set_user_attr(ABOUT, wanted)
    _check_same(about(study), wanted, sweep.study)
    if sweep.sampler == "grid":
        _queue_grid(study, space)
    return study


def run_trials(
    sweep: Sweep,
    study: optuna.Study,
    trials: int | None,
    *,
    workspace: Workspace | None = None,
    tell: Callable[[Trial], None] = lambda trial: None,
    progress: bool | None = None,
) -> None:
    """Train `trials` more trials (of a grid at most those that are left; all, if not said).

    A trial whose training fails (a loss that is no number any more, no memory left) is marked as failed, and
    the sweep goes on.

    Raises:
        TrainingInterrupted: after Ctrl-C; the interrupted trial's settings come first next time.
    """
    space, where = sweep.checked_space(), workspace or Workspace.current()

    def train(trial: optuna.Trial) -> float:
        settings = {key: one.value_of(_proposed(trial, key, one)) for key, one in space.items()}
        name = free_name(where.runs, f"{sweep.study}-trial-{trial.number}")
        trial.set_user_attr("run", name)
        trial.set_user_attr("settings", settings)
        return _train(sweep, study, trial, name, settings, where, progress)

    waiting = _waiting(study)
    count = (waiting if trials is None else min(trials, waiting)) if sweep.sampler == "grid" else trials
    study.optimize(
        train,
        n_trials=count,
        catch=(WorkbenchError,),
        callbacks=[lambda _, trial: tell(read_trial(trial))],
    )


def _train(
    sweep: Sweep,
    study: optuna.Study,
    trial: optuna.Trial,
    name: str,
    settings: Mapping[str, Any],
    workspace: Workspace,
    progress: bool | None,
) -> float:
    """The validation value of a trial's run."""
    try:
        run = fit(
            sweep.method,
            sweep.corpus,
            sweep.encoder,
            sweep.seed,
            frozen=sweep.frozen,
            name=name,
            workspace=workspace,
            progress=progress,
            about={"sweep": {"study": sweep.study, "trial": trial.number}},
            **{**sweep.settings, **settings},
        )
    except TrainingInterrupted:
        trial.set_user_attr("reason", "interrupted; tried again by the next trial")
        study.enqueue_trial(trial.params)
        raise
    except WorkbenchError as error:
        trial.set_user_attr("reason", str(error))
        raise
    return float(run.manifest["best"]["value"])


def _proposed(trial: optuna.Trial, key: str, dimension: Values | Range) -> Any:
    if isinstance(dimension, Values):
        return trial.suggest_categorical(key, dimension.choices)
    low, high, log = dimension.low, dimension.high, dimension.log
    if dimension.whole:
        return trial.suggest_int(key, int(low), int(high), log=log, step=int(dimension.step or 1))
    return trial.suggest_float(key, low, high, log=log, step=dimension.step)


def _check_same(known: Mapping[str, Any], wanted: Mapping[str, Any], study: str) -> None:
    differing = [key for key, value in wanted.items() if known.get(key) != value]
    if differing:
        said = ", ".join(f"{key}: {known.get(key)} against {wanted[key]}" for key in differing)
        raise WorkbenchError(
            f"The study {study!r} is a sweep of something else ({said}). Give this one another name: --study."
        )


def _queue_grid(study: optuna.Study, space: Space) -> None:
    """Let every combination wait for its trial, but those that had one already."""
    taken = [
        trial.system_attrs.get("fixed_params") or trial.params for trial in study.get_trials(deepcopy=False)
    ]
    for values in product(*(one.choices or () for one in space.values())):
        point = dict(zip(space, values, strict=True))
        if point not in taken:
            study.enqueue_trial(point)


def _waiting(study: optuna.Study) -> int:
    return sum(trial.state.name == "WAITING" for trial in study.get_trials(deepcopy=False))


def study_name(method: str, corpus: str, encoder: str, space: Path) -> str:
    """What a study is called when it is not said: corpus, encoder, method and the space's file."""
    parts = (Path(corpus).name, Path(encoder).name, method, space.stem)
    return "".join(
        letter if letter.isalnum() or letter in "-_." else "-" for letter in "-".join(parts).lower()
    )
