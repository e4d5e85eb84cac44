"""The floor of a split: tuned binary relevance, which whatever is trained there should be above.

Linear SVMs on TF-IDF of words and pairs of words, with one threshold from validation documents, beat many
printed numbers. They are solved once on a split and kept as a run like any other. A run of it with settings
of its own is no floor.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # the command line, which names the floor, does not wait for the store
    from workbench.runs.store import Run

FLOOR = "binary-relevance"

FLOOR_SETTINGS: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "method": {"C": 1.0, "most_steps": 10_000},
        "training": {"threshold": "tuned"},
        "encoder": {"ngrams": 2, "min_df": 2, "max_terms": None, "sublinear": True, "max_length": None},
    }
)
"""The defaults of all settings that change what the floor says: whatever else training has does nothing."""


def is_floor(run: Run) -> bool:
    """Whether this is a finished run of binary relevance with the default settings.

    A setting that the run has not recorded was not there to be changed.
    """
    if run.manifest.get("method") != FLOOR or run.status != "done":
        return False
    config = run.manifest.get("config") or {}
    recorded = {section: config.get(section) or {} for section in FLOOR_SETTINGS}
    return all(
        recorded[section].get(key, default) == default
        for section, defaults in FLOOR_SETTINGS.items()
        for key, default in defaults.items()
    )


def floor_of(runs: Iterable[Run], split_id: str) -> Run | None:
    """The newest floor on this split."""
    found = (run for run in runs if run.split_id == split_id and is_floor(run))
    return max(found, key=lambda run: run.begun, default=None)


def floor_setting(runs: Sequence[Run], settings: Mapping[str, str]) -> str:
    """The setting of the floor of these runs, all of one split, among settings by run; empty without one."""
    floor = floor_of(runs, runs[0].split_id) if runs else None
    return settings.get(floor.name, "") if floor is not None else ""


def with_floors(runs: Sequence[Run], known: Iterable[Run]) -> list[Run]:
    """These runs, and behind them the floor of each of their splits that has one and is not among them."""
    known = list(known)
    splits = dict.fromkeys(run.split_id for run in runs if run.status == "done")
    missing = [split for split in splits if floor_of(runs, split) is None]
    return [*runs, *(floor for split in missing if (floor := floor_of(known, split)) is not None)]


def floor_commands(runs: Sequence[Run]) -> list[str]:
    """A command for each split of these runs that has no floor among them."""
    splits = dict.fromkeys(run.split_id for run in runs)
    lacking = [split for split in splits if floor_of(runs, split) is None]
    return [_command(next(run for run in runs if run.split_id == split)) for split in lacking]


def _command(run: Run) -> str:
    """What solves binary relevance on the documents of a run."""
    corpus = run.manifest.get("corpus") or {}
    command = f"workbench train {FLOOR} --corpus {corpus.get('name', '?')}"
    if corpus.get("drawn_from"):  # the part is drawn by the run's seed
        command += f" --set train_size={corpus.get('n_train')} --seed {run.manifest.get('seed')}"
    return command
