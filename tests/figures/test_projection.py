from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from workbench.analysis.document_kinds import NO_LABEL
from workbench.figures.palette import GROUP_SYMBOLS
from workbench.figures.projection import _LOOKS, projection_figure
from workbench.metrics import GROUP_NAMES

KINDS = ["head", "mid", "tail"]


def table(runs: tuple[str, ...] = ("base", "mix"), documents: int = 4) -> pd.DataFrame:
    parts = [
        pd.DataFrame(
            {
                "run": run,
                "document": np.arange(documents),
                "x": np.arange(documents) + 10.0 * number,
                "y": -np.arange(documents) / 2,
                "kind": pd.Categorical(["head", "head", "tail", "head"][:documents], KINDS),
                "text": [f"d{place}" for place in range(documents)],
            }
        )
        for number, run in enumerate(runs)
    ]
    return pd.concat(parts, ignore_index=True)


def test_one_panel_a_run_and_one_trace_a_kind_that_occurs():
    figure = projection_figure(table(), "tsne", "Rarest label")
    assert [(trace.name, trace.xaxis) for trace in figure.data] == [
        ("head", "x"),
        ("tail", "x"),
        ("head", "x2"),
        ("tail", "x2"),
    ]
    assert [trace.showlegend for trace in figure.data] == [True, True, False, False]
    assert [note.text for note in figure.layout.annotations] == ["base", "mix"]
    assert figure.layout.legend.title.text == "Rarest label: "
    assert figure.data[2].x.tolist() == [10.0, 11.0, 13.0]
    assert figure.data[2].y.tolist() == [0.0, -0.5, -1.5]


def test_dots_carry_numbers_and_say_what_they_are():
    (heads, tails) = projection_figure(table(("base",)), "umap", "Rarest label").data
    assert heads.customdata.tolist() == [0, 1, 3]
    assert heads.customdata.dtype == np.int32
    assert heads.x.dtype == np.float32
    assert tails.text.tolist() == ["d2"]
    assert "%{text}" in tails.hovertemplate
    assert "tail" in tails.hovertemplate
    assert heads.type == "scattergl"


def test_axes_say_their_unit():
    layout = projection_figure(table(("a",)), "tsne", "").layout
    assert (layout.xaxis.title.text, layout.yaxis.title.text) == ("t-SNE 1 (no unit)", "t-SNE 2 (no unit)")
    assert layout.xaxis.showticklabels is False
    shares = {"base": (0.25, 0.104), "mix": (0.5, 0.0)}
    layout = projection_figure(table(), "pca", "", shares=shares).layout
    assert layout.xaxis.title.text == "PC 1 (25% of variance)"
    assert layout.yaxis.title.text == "PC 2 (10% of variance)"
    assert layout.xaxis2.title.text == "PC 1 (50% of variance)"
    assert (layout.yaxis.scaleanchor, layout.yaxis2.scaleanchor) == ("x", "x2")


@pytest.mark.parametrize("runs, columns", [(1, 1), (2, 2), (3, 3), (4, 2)])
def test_panels_stand_in_at_most_three_columns(runs, columns):
    figure = projection_figure(table(tuple("abcd"[:runs])), "pca", "")
    left = {axis.domain[0] for axis in figure.select_xaxes()}
    assert len(left) == columns


def test_between_panels_there_is_room_for_a_title_on_a_narrow_page():
    first, second = projection_figure(table(), "pca", "").select_xaxes()
    assert 400 * (second.domain[0] - first.domain[1]) > 50  # pixels, beside an open sidebar


def test_a_marked_document_is_circled_in_every_panel():
    figure = projection_figure(table(), "pca", "", marked=2)
    rings = [trace for trace in figure.data if trace.marker.symbol == "circle-open"]
    assert [(ring.x.tolist(), ring.y.tolist()) for ring in rings] == [([2.0], [-1.0]), ([12.0], [-1.0])]
    assert not any(ring.showlegend for ring in rings)
    assert len(projection_figure(table(), "pca", "", marked=99).data) == 4


def test_every_kind_of_the_analysis_has_a_look_of_its_own():
    families = [
        [*GROUP_NAMES, NO_LABEL],
        ["neither", "predicted, not gold", "gold, missed", "gold, predicted"],
        ["0", "1", "2", "3 or more"],
        ["hit", "miss", NO_LABEL],
    ]
    for kinds in families:
        assert len({_LOOKS[kind] for kind in kinds}) == len(kinds)
        assert len({_LOOKS[kind][0] for kind in kinds}) == len(kinds)


def test_kinds_differ_in_more_than_their_colour_and_groups_have_the_symbols_of_other_pictures():
    for kinds in ([*GROUP_NAMES, NO_LABEL], ["0", "1", "2", "3 or more"]):
        assert len({_LOOKS[kind][1] for kind in kinds}) == len(kinds)
    assert {group: _LOOKS[group][1] for group in GROUP_SYMBOLS} == GROUP_SYMBOLS


def test_what_matters_stands_out_from_the_rest():
    kinds = ["neither", "gold, missed", "gold, predicted"]
    seen = table(("a",)).assign(
        kind=pd.Categorical(["neither", "neither", "gold, missed", "gold, predicted"], kinds)
    )
    rest, missed, found = projection_figure(seen, "pca", "").data
    assert rest.marker.size < found.marker.size
    assert rest.marker.opacity < min(missed.marker.opacity, found.marker.opacity)


def test_dots_shrink_when_there_are_many():
    few = projection_figure(table(("a",)), "pca", "").data[0].marker.size
    many = pd.concat([table(("a",))] * 1000, ignore_index=True)
    assert projection_figure(many, "pca", "").data[0].marker.size < few


def test_nothing_to_draw_says_so():
    figure = projection_figure(table().iloc[:0], "pca", "")
    assert not figure.data
    assert "No documents" in figure.layout.annotations[0].text
