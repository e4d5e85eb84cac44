"""From the start of `workbench dashboard` to its first picture in Chromium."""

from __future__ import annotations

import statistics
import time
from pathlib import Path

from pages_server import starting, wait_until_served
from playwright.sync_api import Browser, sync_playwright

PICTURE = ".glance .mean"


def measure_start(home: Path, rounds: int, chromium: str) -> dict[str, dict[str, float]]:
    """Seconds until the server answers, the page has its title and its first picture; then on a reload.

    Returns the median, the lowest and the highest of as many rounds, each with a server and an empty browser
    of its own. The workspace `home` needs a finished run.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        found = [_measure_once(browser, home) for _ in range(rounds)]
    return {name: _spread([one[name] for one in found]) for name in found[0]}


def _measure_once(browser: Browser, home: Path) -> dict[str, float]:
    page = browser.new_context().new_page()  # a context of its own has an empty cache
    begun = time.perf_counter()
    with starting(home) as server:
        wait_until_served(server.port)
        served = time.perf_counter() - begun
        page.goto(f"http://127.0.0.1:{server.port}", wait_until="commit")
        page.wait_for_selector("h1")
        titled = time.perf_counter() - begun
        page.wait_for_selector(PICTURE)
        drawn = time.perf_counter() - begun
        again = time.perf_counter()
        page.reload(wait_until="commit")
        page.wait_for_selector(PICTURE)
        reloaded = time.perf_counter() - again
    return {"served_s": served, "titled_s": titled, "first_picture_s": drawn, "reload_s": reloaded}


def _spread(values: list[float]) -> dict[str, float]:
    spread = {"median": statistics.median(values), "lowest": min(values), "highest": max(values)}
    return {name: round(value, 2) for name, value in spread.items()}
