"""Time in a real browser until a map of 10,000 documents is drawn in other colours.

Usage: python benchmarks/map.py [--documents 10000] [--rounds 3]. The runs are made up, as in dashboard.py.

WebGL draws the dots. Chromium runs without a graphics processor here, so that its share is the largest; where
there is one it is a fraction of that. The server's share alone stands in results/benchmarks/dashboard.json.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import tempfile
import time
from pathlib import Path

from pages_server import starting, wait_until_served
from pages_workspace import Size, write_workspace
from playwright.sync_api import Page, sync_playwright

from workbench.workspace import Workspace

_STATE = "[data-testid=stApp][data-test-script-state={}]"
_TWO_FRAMES = "new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))"
_COLOURS = ("wrong labels", "rarest label")
_PATIENCE_MS = 120_000


def measure(page: Page, address: str, rounds: int) -> dict[str, list[float]]:
    """Seconds from following a link to the map, and from choosing a colour, until it is drawn."""
    begun = time.perf_counter()
    page.goto(address)
    page.wait_for_selector(".js-plotly-plot canvas")
    _wait_until_drawn(page)
    found = {"first_visit_s": [time.perf_counter() - begun], "another_colour_s": []}
    for colour in _COLOURS * rounds:
        page.wait_for_load_state("networkidle")
        begun = time.perf_counter()
        page.click(f"text='{colour}'")
        page.wait_for_selector(_STATE.format("running"))
        _wait_until_drawn(page)
        found["another_colour_s"].append(time.perf_counter() - begun)
    return found


def _wait_until_drawn(page: Page) -> None:
    page.wait_for_selector(_STATE.format("notRunning"))
    page.evaluate(_TWO_FRAMES)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--documents", type=int, default=Size.documents)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        workspace = Workspace(Path(home))
        write_workspace(workspace, Size(runs=1, documents=chosen.documents))
        browser = playwright.chromium.launch(
            executable_path=chosen.chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_context(viewport={"width": 1280, "height": 1000}).new_page()
        page.set_default_timeout(_PATIENCE_MS)
        with starting(workspace.root) as server:
            wait_until_served(server.port)
            found = measure(page, f"http://127.0.0.1:{server.port}/documents", chosen.rounds)
    for name, values in found.items():
        spread = {"median": statistics.median(values), "lowest": min(values), "highest": max(values)}
        print(name, json.dumps({key: round(value, 2) for key, value in spread.items()}))
    print("load average", os.getloadavg())


if __name__ == "__main__":
    main()
