from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from streamlit.dataframe_util import convert_arrow_bytes_to_pandas_df
from streamlit.testing.v1 import AppTest

from dashboard import compare_choices
from dashboard.link import inside_address
from tests.dashboard import page
from tests.dashboard.page import pictures, said
from tests.mixed_runs import mixed_run
from tests.tested_runs import plausible_scores, write_tested_run
from workbench.analysis.agreement import agreement, errors, read_decisions
from workbench.analysis.compared_runs import compare_runs
from workbench.data.library import save_corpus
from workbench.runs.store import Run

GOLD = np.random.default_rng(5).random((40, 6)) < 0.3
COUNTS = np.array([300, 120, 60, 30, 10, 5])


@pytest.fixture
def runs(workspace) -> list[Run]:
    """A baseline and two methods, two seeds of one of them, on the same documents; the newest last."""
    about = [
        ("base-0", "base", 0, 0.3),
        ("base-1", "base", 1, 0.35),
        ("mix-0", "mix", 0, 0.9),
        ("mix-1", "mix", 1, 0.8),
    ]
    about.append(("proto-0", "proto", 0, 0.6))
    return [
        write_tested_run(
            workspace.runs,
            name,
            plausible_scores(GOLD, number, right),
            GOLD,
            method=method,
            seed=seed,
            counts=COUNTS,
            started_at=f"2026-01-0{number + 1}T00:00:00",
        )
        for number, (name, method, seed, right) in enumerate(about)
    ]


def opened(
    view: str, names: list[str] | None = None, session: dict[str, Any] | None = None, **address: str
) -> AppTest:
    return page.opened("compare", session, view=view, runs=names or ["base-0", "mix-0", "proto-0"], **address)


def table(test: AppTest, column: str):
    return next(frame.value for frame in test.dataframe if column in frame.value.columns)


def files(test: AppTest) -> list[str]:
    return [button.label for button in test.get("download_button")]


def test_the_best_of_each_metric_has_a_star(runs):
    test = opened("Metrics")
    frame = test.dataframe[0]
    assert frame.value["run"].tolist() == ["base-0", "mix-0", "proto-0"]
    shown = convert_arrow_bytes_to_pandas_df(frame.proto.arrow_data.styler.display_values)
    for place, metric in enumerate(frame.value.columns[1:7], start=1):
        values, told = frame.value[metric].tolist(), shown.iloc[:, place].tolist()
        assert told == [f"★ {one:.4f}" if one == max(values) else f"{one:.4f}" for one in values]
    assert "★ marks the best run" in said(test)
    assert "compared-runs.csv" in files(test)


def test_the_least_hamming_loss_is_the_best(runs):
    frame = opened("Metrics", metrics="hamming_loss").dataframe[0]
    shown = convert_arrow_bytes_to_pandas_df(frame.proto.arrow_data.styler.display_values)
    starred = [told.startswith("★") for told in shown.iloc[:, 1]]
    assert starred == (frame.value["hamming_loss"] == frame.value["hamming_loss"].min()).tolist()


def test_differences_are_those_of_the_command_line(runs):
    test = opened("Metrics", a="base-0", b="mix-0")
    (expected,) = compare_runs([runs[0], runs[2]])
    found = table(test, "reference")
    for column in ("metric", "reference", "value", "difference", "low", "high", "p"):
        assert found[column].tolist() == expected.differences[column].tolist()
    (figure,) = pictures(test)
    assert figure["data"][0]["y"] == expected.differences["metric"].tolist()
    assert figure["layout"]["xaxis"]["title"]["text"] == "B − A, with its 95 % interval"


def test_seeds_that_both_settings_have_are_tested_too(runs):
    test = opened("Metrics", a="base-0", b="mix-0")
    assert table(test, "n")["n"].tolist() == [2] * 6
    assert "mix · cnn" in said(test)
    alone = opened("Metrics", a="base-0", b="proto-0")
    assert "share fewer than two seeds" in said(alone)
    same = opened("Metrics", ["base-0", "base-1"])
    assert "share fewer than two seeds" in said(same)


def test_one_run_or_the_same_twice_is_no_pair(runs):
    assert "Choose a second run" in said(opened("Metrics", ["base-0"]))
    assert "A and B are the same run" in said(opened("Metrics", a="mix-0", b="mix-0"))


