"""Time from the start of `workbench dashboard` to the first picture in a real browser.

Usage: python benchmarks/dashboard.py [--home PATH] [--rounds 5]. The workspace needs a finished run.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import time
from pathlib import Path

from pages_server import starting, wait_until_served
from playwright.sync_api import Browser, sync_playwright


def measure(browser: Browser, home: str) -> dict[str, float]:
    """Seconds until the server answers, the page shows its title, and its first picture; then on a reload."""
    page = browser.new_context().new_page()  # a context of its own has an empty cache
    begun = time.perf_counter()
    with starting(Path(home)) as port:
        wait_until_served(port)
        served = time.perf_counter() - begun
        page.goto(f"http://127.0.0.1:{port}", wait_until="commit")
        page.wait_for_selector("h1")
        titled = time.perf_counter() - begun
        page.wait_for_selector(".glance .mean")
        drawn = time.perf_counter() - begun
        again = time.perf_counter()
        page.reload(wait_until="commit")
        page.wait_for_selector(".glance .mean")
        reloaded = time.perf_counter() - again
    return {"served_s": served, "titled_s": titled, "first_picture_s": drawn, "reload_s": reloaded}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", default=os.environ.get("WORKBENCH_HOME", "."))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    chosen = parser.parse_args()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chosen.chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        rounds = [measure(browser, chosen.home) for _ in range(chosen.rounds)]
    for name in rounds[0]:
        values = [one[name] for one in rounds]
        spread = {"median": statistics.median(values), "lowest": min(values), "highest": max(values)}
        print(name, json.dumps({key: round(value, 2) for key, value in spread.items()}))
    print("load average", os.getloadavg())


if __name__ == "__main__":
    main()
