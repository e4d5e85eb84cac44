"""Who writes a run: so that a reader can tell one in training from one whose process was killed."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psutil

from workbench.errors import WorkbenchError


def this_process() -> dict[str, Any]:
    """This process as run.json keeps it: its number, machine and starting time (s since the epoch)."""
    return process_of(os.getpid())


def process_of(pid: int) -> dict[str, Any]:
    """The process of this number, which is alive or a child that nobody has waited for."""
    return {"pid": pid, "host": platform.node(), "started": psutil.Process(pid).create_time()}


def refuse_in_training(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Leave alone what another process writes.

    Raises:
        WorkbenchError: when another process on this machine trains the run in `folder`.
    """
    process = manifest.get("process") or {}
    if manifest.get("status") == "running" and is_another_alive(process):
        raise WorkbenchError(
            f"{folder} is being trained by process {process['pid']} right now. Wait for it, or end it first: "
            f"kill -INT {process['pid']}"
        )


def is_gone(process: Any) -> bool:
    """Whether the process ran on this machine and has ended; of other machines nothing is known."""
    return _was_here(process) and not _lives(process)


def is_here(process: Any) -> bool:
    """Whether the process runs on this machine."""
    return _was_here(process) and _lives(process)


def is_another_alive(process: Any) -> bool:
    """Whether the process runs on this machine and is not this one."""
    return _was_here(process) and process.get("pid") != os.getpid() and _lives(process)


def _was_here(process: Any) -> bool:
    return isinstance(process, Mapping) and process.get("host") == platform.node()


def _lives(process: Mapping[str, Any]) -> bool:
    """Whether a process of this number has been running since that time (numbers are used again).

    One that has ended and that its parent, or a container without an init, never waited for, is gone.
    """
    try:
        found = psutil.Process(process["pid"])
        is_same = abs(found.create_time() - process["started"]) <= 1
        return is_same and found.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False
