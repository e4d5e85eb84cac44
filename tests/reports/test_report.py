"""A report opens from its file, without a network, and shows whatever stands in names and texts as text."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.landscapes import give_landscape
from tests.odd_names import LABELS, MEGABYTE, write_odd
from tests.tested_runs import plausible_scores, write_tested_run
from workbench.assignments import parse_assignments
from workbench.errors import WorkbenchError
from workbench.reports.contents import LANDSCAPE_WIDTH, MOST_RUNS, sections
from workbench.reports.page import page
from workbench.reports.parts import Commands, Passage, Picture, Section, Table, Words
from workbench.reports.provenance import train_command
from workbench.reports.writing import STEPS, write_report
from workbench.runs.store import Run

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"


@pytest.fixture
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        assert Path(CHROMIUM).exists(), "This test opens a report in Chromium: apt-get install chromium"
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield opened
        opened.close()


@pytest.fixture
def two(workspace) -> list[Run]:
    gold = (np.random.default_rng(0).random((40, 5)) < 0.4).astype(np.uint8)
    gold[:, 0] |= gold.sum(axis=1) == 0
    return [
        write_tested_run(workspace.runs, name, plausible_scores(gold, seed, right), gold, method=name)
        for seed, (name, right) in enumerate((("base", 0.2), ("protomix", 0.9)))
    ]


def parts_of(runs: list[Run], title: str) -> list:
    (section,) = (one for one in sections(runs) if one.title == title)
    return list(section.parts)


def test_the_best_of_each_metric_is_marked_and_runs_are_tested(two: list[Run]):
    picture, beside, tests, _ = parts_of(two, "Metrics")
    assert isinstance(picture, Picture)
    assert list(beside.rows) == ["metric", "base", "protomix"]
    for row, line in enumerate(beside.rows.to_dict("records")):
        best = min if line["metric"] == "hamming_loss" else max
        values = [line["base"], line["protomix"]]
        expected = {(row, run) for run in ("base", "protomix") if line[run] == best(values)}
        assert {cell for cell in beside.marked if cell[0] == row} == expected
    assert list(tests.rows["against"].unique()) == ["base"]
    assert {"P@1", "macro_F1"} <= set(tests.rows["metric"])


def test_the_floor_of_the_split_stands_beside_the_metrics_alone(two: list[Run], workspace):
    gold = np.ones((40, 5), dtype=np.uint8)
    method = "binary-relevance"
    floor = write_tested_run(workspace.runs, "br", plausible_scores(gold, 3, 0.5), gold, method=method)
    made = {section.title: list(section.parts) for section in sections(two, known=[*two, floor])}
    picture, beside, *_ = made["Metrics"]
    assert list(beside.rows) == ["metric", "base", "protomix", "br"]
    assert "The dashed line is br, the floor" in beside.caption
    assert picture.figure.layout.shapes[0].line.dash == "dash"
    (table,) = made["Label by label"]
    assert not any("br" in name for name in table.rows)
    assert "floor" not in parts_of(two, "Metrics")[1].caption


def test_each_label_has_its_scores(two: list[Run]):
    (table,) = parts_of(two, "Label by label")
    rows = table.rows.set_index("label")
    for place, found in enumerate(two[1].metrics["test"]["labels"]):
        assert rows.loc[f"L{place}", "F1 protomix"] == found["F1"]
        assert rows.loc[f"L{place}", "test documents"] == found["test_count"]
    assert rows["training documents"].is_monotonic_decreasing


def test_a_landscape_stands_alone_and_the_run_without_one_is_named(two: list[Run]):
    give_landscape(two[1].path)
    picture, look, missing = parts_of([Run.load(run.path) for run in two], "Loss landscapes")
    assert isinstance(picture, Picture) and picture.width == LANDSCAPE_WIDTH
    assert isinstance(look, Words)
    assert missing.text == "Not probed: base. Made by: workbench probe landscape base"
    give_landscape(two[0].path)
    picture, _ = parts_of([Run.load(run.path) for run in two], "Loss landscapes")
    assert picture.width == 0  # two stand beside each other, as wide as the page


def test_what_is_missing_is_said_in_its_place(two: list[Run]):
    (note,) = parts_of(two, "Loss landscapes")
    assert note.is_note and "workbench probe landscape base protomix" in note.text
    (note,) = parts_of(two, "Which labels come together")
    assert note.is_note and "no corpus 'toy'" in note.text


def test_unfinished_runs_have_curves_and_say_what_they_lack(run_factory):
    run = Run.load(run_factory("live", end="running"))
    parts = parts_of([run], "Metrics")
    assert [part.is_note for part in parts] == [True]
    assert isinstance(parts_of([run], "Learning curves")[0], Picture)


@pytest.mark.parametrize("count, problem", [(0, "needs a run"), (2, "one name"), (MOST_RUNS + 1, "one name")])
def test_no_run_and_one_given_twice_are_refused(two: list[Run], tmp_path: Path, count: int, problem: str):
    with pytest.raises(WorkbenchError, match=problem):
        write_report([two[0]] * count, tmp_path / "r.html")
    assert not (tmp_path / "r.html").exists()


def test_a_report_tells_its_steps_and_replaces_only_when_told(two: list[Run], tmp_path: Path):
    told: list[str] = []
    path = write_report(two, tmp_path / "r.html", advance=told.append)
    assert len(told) == STEPS
    with pytest.raises(WorkbenchError, match="--force"):
        write_report(two, path)
    assert write_report(two[:1], path, overwrite=True) == path
    assert "<title>base</title>" in path.read_text(encoding="utf-8")
    assert [one.name for one in tmp_path.iterdir() if one.suffix == ".html"] == ["r.html"]


def test_the_command_of_a_run_has_its_whole_recipe(workspace, two: list[Run]):
    settings = {"epochs": 3, "widths": [1, 2], "tuned": True, "vectors": None, "add": ["protomix.prototype"]}
    recipe = {"method": "base", "corpus": "my corpus", "encoder": "cnn", "seed": 4, "frozen": True}
    run = Run(two[0].path, {**two[0].manifest, "recipe": {**recipe, "settings": settings}}, "done")
    command = train_command(run)
    assert command.startswith("workbench train base --corpus 'my corpus' --encoder cnn --seed 4 --frozen ")
    assert "--add protomix.prototype" in command
    given = re.findall(r"--set ('[^']+'|\S+)", command)
    expected = {key: value for key, value in settings.items() if key != "add"}
    assert parse_assignments([one.strip("'") for one in given]) == expected
    assert train_command(two[0]) == ""


def test_long_texts_are_cut_with_a_note_and_markup_is_text():
    odd = "<script>alert(1)</script>"
    table = Table(pd.DataFrame({odd: [odd, "=1+1"], "n": [1.5, np.nan]}), {"n": 2}, caption=odd)
    passage = Passage(odd, odd * MEGABYTE, {odd: odd})
    made = page(odd, odd, [Section(odd, [Words(odd), table, passage, Commands([odd])])])
    head, _, rest = made.partition("<main>")
    body = rest.partition("</main>")[0]
    assert odd not in head + body
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in body
    assert f"The first 4,000 of {len(odd) * MEGABYTE:,} characters." in body
    assert "=1+1" in body and ">1.50<" in body and ">–<" in body
    assert len(head + body) < 40_000


def test_differences_have_a_sign_and_zero_has_none():
    table = Table(pd.DataFrame({"difference": [0.25, -0.25, -0.0]}), {"difference": 4})
    signs = replace(table, signed=frozenset({"difference"}))
    assert re.findall(r">([^<>]*)</td>", page("", "", [Section("", [signs])])) == [
        "+0.2500",
        "−0.2500",
        "0.0000",
    ]


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_report_opens_offline_and_does_nothing_that_names_ask_for(
    browser: Browser, workspace, tmp_path: Path, scheme: str
):
    path = write_report(write_odd(workspace)[1], tmp_path / "r.html")
    assert path.stat().st_size < 8_000_000
    context = browser.new_context(offline=True, color_scheme=scheme)
    opened, wrong = context.new_page(), []
    opened.on("request", lambda one: None if one.url == path.as_uri() else wrong.append(one.url[:200]))
    opened.on("console", lambda one: wrong.append(one.text) if one.type == "error" else None)
    opened.on("pageerror", lambda one: wrong.append(str(one)))
    opened.on("dialog", lambda one: (wrong.append(one.message), one.dismiss()))
    opened.goto(path.as_uri())
    pictures = opened.locator("figure.picture")
    assert pictures.count() == 5
    for number in range(pictures.count()):
        pictures.nth(number).scroll_into_view_if_needed()
        expect(pictures.nth(number).locator(".main-svg").first).to_be_visible()
    expect(opened.get_by_role("cell", name=LABELS[0]).first).to_be_visible()
    expect(opened.get_by_text("characters.").first).to_be_visible()
    assert opened.locator("main script:not([type]), main img, main a, main b").count() == 0
    drawn = opened.locator(".main-svg text a, .main-svg a").count()
    assert drawn == 0

    head = opened.get_by_role("button", name="training documents")
    column = head.locator("xpath=../../../..").locator("tbody tr td:nth-child(2)")
    for direction, is_down in (("descending", True), ("ascending", False)):
        head.click()
        expect(head.locator("xpath=..")).to_have_attribute("aria-sort", direction)
        counts = [int(text.replace(",", "")) for text in column.all_inner_texts()]
        assert counts == sorted(counts, reverse=is_down)
    opened.emulate_media(media="print")
    opened.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert wrong == []
