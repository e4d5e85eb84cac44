"""Every page in Chromium, light and dark, on small runs that were trained; pictures stay in artefacts/.

One server and one window serve all pages, in the order in which a reader finds them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote_plus

import pytest
from playwright.sync_api import Page, expect

import workbench
from tests.dashboard.browsing import FIRST_DOT, PATIENCE_MS, chromium, served, watched
from workbench.data.library import save_corpus
from workbench.files import write_json
from workbench.forms.known import place_of_description
from workbench.training.forms import describe_settings
from workbench.workspace import Workspace

ARTEFACTS = Path(__file__).parents[2] / "artefacts"
PAGES = {
    "Overview": "P@1",
    "Train": None,
    "Labels": "by frequency",
    "Label relations": "A alone",
    "Label texts": None,
    "Documents": "wrong labels",
    "Similarity": "p(column | row)",
    "Geometry": "2-D",
    "Inside a document": "a text of your own",
    "Tail features": None,
    "Landscapes": "Surface",
    "Compare": "Learning curves",
    "Mixtures": None,
    "Runs": "Label groups",
    "Tail labels": "PSP",
    "Label dependency": "Label combinations",
    "Spectra": "raw",
    "Family": None,
    "Papers": None,
    "Claims": None,
}
"""The pages by the names that the navigation has for them, each with an option to choose on it."""

SETTLED = """() => {
    const app = document.querySelector('[data-testid="stApp"]');
    const charts = [...document.querySelectorAll('[data-testid="stPlotlyChart"]')];
    return app.dataset.testScriptState === 'notRunning'
        && !document.querySelector('[data-testid="stSkeleton"], [data-testid="stSpinner"]')
        && !document.querySelector('[data-stale="true"]')
        && charts.every(chart => chart.querySelector('.main-svg'));
}"""
BACKGROUND = """() => {
    const app = document.querySelector('[data-testid="stApp"]');
    return getComputedStyle(app).backgroundColor.match(/[0-9]+/g).slice(0, 3).map(Number);
}"""
IS_DARK = f"() => Math.max(...({BACKGROUND})()) < 100"
IS_LIGHT = f"() => Math.min(...({BACKGROUND})()) > 200"


class Window(NamedTuple):
    page: Page
    wrong: list[str]


@pytest.fixture(scope="module")
def window(toy_corpus, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Window]:
    """A window on a workspace with three trained runs."""
    folder = tmp_path_factory.mktemp("screenshots")
    workspace = Workspace(folder / "home")
    save_corpus(toy_corpus, workspace.corpora / "toy")
    settings = {"epochs": 2, "filters": 8, "embedding_size": 8, "max_length": 32, "device": "cpu"}
    for method in ("base", "protomix", "lsfa"):
        workbench.fit(method, "toy", encoder="cnn", workspace=workspace, progress=False, **settings)
    write_json(place_of_description(workspace), describe_settings())
    ARTEFACTS.mkdir(exist_ok=True)
    with served(workspace.root, folder / "server.log") as address, chromium() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 900}, color_scheme="light")
        page.set_default_timeout(PATIENCE_MS)
        page.goto(address)
        expect(page.get_by_role("link", name="Claims", exact=True)).to_be_visible()
        yield Window(page, watched(page))


def is_settled(page: Page) -> None:
    """Wait until the page is drawn; it must not show an exception."""
    page.wait_for_function(SETTLED)
    expect(page.get_by_test_id("stException")).to_have_count(0)


def link_names(page: Page) -> list[str]:
    links = page.get_by_test_id("stSidebarNavLink").all()
    return [link.inner_text().splitlines()[-1].strip() for link in links]


@pytest.mark.browser
def test_every_page_of_the_navigation_is_pictured(window: Window):
    assert link_names(window.page) == list(PAGES)


@pytest.mark.browser
@pytest.mark.parametrize("name", PAGES)
def test_a_page_in_light_and_dark(window: Window, name: str):
    page, option = window.page, PAGES[name]
    window.wrong.clear()
    page.get_by_role("link", name=name, exact=True).click()
    expect(page).to_have_title(f"{name} · Workbench", timeout=PATIENCE_MS)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    is_settled(page)
    if option:
        page.get_by_test_id("stMain").get_by_role("radio", name=option, exact=True).first.click()
        expect(page).to_have_url(re.compile(re.escape(quote_plus(option))), timeout=PATIENCE_MS)
        is_settled(page)
    for scheme, is_shown in (("dark", IS_DARK), ("light", IS_LIGHT)):
        page.emulate_media(color_scheme=scheme)
        page.wait_for_function(is_shown)
        is_settled(page)
        page.screenshot(path=ARTEFACTS / f"{name.lower().replace(' ', '-')}-{scheme}.png")
    assert window.wrong == []


@pytest.mark.browser
def test_a_document_of_a_map_is_opened_inside(window: Window):
    page = window.page
    page.get_by_role("link", name="Documents", exact=True).click()
    expect(page).to_have_title("Documents · Workbench", timeout=PATIENCE_MS)
    is_settled(page)
    x, y, identity = page.evaluate(FIRST_DOT)
    page.mouse.click(x, y)
    with page.expect_popup() as popup:
        page.get_by_role("link", name="Open it inside").click()
    inside = popup.value
    inside.set_default_timeout(PATIENCE_MS)
    expect(inside).to_have_title("Inside a document · Workbench", timeout=PATIENCE_MS)
    chosen = inside.get_by_test_id("stMain").locator(f'input[value^="{identity}"]')
    expect(chosen).to_be_visible(timeout=PATIENCE_MS)
    expect(inside.get_by_test_id("stPlotlyChart").first).to_be_visible(timeout=PATIENCE_MS)
    is_settled(inside)
    inside.close()
