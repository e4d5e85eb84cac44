"""The process that works the queue off: one training at a time, the oldest first, until none waits.

It has a session of its own, so that it outlives whoever started it. Of several that are started, the one that
gets the lock works. A worker that finds a training of an earlier one still running waits for it first.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from workbench.queue.jobs import Job, Queue
from workbench.queue.lock import held
from workbench.queue.signals import interrupt
from workbench.runs.process import is_gone, process_of
from workbench.workspace import Workspace

TRAIN = (sys.executable, "-m", "workbench", "train")
_START = "from workbench.queue.worker import main; main()"
_STAY = "--stay"
_NICENESS = 5  # a training may use every core: the pages come first
_LOOKS_EVERY_S = 1.0


def start(workspace: Workspace) -> None:
    """Start a worker that belongs to nobody; it ends at once where one is alive already."""
    subprocess.run([sys.executable, "-c", _START, str(workspace.root)], stdin=subprocess.DEVNULL, check=True)


def main() -> None:
    """`FOLDER`: start another process as the worker and end; `FOLDER --stay`: be it."""
    workspace = Workspace(Path(sys.argv[1]))
    if _STAY in sys.argv:
        work(workspace)
        return
    workspace.queue.mkdir(parents=True, exist_ok=True)
    with (workspace.queue / "worker.log").open("ab") as log:
        subprocess.Popen(
            [sys.executable, "-c", _START, str(workspace.root), _STAY],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def work(workspace: Workspace, program: Sequence[str] = TRAIN) -> None:
    """Work the queue off unless somebody else does; `program` is given each job's arguments."""
    # What the shell of a server in the background has told it to ignore, a training must hear.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if hasattr(os, "nice"):
        os.nice(_NICENESS)
    queue = Queue(workspace)
    while True:
        with held(queue.lock) as is_ours:
            if not is_ours:
                return
            _work_off(queue, program)
        if not queue.waiting():  # what came while the lock was still held would wait for nobody
            return


def _work_off(queue: Queue, program: Sequence[str]) -> None:
    queue.attend()
    for left in queue.running():
        _await(left)
        queue.end(left, None)
    while (job := queue.take()) is not None:
        _train(queue, job, program)
    queue.leave()


def _await(job: Job) -> None:
    """Wait until a training that an earlier worker had started has ended."""
    while job.process is not None and not is_gone(job.process):
        time.sleep(_LOOKS_EVERY_S)


def _train(queue: Queue, job: Job, program: Sequence[str]) -> None:
    log = queue.log(job.id)
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as stream:
        try:
            process = _begin([*program, *job.arguments], stream, queue.workspace)
        except OSError as error:
            stream.write(f"error: {error}\n".encode())
            stream.flush()
            queue.end(job, 1)
            return
    begun = queue.note_process(job, process_of(process.pid))
    if queue.is_stopping(job.id):  # asked before anybody could know the process
        interrupt(begun.process)
    queue.end(begun, process.wait())


def _begin(command: Sequence[str], log: BinaryIO, workspace: Workspace) -> subprocess.Popen[bytes]:
    plain = {"WORKBENCH_HOME": str(workspace.root), "PYTHONUNBUFFERED": "1", "NO_COLOR": "1"}
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
        env={**os.environ, **plain},
        start_new_session=True,
    )
