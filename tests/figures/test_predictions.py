from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.analysis.verdicts import verdict_table
from workbench.figures.moved_scores import moved_scores_figure
from workbench.figures.palette import VERDICT_LOOKS
from workbench.figures.predictions import prediction_figure

LABELS = ["★ <b>A</b>", "B", "C"]


def tables(**scores):
    counts = np.array([5, 6, 7])
    return {
        run: verdict_table(np.array(one), np.array([0.5, 0.5, np.inf]), [0], counts)
        for run, one in scores.items()
    }


def named(figure, name):
    return [trace for trace in figure.data if trace.name == name]


def test_each_verdict_has_a_sign_of_its_own_at_the_score():
    figure = prediction_figure(tables(one=[0.4, 0.7, 0.9]), LABELS, [0, 1, 0])
    (missed,), (wrong,) = named(figure, "gold, missed"), named(figure, "predicted, not gold")
    assert (missed.x.tolist(), missed.y.tolist()) == ([0.4], [0])
    assert (wrong.x.tolist(), wrong.y.tolist()) == ([0.7], [1])
    assert missed.marker.symbol == "circle-open" != wrong.marker.symbol
    assert missed.customdata[0].tolist()[1:] == ["3", "5", ", threshold 0.500"]
    assert "%{customdata[3]}" in missed.hovertemplate and "training documents" in missed.hovertemplate
    assert len({symbol for _, symbol, _ in VERDICT_LOOKS.values()}) >= 3


def test_a_threshold_is_drawn_where_it_is_finite():
    figure = prediction_figure(tables(one=[0.4, 0.7, 0.9]), LABELS, [0, 1, 0])
    (strokes,) = named(figure, "threshold")
    assert strokes.x[:2].tolist() == [0.5, 0.5]
    assert np.isnan(strokes.x[2])


def test_runs_stand_side_by_side_with_their_votes_and_one_legend():
    figure = prediction_figure(tables(one=[0.4, 0.7, 0.9], two=[0.6, 0.7, 0.1]), LABELS, [1, 2, 0])
    assert [note.text for note in figure.layout.annotations] == ["one", "two", "votes"]
    (votes,) = [trace for trace in figure.data if trace.type == "scatter" and trace.mode == "text"]
    assert list(votes.text) == ["1/2", "2/2", "0/2"]
    entries = [trace.name for trace in figure.data if trace.showlegend is not False]
    assert len(entries) == len(set(entries))
    assert figure.layout.xaxis.title.text == figure.layout.xaxis2.title.text == "score"


def test_one_run_needs_no_votes():
    figure = prediction_figure(tables(one=[0.4, 0.7, 0.9]), LABELS, [0, 1, 0])
    assert [note.text for note in figure.layout.annotations] == ["one"]


def test_names_are_text_and_the_first_is_on_top():
    figure = prediction_figure(tables(**{"<i>run</i>": [0.4, 0.7, 0.9]}), LABELS, [0, 1, 0])
    assert figure.layout.yaxis.ticktext[0] == "★ &lt;b&gt;A&lt;/b&gt;"
    assert figure.layout.yaxis.range[0] > figure.layout.yaxis.range[1]
    assert "<i>" not in figure.layout.annotations[0].text
    long = prediction_figure(tables(one=[0.4, 0.7, 0.9]), ["x" * 1000, "B", "C"], [0, 1, 0])
    assert len(long.layout.yaxis.ticktext[0]) < 50


def test_without_labels_a_message_stands_there():
    assert "No label" in prediction_figure({}, [], []).layout.annotations[0].text
    assert "No score has moved" in moved_scores_figure({}, []).layout.annotations[0].text


def moved():
    columns = {"before": [0.2, 0.8, 0.5], "after": [0.6, 0.3, 0.5], "threshold": [0.5, 0.5, np.inf]}
    return moved_scores_figure({"one": pd.DataFrame(columns), "two": pd.DataFrame(columns)}, LABELS)


def test_triangles_point_where_a_score_went():
    figure = moved()
    up, down = named(figure, "after: up"), named(figure, "after: down")
    assert [trace.marker.symbol for trace in (up[0], down[0])] == ["triangle-right", "triangle-left"]
    assert (up[0].x.tolist(), up[0].y.tolist()) == ([0.6], [0])
    assert (down[0].x.tolist(), down[0].y.tolist()) == ([0.3], [1])
    assert up[0].marker.color != down[0].marker.color
    assert [trace.x.tolist() for trace in named(figure, "before")] == [[0.2, 0.8, 0.5]] * 2


def test_lines_join_before_and_after_of_one_label():
    (line, _) = [trace for trace in moved().data if trace.mode == "lines"]
    assert line.x[:2].tolist() == [0.2, 0.6] and line.y[:2].tolist() == [0, 0]
    assert np.isnan(line.x[2::3]).all()


def test_a_name_stands_once_in_the_legend():
    entries = [trace.name for trace in moved().data if trace.name and trace.showlegend]
    assert sorted(entries) == ["after: down", "after: up", "before", "threshold"]


def test_a_run_that_says_sets_has_no_strokes_and_its_neighbour_keeps_them():
    said = verdict_table(np.array([0.4, 0.7, 0.9]), np.nan, [0], np.array([5, 6, 7]), np.array([1, 0, 0]) > 0)
    figure = prediction_figure({"said": said, **tables(one=[0.4, 0.7, 0.9])}, LABELS, [1, 1, 0])
    (strokes,) = named(figure, "threshold")
    assert strokes.showlegend and strokes.xaxis == "x2"
    found = next(trace for trace in figure.data if trace.name == "gold, predicted")
    assert found.x.tolist() == [0.4] and found.customdata[0].tolist()[3] == ""
