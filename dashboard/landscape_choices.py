"""The choices of the page of landscapes, and the work that runs without one need first."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard import choices, first_choice, jobs
from dashboard.landscape_state import Pair
from workbench.analysis.landscape import Landscape
from workbench.runs.store import Run
from workbench.wording import how_many
from workbench.workspace import Workspace

HEIGHTS = {"Loss": "loss", "Logarithm": "log10_loss", "Rise above its own": "rise"}
_NAMED = 6
_TAKES = {
    "tfidf": "some seconds with TF-IDF",
    "frozen": "some seconds with a frozen encoder",
    "cnn": "up to a minute or two with the CNN",
    "tuned": "half an hour to an hour with a BiLSTM or a small fine-tuned transformer on two CPU cores",
}
"""As results/benchmarks/landscape.json has it, whose grid is most of a probe, and runs of real corpora."""


def choose_alike(pairs: Sequence[Pair]) -> list[Pair]:
    """The pairs that may share a picture; where there are several sets of those, the reader picks one."""
    sets: dict[str, list[Pair]] = {}
    for pair in pairs:
        sets.setdefault(pair[1].identity, []).append(pair)
    if len(sets) == 1:
        return list(pairs)
    titles = {
        identity: f"{alike[0][1].title} ({how_many(len(alike), 'run')})" for identity, alike in sets.items()
    }
    chosen = st.selectbox(
        "Computed with",
        sorted(sets, key=lambda identity: -len(sets[identity])),
        format_func=titles.__getitem__,
        key="alike",
        bind="query-params",
        help="Only landscapes of the same documents, grid and seed are drawn together.",
    )
    return sets[chosen]


def how_to_compute(runs: Sequence[Run], plane: str, *, is_first: bool) -> None:
    """Compute the landscapes that these runs lack, here or by a command; how far that is, how long it takes.

    Args:
        runs: those without a landscape, the newest first; a job may be at work for some.
        plane: one of `analysis.landscape.PLANES`.
        is_first: whether the page has nothing to draw.
    """
    key = ("landscape", str(Workspace.current().root))
    jobs.show(key)
    if is_first and runs:
        st.info("No run of this choice has a landscape on this plane yet.", icon=":material/flag:")
    able = [run for run in runs if plane != "path" or run.epoch_files]
    if runs and not able:
        st.caption("A path takes runs that kept the weights of their epochs. Train so, and then compute it:")
        st.code(f"workbench train … --set keep_epochs=true\n{_command('RUN', plane)}", language="bash")
    if not able or jobs.is_running(key):
        return
    named = {run.name: run for run in able}
    first = choices.picked_among(able) or [run.name for run in first_choice.one_of_each(able)][:_NAMED]
    chosen = st.multiselect(
        f"Runs without a landscape ({len(able):,})", list(named), first, key=f"compute-{plane}"
    )
    if not chosen:
        return
    asked = [named[name] for name in chosen]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            _title("Compute", asked),
            key="compute",
            type="primary" if is_first else "secondary",
            icon=":material/landscape:",
            on_click=_compute,
            args=(key, asked, plane),
            help="It goes on when you leave the page. Each run keeps its landscape on disk: once is enough.",
        )
        st.caption(f"A run takes {_how_long(asked)}. Or by a command:")
    st.code(_command(" ".join(chosen), plane), language="bash")


def _compute(key: tuple[str, str], asked: Sequence[Run], plane: str) -> None:
    runs = [str(run.path) for run in asked]
    jobs.start_workbench(
        key, _title("Computing", asked), ["probe", "landscape", "--plane", plane, "--", *runs]
    )


def _command(runs: str, plane: str) -> str:
    return f"workbench probe landscape {runs}" + (" --plane path" if plane == "path" else "")


def _title(verb: str, asked: Sequence[Run]) -> str:
    return (
        f"{verb} the landscape of {asked[0].name}" if len(asked) == 1 else f"{verb} {len(asked)} landscapes"
    )


def _how_long(asked: Sequence[Run]) -> str:
    """What a run of each kind of encoder takes, the quickest first."""
    kinds = {_kind(str(run.manifest.get("encoder", "?"))) for run in asked}
    return ", ".join(time for kind, time in _TAKES.items() if kind in kinds)


def _kind(encoder: str) -> str:
    return "frozen" if encoder.endswith("frozen") else encoder if encoder in _TAKES else "tuned"


def choose_landscapes(pairs: Sequence[Pair]) -> list[Landscape]:
    """The landscapes of the runs that the reader picks, one of each method and encoder at first."""
    by_run = {run.name: one for run, one in pairs}
    chosen = choices.choose_runs([run for run, _ in pairs], first_choice.one_of_each)
    return [by_run[run.name] for run in chosen]


def choose_landscapes_and_height(pairs: Sequence[Pair]) -> tuple[list[Landscape], str]:
    """The landscapes, and which column is drawn as height and colour."""
    left, right = st.columns([3, 2])
    with left:
        chosen = choose_landscapes(pairs)
    with right:
        return chosen, choose_height()


def choose_height() -> str:
    """Which column is drawn as height and colour."""
    return HEIGHTS[choices.segments("Height", list(HEIGHTS), "height")]
