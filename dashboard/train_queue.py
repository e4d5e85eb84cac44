"""The queue as it is: what is running with its curves, what waits, and how earlier trainings ended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Literal
from urllib.parse import urlencode

import streamlit as st

from dashboard import state, train_state
from dashboard.download import chart, offer_text
from workbench.errors import WorkbenchError
from workbench.figures.curves import curve_figure
from workbench.queue.jobs import Job, Queue
from workbench.queue.outcome import tail
from workbench.runs.store import Run
from workbench.wording import how_many

SHOWN = ("nDCG@5", "P@1", "PSP@5", "micro_F1", "macro_F1")
_EVERY_S = 1.5
_MOST_ENDED = 8
_LOOK: dict[str, tuple[Literal["gray", "blue", "green", "red", "orange"], str]] = {
    "waiting": ("gray", ":material/hourglass_empty:"),
    "running": ("blue", ":material/play_arrow:"),
    "done": ("green", ":material/check:"),
    "failed": ("red", ":material/error:"),
    "stopped": ("orange", ":material/stop:"),
    "interrupted": ("orange", ":material/power_off:"),
}


def show() -> None:
    """Draw the queue, again and again while something is in it."""
    is_active = any(job.is_active for job in train_state.queue().jobs())
    st.fragment(_draw, run_every=_EVERY_S if is_active else None)(is_active)


def _draw(was_active: bool) -> None:
    queue = train_state.queue()
    train_state.see_to_the_queue(queue)
    jobs = list({job.run: job for job in queue.jobs()}.values())  # of a run that goes on the last one
    if was_active != any(job.is_active for job in jobs):
        st.rerun()  # the whole page: with a clock, or without one
    if not jobs:
        st.caption("Nothing has been trained from here yet.")
        return
    for job in (job for job in jobs if job.state == "running"):
        _running(queue, job)
    waiting = [job for job in jobs if job.state == "waiting"]
    for place, job in enumerate(waiting):
        _waiting(queue, job, place)
    ended = [job for job in reversed(jobs) if not job.is_active]
    for number, job in enumerate(ended[:_MOST_ENDED]):
        _ended(queue, job, with_curves=number == 0 and not waiting and len(ended) == len(jobs))
    _clear(queue, ended)


def _running(queue: Queue, job: Job) -> None:
    run = train_state.run_of(job)
    with st.container(border=True):
        buttons = _heading(job, f"for {_duration(job.began_at)}" if job.began_at else "")
        if queue.is_stopping(job.id):
            st.caption("It is stopping, and writes what it has so far.")
            buttons.button(
                "End by force",
                key=f"kill-{job.id}",
                on_click=queue.end_by_force,
                args=(job.id,),
                help="At once, where it does not listen. What it has not written is lost.",
            )
        else:
            buttons.button(
                "Stop",
                key=f"stop-{job.id}",
                icon=":material/stop:",
                on_click=queue.stop,
                args=(job.id,),
                help="As Ctrl-C does: you can go on later, from the last whole epoch.",
            )
        _progress(run)
        _curves(run)
        _log(queue, job)


def _waiting(queue: Queue, job: Job, place: int) -> None:
    before = how_many(place, "other") + " before it" if place else "next"
    with st.container(border=True):
        _heading(job, before).button(
            "Take off", key=f"off-{job.id}", icon=":material/close:", on_click=queue.stop, args=(job.id,)
        )


def _ended(queue: Queue, job: Job, *, with_curves: bool) -> None:
    run = train_state.run_of(job)
    with st.container(border=True):
        buttons = _heading(job, f"{_duration(job.ended_at)} ago" if job.ended_at else "")
        if job.state != "done":
            has_run = run is not None and run.status != "done"
            buttons.button(
                "Try again" if job.state == "failed" else "Go on",
                key=f"on-{job.id}",
                icon=":material/resume:",
                on_click=train_state.go_on,
                args=(job,),
                help="From its last whole epoch." if has_run else "It has written nothing yet: anew.",
            )
        buttons.button(
            "Dismiss",
            key=f"forget-{job.id}",
            on_click=_forget,
            args=(queue, job.run),
            help="The run itself stays.",
        )
        if job.message:
            st.code(job.message, language=None, wrap_lines=True)
        if job.state == "done" and run is not None:
            _numbers(run)
        if with_curves:
            _curves(run)
        _log(queue, job)


def _heading(job: Job, about: str) -> st.delta_generator.DeltaGenerator:
    """The name of the run and where it stands; gives the place of its buttons."""
    colour, icon = _LOOK[job.state]
    title, buttons = st.columns([3, 2], vertical_alignment="center")
    with title.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"`{job.run}`", width="content")
        st.badge(job.state, icon=icon, color=colour)
        st.caption(about, width="content")
    return buttons.container(horizontal=True, horizontal_alignment="right")


def _progress(run: Run | None) -> None:
    """How far the training is; a bar of the stage."""
    try:
        reached = run.progress if run is not None else {}
    except WorkbenchError:
        reached = {}
    if run is None or not reached:
        st.progress(0.0, "Loading and preparing documents")
        return
    stages = list(run.manifest.get("stages") or [reached["stage"]])
    stage = str(reached["stage"])
    of = f" ({stages.index(stage) + 1} of {len(stages)})" if len(stages) > 1 and stage in stages else ""
    if reached["is_over"]:
        last = stage == stages[-1]
        st.progress(1.0, f"{stage}{of} is trained" + (": scoring test documents" if last else ""))
        return
    left = reached["seconds_left"]
    parts = [
        f"stage {stage}{of}",
        f"epoch {reached['epoch']} of {reached['epochs']}",
        f"step {reached['step']:,} of {reached['steps']:,}",
        f"at most {_spelled(left)} left" if left is not None else "",
    ]
    st.progress(reached["step"] / max(reached["steps"], 1), " · ".join(part for part in parts if part))


def _curves(run: Run | None) -> None:
    """Loss and the metric that epochs are chosen by, as far as they are written."""
    if run is None:
        return
    try:
        table = state.curves([run])
    except WorkbenchError:
        return
    if table.empty:
        return
    select = str(((run.manifest.get("config") or {}).get("training") or {}).get("select", "nDCG@5"))
    terms = [term for term in ("loss", select) if (table["term"] == term).any()]
    figure = curve_figure(table, {run.name: str(run.manifest.get("method", "?"))}, terms)
    chart(figure.update_layout(showlegend=False), "training")
    st.caption(
        "Solid lines are training, dotted ones validation. Look whether the validation metric still rises: "
        "when it has not for as many epochs as `patience`, training ends by itself."
    )


def _numbers(run: Run) -> None:
    """What the run reached on the test documents, and where to look further."""
    overall = run.metrics.get("test", {}).get("overall", {})
    told = [name for name in SHOWN if overall.get(name) is not None]
    st.markdown("Test: " + " · ".join(f"{name.replace('_', ' ')} **{overall[name]:.3f}**" for name in told))
    split = ("split", run.split_id)
    curves = urlencode([split, ("shown", "Learning curves"), ("runs", run.name)])
    compare = urlencode([split])
    st.markdown(f"[Learning curves](runs?{curves}) · [Compare with other runs](runs?{compare})")


def _log(queue: Queue, job: Job) -> None:
    if not st.toggle("Log", key=f"log-{job.id}"):
        return
    path = queue.log(job.id)
    st.code(tail(path) or "Nothing was printed.", language=None, height=240)
    if path.exists():
        offer_text("Whole log", path.read_bytes, f"{job.run}.log", key=f"whole-{job.id}")


def _clear(queue: Queue, ended: Sequence[Job]) -> None:
    if len(ended) < 2:
        return
    more = f"and {len(ended) - _MOST_ENDED} more" if len(ended) > _MOST_ENDED else ""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            f"Dismiss all {len(ended)}",
            on_click=_forget,
            args=(queue, *(job.run for job in ended)),
            help="The runs themselves stay.",
        )
        st.caption(more)


def _forget(queue: Queue, *runs: str) -> None:
    for job in queue.jobs():
        if job.run in runs and not job.is_active:
            queue.forget(job.id)


def _duration(since: str | None) -> str:
    try:
        return _spelled((datetime.now(UTC) - datetime.fromisoformat(str(since))).total_seconds())
    except (TypeError, ValueError):  # no moment, or one without its time zone
        return "?"


def _spelled(seconds: float) -> str:
    whole = max(0, round(seconds))
    if whole < 90:
        return f"{whole} s"
    minutes, hours = round(whole / 60), round(whole / 3600)
    return f"{minutes} min" if minutes < 90 else f"{hours} h" if hours < 48 else f"{round(hours / 24)} days"
