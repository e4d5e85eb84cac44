"""How a training ended: by its exit status, or where nobody was there to see it, by its run and its log."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Literal

from workbench.errors import WorkbenchError
from workbench.runs.store import Run

End = Literal["done", "failed", "stopped", "interrupted"]
_BY_CTRL_C = 130
_BYTES_READ = 64_000
_LETTERS_TOLD = 2_000
_ERROR = "error:"


def judged(exit_status: int | None, is_asked: bool, log: Path, run: Path) -> tuple[End, str]:
    """How it ended and what there is to say about it.

    Args:
        exit_status: of the process, negative for the signal that ended it; None where nobody saw it.
        is_asked: whether somebody had asked it to stop.
        log: what it printed.
        run: the folder of the run that it writes.
    """
    if exit_status == 0 or (exit_status is None and _is_done(run) and not _error(log)):
        return "done", ""
    if is_asked or exit_status == _BY_CTRL_C:
        return "stopped", ""
    if exit_status is None:
        error = _error(log)
        return ("failed", error) if error else ("interrupted", "Its process is gone.")
    if exit_status < 0:
        return "interrupted", _by_signal(-exit_status)
    return "failed", _error(log) or _last_line(log) or f"It ended with status {exit_status}, saying nothing."


def tail(log: Path) -> str:
    """The last 64 kB of a log; empty where there is none."""
    try:
        with log.open("rb") as stream:
            stream.seek(max(0, os.fstat(stream.fileno()).st_size - _BYTES_READ))
            return stream.read().decode(errors="replace")
    except OSError:
        return ""


def _is_done(run: Path) -> bool:
    try:
        return Run.load(run).status == "done"
    except WorkbenchError:
        return False


def _error(log: Path) -> str:
    """The last message that a command ended with, without the word "error:"; empty where there is none."""
    lines = tail(log).splitlines()
    places = [number for number, line in enumerate(lines) if line.startswith(_ERROR)]
    if not places:
        return ""
    return "\n".join(lines[places[-1] :]).removeprefix(_ERROR).strip()[:_LETTERS_TOLD]


def _last_line(log: Path) -> str:
    lines = [line.strip() for line in tail(log).splitlines() if line.strip()]
    return lines[-1][:_LETTERS_TOLD] if lines else ""


def _by_signal(number: int) -> str:
    try:
        name = signal.Signals(number).name
    except ValueError:
        name = f"signal {number}"
    why = " (often because the machine had no memory left)" if name == "SIGKILL" else ""
    return f"Its process was ended from outside by {name}{why}."
