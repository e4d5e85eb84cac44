"""What tests in a real browser share: a served workspace, Chromium, and what must not happen on a page."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.serving import free_port, wait_until_served

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE_MS = 60_000
FIRST_DOT = """() => {
    const graph = document.querySelector('[data-testid="stPlotlyChart"] .js-plotly-plot');
    const dots = graph._fullData[0], box = graph.querySelector('.nsewdrag').getBoundingClientRect();
    const {xaxis, yaxis} = graph._fullLayout;
    return [box.x + xaxis.l2p(dots.x[0]), box.y + yaxis.l2p(dots.y[0]), dots.text[0].split('<br>')[0]];
}"""
"""Where the first dot of the first map is on the screen, and the document that it stands for."""


@contextmanager
def served(home: Path, log_file: Path) -> Iterator[str]:
    """The address of a dashboard on the workspace `home`; no traceback may be in what it said."""
    port = free_port()
    command = [sys.executable, "-m", "workbench", "dashboard", "--no-browser", "--port", str(port)]
    environment = {**os.environ, "WORKBENCH_HOME": str(home)}
    with log_file.open("w") as log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=log, start_new_session=True)
    try:
        wait_until_served(server, port)
        yield f"http://127.0.0.1:{port}"
    finally:
        os.killpg(server.pid, signal.SIGINT)  # as Ctrl-C does: to the command and its server
        assert server.wait(timeout=30) == 0
    assert "Traceback" not in log_file.read_text()


@contextmanager
def chromium() -> Iterator[Browser]:
    """Chromium without a window."""
    with sync_playwright() as playwright:
        assert Path(CHROMIUM).exists(), "This test opens pages in Chromium: apt-get install chromium"
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield opened
        opened.close()


def watched(page: Page) -> list[str]:
    """What must not happen while the page is open, collected as it happens."""
    wrong: list[str] = []
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("requestfailed", lambda request: wrong.append(f"failed: {request.url}"))
    page.on(
        "request",
        lambda request: (
            wrong.append(f"left this machine: {request.url}")
            if not request.url.startswith(("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:"))
            else None
        ),
    )
    return wrong