def test_the_floor_of_the_split_stands_in_the_table(runs, workspace):
    write_tested_run(workspace.runs, "br", plausible_scores(GOLD, 9), GOLD, method="binary-relevance")
    test = opened("Metrics")
    assert test.dataframe[0].value["run"].tolist()[-1] == "br"
    assert "as the floor" in said(test)


def test_labels_are_marks_of_a_against_b_and_the_most_changed_are_listed(runs):
    test = opened("Labels", a="base-0", b="mix-0")
    (figure,) = pictures(test)
    names = [name for trace in figure["data"] for name in trace["text"]]
    assert sorted(names) == [f"L{label}" for label in range(6)]
    assert figure["layout"]["xaxis"]["title"]["text"] == "F1 of A: base-0"
    gained = table(test, "p_holm")
    assert (gained["difference"] > 0).all()
    assert [heading.value for heading in test.subheader] == ["Gained most in B", "Lost most in B"]
    assert "labels-a-b.csv" in files(test)


def test_encircled_labels_are_listed(runs):
    points = [{"customdata": [place, 0, 0], "curve_number": 0} for place in (4, 1, 4)]
    chart = {"chart-label-scatter": {"selection": {"points": points, "box": [], "lasso": []}}}
    test = opened("Labels", session=chart, label_metric="recall")
    assert test.subheader[0].value == "2 labels chosen"
    assert test.dataframe[0].value["text"].tolist() == ["L4", "L1"]
    assert "chosen-labels.csv" in files(test)
    assert pictures(test)[0]["layout"]["yaxis"]["title"]["text"] == "recall of B: mix-0"


def test_groups_of_labels_are_bars(runs):
    (figure,) = pictures(opened("Head, mid, tail", group_metric="micro_F1"))
    assert [bar["name"] for bar in figure["data"]] == ["base-0", "mix-0", "proto-0"]
    assert figure["layout"]["xaxis"]["ticktext"] == ["head (2)", "mid (2)", "tail (2)"]
    assert figure["layout"]["yaxis"]["title"]["text"] == "micro_F1 (0 to 1)"


def test_the_floor_is_a_line_over_the_bars(runs, workspace):
    write_tested_run(workspace.runs, "br", plausible_scores(GOLD, 9), GOLD, method="binary-relevance")
    test = opened("Head, mid, tail", group_metric="micro_F1")
    (figure,) = pictures(test)
    kinds = {trace["name"]: trace["type"] for trace in figure["data"]}
    assert kinds == dict.fromkeys(["base-0", "mix-0", "proto-0"], "bar") | {"br": "scatter"}
    assert "The dashed line is binary relevance" in said(test)


def test_curves_and_spectra_are_those_of_their_pages(run_factory):
    for name, method in (("base-0", "base"), ("mix-0", "mix")):
        run_factory(name, method=method)
    (curves,) = pictures(opened("Learning curves", ["base-0", "mix-0"]))
    assert {trace["name"] for trace in curves["data"]} == {"base-0", "mix-0"}
    spectra = opened("Spectra", ["base-0"])
    assert spectra.dataframe[0].value["run"].tolist() == ["base-0"]
    assert {trace["name"] for trace in pictures(spectra)[0]["data"]} == {"base-0"}


def test_runs_without_label_embeddings_are_named(runs):
    assert "Without label embeddings" in said(opened("Spectra"))


def test_without_landscapes_it_says_how_to_make_them(runs):
    test = opened("Landscapes")
    assert "No run of this choice has a landscape" in said(test)
    assert "workbench probe landscape" in said(test)


def test_the_matrix_of_agreement_has_kappa_and_the_pair_its_counts(runs):
    test = opened("Agreement", a="mix-0", b="base-0", level="label sets")
    found = {run.name: errors(read_decisions(run), "sets") for run in runs}
    expected = agreement(found["mix-0"], found["base-0"])
    row = table(test, "kappa").iloc[0]
    assert [row[name] for name in ("both_right", "only_a", "only_b", "neither")] == [
        expected.both_right,
        expected.only_a,
        expected.only_b,
        expected.neither,
    ]
    assert row["kappa"] == pytest.approx(expected.kappa)
    _, marks = pictures(test)[0]["data"]
    assert len(marks["text"]) == 6
    assert f"{expected.kappa:.2f}" in marks["text"]
    assert "exactly the gold ones" in said(test)


