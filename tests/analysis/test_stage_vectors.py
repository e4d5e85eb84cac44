from __future__ import annotations

import numpy as np
import pytest

from workbench.analysis.stage_vectors import drawn_rows, moment_vectors, moments
from workbench.errors import WorkbenchError
from workbench.runs.store import Run


@pytest.fixture
def staged(mapped_run_factory):
    """A run with vectors of its first ten test documents before training and after a first stage."""
    path = mapped_run_factory("staged-0")
    np.save(path / "arrays" / "stage_rows.npy", np.arange(10))
    for name, value in (("0.start", 1), ("1.contrast", 2)):
        np.save(path / "arrays" / f"stage_vectors.{name}.npy", np.full((10, 4), value, dtype=np.float16))
    return Run.load(path)


def test_moments_go_from_the_start_to_the_trained_run(staged, mapped_run_factory, run_factory):
    assert moments(staged) == ["start", "after contrast", "trained"]
    assert moments(Run.load(mapped_run_factory("plain-0"))) == ["trained"]
    assert moments(Run.load(run_factory("bare-0"))) == []


def test_each_moment_has_its_vectors_and_rows(staged):
    vectors, rows = moment_vectors(staged, "after contrast")
    assert vectors.tolist() == [[2.0] * 4] * 10
    assert rows.tolist() == list(range(10))
    vectors, rows = moment_vectors(staged, "trained")
    assert vectors.shape == (30, 8)
    assert len(rows) == 30


def test_what_is_not_there_or_does_not_fit_is_said(staged):
    with pytest.raises(WorkbenchError, match=r"no vectors 'after lunch'.* start, after contrast"):
        moment_vectors(staged, "after lunch")
    for wrong in (np.arange(9), np.arange(10)[::-1], np.arange(10) - 1, np.arange(10.0), np.eye(10)):
        np.save(staged.path / "arrays" / "stage_rows.npy", wrong)
        with pytest.raises(WorkbenchError, match="do not fit together"):
            moment_vectors(staged, "start")


def test_without_rows_stages_are_not_offered(staged):
    (staged.path / "arrays" / "stage_rows.npy").unlink()
    assert moments(staged) == ["trained"]


def test_many_documents_are_drawn_the_same_each_time():
    rows = np.arange(0, 20_000, 2)
    drawn = drawn_rows(rows)
    assert len(set(drawn.tolist())) == 3_000
    assert set(drawn.tolist()) <= set(rows.tolist())
    assert (np.diff(drawn) > 0).all()
    assert np.array_equal(drawn, drawn_rows(rows))
    assert drawn_rows(rows[:5]).tolist() == rows[:5].tolist()
