"""The address that "Copy link" gives restores what is seen."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

PICKED = {"split": "demo/2a9f61c3", "runs": ["base-1", "protomix-0", "base-0"]}


def page_that_offers_some() -> None:
    """A page for runs of base alone, and then the link to it."""
    import streamlit as st

    from dashboard import choices, state
    from dashboard.link import address_of_view

    runs = [run for run in state.all_runs()[0] if run.manifest["method"] == "base"]
    if not st.session_state.get("is_elsewhere"):
        choices.choose_compared(runs, lambda offered: sorted(offered, key=lambda run: run.name)[:2])
    st.text(address_of_view("some"))


def address(test: AppTest) -> dict[str, list[str]]:
    assert not test.exception, test.exception
    return parse_qs(urlsplit(test.text[0].value).query)


@pytest.fixture
def runs(run_factory) -> None:
    for name in ("base-0", "base-1", "protomix-0"):
        run_factory(name, method=name[:-2])


@pytest.mark.parametrize(
    ("picks", "shown"),
    [
        (None, ["base-0", "base-1"]),
        (["base-0", "protomix-0", "base-1"], ["base-0", "base-1"]),  # what is left of it is what stands first
        (["base-1", "protomix-0"], ["base-1"]),
    ],
)
def test_it_names_the_runs_that_are_seen_and_their_split(runs, picks, shown):
    test = AppTest.from_function(page_that_offers_some, default_timeout=60)
    if picks:
        test.session_state["picked_runs"] = {PICKED["split"]: picks}
    found = address(test.run())
    assert found == {"split": [PICKED["split"]], "runs": shown}
    other = AppTest.from_function(page_that_offers_some, default_timeout=60)
    for key, values in found.items():
        other.query_params[key] = values
    assert address(other.run()) == found
    assert other.multiselect[0].value == shown


def test_a_page_without_runs_names_none_of_the_page_before(runs):
    test = AppTest.from_function(page_that_offers_some, default_timeout=60).run()
    test.session_state["is_elsewhere"] = True
    assert "runs" not in address(test.run())
