from __future__ import annotations

import base64
import json
from functools import partial

import numpy as np
import pytest

from dashboard.dependency_panels import _CELLS
from dashboard.plain import plain
from tests.dashboard import page
from tests.dashboard.page import pictures, said, tables
from tests.tested_runs import plausible_scores, write_tested_run
from workbench.data.library import save_corpus
from workbench.figures.label_pairs import pair_width

opened = partial(page.opened, "dependency")
VIEWS = ("Label pairs", "Label combinations", "Label groups", "Convergence", "Ranks")
PAIRS = ["gold p(b | a)", "predicted p(b | a)", "predicted − gold"]


def numbers(packed: dict) -> np.ndarray:
    """An array as plotly packs it into JSON."""
    values = np.frombuffer(base64.b64decode(packed["bdata"]), packed["dtype"])
    return values.reshape([int(size) for size in str(packed.get("shape", len(values))).split(",")])


@pytest.fixture
def tested(workspace, toy_corpus):
    """Writes runs on the toy corpus, which is in the library."""
    save_corpus(toy_corpus, workspace.corpora / "toy")
    gold = toy_corpus.test.targets.toarray()

    def make(name: str, scores: np.ndarray | None = None, **changes):
        about = {"name": "toy", "fingerprint": toy_corpus.fingerprint, "split_id": toy_corpus.split_id}
        known = {
            "method": "base",
            "seed": 0,
            "corpus": about | {"n_train": len(toy_corpus.train)},
            "labels": list(toy_corpus.labels),
            "ids": list(toy_corpus.test.ids),
            "recipe": {"corpus": "toy"},
            "counts": toy_corpus.train.targets.sum(axis=0),
        }
        scores = plausible_scores(gold, len(name)) if scores is None else scores
        return write_tested_run(workspace.runs, name, scores, gold, **known | changes)

    return make


def test_three_pictures_of_label_pairs_and_the_divergence_of_each_run(tested, toy_corpus):
    tested("right", toy_corpus.test.targets.toarray().astype(float))
    tested("laco", method="laco")
    test = opened(pictured="right")
    *maps, bars = pictures(test)
    assert [figure["layout"]["annotations"][0]["text"] for figure in maps] == [f"<b>{t}</b>" for t in PAIRS]
    assert sorted(maps[0]["data"][0]["y"]) == sorted(toy_corpus.labels)
    np.testing.assert_array_equal(numbers(maps[0]["data"][0]["z"]), numbers(maps[1]["data"][0]["z"]))
    assert np.nanmax(np.abs(numbers(maps[2]["data"][0]["z"]))) == 0
    values = dict(zip(bars["data"][0]["y"], numbers(bars["data"][0]["x"]), strict=True))
    assert set(values) == {"right", "laco", "labels shuffled", "training documents"}
    assert values["right"] == 0 != values["laco"]
    assert "Smoothing" in said(test)
    labels = tables(test)
    assert labels == ["label-pairs.csv", "divergence.csv"]


def test_one_picture_and_fewer_labels_can_be_chosen(tested):
    tested("base-0")
    figure, _ = pictures(opened(picture_of_pairs="Difference", order="alphabetical"))
    assert figure["layout"]["annotations"][0]["text"] == "<b>predicted − gold</b>"
    assert figure["data"][0]["y"] == sorted(figure["data"][0]["y"])


def test_combinations_that_training_never_showed_are_counted_and_named(tested):
    tested("base-0")
    test = opened(asked="Label combinations")
    (figure,) = pictures(test)
    assert {trace["name"] for trace in figure["data"]} == {"seen in training", "never seen in training"}
    counts, rows = (frame.value for frame in test.dataframe)
    assert counts["name"].tolist() == ["gold", "base-0"]
    assert counts["unseen"][1] == len(rows)
    assert counts.columns[1] == "subset_accuracy"  # in view: the caption speaks of it
    assert rows["combination"].str.contains("topic.").all()


def test_without_its_corpus_combinations_are_counted_and_the_page_says_what_is_missing(tested, workspace):
    tested("base-0", recipe={"corpus": "gone"})
    test = opened(asked="Label combinations")
    assert "Import it again" in test.warning[0].value
    assert {trace["name"] for trace in pictures(test)[0]["data"]} == {"all combinations"}
    assert not opened().warning  # the pictures of pairs do without
    assert "training documents" not in json.dumps(pictures(opened())[-1])


def test_f1_has_a_group_of_bars_with_how_many_labels(tested):
    tested("base-0")
    tested("laco-0", method="laco")
    (figure,) = pictures(opened(asked="Label groups", f1="micro_F1", groups="3"))
    assert {trace["name"] for trace in figure["data"]} == {"base · cnn", "laco · cnn"}
    assert len(figure["layout"]["xaxis"]["ticktext"]) == 3
    assert sum(int(text.rpartition("(")[2][:-1]) for text in figure["layout"]["xaxis"]["ticktext"]) == 10
    assert figure["layout"]["yaxis"]["title"]["text"] == "micro_F1 (0 to 1)"


def test_deviations_over_seeds_are_spoken_of_where_they_are_drawn(tested):
    tested("base-0")
    assert "Thin lines" not in said(opened(asked="Label groups"))
    tested("base-1", seed=1)
    text = said(opened(asked="Label groups", runs=["base-0", "base-1"]))
    assert "Thin lines are one standard deviation over seeds." in text


