from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from workbench.figures.landscape import contour_figure, slice_figure, surface_figure
from workbench.figures.palette import method_colour

NO_PATH = pd.DataFrame(columns=["run", "method", "epoch", "x", "y", "share_in_plane", "loss"])


def bowls(*runs: str) -> pd.DataFrame:
    axis = np.array([-1.0, 0.0, 1.0])
    x, y = np.meshgrid(axis, 2 * axis)
    parts = []
    for number, run in enumerate(runs, start=1):
        loss = number * (x**2 + 10 * y)
        parts.append(
            pd.DataFrame({"run": run, "method": "mix", "x": x.ravel(), "y": y.ravel(), "loss": loss.ravel()})
        )
    return pd.concat(parts, ignore_index=True).assign(rise=0.5, log10_loss=-1.0)


def traces(figure, kind: str) -> list:
    return [trace for trace in figure.data if trace.type == kind]


def test_one_panel_a_run_with_the_same_levels_and_colours():
    figure = contour_figure(bowls("a", "b", "c"), (0.0, 10.0), NO_PATH)
    contours = traces(figure, "contour")
    assert [trace.name for trace in contours] == ["a", "b", "c"]
    assert {(t.contours.start, t.contours.end, t.contours.size) for t in contours} == {(0.5, 10.0, 0.5)}
    assert {trace.coloraxis for trace in contours} == {"coloraxis"}
    assert (figure.layout.coloraxis.cmin, figure.layout.coloraxis.cmax) == (0.0, 10.0)
    assert [note.text for note in figure.layout.annotations] == ["a", "b", "c"]


def test_rows_are_y_and_columns_x():
    (trace,) = traces(contour_figure(bowls("a"), (0.0, 10.0), NO_PATH), "contour")
    assert (list(trace.x), list(trace.y)) == ([-1.0, 0.0, 1.0], [-2.0, 0.0, 2.0])
    assert trace.z.tolist() == [[-19.0, -20.0, -19.0], [1.0, 0.0, 1.0], [21.0, 20.0, 21.0]]
    assert isinstance(trace.z, np.ndarray)


def test_every_axis_is_named():
    figure = contour_figure(bowls("a", "b"), (0.0, 1.0), NO_PATH, axes=("across", "up"))
    assert (figure.layout.xaxis.title.text, figure.layout.xaxis2.title.text) == ("across", "across")
    assert figure.layout.yaxis.title.text == "up"
    assert figure.layout.coloraxis.colorbar.title.text == "loss"
    risen = contour_figure(bowls("a"), (0.0, 1.0), NO_PATH, height="rise")
    assert risen.layout.coloraxis.colorbar.title.text == "rise of<br>the loss"
    assert set(traces(risen, "contour")[0].z.ravel()) == {0.5}


def test_planes_of_equal_sides_are_squares_and_others_fill_their_panels():
    plane = bowls("a", "b")
    square = contour_figure(plane.assign(y=plane["y"] / 2), (0.0, 1.0), NO_PATH).layout
    assert (square.yaxis.scaleanchor, square.yaxis2.scaleanchor) == ("x", "x2")
    assert contour_figure(plane, (0.0, 1.0), NO_PATH).layout.yaxis.scaleanchor is None


def test_what_is_no_number_is_a_gap():
    table = bowls("a")
    table.loc[[0, 1], "loss"] = [np.inf, np.nan]
    for figure, kind in (
        (contour_figure(table, (0.0, 1.0), NO_PATH), "contour"),
        (surface_figure(table, (0.0, 1.0)), "surface"),
    ):
        (trace,) = traces(figure, kind)
        assert np.isnan(trace.z).sum() == 2
        assert not np.isinf(trace.z).any()


def test_the_weights_and_the_path_are_marked():
    path = pd.DataFrame(
        {"run": "b", "method": "mix", "epoch": [0, 1], "x": [0.5, 0.1], "y": [0.0, 0.2], "loss": [0.7, 0.3]}
    )
    figure = contour_figure(bowls("a", "b"), (0.0, 1.0), path)
    lines = [trace for trace in traces(figure, "scatter") if trace.mode == "lines+markers"]
    assert [list(line.x) for line in lines] == [[0.5, 0.1]]
    assert "after epoch %{customdata[0]}" in lines[0].hovertemplate
    assert lines[0].xaxis == "x2"
    centres = [trace for trace in traces(figure, "scatter") if trace.mode == "markers"]
    assert [(list(mark.x), list(mark.y)) for mark in centres] == [([0.0], [0.0])] * 2
    assert "the run's own weights" in centres[0].hovertemplate


def test_many_runs_go_into_rows_of_at_most_three():
    for runs, columns in (("abc", 3), ("abcd", 2), ("abcde", 3), ("abcdefg", 3)):
        layout = contour_figure(bowls(*runs), (0.0, 1.0), NO_PATH).layout
        axes = ["yaxis", *(f"yaxis{place}" for place in range(2, len(runs) + 1))]
        tops = [layout[axis].domain[1] for axis in axes]
        assert tops.count(max(tops)) == columns
    low, high = (contour_figure(bowls(*runs), (0.0, 1.0), NO_PATH).layout.height for runs in ("abc", "abcd"))
    assert low < high


