"""Long work beside the pages: a command in a process of its own, whose state a page shows while it runs.

Jobs belong to the server, not to a visitor: who comes back, or comes second, finds the job that is running.
"""

from __future__ import annotations

import atexit
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Hashable, Mapping, Sequence
from typing import Literal

import streamlit as st

from dashboard.plain import plain_sentences
from workbench.workspace import Workspace

State = Literal["running", "done", "failed", "cancelled"]
_PATIENCE_S = 3.0
_LETTERS_READ = 4000
_NICENESS = 5  # a command may use every core: the pages come first


class Job:
    """A running or ended command; several visitors may ask about it at once."""

    def __init__(self, title: str, command: Sequence[str], environment: Mapping[str, str]) -> None:
        from workbench.progress import LINES

        self.title = title
        self._began, self._ended = time.monotonic(), 0.0
        self._is_cancelled = False
        self._lock = threading.Lock()
        self._last_words = ""
        self._output = tempfile.TemporaryFile()  # noqa: SIM115 - closed when the command has ended
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=self._output,
            stderr=subprocess.STDOUT,
            env={**os.environ, **environment, "PYTHONUNBUFFERED": "1", LINES: "1"},
        )
        if hasattr(os, "setpriority"):  # not on Windows
            os.setpriority(os.PRIO_PROCESS, self._process.pid, _NICENESS)

    @property
    def state(self) -> State:
        """Where it stands now."""
        with self._lock:
            status = self._process.poll()
            if status is None:
                return "running"
            if not self._output.closed:
                self._ended, self._last_words = time.monotonic(), self._read()
                self._output.close()
        if self._is_cancelled:
            return "cancelled"
        return "done" if status == 0 else "failed"

    @property
    def seconds(self) -> float:
        """How long it has been running, or ran."""
        return (time.monotonic() if self.state == "running" else self._ended) - self._began

    @property
    def said(self) -> str:
        """The last line that the command has printed, without the word "error:"."""
        with self._lock:
            return self._last_words if self._output.closed else self._read()

    def cancel(self) -> None:
        """End it, by force if it does not listen."""
        self._is_cancelled = self.state == "running"
        self._process.terminate()
        try:
            self._process.wait(_PATIENCE_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
        self.join()

    def join(self) -> State:
        """Wait for the end, however long it takes."""
        self._process.wait()
        return self.state

    def _read(self) -> str:
        file = self._output.fileno()
        start = max(0, os.fstat(file).st_size - _LETTERS_READ)
        text = os.pread(file, _LETTERS_READ, start).decode(errors="replace")
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        return lines[-1].removeprefix("error:").strip() if lines else ""


_jobs: dict[Hashable, Job] = {}
_jobs_lock = threading.Lock()


def start(
    key: Hashable, title: str, command: Sequence[str], environment: Mapping[str, str] | None = None
) -> Job:
    """Begin a job, unless the one of this key is running already: then it is that one."""
    with _jobs_lock:
        job = _jobs.get(key)
        if job is None or job.state != "running":
            job = _jobs[key] = Job(title, command, environment or {})
        return job


def start_workbench(key: Hashable, title: str, arguments: Sequence[str]) -> Job:
    """Begin `workbench` with these arguments, in the workspace that the pages look at."""
    command = [sys.executable, "-m", "workbench", *arguments]
    return start(key, title, command, {"WORKBENCH_HOME": str(Workspace.current().root)})


def find(key: Hashable) -> Job | None:
    """The last job of this key."""
    return _jobs.get(key)


def is_running(key: Hashable) -> bool:
    """Whether the job of this key is at work."""
    job = find(key)
    return job is not None and job.state == "running"


def show(key: Hashable) -> None:
    """The state of the job of this key, if there is one worth a word; the page is run again when it ends."""
    job = find(key)
    if job is None:
        return
    if job.state == "running":
        _watch(key, job)
    elif job.state == "failed":
        st.error(
            f"{job.title} failed after {job.seconds:.0f} s. {plain_sentences(job.said)}",
            icon=":material/error:",
        )


@st.fragment(run_every=1.0)
def _watch(key: Hashable, job: Job) -> None:
    if job.state != "running":
        st.rerun()
    with st.container(horizontal=True, vertical_alignment="center"):
        so_far = f"**{job.seconds:.0f} s** so far. {plain_sentences(job.said)}"
        st.markdown(f":material/hourglass_top: {job.title}: {so_far}")
        if st.button("Cancel", key=f"cancel-{hash(key)}", icon=":material/close:"):
            job.cancel()
            st.rerun()


@atexit.register
def end_all() -> None:
    """No job outlives the server."""
    for job in _jobs.values():
        if job.state == "running":
            job.cancel()
