"""Documents that were encircled on a map: still chosen after a visit to another page."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from tests.dashboard import page

CHART = "chart-documents"


@pytest.fixture
def two(mapped_run_factory) -> None:
    mapped_run_factory("base-0", method="base", started_at="2026-01-01T00:00:00+00:00")
    mapped_run_factory("protomix-0", started_at="2026-01-02T00:00:00+00:00")


def opened(chosen: list[int]) -> AppTest:
    """The page of documents after a lasso around documents of these numbers."""
    points = [{"customdata": number, "curve_number": 0} for number in chosen]
    return page.opened("documents", {CHART: {"selection": {"points": points, "box": [], "lasso": []}}})


def listed(test: AppTest) -> list[int]:
    """How many documents each table of chosen documents has."""
    return [len(frame.value) for frame in test.dataframe if "gold_labels" in frame.value.columns]


@pytest.mark.usefixtures("two")
def test_chosen_documents_stay_chosen_until_they_are_let_go():
    test = opened([3, 5])
    assert listed(test) == [2]
    del test.session_state[CHART]  # as after a visit to another page
    assert listed(test.run()) == [2]
    next(one for one in test.button if one.label == "Let them go").click().run()
    assert listed(test) == []


@pytest.mark.usefixtures("two")
def test_what_was_chosen_on_the_map_of_other_runs_is_not_shown():
    test = opened([3, 5])
    del test.session_state[CHART]
    test.multiselect(key="runs").set_value(["base-0"]).run()
    assert listed(test) == []
