"""Serves the pages: `python -m dashboard [streamlit options]`, as `workbench dashboard` does.

While the browser fetches its scripts the server has time: what the first page needs is imported then, and
what the other pages need once the first one stands.
"""

from __future__ import annotations

import importlib
import os
import sys
import threading
import time
from pathlib import Path
from typing import Any

_FIRST_PAGE = ("dashboard.cards", "dashboard.glance", "dashboard.state", "workbench.analysis.records")
_OTHER_PAGES = ("pyarrow", "pandas", "dashboard.panels")
_UNTIL_DRAWN_S = 3.0


def serve(options: list[str]) -> None:
    """Run streamlit on app.py with these command-line options; returns when the server stops."""
    # Before numpy is loaded: pages solve small problems, and beside a training two threads of OpenBLAS wait
    # for each other for seconds. Who has set a number keeps it.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from streamlit.components.v2 import manifest_scanner
    from streamlit.web import cli

    manifest_scanner.scan_component_manifests = _no_components
    threading.Thread(target=_warm_up, daemon=True).start()
    cli.main(["run", str(Path(__file__).with_name("app.py")), *options], prog_name="workbench dashboard")


def _no_components(max_workers: int | None = None) -> list[Any]:
    """Stands in for a search of every installed package that no page needs: it took a third of the start."""
    return []


def _warm_up() -> None:
    from streamlit import runtime
    from streamlit.runtime.runtime import RuntimeState

    while not (runtime.exists() and runtime.get_instance().state is not RuntimeState.INITIAL):
        time.sleep(0.02)
    _import(_FIRST_PAGE)
    while runtime.get_instance().state is not RuntimeState.ONE_OR_MORE_SESSIONS_CONNECTED:
        time.sleep(0.1)
    time.sleep(_UNTIL_DRAWN_S)
    _import(_OTHER_PAGES)


def _import(names: tuple[str, ...]) -> None:
    for name in names:
        importlib.import_module(name)


if __name__ == "__main__":
    serve(sys.argv[1:])
