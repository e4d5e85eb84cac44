"""Jobs on disk: one file a job, in the folder of what it is doing: waiting, running or ended.

A job is taken by renaming its file, which only one process can do; every file appears whole or not at all.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from workbench.errors import WorkbenchError
from workbench.files import write_json
from workbench.queue.outcome import judged
from workbench.queue.signals import interrupt, kill
from workbench.runs.layout import checked_name
from workbench.runs.process import is_gone, this_process
from workbench.workspace import Workspace

State = Literal["waiting", "running", "done", "failed", "stopped", "interrupted"]
_PLACES = ("waiting", "running", "ended")
"""The folders in the order in which a job passes through them."""


@dataclass(frozen=True)
class Job:
    """A training that was asked for: `workbench train` with `arguments`, which writes the run `run`."""

    id: str
    run: str
    arguments: tuple[str, ...]
    queued_at: str
    began_at: str | None = None
    ended_at: str | None = None
    process: Mapping[str, Any] | None = None
    state: State = "waiting"
    message: str = ""

    @property
    def is_active(self) -> bool:
        """Whether it is running or will be."""
        return self.state in ("waiting", "running")


class Queue:
    """The jobs of a workspace; several processes may look at them and change them at once."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.folder = workspace.queue

    @property
    def lock(self) -> Path:
        """The file whose lock the one worker holds."""
        return self.folder / "worker.lock"

    @property
    def worker(self) -> Path:
        """Which process is the worker: for looking, where the lock cannot be asked without taking it."""
        return self.folder / "worker.json"

    def add(self, run: str, arguments: Sequence[str]) -> Job:
        """Put a training at the end; the run's name must be a plain one.

        Raises:
            WorkbenchError: for a name that no run can have.
        """
        job_id = f"{time.time_ns():020d}-{secrets.token_hex(3)}"
        job = Job(job_id, checked_name(run), tuple(arguments), _now())
        self._write("waiting", job)
        return job

    def jobs(self) -> list[Job]:
        """All jobs, the oldest first; what cannot be read is left out."""
        found: dict[str, Job] = {}
        for place in _PLACES:  # as jobs go: one that moves meanwhile is met, at last where it is
            found |= {job.id: job for job in self._in(place)}
        return sorted((self._as_seen(job) for job in found.values()), key=lambda job: job.id)

    def waiting(self) -> list[Job]:
        """The jobs that nobody has taken yet, the oldest first."""
        return self._in("waiting")

    def running(self) -> list[Job]:
        """The jobs that were taken and are not said to have ended; their processes may be gone."""
        ended = {path.name for path in (self.folder / "ended").glob("[!.]*.json")}
        return [job for job in self._in("running") if f"{job.id}.json" not in ended]

    def stop(self, job_id: str) -> None:
        """Take a waiting job off; end a running one as Ctrl-C does."""
        try:
            self._file("waiting", job_id).unlink()
        except FileNotFoundError:  # it has been taken: the worker looks for the mark once it has started it
            if self._file("running", job_id).exists():
                self._mark(job_id).parent.mkdir(parents=True, exist_ok=True)
                self._mark(job_id).touch()
                interrupt(self._process(job_id))

    def end_by_force(self, job_id: str) -> None:
        """End a running job that does not listen; what it has not written is lost."""
        kill(self._process(job_id))

    def forget(self, job_id: str) -> None:
        """Leave out a job that has ended, and its log."""
        self._file("ended", job_id).unlink(missing_ok=True)
        self.log(job_id).unlink(missing_ok=True)
        self._mark(job_id).unlink(missing_ok=True)

    def is_stopping(self, job_id: str) -> bool:
        """Whether somebody has asked it to stop."""
        return self._mark(job_id).exists()

    def is_attended(self) -> bool:
        """Whether a worker is alive."""
        process = _read(self.worker)
        return process is not None and not is_gone(process)

    def log(self, job_id: str) -> Path:
        """The file with all that the job has printed."""
        return self.folder / "logs" / f"{checked_name(job_id, 'a job')}.log"

    # What only the worker does, which holds the lock.

    def attend(self) -> None:
        """Say that this process is the worker."""
        write_json(self.worker, this_process())

    def leave(self) -> None:
        """Say that nobody is."""
        self.worker.unlink(missing_ok=True)

    def take(self) -> Job | None:
        """The job whose turn it is, out of reach of everybody else; None when no job waits."""
        for job in self.waiting():
            target = self._file("running", job.id)
            target.parent.mkdir(parents=True, exist_ok=True)
            try:
                self._file("waiting", job.id).rename(target)
            except FileNotFoundError:
                continue  # it was taken off meanwhile
            return job
        return None

    def note_process(self, job: Job, process: Mapping[str, Any]) -> Job:
        """Say which process trains it."""
        begun = replace(job, state="running", began_at=_now(), process=process)
        self._write("running", begun)
        return begun

    def end(self, job: Job, exit_status: int | None) -> None:
        """Say how it ended; without an exit status as far as its run and its log tell."""
        self._write("ended", self._ended(job, exit_status))
        self._file("running", job.id).unlink(missing_ok=True)
        self._mark(job.id).unlink(missing_ok=True)

    def _ended(self, job: Job, exit_status: int | None) -> Job:
        asked = self.is_stopping(job.id)
        run = self.workspace.runs / job.run
        state, message = judged(exit_status, asked, self.log(job.id), run)
        return replace(job, state=state, message=message, ended_at=_now())

    def _as_seen(self, job: Job) -> Job:
        """A job that says it is running has ended when neither its process nor a worker is there."""
        if job.state != "running" or self.is_attended():
            return job
        return self._ended(job, None) if job.process is None or is_gone(job.process) else job

    def _in(self, place: str) -> list[Job]:
        paths = sorted((self.folder / place).glob("[!.]*.json"))
        return [job for path in paths if (job := _job(path, place)) is not None]

    def _process(self, job_id: str) -> Mapping[str, Any] | None:
        job = _job(self._file("running", job_id), "running")
        return job.process if job else None

    def _write(self, place: str, job: Job) -> None:
        write_json(self._file(place, job.id), asdict(job))

    def _file(self, place: str, job_id: str) -> Path:
        return self.folder / place / f"{checked_name(job_id, 'a job')}.json"

    def _mark(self, job_id: str) -> Path:
        return self.folder / "stopping" / checked_name(job_id, "a job")


def _job(path: Path, place: str) -> Job | None:
    known = _read(path)
    if known is None:
        return None
    try:
        job = Job(**{**known, "arguments": tuple(known["arguments"])})
        checked_name(job.run)
    except (KeyError, TypeError, WorkbenchError):
        return None
    return replace(job, id=path.stem, state="running") if place == "running" else replace(job, id=path.stem)


def _read(path: Path) -> dict[str, Any] | None:
    """The object in `path`; None when it is gone, or was damaged by something that is not this workbench."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return value if isinstance(value, dict) else None


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