def test_documents_that_are_decided_most_differently_come_first_and_open_inside(runs):
    test = opened("Agreement", a="base-0", b="mix-0")
    documents = table(test, "open")
    assert documents["differ"].is_monotonic_decreasing
    wrong = [(run.scores >= 0.5) != GOLD for run in (runs[0], runs[2])]
    first = int(documents["id"].iloc[0][1:])
    assert (
        documents["differ"].iloc[0]
        == (wrong[0] != wrong[1]).sum(axis=1).max()
        == (wrong[0] != wrong[1])[first].sum()
    )
    assert documents["open"].iloc[0] == inside_address([runs[0], runs[2]], f"d{first}")
    assert {"gold_labels", "base-0 predicted", "mix-0 predicted"} <= set(documents.columns)
    assert "Without texts: There is no corpus 'toy'" in said(test)
    assert "agreement-documents.csv" in files(test)


def test_documents_are_ranked_by_who_is_right(runs):
    only = table(opened("Agreement", a="base-0", b="mix-0", rank="Only B is right"), "open")
    assert only["only B"].is_monotonic_decreasing
    assert (only["only B"] > 0).all()


def test_a_run_on_other_documents_is_named_and_left_out(runs, workspace):
    ids = [f"other-{row}" for row in range(40)]
    write_tested_run(workspace.runs, "odd-0", plausible_scores(GOLD, 7), GOLD, method="sgm", ids=ids)
    test = opened("Agreement", ["base-0", "mix-0", "odd-0"])
    assert "were tested on different documents" in test.warning[0].value
    assert len(pictures(test)[0]["data"][1]["text"]) == 2


def test_a_click_on_a_cell_takes_its_runs_as_a_and_b(monkeypatch: pytest.MonkeyPatch):
    state: dict[str, Any] = {"chart-agreement": {"selection": {"points": [{"customdata": [2, 0]}]}}}
    for module in ("dashboard.compare_choices", "dashboard.download"):
        monkeypatch.setattr(f"{module}.st", SimpleNamespace(session_state=state))
    compare_choices.take_pair(["one", "two", "three"])
    assert (state["a"], state["b"]) == ("three", "one")
    compare_choices.take_pair(["one"])  # of a picture that is gone
    assert (state["a"], state["b"]) == ("three", "one")


def test_texts_are_shown_in_short_and_markup_in_them_as_text(workspace, toy_corpus):
    save_corpus(toy_corpus, workspace.corpora / "toy")
    gold = toy_corpus.test.targets.toarray()
    for number, name in enumerate(("base-0", "mix-0")):
        write_tested_run(
            workspace.runs,
            name,
            plausible_scores(gold, number),
            gold,
            method=name[:-2],
            ids=list(toy_corpus.test.ids),
            labels=list(toy_corpus.labels),
        )
    test = opened("Agreement", ["base-0", "mix-0"])
    documents = table(test, "text")
    row = list(toy_corpus.test.ids).index(documents["id"].iloc[0])
    assert documents["text"].iloc[0][:300] == " ".join(toy_corpus.test.texts[row].split())[:300]
    assert "Without texts" not in said(test)


def test_the_link_of_a_document_names_split_runs_and_document(runs):
    assert inside_address(runs[:2], "a&b 1") == (
        "inside?split=toy%2F1&runs=base-0&runs=base-1&inside=test&document=a%26b+1"
    )


def test_views_and_pairs_live_in_the_address(runs):
    assert json.dumps(pictures(opened("Labels", a="proto-0", b="mix-0"))).count("F1 of A: proto-0") == 1


def test_a_mixture_leads_to_the_page_of_its_parents(workspace, runs):
    assert "(mixtures?)" not in said(opened("Metrics"))
    mixed_run(workspace.runs, "mixed-0", "mix", ("sep_mldc.label_contrast",), split_id="other/1")
    mixed_run(workspace.runs, "plain-0", "mix", split_id="other/1")
    words = said(opened("Metrics", ["mixed-0", "plain-0"], split="other/1"))
    assert "[beside both of their parents](mixtures?)" in words
