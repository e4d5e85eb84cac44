from __future__ import annotations

import json

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from dashboard import geometry_panels, jobs
from tests.dashboard import page
from tests.dashboard.page import pictures, said
from workbench.analysis.geometry import directions, mean_cosine
from workbench.analysis.projection import kept_projection
from workbench.analysis.projection_cache import write_points
from workbench.runs.store import Run

pytestmark = pytest.mark.usefixtures("nothing_left_over")


@pytest.fixture
def staged_run_factory(mapped_run_factory):
    """As `mapped_run_factory`, with vectors of the first documents before training and after a stage."""

    def make(name: str = "staged-0", documents: int = 20, dimensions: int = 8, **changes):
        path = mapped_run_factory(name, **changes)
        generator = np.random.default_rng(len(name))
        np.save(path / "arrays" / "stage_rows.npy", np.arange(documents))
        for array, shift in (("0.start", 5.0), ("1.contrast", 1.0)):
            vectors = generator.normal(size=(documents, dimensions)) + shift
            np.save(path / "arrays" / f"stage_vectors.{array}.npy", vectors.astype(np.float16))
        return path

    return make


def opened(**address: str | list[str]) -> AppTest:
    return page.opened("geometry", **address)


def scenes(figure: dict) -> list[str]:
    return sorted({trace["scene"] for trace in figure["data"] if trace["type"] == "scatter3d"})


def names(figure: dict) -> list[str]:
    titles = (note["text"].replace("<br>", " ") for note in figure["layout"]["annotations"])
    return [title for title in titles if "·" in title]


def drawn(figure: dict) -> int:
    return sum(len(trace["text"]) for trace in figure["data"])


def test_the_moments_of_the_run_that_kept_them_stand_side_by_side(staged_run_factory, mapped_run_factory):
    mapped_run_factory("plain-0", started_at="2026-03-01T00:00:00+00:00")
    path = staged_run_factory(started_at="2026-02-01T00:00:00+00:00")
    test = opened()
    figure = pictures(test)[0]
    assert scenes(figure) == ["scene", "scene2", "scene3"]
    assert names(figure) == ["staged-0 · start", "staged-0 · after contrast", "staged-0 · trained"]
    assert drawn(figure) == 3 * 20  # only documents that every moment has
    table = test.dataframe[0].value.set_index("panel")
    start = np.load(path / "arrays" / "stage_vectors.0.start.npy")
    assert table.loc["staged-0 · start", "mean_cosine"] == pytest.approx(mean_cosine(directions(start)[0]))
    below = [note["text"] for note in figure["layout"]["annotations"] if "mean cosine" in note["text"]]
    assert f"mean cosine {mean_cosine(directions(start)[0]):.3f}<br>" in below[0]
    spectra = pictures(test)[1]
    assert {trace["name"] for trace in spectra["data"]} == set(names(figure))


def test_hover_names_the_document_and_its_labels_and_kinds_their_groups(staged_run_factory):
    path = staged_run_factory()
    figure = pictures(opened(moments=["trained"]))[0]
    run = Run.load(path)
    gold = {f"d{row}": labels for row, labels in enumerate(run.predictions["gold_labels"])}
    counts = run.train_counts
    for trace in figure["data"]:
        for text in trace["text"]:
            identity, _, labels = text.partition("<br>")
            assert all(f"label {label}" in labels for label in gold[identity][:4])
            groups = [
                any(low <= counts[label] < high for label in gold[identity])
                for low, high in ((100, 10**9), (20, 100), (0, 20))
            ]
            expected = f"[{','.join(str(int(one)) for one in groups)}]" if any(groups) else "no gold label"
            assert trace["name"].startswith(expected)


def test_the_papers_bounds_regroup_documents(staged_run_factory):
    staged_run_factory()
    test = opened(bounds="the paper's")
    assert "at least 14 training documents, mid ones 5" in said(test)  # of 240
    assert "at least 100 training documents, mid ones 20" in said(opened())


def test_moments_and_runs_can_be_chosen(staged_run_factory, mapped_run_factory):
    staged_run_factory()
    mapped_run_factory("plain-0")
    test = opened(runs=["staged-0", "plain-0"], moments=["start", "trained"])
    assert names(pictures(test)[0]) == ["staged-0 · start", "staged-0 · trained", "plain-0 · trained"]
    assert "workbench probe geometry plain-0" in said(test)
    test.multiselect(key="moments").set_value([]).run()
    assert "Choose a moment" in said(test)
    assert not test.exception
    stale = opened(runs=["plain-0"], moments=["start"])
    assert names(pictures(stale)[0]) == ["plain-0 · trained"]


def test_more_panels_than_fit_are_cut_off(staged_run_factory):
    for seed in range(3):
        staged_run_factory(f"staged-{seed}", seed=seed)
    test = opened(runs=[f"staged-{seed}" for seed in range(3)])
    assert len(scenes(pictures(test)[0])) == 6
    assert "The first 6 of 9 panels are drawn" in said(test)


def ranges(figure: dict) -> list[list[float]]:
    layout = figure["layout"]
    return [layout[scene]["xaxis"]["range"] for scene in sorted(layout) if scene.startswith("scene")]


def test_axes_of_the_first_panel_may_serve_for_all(staged_run_factory):
    staged_run_factory()
    own, shared = (pictures(opened(axes=axes))[0] for axes in ("each its own", "those of the first"))
    assert len({str(one) for one in ranges(own)}) == 3
    assert len({str(one) for one in ranges(shared)}) == 1


