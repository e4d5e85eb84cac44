"""Studies: where the trials of sweeps are kept, and how they are read back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from workbench.errors import WorkbenchError, nearest
from workbench.workspace import Workspace

if TYPE_CHECKING:
    import optuna
    from optuna.trial import FrozenTrial

ABOUT = "workbench"
"""The attribute of a study that keeps what it is a sweep of."""


@dataclass(frozen=True)
class Trial:
    """One trial: its number, how it ended, its validation value, its run and what it tried."""

    number: int
    status: str
    value: float | None
    run: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""


def require_optuna() -> None:
    """Look for optuna without loading it.

    Raises:
        WorkbenchError: when it is not installed, with the command that installs it.
    """
    if find_spec("optuna") is None:
        raise WorkbenchError(
            "Sweeps need the package optuna, which is not installed. Install it with: "
            "pip install 'mltc-workbench[sweeps]'"
        )


def open_storage(url: str | None, workspace: Workspace) -> optuna.storages.RDBStorage:
    """The database at `url`, or the workspace's own; tables are made when there are none.

    Raises:
        WorkbenchError: without optuna, or when the database cannot be opened. Passwords are not repeated.
    """
    require_optuna()
    import optuna
    from sqlalchemy.exc import SQLAlchemyError

    optuna.logging.set_verbosity(optuna.logging.CRITICAL)  # ours are the messages
    if url is None:
        workspace.root.mkdir(parents=True, exist_ok=True)
    where = url or f"sqlite:///{workspace.sweeps}"
    wait = {"connect_args": {"timeout": 60}} if where.startswith("sqlite") else {}
    try:
        return optuna.storages.RDBStorage(where, engine_kwargs=wait)
    except (SQLAlchemyError, ImportError, ValueError, RuntimeError) as error:
        reason = str(error).partition("\n")[0].replace(where, shown_url(where))
        raise WorkbenchError(
            f"The storage {shown_url(where)} cannot be opened: {reason} "
            "Give a database as SQLAlchemy names it, such as sqlite:///sweeps.db or postgresql://host/name."
        ) from None


def shown_url(url: str) -> str:
    """The address without its password."""
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        return make_url(url).render_as_string(hide_password=True)
    except ArgumentError:
        return repr(url.rpartition("@")[2])


def load_study(name: str, storage: optuna.storages.RDBStorage) -> optuna.Study:
    """The study of this name.

    Raises:
        WorkbenchError: when there is none, naming the nearest and those there are.
    """
    import optuna

    known = optuna.study.get_all_study_names(storage)
    if name not in known:
        there = f"Studies there: {', '.join(known)}." if known else "There is none yet."
        raise WorkbenchError(f"There is no study {name!r}.{nearest(name, known)} {there}")
    return optuna.load_study(study_name=name, storage=storage)


def about(study: optuna.Study) -> dict[str, Any]:
    """What the study is a sweep of, as `Sweep.about` gives it.

    Raises:
        WorkbenchError: for a study that another program made.
    """
    known = study.user_attrs.get(ABOUT)
    if not isinstance(known, dict):
        raise WorkbenchError(
            f"The study {study.study_name!r} was not made by `workbench sweep`: take another name."
        )
    return known


def trials_of(study: optuna.Study) -> list[Trial]:
    """Every trial but those that only wait, the best first, then those without a value by number."""
    found = [read_trial(one) for one in study.get_trials(deepcopy=False)]
    begun = [trial for trial in found if trial.status != "waiting"]
    return sorted(begun, key=lambda one: (one.value is None, -(one.value or 0), one.number))


def read_trial(trial: FrozenTrial) -> Trial:
    """A trial as optuna keeps it, in our words."""
    status = {"COMPLETE": "done", "FAIL": "failed"}.get(trial.state.name, trial.state.name.lower())
    attributes = trial.user_attrs
    value = trial.value if status == "done" else None
    settings = attributes.get("settings", {})
    return Trial(
        trial.number,
        status,
        value,
        str(attributes.get("run", "")),
        settings,
        str(attributes.get("reason", "")),
    )
