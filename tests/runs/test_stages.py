from __future__ import annotations

import numpy as np
import pytest

from workbench.errors import WorkbenchError
from workbench.runs.stages import START, kept_moments, stage_array
from workbench.runs.store import Run
from workbench.runs.writer import RunWriter


def test_moments_come_in_the_order_of_training():
    names = [stage_array(10, "last"), "label_embeddings", stage_array(2, "b"), stage_array(0, START)]
    assert list(kept_moments(sorted(names))) == ["start", "after b", "after last"]
    assert kept_moments(names)["after b"] == "stage_vectors.2.b"


def test_a_stage_called_start_is_not_the_start_and_names_may_have_dots():
    names = [stage_array(1, START), stage_array(0, START), stage_array(2, "v1.5")]
    assert kept_moments(names) == {
        "start": "stage_vectors.0.start",
        "after start": "stage_vectors.1.start",
        "after v1.5": "stage_vectors.2.v1.5",
    }


def test_other_arrays_are_no_moments():
    assert kept_moments(["stage_rows", "stage_vectors", "stage_vectors.x.y", "stage_vectors.1"]) == {}


def test_a_run_gives_them_by_name_and_says_how_missing_ones_are_made(tmp_path):
    writer = RunWriter.create(tmp_path, "one", {})
    writer.write_array(stage_array(1, "contrast"), np.ones((2, 3), dtype=np.float16))
    run = Run.load(writer.path)
    assert run.array(kept_moments(run.array_names)["after contrast"]).dtype == np.float16
    with pytest.raises(WorkbenchError, match="workbench probe geometry one"):
        run.array(stage_array(0, START))
