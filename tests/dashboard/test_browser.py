from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.dashboard.browsing import FIRST_DOT, PATIENCE_MS, chromium, served, watched
from workbench.data.library import save_corpus
from workbench.files import write_json
from workbench.forms.known import place_of_description
from workbench.queue.jobs import Queue
from workbench.training.forms import describe_settings


@pytest.fixture
def address(run_factory, mapped_run_factory, workspace, tmp_path: Path) -> Iterator[str]:
    """A served workspace with good, unfinished and broken runs."""
    for seed in range(2):
        mapped_run_factory(f"base-{seed}", method="base", seed=seed)
    run_factory("protomix-0")
    run_factory("live-0", end="running")
    run_factory("other-0", split_id="aapd/1", started_at="2020-01-01T00:00:00+00:00")
    (run_factory("cut-0") / "run.json").write_text("{")
    with served(workspace.root, tmp_path / "server.log") as opened:
        yield opened


@pytest.fixture
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


def go(page: Page, title: str, heading: str) -> None:
    page.get_by_role("link", name=title, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(heading, timeout=PATIENCE_MS)


def go_through_the_navigation(page: Page) -> None:
    """Open each page that is listed and wait until it is drawn."""
    links, heading = page.locator('[data-testid="stSidebarNavLink"]'), page.get_by_role("heading", level=1)
    assert links.count() > 3
    for number in range(links.count()):
        before = heading.inner_text()
        links.nth(number).click()
        expect(heading).not_to_have_text(before, timeout=PATIENCE_MS)
        expect(page.locator('[data-test-script-state="notRunning"]')).to_be_visible(timeout=PATIENCE_MS)
        expect(page.locator('[data-testid="stException"]')).to_have_count(0)


@pytest.mark.browser
def test_every_page_opens_without_an_error_and_choices_go_with_the_reader(browser: Browser, address: str):
    page = browser.new_page()
    page.set_default_timeout(PATIENCE_MS)
    # The first visitor of all follows a link. Streamlit looks for itself under the page's path first, and the
    # browser calls its 404 an error: so this comes before watching.
    page.goto(f"{address}/runs?split=aapd%2F1")
    expect(page.get_by_role("link", name="Spectra", exact=True)).to_be_visible(timeout=PATIENCE_MS)
    expect(page.locator('[data-testid="stSelectbox"] input').first).to_have_value(
        "aapd/1", timeout=PATIENCE_MS
    )
    page.goto("about:blank")

    wrong = watched(page)
    page.goto(address)
    expect(page.locator(".glance .mean").first).to_be_visible(timeout=PATIENCE_MS)
    expect(page.get_by_text("cut-0")).to_be_visible()

    go(page, "Runs", "Runs")
    expect(page.locator('[data-testid="stPlotlyChart"] .main-svg').first).to_be_visible(timeout=PATIENCE_MS)
    for view, axis in (("Learning curves", "loss/prototype"), ("Label groups", "macro_F1 (0 to 1)")):
        page.get_by_text(view, exact=True).click()
        title = page.locator(".main-svg .ytitle, .main-svg .y3title", has_text=axis)
        expect(title).to_be_visible(timeout=PATIENCE_MS)
    page.locator('[data-testid="stSelectbox"]').first.locator("input").click()
    page.get_by_role("option", name="aapd/1").click()
    expect(page).to_have_url(f"{address}/runs?shown=Label+groups&split=aapd%2F1")

    go(page, "Spectra", "Spectra of label embeddings")
    expect(page).to_have_url(f"{address}/spectra?split=aapd%2F1")
    expect(page.locator(".main-svg .y2title")).to_be_visible(timeout=PATIENCE_MS)
    expect(page.locator('[data-testid="stMultiSelect"]')).to_contain_text("other-0")
    page.get_by_text("Copy link").click()
    expect(page.locator('[data-testid="stPopoverBody"]')).to_contain_text(
        "/spectra?split=aapd%2F1", timeout=PATIENCE_MS
    )
    page.keyboard.press("Escape")
    go_through_the_navigation(page)
    assert wrong == []


@pytest.mark.browser
def test_a_document_is_read_by_a_click_and_its_map_saved_as_png(
    browser: Browser, address: str, tmp_path: Path
):
    page = browser.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(address)
    wrong = watched(page)
    go(page, "Documents", "Where do documents lie?")
    page.get_by_test_id("stSidebar").get_by_text("PNG", exact=True).click()
    expect(page).to_have_url(f"{address}/documents?picture=PNG")
    camera = page.locator('.modebar-btn[data-title="Download plot as a PNG"]')
    expect(camera).to_be_attached(timeout=PATIENCE_MS)
    page.locator('[data-testid="stPlotlyChart"]').hover()
    with page.expect_download() as download:
        camera.click()
    download.value.save_as(tmp_path / "map.png")
    assert download.value.suggested_filename == "workbench-documents.png"
    assert (tmp_path / "map.png").read_bytes().startswith(b"\x89PNG")

    x, y, identity = page.evaluate(FIRST_DOT)
    page.mouse.click(x, y)
    expect(page.get_by_role("heading", name=f"Document {identity}")).to_be_visible(timeout=PATIENCE_MS)
    assert wrong == []


@pytest.mark.browser
def test_runs_of_a_link_are_compared_and_go_from_page_to_page(browser: Browser, address: str):
    page = browser.new_page(viewport={"width": 1280, "height": 1200})
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{address}/compare?runs=base-0&runs=protomix-0&runs=base-1")
    expect(page.get_by_text("★ marks the best run")).to_be_visible(timeout=PATIENCE_MS)
    expect(page.locator('[data-test-script-state="notRunning"]')).to_be_visible(timeout=PATIENCE_MS)
    wrong = watched(page)
    go(page, "Documents", "Where do documents lie?")
    expect(page.locator('[data-testid="stMultiSelect"]').first).to_contain_text("base-1", timeout=PATIENCE_MS)
    go(page, "Compare", "How do these runs differ?")
    expect(page).to_have_url(re.compile("runs=base-0&runs=protomix-0&runs=base-1"), timeout=PATIENCE_MS)
    go(page, "Runs", "Runs")
    expect(page).to_have_url(f"{address}/runs?runs=base-0&runs=protomix-0&runs=base-1", timeout=PATIENCE_MS)
    page.get_by_text("Copy link").click()
    expect(page.locator('[data-testid="stPopoverBody"]')).to_contain_text(
        "/runs?runs=base-0&runs=protomix-0&runs=base-1", timeout=PATIENCE_MS
    )
    assert wrong == []


EYES = """() => {
    const layout = document.querySelector('[data-cameras-linked]')._fullLayout;
    return layout._subplots.gl3d.map(id => layout[id]._scene.getCamera().eye).map(({x, y, z}) => [x, y, z]);
}"""
TURNED_TOGETHER = f"""before => {{
    const eyes = ({EYES})();
    const far = (one, other) => Math.hypot(...one.map((value, axis) => value - other[axis]));
    return far(eyes[0], before[0]) > 0.05 && eyes.every(eye => far(eye, eyes[0]) < 1e-3);
}}"""


@pytest.mark.browser
def test_scenes_turn_and_come_nearer_together(browser: Browser, address: str):
    page = browser.new_page(viewport={"width": 1280, "height": 1400})
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{address}/geometry?runs=base-0&runs=base-1")
    graph = page.locator("[data-cameras-linked]")
    expect(graph).to_be_attached(timeout=PATIENCE_MS)
    wrong = watched(page)
    box = graph.bounding_box()
    assert box is not None
    first, second, middle = box["x"] + box["width"] / 4, box["x"] + box["width"] * 3 / 4, box["y"] + 300
    before = page.evaluate(EYES)
    assert before[0] == before[1]

    page.mouse.move(first, middle)
    page.mouse.down()
    page.mouse.move(first + 30, middle + 10, steps=5)
    page.wait_for_function(TURNED_TOGETHER, arg=before)  # while it is being dragged, too
    page.mouse.up()

    turned = page.evaluate(EYES)
    page.mouse.move(second, middle)
    page.mouse.wheel(0, 200)
    page.wait_for_function(TURNED_TOGETHER, arg=turned)
    assert wrong == []


@pytest.fixture
def queue(workspace) -> Iterator[Queue]:
    """The trainings of the workspace; none outlives the test."""
    made = Queue(workspace)
    yield made
    for job in made.waiting():
        made.stop(job.id)
    for job in made.running():
        made.end_by_force(job.id)


@pytest.mark.browser
def test_a_training_begins_stops_and_goes_on(browser: Browser, address: str, workspace, toy_corpus, queue):
    """Real processes: each training lasts until it is stopped; the page follows it by itself."""
    save_corpus(toy_corpus, workspace.corpora / "toy")
    write_json(place_of_description(workspace), describe_settings())
    page = browser.new_page(viewport={"width": 1280, "height": 1400})
    page.set_default_timeout(2 * PATIENCE_MS)
    wish = "corpus=toy&method=base&training.epochs=5000&training.patience=0&CNNSettings.filters=8"
    page.goto(f"{address}/train?{wish}")
    expect(page.get_by_test_id("stCode").first).to_contain_text(
        "workbench train base --corpus toy --seed 0 --set epochs=5000 --set patience=0 --set filters=8",
        timeout=PATIENCE_MS,
    )
    wrong = watched(page)
    page.get_by_role("button", name="Start training").click()
    for again in ("Go on", ""):
        # While a part is drawn anew, what stood there before may stay for a moment: any of the two will do.
        expect(page.get_by_text("stage classification · epoch").first).to_be_visible(timeout=2 * PATIENCE_MS)
        loss = page.locator('[data-testid="stPlotlyChart"] .ytitle', has_text="loss")
        expect(loss.filter(visible=True).first).to_be_attached(timeout=PATIENCE_MS)
        page.get_by_role("button", name="Stop").first.click()
        expect(page.get_by_role("button", name="Go on").first).to_be_visible(timeout=2 * PATIENCE_MS)
        if again:
            page.get_by_role("button", name=again).first.click()
    (job, after) = queue.jobs()
    assert (job.state, after.state, after.arguments) == (
        "stopped",
        "stopped",
        ("--resume", "toy-cnn-base-s0"),
    )
    assert wrong == []
