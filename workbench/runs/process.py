"""Who writes a run: so that a reader can tell one in training from one whose process was killed."""

from __future__ import annotations

import os
import platform
from typing import Any

import psutil


def this_process() -> dict[str, Any]:
    """This process as run.json keeps it: its number, machine and starting time (s since the epoch)."""
    return {"pid": os.getpid(), "host": platform.node(), "started": psutil.Process().create_time()}


def is_gone(process: Any) -> bool:
    """Whether the process ran on this machine and has ended; of other machines nothing is known."""
    return _was_here(process) and not _lives(process)


def is_another_alive(process: Any) -> bool:
    """Whether the process runs on this machine and is not this one."""
    return _was_here(process) and process.get("pid") != os.getpid() and _lives(process)


def _was_here(process: Any) -> bool:
    return isinstance(process, dict) and process.get("host") == platform.node()


def _lives(process: dict[str, Any]) -> bool:
    """Whether a process of this number has been running since that time (numbers are used again)."""
    try:
        return abs(psutil.Process(process["pid"]).create_time() - process["started"]) <= 1
    except psutil.Error:
        return False
