"""The command that trains a run of judged claims again, made from what is recorded of it."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from functools import cache
from typing import Any

from workbench.analysis.settings import flat
from workbench.errors import WorkbenchError

_FROZEN = " frozen"
_TRAIN_SIZE = "training.train_size"
_PROTOTYPE = "method.prototype"


def recorded_settings(run: Mapping[str, Any], group: Mapping[str, Any]) -> dict[str, Any]:
    """The settings (flat) of a run: those of its group, and what the record of the run says besides.

    Args:
        run: one of `claim_runs.run_records`.
        group: that of `claim_runs.group_records` with its corpus and encoder.
    """
    settings = dict(group["settings"])
    if run["prototype"]:
        settings[_PROTOTYPE] = run["prototype"]
    if _TRAIN_SIZE not in settings:
        whole = (group["drawn_from"] or group)["n_train"]
        settings[_TRAIN_SIZE] = run["n_train"] if run["n_train"] < whole else None
    return settings


def training_command(run: Mapping[str, Any], group: Mapping[str, Any]) -> str:
    """`workbench train …` with every setting that is not its default, under the run's own name.

    Imports torch: what is a default, the settings of methods and encoders say.

    Raises:
        WorkbenchError: when the command would not give the settings that are recorded.
    """
    encoder, frozen = run["encoder"].removesuffix(_FROZEN), run["encoder"].endswith(_FROZEN)
    recorded = json.dumps(recorded_settings(run, group))
    assignments, wrong = _assignments(run["method"], encoder, frozen, recorded)
    if wrong:
        raise WorkbenchError(
            f"No command gives the settings of {run['run']!r}: {', '.join(wrong)} would be others. Train it "
            "anew with this version, and judge the claims again."
        )
    words = ["workbench", "train", run["method"], "--corpus", run["corpus"], "--encoder", encoder]
    words += ["--frozen"] * frozen + ["--seed", str(run["seed"]), "--name", run["run"]]
    return shlex.join(words + [word for one in assignments for word in ("--set", one)])


@cache
def _assignments(
    method: str, encoder: str, frozen: bool, recorded: str
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What `--set` must say for these settings (JSON), and the settings that it cannot bring about."""
    from workbench.assignments import parse_assignments

    wanted = json.loads(recorded)
    usual = _resolved(method, encoder, frozen, {})
    differing = [(key, value) for key, value in wanted.items() if value != usual.get(key)]
    assignments = tuple(f"{_short(key, usual)}={_written(value)}" for key, value in differing)
    resolved = _resolved(method, encoder, frozen, parse_assignments(list(assignments)))
    return assignments, tuple(key for key, value in wanted.items() if resolved.get(key) != value)


def _resolved(method: str, encoder: str, frozen: bool, given: Mapping[str, Any]) -> dict[str, Any]:
    from workbench.training.settings import resolve

    settings = resolve(method, encoder, frozen, given)
    parts = {"method": settings.method, "training": settings.training, "encoder": settings.encoder_config}
    found: dict[str, Any] = flat({name: part.model_dump(mode="json") for name, part in parts.items()})
    return found


def _short(key: str, known: Mapping[str, Any]) -> str:
    """The setting without its section, where no other section has one of its name."""
    name = key.rpartition(".")[2]
    return name if sum(other.rpartition(".")[2] == name for other in known) == 1 else key


def _written(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