def test_vectors_of_other_lengths_keep_axes_of_their_own(staged_run_factory):
    staged_run_factory(dimensions=5)
    figure = pictures(opened(axes="those of the first", moments=["start", "trained"]))[0]
    assert len({str(one) for one in ranges(figure)}) == 2


def test_two_dimensions_by_choice_or_where_three_cannot_be_drawn(staged_run_factory, monkeypatch):
    staged_run_factory()
    flat = pictures(opened(dimensions="2-D"))[0]
    assert scenes(flat) == []
    assert drawn(flat) == 60
    assert "of variance)" in flat["layout"]["xaxis"]["title"]["text"]
    monkeypatch.setattr(geometry_panels, "link_cameras", lambda chart: False)
    test = opened()
    assert scenes(pictures(test)[0]) == []
    assert "no WebGL" in test.warning[0].value


@pytest.mark.parametrize("view, dimensions", [("3-D", 3), ("2-D", 2)])
def test_umap_is_offered_and_drawn_when_it_is_there(view, dimensions, staged_run_factory, workspace):
    path = staged_run_factory()
    test = opened(map="UMAP", dimensions=view, neighbours="5")
    assert [button.label for button in test.button] == ["Compute UMAP of 1 run"]
    assert "Until UMAP is ready, this is PCA" in said(test)
    settings = {"neighbours": 5} | ({"dimensions": 3} if dimensions == 3 else {})
    for array in ("stage_vectors.0.start", "stage_vectors.1.contrast", "document_embeddings"):
        vectors = Run.load(path).array(array)
        points = np.random.default_rng(0).normal(size=(len(vectors), dimensions)).astype(np.float32)
        write_points(kept_projection(vectors, "umap", settings, workspace.cache), points)
    test = opened(map="UMAP", dimensions=view, neighbours="5")
    assert not test.button
    figure = pictures(test)[0]
    assert len(scenes(figure)) == (3 if dimensions == 3 else 0)
    assert "UMAP 1" in json.dumps(figure["layout"])


def test_maps_of_every_moment_are_computed_in_the_background(staged_run_factory):
    staged_run_factory()
    test = opened(map="t-SNE", perplexity="5", moments=["start", "trained"])
    test.button[0].click().run()
    (job,) = jobs._jobs.values()
    assert job.join() == "done", job.said
    test.run()
    assert not test.button
    figure = pictures(test)[0]
    assert names(figure) == ["staged-0 · start", "staged-0 · trained"]
    assert "t-SNE 1" in json.dumps(figure["layout"])


def test_tsne_has_two_dimensions(staged_run_factory):
    staged_run_factory()
    test = opened(map="t-SNE")
    assert "laid out in two dimensions" in said(test)
    assert scenes(pictures(test)[0]) == []


def test_many_documents_are_drawn_by_some_of_them(mapped_run_factory, monkeypatch):
    from workbench.analysis import stage_vectors

    monkeypatch.setattr(stage_vectors.drawn_rows, "__defaults__", (12,))
    mapped_run_factory("base-0")
    test = opened()
    assert "Drawn and measured: 12 documents of 30" in said(test)
    assert test.dataframe[0].value["documents"].tolist() == [12]


def test_vectors_that_are_broken_are_named_beside_the_good_ones(staged_run_factory, mapped_run_factory):
    staged_run_factory()
    mapped_run_factory("nan-0", vectors=np.full((30, 4), np.nan))
    bad = staged_run_factory("torn-0")
    np.save(bad / "arrays" / "stage_rows.npy", np.arange(7))
    test = opened(runs=["staged-0", "nan-0", "torn-0"], moments=["start", "trained"])
    assert set(names(pictures(test)[0])) >= {"staged-0 · start", "staged-0 · trained"}
    (warning,) = [box.value for box in test.warning]
    assert "hold NaN or infinity" in warning
    assert "do not fit together" in warning


def test_runs_without_a_document_in_common_say_so(mapped_run_factory):
    mapped_run_factory("base-0", method="base", rows=[0, 1, 2])
    mapped_run_factory("mix-0", method="mix", rows=[5, 6])
    test = opened(runs=["base-0", "mix-0"])
    assert "no document in common" in test.info[0].value


def test_one_document_has_no_angles(mapped_run_factory):
    mapped_run_factory("base-0", rows=[4])
    test = opened()
    table = test.dataframe[0].value
    assert table["documents"].tolist() == [1]
    assert table[["mean_cosine", "uniformity", "alignment"]].isna().all(axis=None)


def test_a_workspace_without_vectors_says_how_they_are_kept(run_factory):
    run_factory("bare-0")
    test = opened()
    assert "keep_stages=true" in said(test)
    assert "bare-0" in said(test)


def test_documents_encircled_in_two_dimensions_are_listed(staged_run_factory):
    staged_run_factory()
    points = [{"customdata": number} for number in (3, 1, 3)]
    chart = {"chart-geometry-flat": {"selection": {"points": points, "box": [], "lasso": []}}}
    test = page.opened("geometry", chart, dimensions="2-D")
    assert test.subheader[0].value == "2 documents chosen"
    chosen = next(frame.value for frame in test.dataframe if "open" in frame.value.columns)
    assert chosen["id"].tolist() == ["d3", "d1"]
    assert "staged-0 predicted" in chosen
    assert "chosen-documents.csv" in [button.label for button in test.get("download_button")]
    assert "draw around several" in said(opened(dimensions="2-D"))
