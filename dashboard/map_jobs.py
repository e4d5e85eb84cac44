"""Maps that take long: computed by a command beside the pages, PCA until they are ready."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Protocol, TypeVar

import numpy as np
import streamlit as st

from dashboard import jobs
from dashboard.documents_state import How
from workbench.runs.store import Run
from workbench.wording import how_many
from workbench.workspace import Workspace

NAMES = {"pca": "PCA", "tsne": "t-SNE", "umap": "UMAP"}


class Asked(Protocol):
    """Maps as far as they are computed: how, of which runs, and of which runs none is there yet."""

    @property
    def how(self) -> How:
        """How it is laid out."""
        ...

    @property
    def points(self) -> Mapping[str, np.ndarray]:
        """Points by run, of those that are ready."""
        ...

    @property
    def missing(self) -> Sequence[Run]:
        """Runs whose map is not computed yet."""
        ...


AnyMaps = TypeVar("AnyMaps", bound=Asked)


def until_ready(
    asked: AnyMaps, laid_out: Callable[[How], AnyMaps], of: Hashable, options: Sequence[str] = ()
) -> AnyMaps:
    """What can be drawn now; offers to compute what is missing, and says how far that is.

    Args:
        asked: the maps as they are.
        laid_out: gives the maps of the same runs laid out otherwise: PCA is there at once.
        of: what is laid out, for telling one job from another.
        options: further ones of `workbench project`.
    """
    if not asked.missing:
        return asked
    key = ("project", str(Workspace.current().root), of, asked.how)
    jobs.show(key)
    with st.container(horizontal=True, vertical_alignment="center"):
        if not jobs.is_running(key):
            st.button(
                _title("Compute", asked),
                key="compute",
                type="primary",
                icon=":material/scatter_plot:",
                on_click=_compute,
                args=(key, asked, options),
                help=f"{', '.join(run.name for run in asked.missing)}. It is kept on disk: once is enough.",
            )
        if not asked.points:
            st.caption(f"Until {NAMES[asked.how.method]} is ready, this is PCA.")
    if asked.points:
        return asked
    scaled = tuple((name, value) for name, value in asked.how.settings if name == "unit_length")
    return laid_out(How("pca", scaled))


def _compute(key: Hashable, asked: Asked, options: Sequence[str]) -> None:
    settings = ["--method", asked.how.method]
    for name, value in asked.how.settings:
        flag = "--" + name.replace("_", "-")
        settings += [flag] if value is True else [flag, str(value)]
    runs = [str(run.path) for run in asked.missing]
    jobs.start_workbench(key, _title("Computing", asked), ["project", *settings, *options, *runs])


def _title(verb: str, asked: Asked) -> str:
    return f"{verb} {NAMES[asked.how.method]} of {how_many(len(asked.missing), 'run')}"
