"""Serves the pages: `python -m dashboard [streamlit options]`, as `workbench dashboard` does.

While the browser fetches its scripts the server is idle: what the first page needs is imported then.
"""

from __future__ import annotations

import sys
import threading
import time
from pathlib import Path


def serve(options: list[str]) -> None:
    """Run streamlit on app.py with these command-line options; returns when the server stops."""
    from streamlit.web import cli

    threading.Thread(target=_warm_up, daemon=True).start()
    cli.main(["run", str(Path(__file__).with_name("app.py")), *options], prog_name="workbench dashboard")


def _warm_up() -> None:
    from streamlit import runtime

    while not runtime.exists():
        time.sleep(0.02)
    import dashboard.cards
    import dashboard.glance
    import dashboard.state  # noqa: F401


if __name__ == "__main__":
    serve(sys.argv[1:])
