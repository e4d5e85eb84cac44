"""What the page of trainings looks at: what there is to train, and the queue of this workspace."""

from __future__ import annotations

import time
from pathlib import Path

import streamlit as st

from dashboard import jobs
from workbench.data.cards import BUILT_IN, list_corpora
from workbench.errors import WorkbenchError
from workbench.forms.known import Known, place_of_description
from workbench.forms.request import Request
from workbench.queue import worker
from workbench.queue.jobs import Job, Queue
from workbench.runs.store import Run
from workbench.workspace import Workspace

_STARTED = "train_worker_started"
_PATIENCE_S = 10.0
"""How long a worker that was started may take until it says so, on a machine that is busy."""


def known() -> Known | None:
    """What there is to train; None while a process with torch finds that out, once for each version."""
    path = place_of_description(Workspace.current())
    key = ("settings", str(path))
    if path.exists():
        return _known(str(path))
    job = jobs.find(key)
    if job is None or job.state == "done":
        jobs.start_workbench(key, "Finding out what can be trained", ["methods", "--json", str(path)])
    jobs.show(key)
    if job is not None and job.state == "failed" and st.button("Try again", key="describe-again"):
        jobs.start_workbench(key, "Finding out what can be trained", ["methods", "--json", str(path)])
        st.rerun()
    return None


@st.cache_resource(max_entries=2, show_spinner=False)
def _known(path: str) -> Known:
    return Known.read(Path(path))


def corpora() -> list[str]:
    """The corpora that can be trained on, the built-in one first."""
    found = [entry.name for entry in list_corpora() if entry.card is not None]
    return [BUILT_IN, *(name for name in found if name != BUILT_IN)]


def queue() -> Queue:
    """The trainings of this workspace."""
    return Queue(Workspace.current())


def begin(request: Request, encoder: str) -> None:
    """Queue a training for each seed and see to it that somebody works; `encoder` is the method's own choice.

    Raises:
        WorkbenchError: for what can be known to be wrong.
    """
    request.check()
    here = queue()
    taken = {job.run for job in here.jobs() if job.is_active}
    for run, arguments in request.runs(here.workspace.runs, encoder, taken):
        here.add(run, arguments)
    _start_worker()


def go_on(job: Job) -> None:
    """Queue what was cut short: from where its run stands, or anew where it has left none."""
    here = queue()
    begun = run_of(job)
    resumed = begun is not None and begun.status != "done"
    here.add(job.run, ("--resume", job.run) if resumed else job.arguments)
    _start_worker()


def see_to_the_queue(here: Queue) -> None:
    """Start a worker where there is something to do and nobody does it, as after the machine went down."""
    since = time.monotonic() - float(st.session_state.get(_STARTED, -_PATIENCE_S))
    if since >= _PATIENCE_S and not here.is_attended() and (here.waiting() or here.running()):
        _start_worker()


def _start_worker() -> None:
    st.session_state[_STARTED] = time.monotonic()
    worker.start(Workspace.current())


def run_of(job: Job) -> Run | None:
    """The run that a job writes, as far as it can be read."""
    try:
        return Run.load(queue().workspace.runs / job.run)
    except WorkbenchError:
        return None
