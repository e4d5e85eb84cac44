"""The floor of a split: tuned binary relevance, which whatever is trained there should be above.

Linear SVMs on TF-IDF of words and pairs of words, with one threshold from validation documents, beat many
printed numbers. They are solved once on a split and kept as a run like any other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the command line, which names the floor, does not wait for the store
    from workbench.runs.store import Run

FLOOR = "binary-relevance"


def floor_of(runs: Iterable[Run], split_id: str) -> Run | None:
    """The first finished run of binary relevance on this split."""
    found = (run for run in runs if run.split_id == split_id and run.manifest.get("method") == FLOOR)
    return next((run for run in found if run.status == "done"), None)


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
