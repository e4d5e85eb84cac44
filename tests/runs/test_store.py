from __future__ import annotations

import json
import pickle
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from safetensors.numpy import save_file
from scipy import sparse

from workbench.errors import WorkbenchError
from workbench.runs.removing import remove_run
from workbench.runs.store import BrokenRun, Run, find_run, list_runs
from workbench.runs.writer import RunWriter


def test_a_finished_run_comes_back_as_it_was_written(tmp_path: Path):
    writer = RunWriter.create(tmp_path, "one", {"method": "base", "seed": 3})
    writer.write_labels(["a", "b"], ["Alpha", "Beta"], np.array([5, 0]))
    history = pd.DataFrame({"epoch": [0, 1], "loss": [1.0, np.nan]})
    writer.write_history(history)
    writer.write_metrics({"test": {"overall": {"P@1": 0.5, "P@3": None}}})
    embeddings = np.arange(6, dtype=np.float16).reshape(2, 3)
    writer.write_array("label_embeddings", embeddings)
    scores = np.array([[0.1, 0.9], [0.5, 0.5]])
    writer.write_predictions(["x", "y"], scores, sparse.csr_array([[0, 1], [0, 0]]), top_k=1)
    writer.finish(durations_s={"total": 2.0})

    run = Run.load(tmp_path / "one")
    assert (run.name, run.status, run.reason) == ("one", "done", None)
    assert (run.manifest["method"], run.manifest["seed"], run.manifest["schema"]) == ("base", 3, 1)
    assert (run.labels, run.label_texts, run.train_counts.tolist()) == (["a", "b"], ["Alpha", "Beta"], [5, 0])
    pd.testing.assert_frame_equal(run.history, history)
    assert run.metrics == {"test": {"overall": {"P@1": 0.5, "P@3": None}}}
    assert run.array_names == ["label_embeddings"]
    np.testing.assert_array_equal(run.array("label_embeddings"), embeddings)
    np.testing.assert_array_equal(run.scores, scores.astype(np.float32))
    rows = [
        (row.id, list(row.top_labels), list(row.gold_labels))
        for row in run.predictions.itertuples(index=False)
    ]
    assert rows == [("x", [1], [1]), ("y", [0], [])]


def test_arrays_are_mapped_from_disk_and_cannot_be_written(run_factory):
    run = Run.load(run_factory())
    for array in (run.array("label_embeddings"), run.scores):
        assert isinstance(array, np.memmap)
        with pytest.raises(ValueError, match="read-only"):
            array[0, 0] = 1


def test_a_run_in_training_has_what_was_written_so_far(run_factory):
    run = Run.load(run_factory(end="running"))
    assert run.status == "running"
    assert len(run.history) == 6
    assert run.metrics == {}
    assert run.array_names == []
    with pytest.raises(WorkbenchError, match=r"has no array 'label_embeddings'.*none"):
        run.array("label_embeddings")
    with pytest.raises(WorkbenchError, match=r"scores\.npy cannot be read"):
        _ = run.scores


def test_a_run_before_its_first_epoch_has_an_empty_history(tmp_path: Path):
    run = Run.load(RunWriter.create(tmp_path, "new", {}).path)
    assert run.history.empty
    assert run.manifest["status"] == "running"


@pytest.mark.parametrize("end", ["stopped", "failed"])
def test_a_run_that_ended_early_says_why(run_factory, end: str):
    run = Run.load(run_factory(end=end))
    assert (run.status, run.reason) == (end, "stopped by the test")


def test_a_run_whose_process_is_gone_is_stopped(run_factory):
    path = run_factory(end="running")
    manifest = json.loads((path / "run.json").read_text())
    manifest["process"]["started"] -= 100  # another process had this number then
    (path / "run.json").write_text(json.dumps(manifest))
    run = Run.load(path)
    assert run.status == "stopped"
    assert "process ended" in str(run.reason)


def test_a_run_that_lost_its_done_is_not_done(run_factory):
    path = run_factory()
    (path / "DONE").unlink()
    assert Run.load(path).status == "stopped"


@pytest.mark.parametrize(
    "name", ["", ".", "..", "../out", "a/b", "/etc", ".hidden", "a\\b", "a b", "x" * 121, "a\n"]
)
def test_names_that_leave_the_folder_are_refused(tmp_path: Path, run_factory, name: str):
    with pytest.raises(WorkbenchError, match="cannot name a run"):
        RunWriter.create(tmp_path / "runs", name, {})
    assert not (tmp_path / "runs").exists()
    run = Run.load(run_factory())
    with pytest.raises(WorkbenchError, match="cannot name an array"):
        run.array(name)


def test_python_objects_are_neither_written_nor_read(run_factory):
    path = run_factory("one", end="stopped")
    with pytest.raises(WorkbenchError, match="Python objects"):
        RunWriter.reopen(path).write_array("bad", np.array([{}], dtype=object))
    (path / "arrays").mkdir()
    np.save(path / "arrays" / "bad.npy", np.array([print], dtype=object), allow_pickle=True)
    (path / "arrays" / "worse.npy").write_bytes(pickle.dumps([1]))
    for name in ("bad", "worse"):
        with pytest.raises(WorkbenchError, match=rf"{name}\.npy cannot be read"):
            Run.load(path).array(name)


def test_a_newer_schema_is_refused_with_a_remedy(run_factory):
    path = run_factory(schema=2)
    with pytest.raises(WorkbenchError, match=r"schema 2.*pip install -U"):
        Run.load(path)


