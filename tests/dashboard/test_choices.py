"""One selection of a split and of runs, from page to page and in the address."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.dashboard.page import PAGES, opened, pictures, said

APP = Path(PAGES).parent / "app.py"
PICKED = ["base-1", "protomix-0"]


@pytest.fixture
def runs(mapped_run_factory, run_factory):
    """Two methods with vectors of documents, one run without any, and one of another split."""
    for seed in range(2):
        mapped_run_factory(
            f"base-{seed}", method="base", seed=seed, started_at=f"2026-01-0{seed + 1}T00:00:00"
        )
    mapped_run_factory("protomix-0", started_at="2026-01-03T00:00:00")
    run_factory("bare-0", method="mix", started_at="2026-01-04T00:00:00")
    run_factory("other-0", split_id="aapd/1", started_at="2020-01-01T00:00:00")


def app(page: str = "compare") -> AppTest:
    return go(AppTest.from_file(str(APP), default_timeout=120).run(), page)


def go(test: AppTest, page: str) -> AppTest:
    """Follow the navigation within one session: as a browser, which sends no widget of the page it leaves."""
    test.switch_page(f"views/{page}.py")._run()
    assert not test.exception, test.exception
    return test


def chosen(test: AppTest) -> list[str]:
    return test.multiselect(key="runs").value


@pytest.mark.parametrize(
    "page", ["spectra", "documents", "similarity", "geometry", "tail_labels", "dependency"]
)
def test_picked_runs_go_along_to_every_page_that_chooses_runs_and_back(runs, page):
    test = app()
    test.multiselect(key="runs").set_value(PICKED).run()
    assert chosen(go(test, page)) == PICKED
    assert chosen(go(test, "compare")) == PICKED


def test_picked_runs_narrow_the_page_of_runs_and_are_picked_there(runs):
    test = app()
    test.multiselect(key="runs").set_value(PICKED).run()
    go(test, "runs")
    assert sorted(test.dataframe[0].value["run"]) == PICKED
    test.multiselect(key="runs").set_value([]).run()
    assert len(test.dataframe[0].value) == 4
    test.multiselect(key="runs").set_value(["bare-0"]).run()
    assert chosen(go(test, "compare")) == ["bare-0"]


def test_a_pick_outlives_pages_without_runs(runs):
    test = app()
    test.multiselect(key="runs").set_value(PICKED).run()
    go(test, "overview")
    assert chosen(go(test, "spectra")) == PICKED


def test_what_a_page_does_not_offer_is_there_again_on_the_next(runs):
    test = app()
    test.multiselect(key="runs").set_value(["bare-0", "base-0"]).run()
    assert chosen(go(test, "documents")) == ["base-0"]  # the other has no vectors of documents
    assert chosen(go(test, "spectra")) == ["bare-0", "base-0"]
    go(test, "documents").multiselect(key="runs").set_value(["base-1"]).run()
    assert chosen(go(test, "spectra")) == ["base-1", "bare-0"]


def test_a_pick_of_which_nothing_is_offered_gives_way_to_the_first_choice(runs):
    test = app()
    test.multiselect(key="runs").set_value(["bare-0"]).run()
    assert chosen(go(test, "documents")) == ["base-0", "protomix-0"]
    assert chosen(go(test, "compare")) == ["bare-0"]


def test_what_was_merely_shown_at_first_does_not_go_along(runs):
    test = app()
    assert len(chosen(test)) == 3
    assert chosen(go(test, "documents")) == ["base-0", "protomix-0"]


def test_the_split_goes_along_also_past_pages_that_do_not_offer_it(runs):
    test = app()
    test.selectbox(key="split").set_value("aapd/1").run()
    assert chosen(test) == ["other-0"]
    assert test.selectbox(key="split").value == "aapd/1"
    assert go(test, "documents").selectbox(key="split").value == "demo/2a9f61c3"
    assert go(test, "spectra").selectbox(key="split").value == "aapd/1"


def test_each_split_has_a_pick_of_its_own(runs):
    test = app()
    test.multiselect(key="runs").set_value(PICKED).run()
    test.selectbox(key="split").set_value("aapd/1").run()
    assert chosen(test) == ["other-0"]
    test.selectbox(key="split").set_value("demo/2a9f61c3").run()
    assert chosen(test) == PICKED


def test_an_emptied_choice_stays_empty(runs):
    test = app()
    test.multiselect(key="runs").set_value([]).run()
    assert chosen(test) == []
    assert any("Choose a run" in caption.value for caption in test.caption)


@pytest.mark.parametrize("page", ["compare", "spectra"])
def test_a_link_opens_the_split_and_runs_that_it_names(runs, page):
    test = opened(page, split="demo/2a9f61c3", runs=["base-1"])
    assert chosen(test) == ["base-1"]
    assert chosen(test.run()) == ["base-1"]
    assert opened(page, split="aapd/1").selectbox(key="split").value == "aapd/1"


@pytest.mark.parametrize("page", ["compare", "spectra"])
def test_a_link_that_names_runs_alone_opens_their_split(runs, page):
    test = opened(page, runs=["other-0"])
    assert test.selectbox(key="split").value == "aapd/1"
    assert chosen(test) == ["other-0"]
    assert opened(page, runs=["nobody"]).selectbox(key="split").value == "demo/2a9f61c3"


def test_a_followed_link_can_be_left_for_another_choice(runs):
    test = opened("spectra", runs=["base-1"])
    test.multiselect(key="runs").set_value(["base-0", "bare-0"]).run()
    assert chosen(test) == ["base-0", "bare-0"]
    assert {trace["name"] for trace in pictures(test)[0]["data"]} == {"base-0", "bare-0"}


def test_a_run_that_a_link_names_and_nobody_has_is_said_until_one_picks(runs):
    test = opened("compare", split="demo/2a9f61c3", runs=["base-1", "no*body"])
    assert chosen(test) == ["base-1"]
    assert "The link names what is not among these runs: no\\*body" in said(test)
    assert "no\\*body" in said(test.run())
    test.multiselect(key="runs").set_value(PICKED).run()
    assert "The link names" not in said(test)


def test_a_split_that_a_link_names_and_nobody_has_is_said_until_one_picks(runs):
    test = opened("compare", split="*x*")
    assert "The link names \\*x\\*, which is not here. This is demo/2a9f61c3." in said(test)
    assert "names \\*x\\*" in said(test.run())
    test.selectbox(key="split").set_value("aapd/1").run()
    assert "The link names" not in said(test)
    test.selectbox(key="split").set_value("demo/2a9f61c3").run()
    assert "The link names" not in said(test)


@pytest.mark.parametrize("page", ["labels", "relations"])
def test_a_corpus_that_a_link_names_and_nobody_has_is_said(workspace, page):
    assert "The link names ours, which is not here. This is demo." in said(opened(page, corpus="ours"))
    assert "The link names" not in said(opened(page, corpus="demo"))
