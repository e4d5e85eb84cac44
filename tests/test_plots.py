"""From runs to pictures in one call: the same numbers as in two steps, and errors that say what to do."""

from __future__ import annotations

import numpy as np
import pytest

from tests.mixed_runs import mixed_run
from tests.tested_runs import plausible_scores, write_tested_run
from workbench import map_plots, plots
from workbench.analysis.spectrum import singular_values
from workbench.errors import WorkbenchError
from workbench.runs.store import Run


@pytest.fixture
def runs(mapped_run_factory) -> list[Run]:
    return [Run.load(mapped_run_factory(f"{method}-0", method=method)) for method in ("base", "protomix")]


def test_metrics_are_those_of_the_runs(runs: list[Run]):
    figure = plots.plot_metrics(runs, ["P@1"])
    drawn = sorted(float(trace.x[0]) for trace in figure.data if trace.marker.size == 12)
    assert drawn == sorted(run.metrics["test"]["overall"]["P@1"] for run in runs)


def test_a_dashed_line_is_at_the_floor_where_it_is_among_the_runs(runs: list[Run], run_factory):
    assert not plots.plot_metrics(runs, ["P@1"]).layout.shapes
    floor = Run.load(run_factory("floor-0", method="binary-relevance", score=0.3))
    (line,) = plots.plot_metrics([*runs, floor], ["P@1"]).layout.shapes
    assert (line.x0, line.line.dash) == (floor.metrics["test"]["overall"]["P@1"], "dash")
    groups = {trace.name: trace.line.dash for trace in plots.plot_groups([*runs, floor]).data}
    assert [name for name, dash in groups.items() if dash == "dash"] == ["binary-relevance · cnn"]


def test_groups_and_curves_have_a_line_a_run(runs: list[Run]):
    values = {float(value) for trace in plots.plot_groups(runs).data for value in trace.y}
    assert runs[0].metrics["test"]["groups"]["tail"]["macro_F1"] in values
    figure = plots.plot_curves(runs, ["loss"], "epoch")
    assert {trace.name for trace in figure.data} == {"base-0", "protomix-0"}
    titles = {axis.title.text for axis in plots.plot_curves(runs).select_yaxes()}
    assert {"loss", "loss/prototype", "nDCG@5", "P@1"} <= titles
    with pytest.raises(WorkbenchError, match="not 'hours'"):
        plots.plot_curves(runs, over="hours")


def test_the_spectrum_is_that_of_the_label_embeddings(runs: list[Run]):
    figure = plots.plot_spectrum(runs, normalised=False)
    lines = [trace for trace in figure.data if trace.name == "base-0"]
    expected = singular_values(runs[0].array("label_embeddings"))
    np.testing.assert_allclose(lines[0].y, np.cumsum(expected**2))
    np.testing.assert_allclose(lines[1].y, expected)


def test_label_pairs_are_counted_from_the_split_that_is_named(toy_corpus):
    figure = plots.plot_cooccurrence(toy_corpus, "test", order="by frequency")
    targets = toy_corpus.test.targets.toarray().astype(int)
    (heat,) = (trace for trace in figure.data if trace.customdata is not None)
    places = {name: place for place, name in enumerate(toy_corpus.label_texts)}
    together = targets.T @ targets
    for row, a in enumerate(heat.y):
        for column, b in enumerate(heat.x):
            told = heat.customdata[row][column][0]
            assert a == b or np.nan_to_num(told) == together[places[a], places[b]]
    for wrong in ({"split": "dev"}, {"measure": "lift"}, {"order": "random"}):
        with pytest.raises(WorkbenchError, match=next(iter(wrong.values()))):
            plots.plot_cooccurrence(toy_corpus, **wrong)


def test_documents_are_drawn_a_panel_a_run(runs: list[Run], monkeypatch):
    figure = map_plots.plot_documents(runs)
    assert sum(len(trace.x) for trace in figure.data) == 60
    assert [note.text for note in figure.layout.annotations] == ["base-0", "protomix-0"]
    monkeypatch.setattr(map_plots, "MOST_DOCUMENTS", 59)
    with pytest.raises(WorkbenchError, match="too many for one picture: at most 59"):
        map_plots.plot_documents(runs)


def test_what_a_run_lacks_is_named_with_the_command_that_makes_it(runs: list[Run]):
    with pytest.raises(WorkbenchError, match="workbench probe landscape base-0"):
        plots.plot_landscape(runs)
    with pytest.raises(WorkbenchError, match="workbench train lsfa"):
        map_plots.plot_tail_features(runs)


@pytest.mark.parametrize("draw", [plots.plot_metrics, plots.plot_groups, map_plots.plot_documents])
def test_no_run_and_runs_of_two_splits_are_refused(runs: list[Run], run_factory, draw):
    with pytest.raises(WorkbenchError, match="no run to draw"):
        draw([])
    other = Run.load(run_factory("other-0", split_id="aapd/1"))
    with pytest.raises(WorkbenchError, match="demo/2a9f61c3, aapd/1"):
        draw([runs[0], other])


def test_labels_of_one_run_against_another_are_of_one_split(tmp_path):
    gold = np.random.default_rng(2).random((20, 4)) < 0.4
    runs = [
        write_tested_run(tmp_path, f"r-{place}", plausible_scores(gold, place), gold, split_id=f"toy/{split}")
        for place, split in enumerate((1, 1, 2))
    ]
    figure = plots.plot_labels(*runs[:2])
    drawn = sorted(value for trace in figure.data if trace.customdata is not None for value in trace.y)
    expected = [row["F1"] for row in runs[1].metrics["test"]["labels"] if row["test_count"]]
    assert drawn == pytest.approx(sorted(expected))
    with pytest.raises(WorkbenchError, match="different documents"):
        plots.plot_labels(runs[0], runs[2])


def test_mixtures_are_drawn_beside_their_parents(tmp_path):
    runs = [mixed_run(tmp_path, "m-0", "mix", ("sep_mldc.label_contrast",)), mixed_run(tmp_path, "a", "mix")]
    (trace,) = plots.plot_mixtures(runs, ["P@1"]).data
    one, other = (run.metrics["test"]["overall"]["P@1"] for run in runs)
    assert list(trace.x) == [pytest.approx(one - other)]
    with pytest.raises(WorkbenchError, match="no run to draw"):
        plots.plot_mixtures([])


@pytest.mark.parametrize(
    ("draw", "says"),
    [
        (lambda runs: plots.plot_metrics(runs, ["P@1", "macro_f1"]), "Did you mean 'macro_F1'"),
        (lambda runs: plots.plot_metrics(runs, []), "No run has nothing. Known: P@1"),
        (lambda runs: plots.plot_groups(runs, "P@1"), "No run has 'P@1' by label group"),
        (
            lambda runs: plots.plot_curves(runs, ["lass"]),
            "No run has 'lass' in its curves. Did you mean 'loss'",
        ),
        (lambda runs: plots.plot_metrics(runs[0]), r"give a list of runs, such as \[run\]"),
    ],
)
def test_what_no_run_has_is_told_with_what_there_is(runs: list[Run], draw, says):
    with pytest.raises(WorkbenchError, match=says):
        draw(runs)
