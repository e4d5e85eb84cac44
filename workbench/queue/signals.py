"""Ending a training from outside: it leads a process group of its own, and all of that is meant."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Mapping
from typing import Any

from workbench.runs.process import is_here


def interrupt(process: Mapping[str, Any] | None) -> None:
    """Do what Ctrl-C does, to the process and those it has started; nothing when it is gone."""
    _send(process, signal.SIGINT)


def kill(process: Mapping[str, Any] | None) -> None:
    """End it at once, and those it has started."""
    _send(process, signal.SIGTERM if sys.platform == "win32" else signal.SIGKILL)


def _send(process: Mapping[str, Any] | None, number: int) -> None:
    if process is None or not is_here(process):
        return
    try:
        if sys.platform == "win32":
            os.kill(process["pid"], number)
        else:
            os.killpg(process["pid"], number)
    except ProcessLookupError:
        return  # it has ended in this moment
