from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from workbench.analysis import projection, projection_cache
from workbench.analysis.layouts import STEPS
from workbench.analysis.projection import kept_projection, project, to_unit_length, variance_shares
from workbench.errors import WorkbenchError


@pytest.fixture
def topics() -> np.ndarray:
    """60 documents of three topics far apart; the first two are identical."""
    generator = np.random.default_rng(1)
    vectors = 20 * np.eye(3)[np.arange(60) // 20] @ generator.normal(size=(3, 8))
    vectors += generator.normal(size=(60, 8))
    vectors[1] = vectors[0]
    return vectors.astype(np.float32)


def parts_topics(points: np.ndarray) -> bool:
    """Whether every document's nearest other document on the map is of its topic."""
    distances = np.linalg.norm(points[:, None] - points[None], axis=2)
    np.fill_diagonal(distances, np.inf)
    return bool(np.all(distances.argmin(axis=1) // 20 == np.arange(60) // 20))


def apart(points: np.ndarray, one: int, other: int) -> float:
    """The distance of two documents, measured in the median distance on the map."""
    distances = np.linalg.norm(points[:, None] - points[None], axis=2)
    return float(distances[one, other] / np.median(distances))


def test_pca_is_the_singular_value_decomposition(topics):
    points = project(topics, "pca")
    centred = topics.astype(np.float64) - topics.mean(axis=0, dtype=np.float64)
    left, values, _ = np.linalg.svd(centred, full_matrices=False)
    assert points.shape == (60, 2)
    assert points.dtype == np.float32
    assert np.abs(points) == pytest.approx(np.abs(left[:, :2] * values[:2]), rel=1e-3, abs=1e-3)
    wanted = (values**2 / np.sum(values**2))[:2]
    assert variance_shares(topics, points) == pytest.approx(tuple(wanted), rel=1e-4)


@pytest.mark.parametrize("method", ["pca", "tsne"])
def test_topics_stay_together_and_the_same_input_gives_the_same_points(method, topics):
    points = project(topics, method)
    assert parts_topics(points)
    assert apart(points, 0, 1) < 0.02
    assert np.array_equal(points, project(topics.astype(np.float64), method))


def test_umap_keeps_topics_together_repeats_itself_and_tells_how_far_it_is(topics):
    steps: list[int] = []
    points = project(topics, "umap", {"neighbours": 500}, advance=steps.append)
    assert points.shape == (60, 2)
    assert parts_topics(points)
    assert np.array_equal(points, project(topics, "umap", {"neighbours": 500}))
    assert sum(steps) == STEPS
    others = project(topics, "umap", {"neighbours": 5, "seed": 1})
    assert not np.array_equal(points, others)
    assert parts_topics(others)
    few = project(topics[::15], "umap")  # four documents
    assert few.shape == (4, 2)
    assert np.isfinite(few).all()
    in_space = project(topics, "umap", {"neighbours": 5, "dimensions": 3})
    assert in_space.shape == (60, 3)
    assert parts_topics(in_space)
    assert project(np.ones((5, 4)), "umap", {"dimensions": 3}).tolist() == [[0, 0, 0]] * 5
    on_a_line = project(np.arange(6.0)[:, None], "umap")
    assert np.isfinite(on_a_line).all()


def test_another_seed_gives_another_tsne(topics):
    assert not np.array_equal(project(topics, "tsne"), project(topics, "tsne", {"seed": 1}))


def test_tsne_tells_how_far_it_is(topics):
    steps: list[int] = []
    project(topics, "tsne", advance=steps.append)
    assert sum(steps) == STEPS


@pytest.mark.parametrize("method", ["pca", "tsne"])
@pytest.mark.parametrize("documents", [4, 5, 11])
def test_few_documents_are_drawn_with_fewer_neighbours(method, documents):
    vectors = np.random.default_rng(0).normal(size=(documents, 5))
    points = project(vectors, method, {"perplexity": 500} if method == "tsne" else None)
    assert points.shape == (documents, 2)
    assert np.isfinite(points).all()
    assert len(np.unique(points, axis=0)) == documents


@pytest.mark.parametrize("method", ["tsne", "umap"])
@pytest.mark.parametrize("documents", [1, 3])
def test_too_few_documents_are_sent_to_pca(method, documents):
    with pytest.raises(WorkbenchError, match=f"at least 4 documents, and there are {documents}: take pca"):
        project(np.eye(5)[:documents], method)


def test_one_document_lies_at_the_origin():
    assert project(np.array([[3.0, 4.0]]), "pca").tolist() == [[0.0, 0.0]]
    assert variance_shares(np.array([[3.0, 4.0]]), np.zeros((1, 2))) == (0.0, 0.0)


def test_two_documents_lie_on_a_line():
    points = project(np.array([[0.0, 0.0, 0.0], [0.0, 6.0, 8.0]]), "pca")
    assert np.abs(points) == pytest.approx(np.array([[5.0, 0.0], [5.0, 0.0]]), abs=1e-6)


@pytest.mark.parametrize("method", ["pca", "tsne", "umap"])
def test_identical_documents_all_lie_at_the_origin(method):
    assert not project(np.full((9, 4), 2.5), method).any()


@pytest.mark.parametrize("method", ["pca", "tsne"])
def test_one_dimension_is_enough(method):
    points = project(np.arange(12.0)[:, None], method)
    assert np.isfinite(points).all()
    if method == "pca":
        assert not points[:, 1].any()


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e300])
@pytest.mark.parametrize("method", ["pca", "tsne", "umap"])
def test_what_is_no_number_is_named_with_its_row(method, value, topics):
    vectors = topics.astype(np.float64)
    vectors[[7, 9], 2] = value
    with pytest.raises(
        WorkbenchError, match=r"2 of 60 documents hold NaN or infinity \(the first at row 7\)"
    ):
        project(vectors, method)


@pytest.mark.parametrize("shape", [(5,), (0, 3), (3, 0), (2, 2, 2)])
def test_only_matrices_are_drawn(shape):
    with pytest.raises(WorkbenchError, match="needs a matrix"):
        project(np.zeros(shape), "pca")


def test_too_many_documents_are_refused(monkeypatch: pytest.MonkeyPatch, topics):
    monkeypatch.setattr(projection, "MOST", 59)
    with pytest.raises(WorkbenchError, match="60 documents are too many for a map: draw 59 of them"):
        project(topics, "pca")


@pytest.mark.parametrize("scale", [1e-30, 1e30])
def test_the_scale_of_the_vectors_is_no_matter(scale, topics):
    wanted = project(topics, "pca")
    assert project(topics.astype(np.float64) * scale, "pca") / scale == pytest.approx(
        wanted, rel=1e-3, abs=1e-3
    )


def test_unit_length_leaves_directions_alone(topics):
    rows = np.array([[3.0, 4.0], [0.0, 0.0], [0.0, -2.0], [1e-30, 0.0]], dtype=np.float32)
    assert to_unit_length(rows) == pytest.approx(np.array([[0.6, 0.8], [0, 0], [0, -1], [1, 0]]))
    longer = topics * np.linspace(1, 9, 60)[:, None]
    points = project(topics, "pca", {"unit_length": True})
    assert project(longer, "pca", {"unit_length": True}) == pytest.approx(points, abs=1e-5)
    assert not np.allclose(project(longer, "pca"), project(topics, "pca"))


def test_mistakes_name_what_there_is(topics):
    with pytest.raises(WorkbenchError, match=r"Unknown projection 'tnse'\. Did you mean 'tsne'"):
        project(topics, "tnse")
    with pytest.raises(WorkbenchError, match=r"Unknown setting 'perplexty'\. Did you mean 'perplexity'"):
        project(topics, "tsne", {"perplexty": 3})
    with pytest.raises(WorkbenchError, match="neighbours=1"):
        project(topics, "umap", {"neighbours": 1})


@pytest.fixture
def never_computed(monkeypatch: pytest.MonkeyPatch):
    def refuse(*_, **__):
        raise AssertionError("computed again")

    def forbid() -> None:
        monkeypatch.setattr(projection, "LAYOUTS", dict.fromkeys(projection.LAYOUTS, refuse))

    return forbid


def test_kept_points_are_not_computed_again(tmp_path: Path, topics, never_computed):
    points = project(topics, "tsne", {"perplexity": 5}, cache=tmp_path)
    (kept,) = (tmp_path / "projections").iterdir()
    assert kept == kept_projection(topics, "tsne", {"perplexity": 5}, tmp_path)
    never_computed()
    again = project(topics.astype(np.float64), "tsne", {"perplexity": 5.0}, cache=tmp_path)
    assert np.array_equal(again, points)


def test_whatever_points_depend_on_is_in_the_name(tmp_path: Path, topics, monkeypatch: pytest.MonkeyPatch):
    def name(vectors=topics, method="tsne", **settings) -> str:
        return kept_projection(vectors, method, settings, tmp_path).name

    moved = topics.copy()
    moved[3, 3] += 1e-3
    names = {
        name(),
        name(moved),
        name(topics[::-1]),
        name(topics.reshape(120, 4)),
        name(method="umap"),
        name(method="pca"),
        name(perplexity=10),
        name(unit_length=True),
        name(seed=1),
    }
    assert len(names) == 9
    assert name(perplexity=30) == name()
    assert name(method="umap", dimensions=2) == name(method="umap")
    assert name(method="umap", dimensions=3) not in names
    monkeypatch.setattr(projection_cache, "_version", lambda library: "99")
    assert name() not in names


@pytest.mark.parametrize("damage", ["cut", "empty", "shape", "dtype", "nan", "pickle"])
def test_a_damaged_file_is_computed_again(damage, tmp_path: Path, topics):
    points = project(topics, "pca", cache=tmp_path)
    path = kept_projection(topics, "pca", None, tmp_path)
    if damage == "cut":
        path.write_bytes(path.read_bytes()[:-8])
    elif damage == "empty":
        path.write_bytes(b"")
    else:
        broken = {
            "shape": points[:-1],
            "dtype": points.astype(np.float64),
            "nan": np.full_like(points, np.nan),
            "pickle": np.array([{"a": 1}], dtype=object),
        }[damage]
        np.save(path, broken, allow_pickle=True)
    assert np.array_equal(project(topics, "pca", cache=tmp_path), points)
    assert np.array_equal(np.load(path), points)


def test_points_that_cannot_be_kept_are_an_error_of_the_disk(tmp_path: Path, topics):
    (tmp_path / "projections").write_text("a file where the folder should be")
    with pytest.raises(WorkbenchError, match=r"projections.* could not be written"):
        project(topics, "pca", cache=tmp_path)


def test_a_missing_library_says_what_to_install(tmp_path: Path, topics, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(projection_cache._LIBRARIES, "umap", ("umap-from-nowhere",))
    with pytest.raises(WorkbenchError, match="needs umap-from-nowhere: pip install"):
        project(topics, "umap", cache=tmp_path)
