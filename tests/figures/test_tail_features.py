from __future__ import annotations

import pandas as pd
import pytest

from workbench.figures.tail_features import LABEL_COLOURS, tail_feature_figure

PAGES = {"light": "#ffffff", "dark": "#141414"}


def table(runs=("with", "without"), labels=("head", "tail")) -> pd.DataFrame:
    kinds = ("training", "held out", "generated", "prototype")
    rows = [
        (run, float(place), -float(place), label, kind, "d", 7 if kind == "held out" else -1)
        for run in runs
        for place, label in enumerate(labels)
        for kind in kinds
        if (label, kind) != ("head", "generated")
    ]
    found = pd.DataFrame(rows, columns=["run", "x", "y", "label", "kind", "text", "document"])
    return found.assign(label=pd.Categorical(found["label"], labels))


def test_the_legend_has_labels_in_the_order_chosen():
    figure = tail_feature_figure(table(), "pca")
    ranks = {trace.legendgroup: trace.legendrank for trace in figure.data}
    assert ranks["head"] < ranks["tail"]
    assert next(trace.legendgroup for trace in figure.data) == "tail"  # drawn below the others


def test_dots_of_test_documents_say_which():
    told = {(it.name, *it.customdata.tolist()) for it in tail_feature_figure(table(), "pca").data}
    assert told == {("held out", 7), ("training", -1), ("generated", -1), ("prototype", -1)}


def test_each_label_and_kind_is_named_once():
    named = [(it.legendgroup, it.name) for it in tail_feature_figure(table(), "pca").data if it.showlegend]
    assert len(named) == len(set(named)) == 7


@pytest.mark.parametrize("runs, least", [("ab", 60), ("abc", 50)])
def test_between_panels_there_is_room_for_a_title_on_a_narrow_page(runs, least):
    figure = tail_feature_figure(table(tuple(runs)), "pca", shares=dict.fromkeys(runs, (0.4, 0.34)))
    first, second, *_ = figure.select_xaxes()
    assert 400 * (second.domain[0] - first.domain[1]) > least  # pixels, beside an open sidebar


def test_long_names_of_neighbours_stay_apart():
    runs = ("lsfa-cooking-minilm-lsfa-augment-s0", "lsfa-cooking-minilm-lsfa-s0")
    titles = [note.text for note in tail_feature_figure(table(runs), "pca").layout.annotations]
    assert all(len(line) <= 26 for title in titles for line in title.split("<br>"))
    assert [title.replace("<br>", "") for title in titles] == list(runs)


def test_the_legend_takes_room_of_its_own_however_many_labels_there_are():
    few, many = (tail_feature_figure(table(labels=tuple("abcdefgh"[:n])), "pca") for n in (2, 8))
    assert few.layout.legend.yref == "container"
    assert many.layout.height > few.layout.height


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
@pytest.mark.parametrize("colour", LABEL_COLOURS)
def test_generated_features_are_seen_on_light_and_dark_pages(page, colour):
    (ring,) = (it for it in tail_feature_figure(table(("a",)), "pca").data if it.name == "generated")
    alpha = ring.marker.opacity
    seen = [alpha * mine + (1 - alpha) * other for mine, other in zip(rgb(colour), rgb(page), strict=True)]
    bright, dim = sorted((luminance(seen), luminance(rgb(page))), reverse=True)
    assert (bright + 0.05) / (dim + 0.05) > 1.6


def rgb(colour: str) -> list[float]:
    return [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]


def luminance(colour: list[float]) -> float:
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_nothing_to_draw_says_so():
    assert "No features" in tail_feature_figure(table().iloc[:0], "pca").layout.annotations[0].text
