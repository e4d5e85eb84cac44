from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from dashboard import jobs
from tests.dashboard import page
from tests.dashboard.page import said
from workbench.analysis.projection import project
from workbench.data.library import save_corpus
from workbench.runs.store import Run

CHART = "chart-documents"

pytestmark = pytest.mark.usefixtures("nothing_left_over")


@pytest.fixture
def two(mapped_run_factory) -> tuple[Run, Run]:
    """A baseline and another method, on the same 30 documents."""
    base = mapped_run_factory("base-0", method="base", started_at="2026-01-01T00:00:00+00:00")
    mixed = mapped_run_factory("protomix-0", started_at="2026-01-02T00:00:00+00:00")
    return Run.load(base), Run.load(mixed)


def opened(clicked: list[int] | None = None, **address: str | list[str]) -> AppTest:
    """The page with these choices in its address, after a click or a lasso on documents of these numbers."""
    points = [{"customdata": number, "curve_number": 0} for number in clicked or []]
    selection = {CHART: {"selection": {"points": points, "box": [], "lasso": []}}}
    return page.opened("documents", None if clicked is None else selection, **address)


def picture(test: AppTest) -> dict:
    (chart,) = test.get("plotly_chart")
    return json.loads(chart.proto.spec)


def panels(figure: dict) -> list[str]:
    return [note["text"] for note in figure["layout"]["annotations"]]


def texts(figure: dict, panel: str = "x") -> dict[str, set[str]]:
    """The words of each kind's dots in one panel."""
    return {trace["name"]: set(trace["text"]) for trace in figure["data"] if trace["xaxis"] == panel}


def table(test: AppTest, column: str):
    return next(frame.value for frame in test.dataframe if column in frame.value.columns)


def test_the_baseline_and_the_newest_run_stand_side_by_side(two, mapped_run_factory):
    mapped_run_factory("base-1", method="base", seed=1, started_at="2026-01-03T00:00:00+00:00")
    figure = picture(opened())
    assert panels(figure) == ["base-0", "protomix-0"]  # of the same seed, though base-1 is newer
    assert sum(len(words) for words in texts(figure).values()) == 30
    assert "of variance)" in figure["layout"]["xaxis"]["title"]["text"]
    assert figure["layout"]["legend"]["title"]["text"] == "Rarest gold label: "


def test_hover_says_id_and_labels(two):
    words = set().union(*texts(picture(opened())).values())
    for row, gold in enumerate(two[0].predictions["gold_labels"]):
        (line,) = (word for word in words if word.startswith(f"d{row}<br>"))
        if len(gold):
            assert all(f"label {label}" in line for label in gold[:4])
        else:
            assert line.endswith("no gold label")


def test_documents_are_coloured_by_one_label(two):
    figure = picture(opened(colour="one label", label="label 3"))
    kinds = texts(figure)
    gold = {f"d{row}" for row, labels in enumerate(two[0].predictions["gold_labels"]) if 3 in set(labels)}
    shown = kinds.get("gold, predicted", set()) | kinds.get("gold, missed", set())
    assert {word.partition("<br>")[0] for word in shown} == gold
    assert figure["layout"]["legend"]["title"]["text"] == "label 3: "


def test_a_label_that_another_page_left_open_is_the_most_frequent_one(two):
    test = page.opened("documents", session={"label": None}, colour="one label")
    counts = two[0].train_counts
    assert test.selectbox(key="label").value == f"label {int(np.argmax(counts))}"
    assert picture(test)


@pytest.mark.parametrize(
    "colour, kinds",
    [
        ("wrong labels", {"0", "1", "2", "3 or more"}),
        ("missed labels", {"0", "1", "2", "3 or more"}),
        ("best label", {"hit", "miss", "no gold label"}),
    ],
)
def test_documents_are_coloured_by_mistakes(two, colour, kinds):
    assert set(texts(picture(opened(colour=colour)))) <= kinds


def test_the_reader_is_told_what_to_look_for_and_what_not_to_believe(two):
    test = opened()
    assert "Look for documents that lie together" in said(test)
    assert "PCA is a shadow" in said(test)
    quality = table(test, "trustworthiness")
    assert quality["run"].tolist() == ["base-0", "protomix-0"]
    assert quality["trustworthiness"].between(0, 1).all()


