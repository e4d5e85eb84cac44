from __future__ import annotations

import pytest

from tests.dashboard.page import opened, pictures, said


@pytest.fixture
def two(run_factory):
    for method in ("base", "lsfa"):
        run_factory(f"{method}-0", method=method)


def test_each_run_has_a_line_over_the_bins(two):
    figure = pictures(opened("tail_labels"))[0]
    assert {trace["name"] for trace in figure["data"]} == {"base · cnn", "lsfa · cnn"}
    assert figure["layout"]["yaxis"]["title"]["text"] == "macro_P@5 (0 to 1)"
    assert "by training documents a label" in figure["layout"]["xaxis"]["title"]["text"]


def test_the_floor_has_a_dashed_line_and_a_row(two, run_factory):
    run_factory("br-0", method="binary-relevance")
    test = opened("tail_labels", runs=["base-0", "lsfa-0"])
    lines = {trace["name"]: trace["line"]["dash"] for trace in pictures(test)[0]["data"]}
    assert lines == {"base · cnn": "solid", "lsfa · cnn": "solid", "binary-relevance · cnn": "dash"}
    assert test.dataframe[0].value["run"].tolist()[-1] == "br-0"
    assert "The dashed line is binary relevance" in said(test)


def test_metric_and_k_live_in_the_address(two):
    figure = pictures(opened("tail_labels", metric="PSP", k="3"))[0]
    assert figure["layout"]["yaxis"]["title"]["text"] == "PSP@3 (0 to 1)"


def test_the_table_has_what_rewards_rare_labels(two):
    table = opened("tail_labels").dataframe[0].value
    assert sorted(table["run"]) == ["base-0", "lsfa-0"]


def test_without_the_corpus_the_distribution_says_why(run_factory):
    run_factory("base-0", corpus="gone")
    test = opened("tail_labels")
    assert "The training documents cannot be counted" in test.warning[0].value
    assert len(pictures(test)) == 1


def test_the_distribution_before_and_after_stands_below(two, workspace):
    test = opened("tail_labels")
    figure = pictures(test)[1]
    assert {trace["name"] for trace in figure["data"]} == {
        "as it is",
        "whole documents repeated",
        "features of the label alone",
    }
    assert "Gini coefficient" in said(test)
    assert "also feeds the frequent labels" in said(test)


def test_where_all_labels_are_tail_labels_it_does_not_speak_of_frequent_ones(two, workspace):
    text = said(opened("tail_labels", threshold="100000"))
    assert "all labels are tail labels" in text
    assert "frequent labels" not in text