def test_convergence_is_drawn_over_steps_and_over_seconds(run_factory):
    run_factory("base-0", method="base")
    run_factory("mix-0", method="mix")
    (figure,) = pictures(opened(asked="Convergence"))
    assert figure["layout"]["xaxis"]["title"]["text"] == "training step"
    assert figure["layout"]["yaxis"]["title"]["text"] == "nDCG@5"
    test = opened(asked="Convergence", over="wall time (s)", score="P@1")
    (figure,) = pictures(test)
    assert figure["layout"]["xaxis"]["title"]["text"] == "wall time (s)"
    table = test.dataframe[0].value
    assert {"best_step", "target_step", "target_s"} <= set(table.columns)
    assert sorted(table["run"]) == ["base-0", "mix-0"]


def test_runs_that_kept_no_seconds_are_named_and_drawn_over_steps_only(tested, run_factory):
    import pandas as pd

    run_factory("old-0", method="base")
    new = run_factory("new-0", method="mix")
    old = pd.read_parquet(new.with_name("old-0") / "history.parquet").drop(columns="wall_time_s")
    old.to_parquet(new.with_name("old-0") / "history.parquet")
    test = opened(asked="Convergence", over="wall time (s)", split="demo/2a9f61c3")
    assert {trace["name"] for trace in pictures(test)[0]["data"]} == {"new-0"}
    assert "Kept no seconds, and so drawn over steps only: old-0" in said(test)
    steps = opened(asked="Convergence", split="demo/2a9f61c3")
    assert {trace["name"] for trace in pictures(steps)[0]["data"]} == {"old-0", "new-0"}


def test_without_validation_scores_there_is_no_curve(tested):
    tested("base-0")
    test = opened(asked="Convergence")
    assert "No score on validation documents" in said(test)
    assert not pictures(test)


def test_ranks_need_three_settings_on_two_corpora(run_factory):
    for method in ("base", "mix", "laco"):
        run_factory(f"{method}-a", method=method, split_id="a/1")
    test = opened(asked="Ranks")
    assert "Ranks need three settings or more" in said(test)
    assert "a/1: 3 settings" in said(test)
    for method in ("base", "mix", "laco"):
        run_factory(f"{method}-b", method=method, split_id="b/2")
    test = opened(asked="Ranks", ranked="P@1")
    (figure,) = pictures(test)
    assert "average rank over 2 corpora" in figure["layout"]["xaxis"]["title"]["text"]
    assert "Friedman" in said(test)
    assert "Ranks need" in said(opened(asked="Ranks", splits=["a/1"]))


@pytest.mark.parametrize("view", VIEWS)
def test_a_run_that_predicts_nothing_is_drawn(tested, view):
    tested("silent", np.zeros((60, 10)))
    test = opened(asked=view)
    assert not test.warning
    if view == "Label pairs":
        assert "10 labels that are never predicted" in said(test)
    if view == "Label combinations":
        assert "it predicts no label at all for 60 documents" in said(test)


@pytest.mark.parametrize("view", VIEWS)
def test_a_corpus_of_one_label_has_no_pairs_but_a_page(workspace, view):
    write_tested_run(workspace.runs, "single", np.array([[0.9], [0.1]]), [[1], [0]])
    test = opened(asked=view)
    if view == "Label pairs":
        assert "Pairs need two labels" in json.dumps(pictures(test)[0]["layout"]["annotations"])
        assert "Each cell is" not in said(test)


@pytest.mark.parametrize("view", VIEWS)
def test_runs_of_other_splits_and_damaged_ones_stay_apart(tested, run_factory, workspace, view):
    tested("toy-0")
    run_factory("demo-0", started_at="2020-01-01T00:00:00+00:00")
    damaged = tested("cut-0", method="mix")
    (damaged.path / "scores.npy").write_bytes(b"\x93NUMPY")
    test = opened(asked=view, split=damaged.split_id)
    drawn = json.dumps(pictures(test), ensure_ascii=False)
    assert "demo-0" not in drawn
    if view in ("Label pairs", "Label combinations"):  # which read scores
        (warning,) = [box.value for box in test.warning]
        assert "cut-0" in warning
        assert "scores.npy" in warning


def test_a_run_tested_on_other_documents_under_the_same_split_is_left_out(tested, toy_corpus):
    tested("base-0")
    tested("other-0", ids=[f"x{row}" for row in range(60)], method="mix")
    test = opened(runs=["base-0", "other-0"])
    (warning,) = [box.value for box in test.warning]
    assert plain("other-0") in warning
    assert "not those of base-0" in warning


def test_only_unfinished_runs_say_so(run_factory):
    run_factory("live-0", end="running")
    assert "No run is finished yet" in said(opened())


def test_three_pictures_of_twenty_labels_fit_beside_each_other():
    room, gap = 788, 16  # of a window of 1,280 pixels
    for labels in (12, 20):
        cell, _ = _CELLS[labels]
        widths = [pair_width(labels, cell, is_named=number == 0) for number in range(3)]
        assert sum(widths) + 2 * gap <= room
