from __future__ import annotations

import json

import numpy as np
import pytest

from workbench.errors import WorkbenchError
from workbench.runs import writer
from workbench.runs.layout import Layout
from workbench.runs.store import Run
from workbench.runs.writer import RunWriter, write_probe


def test_what_a_probe_found_is_read_back(run_factory):
    run = Run.load(run_factory("base-0"))
    assert run.probe("landscape") is None
    write_probe(str(run.path), "landscape", {"schema": 1}, {"landscape_loss": np.eye(3)})
    assert run.probe("landscape") == {"schema": 1}
    assert np.array_equal(run.array("landscape_loss"), np.eye(3))
    assert {path.name for path in run.files} >= {"landscape.json", "landscape_loss.npy"}


def test_a_reader_never_takes_half_a_probing_for_a_whole_one(run_factory, monkeypatch: pytest.MonkeyPatch):
    run = Run.load(run_factory("base-0"))
    write_probe(run.path, "landscape", {"made": "first"}, {"landscape_loss": np.zeros(2)})
    seen = []
    write = writer.write_array

    def watched(layout, name, array):
        write(layout, name, array)
        seen.append(run.probe("landscape"))

    monkeypatch.setattr(writer, "write_array", watched)
    arrays = {"landscape_loss": np.ones(2), "landscape_axes": np.ones(2)}
    write_probe(run.path, "landscape", {"made": "second"}, arrays)
    assert seen == [None, None]
    assert run.probe("landscape") == {"made": "second"}


def test_a_probe_changes_what_caches_go_by(run_factory):
    run = Run.load(run_factory("base-0"))
    before = run.changed_ns
    write_probe(run.path, "landscape", {}, {})
    assert run.changed_ns > before


def test_names_cannot_leave_the_folder_and_objects_are_refused(run_factory):
    run = Run.load(run_factory("base-0"))
    with pytest.raises(WorkbenchError, match="cannot name a probe"):
        run.probe("../run")
    with pytest.raises(WorkbenchError, match="Python objects"):
        write_probe(run.path, "landscape", {}, {"odd": np.array([{}])})
    assert run.probe("landscape") is None


def test_a_damaged_report_names_the_command_that_makes_it_again(run_factory):
    run = Run.load(run_factory("base-0"))
    (run.path / "probes").mkdir()
    (run.path / "probes" / "landscape.json").write_text(json.dumps([1]))
    with pytest.raises(WorkbenchError, match="workbench probe landscape base-0 --force"):
        run.probe("landscape")


def test_epochs_come_in_order_also_beyond_a_thousand(run_factory):
    path = run_factory("base-0")
    for number in (1000, 2, 0, 999):
        file = RunWriter(path, {}).epoch_file(number)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    assert Run.load(path).epoch_files == [Layout(path).epoch(number) for number in (0, 2, 999, 1000)]
