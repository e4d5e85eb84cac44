from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from workbench.figures.drawn import drawn_table
from workbench.figures.pages import figure_page
from workbench.figures.theme import message


def test_points_of_every_trace_are_rows():
    figure = go.Figure()
    figure.add_scatter(
        x=[1, 2], y=[3.5, -1], name="one<br>name", text=["a<br>b", "c"], error_y={"array": [0.1, 0.2]}
    )
    figure.add_bar(x=["p", "q"], y=np.array([1, 2]), customdata=[[7, 8], [9, 10]])
    table = drawn_table(figure)
    assert list(table) == ["trace", "x", "y", "error_y", "text", "customdata_1", "customdata_2"]
    assert table["trace"].tolist() == ["one name", "one name", "2", "2"]
    assert table["x"].tolist() == [1, 2, "p", "q"]
    assert table["y"].tolist() == [3.5, -1, 1, 2]
    assert table["text"].tolist()[:2] == ["a b", "c"]
    assert table["customdata_2"].tolist()[2:] == [8, 10]


def test_cells_of_a_grid_are_rows_and_empty_ones_are_left_out():
    z = np.array([[1, np.nan], [3, 4]])
    figure = go.Figure(go.Heatmap(x=["a", "b"], y=["c", "d"], z=z, customdata=np.arange(8).reshape(2, 2, 2)))
    table = drawn_table(figure)
    assert table[["x", "y", "z"]].to_numpy().tolist() == [["a", "c", 1.0], ["a", "d", 3.0], ["b", "d", 4.0]]
    assert table["customdata_1"].tolist() == [0, 4, 6]
    numbered = drawn_table(go.Figure(go.Surface(z=z)))
    assert numbered[["x", "y"]].to_numpy().tolist() == [[0, 0], [0, 1], [1, 1]]


def test_what_is_there_to_be_clicked_alone_is_no_data():
    figure = make_subplots(cols=2)
    figure.add_scattergl(x=[1], y=[1], marker={"opacity": 0}, row=1, col=1)
    assert drawn_table(figure).empty
    figure.add_scatter3d(x=[1], y=[2], z=[3])
    assert drawn_table(figure)[["x", "y", "z"]].to_numpy().tolist() == [[1, 2, 3]]


def test_a_picture_without_data_has_no_rows():
    assert drawn_table(message("Nothing")).equals(pd.DataFrame(columns=["trace", "x", "y"]))


def test_a_page_of_its_own_has_the_script_inside_and_may_load_nothing():
    page = figure_page(go.Figure(go.Bar(x=["</script><script>alert(1)"], y=[1])), "<b>title</b>")
    assert "&lt;b&gt;title" in page and "default-src 'none'" in page
    assert "<script src" not in page and "Plotly.newPlot(" in page
    assert "</script><script>alert(1)" not in page
    assert 4e6 < len(page) < 6e6
