"""Runs by their names in the workspace, or by their folders."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from workbench.errors import WorkbenchError
from workbench.runs.store import Run, find_run, list_runs
from workbench.workspace import Workspace


def load_run(name_or_path: str | Path, workspace: Workspace | None = None) -> Run:
    """Open a run by its name in the workspace, or by its folder.

    Args:
        name_or_path: a name as `workbench runs list` prints it, or a path to a run's folder.
        workspace: where runs are; by default the current folder or WORKBENCH_HOME.

    Returns:
        The run; one that is not finished has only what was written so far.

    Raises:
        WorkbenchError: when there is none (naming those there are), or it is damaged.
    """
    return Run.load(find_run((workspace or Workspace.current()).runs, name_or_path))


def load_runs(workspace: Workspace | None = None) -> list[Run]:
    """All runs of the workspace that can be read, the newest first.

    Args:
        workspace: where runs are; by default the current folder or WORKBENCH_HOME.

    Returns:
        Finished and unfinished ones; damaged ones are left out (`workbench runs list` says why).
    """
    found = list_runs((workspace or Workspace.current()).runs)
    return [run for run in found if isinstance(run, Run)]


def finished_runs(folders: Iterable[Path], say: Callable[[str], None]) -> list[Run]:
    """The runs in these folders that are done, in order; `say` is told which are left out, and why."""
    runs = []
    for folder in folders:
        try:
            run = Run.load(folder)
        except WorkbenchError as error:
            say(f"left out: {error}")
            continue
        if run.status == "done":
            runs.append(run)
        else:
            say(f"left out: {run.name} is not finished ({run.status})")
    return runs
