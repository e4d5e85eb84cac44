from __future__ import annotations

from tests.dashboard.page import opened, pictures, said
from workbench.cards import paper_cards


def test_without_runs_methods_are_shown_all_the_same(workspace):
    test = opened("family")
    assert test.selectbox(key="family").value == "binary-relevance"
    (picture,) = pictures(test)
    assert "lsfa" in str(picture["layout"]["yaxis"]["ticktext"])
    assert "workbench train binary-relevance" in said(test)


def test_the_newest_runs_method_is_open_with_its_runs_and_relatives(run_factory):
    run_factory("mix-0", method="mix", score=0.61)
    test = opened("family")
    assert test.selectbox(key="family").value == "protomix"
    assert "Prototypical Regularizations" in said(test)
    relatives, runs = (frame.value for frame in test.dataframe)
    assert "lsfa" in relatives["method"].tolist()
    assert runs["run"].tolist() == ["mix-0"]
    assert len(test.latex) == len(paper_cards()["protomix"].equations)


def test_a_dashed_line_among_the_scores_is_the_floor(run_factory):
    run_factory("mix-0", method="mix", score=0.61)
    assert not pictures(opened("family"))[0]["layout"].get("shapes")
    run_factory("br-0", method="binary-relevance", score=0.4)
    test = opened("family")
    (line,) = pictures(test)[0]["layout"]["shapes"]
    assert line["line"]["dash"] == "dash"
    assert "The dashed line is binary relevance" in said(test)


def test_a_method_is_chosen_by_address_and_has_a_command_where_it_has_no_run(run_factory):
    run_factory("mix-0", method="mix")
    test = opened("family", family="laco")
    assert test.selectbox(key="family").value == "laco"
    assert "workbench train laco" in said(test)


def test_a_click_opens_the_card_of_its_method(run_factory):
    run_factory("mix-0", method="mix")
    test = opened("family", session={"family_wanted": "cl-mil"})
    assert test.selectbox(key="family").value == "cl-mil"


def test_runs_without_a_card_are_named(run_factory):
    run_factory("mine-0", method="mine", family="mine")
    assert "Runs without a card here: mine" in said(opened("family"))


def test_a_method_whose_runs_are_all_at_work_is_shown_without_scores(run_factory):
    run_factory("mix-0", method="mix", end="running")
    test = opened("family")
    (_, runs) = (frame.value for frame in test.dataframe)
    assert runs["run"].tolist() == ["mix-0"]
    assert "nDCG@5" not in runs
