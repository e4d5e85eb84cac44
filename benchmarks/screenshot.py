"""A page of HTML as a picture, by Chromium."""

from __future__ import annotations

import shutil
from pathlib import Path


def save_screenshot(html: str, path: Path) -> None:
    """Draw the page and write all of it as PNG."""
    from playwright.sync_api import sync_playwright

    path.parent.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as browsers:
        browser = browsers.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1400, "height": 900})
        page.set_content(html)
        page.screenshot(path=path, full_page=True)
        browser.close()