def test_a_tsne_that_is_ready_is_drawn(two, workspace):
    for run in two:
        project(run.array("document_embeddings"), "tsne", {"perplexity": 10}, cache=workspace.cache)
    test = opened(map="t-SNE", perplexity="10")
    figure = picture(test)
    assert figure["layout"]["xaxis"]["title"]["text"] == "t-SNE 1 (no unit)"
    assert "gaps between clusters" in said(test)
    assert not test.button
    one = opened(map="t-SNE", perplexity="10", runs=["protomix-0"])
    assert panels(picture(one)) == ["protomix-0"]


def test_what_is_not_ready_is_offered_and_pca_drawn_meanwhile(two, workspace):
    project(two[0].array("document_embeddings"), "tsne", {"perplexity": 10}, cache=workspace.cache)
    test = opened(map="t-SNE", perplexity="30")
    assert [button.label for button in test.button] == ["Compute t-SNE of 2 runs"]
    assert "Until t-SNE is ready, this is PCA" in said(test)
    assert "of variance)" in picture(test)["layout"]["xaxis"]["title"]["text"]
    some = opened(map="t-SNE", perplexity="10")
    assert [button.label for button in some.button] == ["Compute t-SNE of 1 run"]
    assert panels(picture(some)) == ["base-0"]


def test_a_map_is_computed_in_the_background_when_asked_for(two, workspace):
    test = opened(map="t-SNE", directions="true")
    test.button[0].click().run()
    ((key, job),) = jobs._jobs.items()
    assert key[:2] == ("project", str(workspace.root))
    assert job.title == "Computing t-SNE of 2 runs"
    assert job.join() == "done", job.said
    test.run()
    assert picture(test)["layout"]["xaxis"]["title"]["text"] == "t-SNE 1 (no unit)"
    assert not test.button


def test_a_failed_computation_says_why_and_can_be_tried_again(two, workspace):
    test = opened(map="t-SNE")
    (workspace.cache / "projections").rename(workspace.cache / "elsewhere")
    (workspace.cache / "projections").write_text("in the way")
    test.button[0].click().run()
    (job,) = jobs._jobs.values()
    assert job.join() == "failed"
    test.run()
    assert "Computing t-SNE of 2 runs failed after" in test.error[0].value
    assert "could not be written: File exists" in test.error[0].value
    assert [button.label for button in test.button] == ["Compute t-SNE of 2 runs"]


def test_a_clicked_document_is_read_and_compared(two, workspace, toy_corpus):
    test = opened(clicked=[4])
    assert [heading.value for heading in test.subheader] == ["Document d4"]
    assert "Its text cannot be shown" in said(test)  # no such corpus here
    scores = table(test, "protomix-0 score")
    gold = two[0].predictions["gold_labels"][4]
    assert set(scores.loc[scores["gold"], "label_text"]) == {f"label {label}" for label in gold}
    neighbours = [frame.value for frame in test.dataframe if "distance" in frame.value.columns]
    assert [len(frame) for frame in neighbours] == [5, 5]
    assert all("d4" not in set(frame["id"]) for frame in neighbours)


def test_the_text_comes_from_the_corpus(mapped_run_factory, workspace, toy_corpus):
    save_corpus(toy_corpus, workspace.corpora / "toy")
    path = mapped_run_factory("base-0", method="base", corpus="toy", labels=10, recipe={"corpus": "toy"})
    _as_tested_on(path, toy_corpus)
    test = opened(clicked=[7])
    assert toy_corpus.test.texts[7] in "".join(part.proto.body for part in test.get("html"))
    assert not test.warning


def test_a_changed_corpus_is_no_source_of_texts(mapped_run_factory, workspace, toy_corpus):
    save_corpus(toy_corpus, workspace.corpora / "toy")
    mapped_run_factory("base-0", method="base", corpus="toy", labels=10, recipe={"corpus": "toy"})
    test = opened(clicked=[7])
    assert "'toy' has changed since this run" in said(test)
    assert test.subheader[0].value == "Document d7"


def test_a_lasso_lists_its_documents(two):
    test = opened(clicked=[2, 9, 2, 11])
    assert test.subheader[0].value == "3 documents chosen"
    chosen = table(test, "protomix-0 wrong")
    assert chosen["id"].tolist() == ["d2", "d9", "d11"]
    for column in ("gold_labels", "base-0 predicted", "protomix-0 predicted", "base-0 missed"):
        assert column in chosen
    assert chosen["open"].iloc[1].endswith("&runs=base-0&runs=protomix-0&inside=test&document=d9")
    assert "chosen-documents.csv" in [button.label for button in test.get("download_button")]


