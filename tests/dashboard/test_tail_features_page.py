from __future__ import annotations

import json

import numpy as np
import pytest

from tests.dashboard.page import opened, pictures, said
from tests.features import give_features
from workbench.runs.layout import Layout
from workbench.runs.writer import write_array

pytestmark = pytest.mark.usefixtures("nothing_left_over")


@pytest.fixture
def two(run_factory):
    """A run with the contrast and one without it."""
    for name in ("lsfa", "lsfa-augment"):
        give_features(run_factory(f"{name}-0", method=name))


def kinds(figure: dict, panel: str = "x") -> set[tuple[str, str]]:
    return {
        (trace["legendgrouptitle"]["text"], trace["name"])
        for trace in figure["data"]
        if trace.get("xaxis", "x") == panel
    }


def test_a_head_and_two_tail_labels_of_both_runs_stand_side_by_side(two):
    test = opened("tail_features")
    (figure,) = pictures(test)
    titles = [note["text"] for note in figure["layout"]["annotations"]]
    assert sorted(titles) == ["lsfa-0", "lsfa-augment-0"]
    assert {label for label, _ in kinds(figure)} == {"label 0", "label 6", "label 7"}
    assert ("label 0", "generated") not in kinds(figure)
    assert {kind for label, kind in kinds(figure) if label == "label 6"} == {
        "generated",
        "training",
        "held out",
        "prototype",
    }
    assert "of variance)" in figure["layout"]["xaxis"]["title"]["text"]


def test_generated_features_are_rings_and_real_ones_are_not(two):
    test = opened("tail_features")
    symbols = {trace["name"]: trace["marker"]["symbol"] for trace in pictures(test)[0]["data"]}
    assert symbols["generated"] == "circle-open"
    assert symbols["training"] == "circle"
    assert "generated features (rings)" in said(test)


def test_a_number_stands_beside_the_picture(two):
    table = opened("tail_features").dataframe[0].value
    assert set(table["run"]) == {"lsfa-0", "lsfa-augment-0"}
    assert len(table) == 6
    assert table["labels"].tolist() == [6] * 6
    assert "not over the labels chosen above" in said(opened("tail_features"))


def test_shares_have_equal_digits_and_what_there_is_none_of_is_a_dash(two):
    table = opened("tail_features").dataframe[0]
    columns = json.loads(table.proto.columns)
    assert {columns[name]["type_config"]["format"] for name in ("nearest_own", "by_chance")} == {"%.1f %%"}
    assert table.proto.placeholder == "–"
    assert table.value["by_chance"].to_numpy() == pytest.approx(100 / 12)


def test_labels_live_in_the_address(two):
    test = opened("tail_features", runs=["lsfa-0"], features_of=["L9"])
    options = test.multiselect[1].options
    assert len(options) == 12
    (figure,) = pictures(opened("tail_features", runs=["lsfa-0"], features_of=[options[9]]))
    assert {label for label, _ in kinds(figure)} == {"label 9"}


def test_until_tsne_is_ready_it_is_pca_with_a_button(two):
    test = opened("tail_features", map="t-SNE")
    assert "Until t-SNE is ready, this is PCA." in said(test)
    assert any(button.label.startswith("Compute t-SNE of 2 runs") for button in test.button)
    assert pictures(test)


def test_without_features_it_says_what_to_train(run_factory):
    run_factory("base-0")
    assert "workbench train lsfa-augment" in said(opened("tail_features"))


def test_damaged_features_are_named_beside_good_ones(two, run_factory):
    path = run_factory("odd-0", method="lsfa", started_at="2020-01-01T00:00:00+00:00")
    give_features(path)
    write_array(Layout(path), "label_feature_rows", np.zeros(3, dtype=np.int64))
    test = opened("tail_features", runs=["odd-0", "lsfa-0"])
    assert "do not fit together" in test.warning[0].value
    assert pictures(test)


def test_without_runs_it_says_to_choose_one(two):
    test = opened("tail_features")
    test.multiselect(key="runs").set_value([]).run()
    assert "Choose a run" in said(test)
    assert not pictures(test)


def test_it_says_why_no_tail_label_is_chosen_at_first(run_factory):
    path = run_factory("lsfa-0", method="lsfa")
    run = give_features(path)
    of_tail = run.array("label_feature_labels") >= 6
    write_array(Layout(path), "label_feature_splits", np.where(of_tail, 0, run.array("label_feature_splits")))
    test = opened("tail_features")
    assert "lsfa-0 has no test document with one" in said(test)
    write_array(Layout(path), "label_is_tail", np.zeros(12, dtype=bool))
    (path / "DONE").touch()
    assert "was trained without tail labels" in said(opened("tail_features"))


def test_with_tail_labels_there_is_nothing_to_explain(two):
    assert "No tail label is chosen" not in said(opened("tail_features"))


def lassoed(rows: list[int]):
    points = [{"customdata": row} for row in rows]
    return opened("tail_features", {"chart-tail-features": {"selection": {"points": points}}})


def test_encircled_features_list_their_test_documents(two):
    test = lassoed([4, -1, 2, 4])
    assert test.subheader[0].value == "2 test documents chosen"
    chosen = next(frame.value for frame in test.dataframe if "open" in frame.value.columns)
    assert chosen["id"].tolist() == ["d4", "d2"]
    assert {"lsfa-0 predicted", "lsfa-augment-0 predicted"} <= set(chosen.columns)
    assert "no features of test documents" in said(lassoed([-1]))
