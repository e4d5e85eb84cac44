"""Serves the pages: `python -m dashboard [streamlit options]`, as `workbench dashboard` does.

While the browser fetches its scripts the server has time: what the first page needs is imported then, and
what the other pages need once the first one stands, or while nobody comes.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

_FIRST_PAGE = ("dashboard.cards", "dashboard.glance", "dashboard.state", "workbench.analysis.records")
_OTHER_PAGES = (
    "pyarrow",
    "pandas",
    "dashboard.panels",
    "scipy.sparse",
    "dashboard.label_panels",
    "dashboard.documents_panels",
    "dashboard.compare_panels",
    "dashboard.compare_agreement_panels",
    "dashboard.tail_feature_panels",
    "dashboard.tail_label_panels",
    "dashboard.similarity_panels",
    "dashboard.geometry_panels",
    "dashboard.dependency_panels",
    "dashboard.landscape_panels",
    "dashboard.relation_panels",
    "dashboard.text_panels",
    "dashboard.paper_panels",
    "dashboard.claims_panels",
    "dashboard.family_panels",
    "dashboard.train_form",
    "scipy.stats",
    "scipy.cluster.hierarchy",
    "sklearn.decomposition",
    "sklearn.neighbors",
)
_UNTIL_VISITED_S = 5.0
_UNTIL_DRAWN_S = 3.0
_THEME_OF_CHARTS = "plotly.graph_objects"
"""Imported by streamlit when it starts, for a template that none of our figures uses: each names its own."""


def serve(options: list[str]) -> None:
    """Run streamlit on app.py with these command-line options; returns when the server stops."""
    # Before numpy is loaded: pages solve small problems, and beside a training two threads of OpenBLAS wait
    # for each other for seconds. Who has set a number keeps it.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    gc.disable()  # until the first page is imported: hundreds of modules, and nothing among them to collect
    with _hidden(_THEME_OF_CHARTS):
        from streamlit.components.v2 import manifest_scanner
        from streamlit.web import cli

    manifest_scanner.scan_component_manifests = _no_components
    threading.Thread(target=_warm_up, daemon=True).start()
    cli.main(["run", str(Path(__file__).with_name("app.py")), *options], prog_name="workbench dashboard")


@contextlib.contextmanager
def _hidden(module: str) -> Iterator[None]:
    """Makes importing `module` fail as if it were not installed, which streamlit is prepared for."""
    kept = sys.modules.pop(module, None)
    sys.modules[module] = None  # type: ignore[assignment]  # how Python spells "not to be found"
    try:
        yield
    finally:
        del sys.modules[module]
        if kept is not None:
            sys.modules[module] = kept


def _no_components(max_workers: int | None = None) -> list[Any]:
    """Stands in for a search of every installed package that no page needs: it took a third of the start."""
    return []


def _warm_up() -> None:
    try:
        from streamlit import runtime
        from streamlit.runtime.runtime import RuntimeState

        while not (runtime.exists() and runtime.get_instance().state is not RuntimeState.INITIAL):
            time.sleep(0.02)
        for name in _FIRST_PAGE:
            importlib.import_module(name)
    finally:
        gc.freeze()  # streamlit collects after each run of a page: what was imported need not be gone through
        gc.enable()
    _import_meanwhile(lambda: runtime.get_instance().state is RuntimeState.ONE_OR_MORE_SESSIONS_CONNECTED)
    importlib.import_module("workbench.exhibits.registry").all_exhibits()  # which imports them
    gc.freeze()


def _import_meanwhile(is_visited: Callable[[], bool]) -> None:
    """Import what the other pages need, one by one; who comes first gets the first page undisturbed."""
    has_come, begin = False, time.monotonic() + _UNTIL_VISITED_S
    for name in _OTHER_PAGES:
        while True:
            if not has_come and is_visited():
                has_come, begin = True, time.monotonic() + _UNTIL_DRAWN_S
            if time.monotonic() >= begin:
                break
            time.sleep(0.1)
        importlib.import_module(name)


if __name__ == "__main__":
    serve(sys.argv[1:])