def _truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:20])


@pytest.mark.parametrize(
    ("file", "attribute"),
    [
        ("history.parquet", "history"),
        ("predictions.parquet", "predictions"),
        ("scores.npy", "scores"),
        ("metrics.json", "metrics"),
        ("labels.json", "labels"),
    ],
)
def test_a_cut_off_file_is_named(run_factory, file: str, attribute: str):
    path = run_factory()
    _truncate(path / file)
    with pytest.raises(WorkbenchError, match=rf"{file} cannot be read"):
        getattr(Run.load(path), attribute)


def test_of_runs_begun_within_one_second_the_newest_is_first(workspace):
    names = ["b", "d", "a", "c"]
    for name in names:
        RunWriter.create(workspace.runs, name, {})
    listed = list_runs(workspace.runs)
    assert [run.name for run in listed] == names[::-1]


def test_list_runs_has_the_newest_first_and_broken_ones_last(run_factory, workspace):
    run_factory("old", started_at="2026-01-01T00:00:00+00:00")
    run_factory("new", started_at="2026-02-01T00:00:00+00:00")
    _truncate(run_factory("cut") / "run.json")
    (run_factory("hollow") / "metrics.json").unlink()
    (workspace.runs / "empty").mkdir()
    (workspace.runs / "list").mkdir()
    (workspace.runs / "list" / "run.json").write_text("[]")
    (workspace.runs / "note.txt").write_text("not a run")
    (workspace.runs / ".new.abc").mkdir()
    runs = list_runs(workspace.runs)
    assert [run.name for run in runs] == ["new", "old", "cut", "empty", "hollow", "list"]
    reasons = {run.name: run.reason for run in runs if isinstance(run, BrokenRun)}
    assert set(reasons) == {"cut", "empty", "hollow", "list"}
    assert "metrics.json" in reasons["hollow"]
    assert "expected an object, found list" in reasons["list"]


def test_list_runs_of_a_missing_folder_is_empty(tmp_path: Path):
    assert list_runs(tmp_path / "nothing") == []


def test_find_run_takes_a_name_or_a_path_and_suggests(run_factory, workspace):
    path = run_factory("protomix-0")
    assert find_run(workspace.runs, "protomix-0") == path
    assert find_run(workspace.runs, str(path)) == path
    with pytest.raises(WorkbenchError, match="Did you mean 'protomix-0'"):
        find_run(workspace.runs, "protomix-1")
    with pytest.raises(WorkbenchError, match="No run"):
        find_run(workspace.runs, "")


def test_folders_may_be_given_as_text(run_factory, workspace, monkeypatch: pytest.MonkeyPatch):
    path = run_factory("one", end="stopped")
    monkeypatch.chdir(workspace.root)
    assert RunWriter.reopen("runs/one").path.resolve() == path
    (run,) = list_runs("runs")
    assert run.path == path
    assert find_run("runs", path) == path
    assert find_run("runs", "one").resolve() == path
    assert RunWriter.create("runs", "two", {}).path.resolve() == workspace.runs / "two"
    remove_run("runs/one")
    assert [run.name for run in list_runs("runs")] == ["two"]


def test_checkpoints_are_no_part_of_the_files(run_factory):
    path = run_factory("one", end="stopped")
    writer = RunWriter.reopen(path)
    (writer.checkpoints_dir / "last.ckpt").write_text("weights")
    (writer.model_dir / "config.json").write_text("{}")
    names = {file.relative_to(path).as_posix() for file in Run.load(path).files}
    assert names == {"run.json", "labels.json", "history.parquet", "model/config.json"}


def test_the_shapes_of_the_weights_are_read_from_their_head(run_factory):
    path = run_factory("one")
    assert Run.load(path).weight_shapes == {}
    (path / "model").mkdir(exist_ok=True)
    weights = path / "model" / "model.safetensors"
    save_file({"b": np.zeros((2, 3), np.float32), "a": np.zeros(4, np.float16)}, weights)
    assert Run.load(path).weight_shapes == {"a": (4,), "b": (2, 3)}
    weights.write_bytes(b"damaged")
    assert Run.load(path).weight_shapes == {}


@pytest.mark.parametrize(
    "name", ["../elsewhere", "..", ".", "a/../../elsewhere", "nul\0name", "", "~", "/dev/null"]
)
def test_a_name_leads_out_of_no_folder(run_factory, workspace, name: str):
    run_factory("one")
    (workspace.root / "elsewhere").mkdir()
    with pytest.raises(WorkbenchError, match=r"No run|is no run"):
        Run.load(find_run(workspace.runs, name))


def test_a_link_among_runs_is_broken_by_name_and_read_by_its_path(run_factory, workspace, tmp_path: Path):
    moved = run_factory("one").rename(tmp_path / "moved")
    (workspace.runs / "link").symlink_to(moved)
    (broken,) = list_runs(workspace.runs)
    assert isinstance(broken, BrokenRun) and "link to a folder elsewhere" in broken.reason
    with pytest.raises(WorkbenchError, match="link to a folder elsewhere"):
        find_run(workspace.runs, "link")
    assert find_run(workspace.runs, moved) == moved


def test_a_folder_whose_name_none_can_have_is_broken(run_factory, workspace):
    run_factory("one").rename(workspace.runs / "<b>one</b>".replace("/", "_"))
    (broken,) = list_runs(workspace.runs)
    assert isinstance(broken, BrokenRun) and "cannot name a run" in broken.reason