def test_a_document_is_found_by_its_id_and_circled_in_every_map(two):
    test = opened(document="d12")
    rings = [trace for trace in picture(test)["data"] if trace["marker"]["symbol"] == "circle-open"]
    assert {ring["xaxis"] for ring in rings} == {"x", "x2"}
    assert test.subheader[0].value == "Document d12"
    lost = opened(document="d99")
    assert "No document 'd99'" in said(lost)
    assert not lost.subheader


def test_a_click_can_be_circled(two):
    test = opened(clicked=[4])
    next(button for button in test.button if button.label == "Circle it in every map").click()
    test.run()
    assert test.text_input[0].value == "d4"
    assert any(trace["marker"]["symbol"] == "circle-open" for trace in picture(test)["data"])


def test_only_documents_that_all_runs_kept_are_drawn(mapped_run_factory):
    mapped_run_factory("base-0", method="base", rows=[0, 3, 7, 20])
    mapped_run_factory("mix-0", method="mix", rows=[3, 5, 7, 20])
    test = opened()
    words = {word.partition("<br>")[0] for part in texts(picture(test)).values() for word in part}
    assert words == {"d3", "d7", "d20"}
    assert "Left out, for not all of these runs kept them: 1 document." in said(test)


def test_broken_vectors_are_named_beside_the_good_ones(two, mapped_run_factory):
    mapped_run_factory("nan-0", method="mix", vectors=np.full((30, 4), np.nan))
    mapped_run_factory("odd-0", method="proto", rows=[5, 99])
    test = opened(runs=["base-0", "nan-0", "odd-0"])
    assert panels(picture(test)) == ["base-0"]
    (warning,) = [box.value for box in test.warning]
    assert "hold NaN or infinity" in warning
    assert "up to row 99" in warning


def test_more_runs_than_fit_are_cut_off(mapped_run_factory):
    names = [f"base-{seed}" for seed in range(5)]
    for seed, name in enumerate(names):
        mapped_run_factory(name, method="base", seed=seed)
    test = opened(runs=names)
    assert len(panels(picture(test))) == 4
    assert "The first 4 of 5 runs are drawn" in said(test)


def test_three_documents_are_drawn_by_pca_alone(mapped_run_factory):
    mapped_run_factory("base-0", method="base", rows=[1, 2, 3])
    assert len(panels(picture(opened()))) == 1
    test = opened(map="UMAP")
    assert "at least 4 documents" in test.warning[0].value
    assert not test.get("plotly_chart")


def test_a_cache_that_cannot_be_written_is_no_reason_not_to_draw(two, workspace):
    workspace.cache.mkdir()
    (workspace.cache / "projections").write_text("in the way")
    assert panels(picture(opened())) == ["base-0", "protomix-0"]


def _as_tested_on(path: Path, corpus) -> None:
    """Give the run's first documents the ids, labels and gold labels of the corpus."""
    import pandas as pd

    predictions = pd.read_parquet(path / "predictions.parquet")
    predictions["id"] = list(corpus.test.ids)[: len(predictions)]
    predictions["gold_labels"] = [corpus.test.targets[[row]].indices for row in range(len(predictions))]
    predictions.to_parquet(path / "predictions.parquet")
    labels = json.loads((path / "labels.json").read_text())
    (path / "labels.json").write_text(json.dumps(labels | {"labels": list(corpus.labels)}))


def test_a_finished_run_without_vectors_is_named_beside_those_that_have_them(two, run_factory):
    run_factory("bare-0")
    test = opened()
    assert panels(picture(test)) == ["base-0", "protomix-0"]
    assert "Without vectors of documents, and so not offered here: bare-0. Where a method has them" in said(
        test
    )


def test_a_run_of_another_split_is_not_missed_and_one_on_tfidf_has_none(two, run_factory):
    run_factory("away-0", split_id="aapd/1")
    assert "not offered here" not in said(opened())
    run_factory("linear-0", method="binary-relevance", encoder="tfidf")
    words = said(opened())
    assert "not offered here: linear-0. Methods on TF-IDF have none." in words
    assert "workbench train" not in words