def test_long_names_are_broken_so_that_titles_keep_clear_of_each_other():
    names = [f"pm-cooking-frozen-protomix-100-s{seed}" for seed in range(3)]
    for figure in (contour_figure(bowls(*names), (0.0, 1.0), NO_PATH), surface_figure(bowls(*names), (0, 1))):
        titles = [note.text for note in figure.layout.annotations]
        assert [title.replace("<br>", "") for title in titles] == names
        assert max(len(line) for title in titles for line in title.split("<br>")) <= 22
    tall = contour_figure(bowls(*names), (0.0, 1.0), NO_PATH).layout
    assert tall.margin.t > contour_figure(bowls("a", "b", "c"), (0.0, 1.0), NO_PATH).layout.margin.t


def test_colour_bars_have_a_few_round_numbers():
    def ticks(low: float, high: float) -> list[str]:
        bar = contour_figure(bowls("a"), (low, high), NO_PATH).layout.coloraxis.colorbar
        assert all(low <= tick <= high * (1 + 1e-9) for tick in bar.tickvals)
        return list(bar.ticktext)

    assert ticks(0.0, 1.0) == ["0", "0.25", "0.5", "0.75", "1"]
    assert ticks(0.0241, 0.57) == ["0.1", "0.2", "0.3", "0.4", "0.5"]
    assert ticks(-2.1, 1.3) == ["-2", "-1.5", "-1", "-0.5", "0", "0.5", "1"]
    assert ticks(0.703352203, 0.703353203) == ["0.703"]


def test_surfaces_share_colours_and_heights():
    figure = surface_figure(bowls("a", "b", "c"), (0.0, 10.0))
    assert [trace.name for trace in figure.data] == ["a", "b", "c"]
    assert {trace.coloraxis for trace in figure.data} == {"coloraxis"}
    for scene in (figure.layout.scene, figure.layout.scene2, figure.layout.scene3):
        assert scene.zaxis.range == (0.0, 10.0)
        assert scene.camera.eye.x == scene.camera.eye.y >= 1.9  # far enough for the names of the axes
        titles = (scene.xaxis.title.text, scene.yaxis.title.text, scene.zaxis.title.text)
        assert titles == ("direction 1", "direction 2", "loss")


def slices() -> pd.DataFrame:
    rows = []
    for run, method in (("m-0", "mix"), ("m-1", "mix")):
        for direction in ("1", "2", "3", "mean of 3"):
            for position, loss in ((-1.0, np.inf), (0.0, 0.2), (1.0, 0.5)):
                std = 0.1 if direction.startswith("mean") and position >= 0 else np.nan
                rows.append((run, method, direction, position, loss, std))
    return pd.DataFrame(rows, columns=["run", "method", "direction", "position", "loss", "std"])


def test_slices_have_three_panels_and_the_mean_a_band():
    figure = slice_figure(slices(), 0.5)
    lines = [trace for trace in figure.data if trace.fill is None]
    bands = [trace for trace in figure.data if trace.fill == "toself"]
    assert {trace.xaxis for trace in lines} == {"x", "x2", "x3"}
    assert len(lines) == 6
    assert [list(band.x) for band in bands] == [[0.0, 1.0, 1.0, 0.0]] * 2
    assert list(bands[0].y) == pytest.approx([0.3, 0.6, 0.4, 0.1])
    assert np.isnan(lines[0].y[0])
    titles = [note.text for note in figure.layout.annotations]
    assert titles == ["direction 1", "direction 2", "mean of 3 directions"]
    assert figure.layout.xaxis.title.text == "distance from<br>the run's weights"
    assert figure.layout.yaxis.title.text == "loss (binary cross entropy)"
    assert figure.layout.yaxis.range == (0, 0.525)
    assert figure.layout.xaxis3.range == (-1.03, 1.03)  # else its last tick is left out


def test_runs_of_one_method_share_its_colour_and_differ_in_their_dash():
    figure = slice_figure(slices(), 0.5)
    named = [trace for trace in figure.data if trace.showlegend]
    assert [trace.name for trace in named] == ["m-0", "m-1"]
    assert {trace.line.color for trace in named} == {method_colour("mix")}
    assert len({trace.line.dash for trace in named}) == 2


def test_slices_of_different_methods_differ_in_more_than_their_colour():
    table = slices()
    table.loc[table["run"] == "m-1", "method"] = "protomix"
    lines = [trace for trace in slice_figure(table, 0.5).data if trace.fill is None]
    assert {(line.name, line.marker.symbol, line.mode) for line in lines} == {
        ("m-0", "triangle-up", "lines+markers"),
        ("m-1", "diamond", "lines+markers"),
    }


def test_nothing_to_draw_says_which_command_makes_it():
    empty = pd.DataFrame(columns=["run"])
    for figure in (
        contour_figure(empty, (0.0, 1.0), NO_PATH),
        surface_figure(empty, (0.0, 1.0)),
        slice_figure(empty, 1.0),
    ):
        assert "workbench probe landscape" in figure.layout.annotations[0].text
