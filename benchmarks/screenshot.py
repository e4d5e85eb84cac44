"""A page of HTML as a picture, by Chromium."""

from __future__ import annotations

import shutil
from pathlib import Path

import plotly.graph_objects as go


def save_figure(figure: go.Figure, path: Path) -> None:
    """Draw a figure as a reader would see it, without buttons, and write it as PNG."""
    save_screenshot(figure.to_html(include_plotlyjs="inline", config={"displayModeBar": False}), path)


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
