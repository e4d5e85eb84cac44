from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from workbench.figures.geometry import scene_figure
from workbench.figures.palette import COMBINATION_LOOKS
from workbench.figures.projection import projection_figure

KINDS = list(COMBINATION_LOOKS)


def table_of(panels: dict[str, np.ndarray]) -> pd.DataFrame:
    parts = [
        pd.DataFrame(
            {
                "panel": panel,
                "document": range(len(points)),
                "x": points[:, 0],
                "y": points[:, 1],
                "z": points[:, 2],
                "kind": pd.Categorical.from_codes(np.arange(len(points)) % 3, KINDS),
                "text": [f"d{row}<br>label {row}" for row in range(len(points))],
            }
        )
        for panel, points in panels.items()
    ]
    return pd.concat(parts, ignore_index=True)


@pytest.fixture
def points() -> np.ndarray:
    return np.random.default_rng(0).normal(size=(9, 3)) * [5, 2, 1]


def test_each_panel_is_a_scene_with_every_document_under_its_kind(points):
    figure = scene_figure(table_of({"a": points, "b": 2 * points}), "Groups")
    assert {trace.scene for trace in figure.data} == {"scene", "scene2"}
    assert [trace.name for trace in figure.data if trace.showlegend] == KINDS[:3]
    assert sum(len(trace.x) for trace in figure.data) == 18
    first = figure.data[0]
    assert (first.marker.color, first.marker.symbol) == COMBINATION_LOOKS[KINDS[0]]
    assert first.x.dtype == np.float32
    assert np.allclose(np.column_stack([first.x, first.y, first.z]), points[::3])
    assert list(first.text) == ["d0<br>label 0", "d3<br>label 3", "d6<br>label 6"]
    assert first.hovertemplate == f"%{{text}}<extra>{KINDS[0]}</extra>"
    assert [note.text for note in figure.layout.annotations[:2]] == ["a", "b"]


def test_all_begin_with_one_camera_and_stay_turned(points):
    figure = scene_figure(table_of({"a": points, "b": points, "c": points, "d": points}), "Groups")
    cameras = {str(scene.camera) for scene in figure.select_scenes()}
    assert len(list(figure.select_scenes())) == 4
    assert len(cameras) == 1
    assert figure.layout.uirevision == scene_figure(table_of({"a": points}), "Groups").layout.uirevision


def test_the_camera_stands_further_away_from_narrow_panels(points):
    wide, narrow = (
        next(scene_figure(table_of(dict.fromkeys(names, points)), "Groups").select_scenes())
        for names in ("a", "abc")
    )
    assert narrow.camera.eye.x > 1.4 * wide.camera.eye.x
    assert narrow.camera.eye.x / narrow.camera.eye.z == pytest.approx(wide.camera.eye.x / wide.camera.eye.z)


def lengths(scene) -> list[float]:
    return [high - low for low, high in (scene.xaxis.range, scene.yaxis.range, scene.zaxis.range)]


def test_a_distance_is_as_long_along_each_axis_and_all_points_are_inside(points):
    figure = scene_figure(table_of({"a": points, "b": 3 * points}), "Groups")
    scenes = list(figure.select_scenes())
    for scene, inside in zip(scenes, (points, 3 * points), strict=True):
        assert scene.aspectmode == "cube"
        assert lengths(scene) == pytest.approx([lengths(scene)[0]] * 3)
        for number, axis in enumerate((scene.xaxis, scene.yaxis, scene.zaxis)):
            assert axis.range[0] < inside[:, number].min() <= inside[:, number].max() < axis.range[1]
    assert lengths(scenes[1])[0] == pytest.approx(3 * lengths(scenes[0])[0])


def test_one_space_has_one_scale(points):
    figure = scene_figure(table_of({"a": points, "b": 3 * points}), "Groups", is_one_space=True)
    first, second = figure.select_scenes()
    assert first.xaxis.range == second.xaxis.range
    assert first.zaxis.range == second.zaxis.range


def test_axes_say_their_share_and_panels_their_numbers(points):
    figure = scene_figure(
        table_of({"a": points, "b": points}),
        "Groups",
        shares={"a": (0.5, 0.25, 0.125)},
        notes={"b": "mean cosine 0.9<br>uniformity -1"},
    )
    first, second = figure.select_scenes()
    assert [axis.title.text for axis in (first.xaxis, first.yaxis, first.zaxis)] == [
        "PC1: 50%",
        "PC2: 25%",
        "PC3: 12%",
    ]
    assert second.xaxis.showticklabels is False  # a layout without units
    (note,) = (one for one in figure.layout.annotations if "cosine" in one.text)
    assert second.domain.x[0] < note.x < second.domain.x[1]
    assert note.y == second.domain.y[0]


def test_identical_documents_and_none_are_no_error():
    figure = scene_figure(table_of({"a": np.zeros((2, 3))}), "Groups")
    assert lengths(next(iter(figure.select_scenes()))) == [2, 2, 2]
    empty = scene_figure(table_of({"a": np.zeros((0, 3))}), "Groups")
    assert empty.layout.annotations[0].text == "No documents to draw"


def test_every_kind_has_a_look_of_its_own_in_two_dimensions_too(points):
    assert len(set(COMBINATION_LOOKS.values())) == len(COMBINATION_LOOKS)
    flat = projection_figure(table_of({"a": points}).rename(columns={"panel": "run"}), "pca", "Groups")
    assert [(dots.marker.color, dots.marker.symbol) for dots in flat.data] == list(
        COMBINATION_LOOKS.values()
    )[:3]
