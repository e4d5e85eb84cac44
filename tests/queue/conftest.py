"""Real workers in processes of their own; what they run waits on pipes that the test holds: nobody sleeps."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from workbench.queue.jobs import Job, Queue
from workbench.workspace import Workspace

STUB = """
import os, sys
folder, action, name = sys.argv[1:4]
def note(what):
    with open(os.path.join(folder, "trace"), "a") as trace:
        trace.write(f"{what} {name}\\n")
note("begin")
try:
    if action == "wait":
        with open(os.path.join(folder, f"{name}.begun"), "w") as begun:
            begun.write(str(os.getpid()))
        with open(os.path.join(folder, f"{name}.go")) as go:
            go.read()
    elif action == "fail":
        print("Loading\\nerror: no such corpus\\nTry another.")
        sys.exit(1)
except KeyboardInterrupt:
    note("stopped")
    sys.exit(130)
note("end")
"""
WORK = """
import sys
from pathlib import Path
from workbench.queue.worker import work
from workbench.workspace import Workspace
work(Workspace(Path(sys.argv[1])), [sys.executable, *sys.argv[2:]])
"""


class Bench:
    """A queue whose jobs are stubs, and its workers."""

    def __init__(self, workspace: Workspace, folder: Path) -> None:
        self.workspace, self.queue, self.folder = workspace, Queue(workspace), folder
        self.workers: list[subprocess.Popen[bytes]] = []
        (folder / "stub.py").write_text(STUB)

    @property
    def program(self) -> list[str]:
        return [str(self.folder / "stub.py"), str(self.folder)]

    def add(self, name: str, action: str = "wait") -> Job:
        if action == "wait":
            os.mkfifo(self.folder / f"{name}.begun")
            os.mkfifo(self.folder / f"{name}.go")
        return self.queue.add(name, [action, name])

    def work(self, before: str = "") -> subprocess.Popen[bytes]:
        command = [sys.executable, "-c", before + WORK, str(self.workspace.root), *self.program]
        worker = subprocess.Popen(command, start_new_session=True)
        self.workers.append(worker)
        return worker

    def begun(self, name: str) -> int:
        """Wait until the job of this name is at work; its process."""
        return int((self.folder / f"{name}.begun").read_text())

    def let_go(self, name: str) -> None:
        (self.folder / f"{name}.go").write_text("")

    @property
    def trace(self) -> list[str]:
        return (self.folder / "trace").read_text().splitlines()

    @property
    def states(self) -> dict[str, str]:
        return {job.run: job.state for job in self.queue.jobs()}

    def message(self, name: str) -> str:
        return next(job.message for job in self.queue.jobs() if job.run == name)

    def end(self) -> None:
        for worker in self.workers:
            if worker.poll() is None:
                worker.kill()
            worker.wait()
        for job in self.queue.running():
            self.queue.end_by_force(job.id)


@pytest.fixture(autouse=True)
def hears_ctrl_c() -> Iterator[None]:
    """What a test starts must hear SIGINT, which a shell in the background tells its children to ignore."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def bench(workspace: Workspace, tmp_path: Path) -> Iterator[Bench]:
    made = Bench(workspace, tmp_path)
    yield made
    made.end()


@pytest.fixture
def ended() -> Callable[[subprocess.Popen[bytes]], int]:
    """Wait for the end of a worker; its status."""
    return lambda worker: worker.wait(timeout=60)


def kill_9(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
