from __future__ import annotations

import json

import numpy as np
import pytest
from scipy import sparse

from workbench.data.corpus import Split, make_corpus
from workbench.errors import WorkbenchError
from workbench.methods.storage import load_method, trained_weights
from workbench.probes import landscape
from workbench.probes.directions import Plane, random_direction
from workbench.probes.documents import sample_documents
from workbench.probes.landscape import probe_landscape
from workbench.probes.landscape_settings import LandscapeSettings
from workbench.probes.plane import clean_loss
from workbench.runs.store import Run

FEW = LandscapeSettings(grid=5, radius=0.8, documents=20, seed=3, directions=4)


def fingerprints(run: Run) -> dict[str, int]:
    return {path.name: path.stat().st_mtime_ns for path in run.path.rglob("*") if path.is_file()}


def test_the_landscape_is_that_of_a_plain_loop_over_the_grid(finished, toy_corpus, workspace):
    run = finished("protomix-s0", "protomix")
    report = probe_landscape(run, FEW, corpus=toy_corpus, workspace=workspace)
    method = load_method(run.model_dir)
    weights = trained_weights(method)
    sample = sample_documents(method, toy_corpus.train, 20, seed=3)
    directions = [random_direction(weights, 3, number) for number in range(4)]
    axis = np.linspace(-0.8, 0.8, 5)
    loss, slices = run.array("landscape_loss"), run.array("landscape_slices")
    assert run.array("landscape_axes") == pytest.approx(np.stack([axis, axis]))
    for row, y in enumerate(axis):
        for column, x in enumerate(axis):
            there = Plane(weights, directions[0], directions[1]).at(x, y)
            assert loss[row, column] == pytest.approx(clean_loss(method, sample, there), rel=1e-5)
    for number, direction in enumerate(directions):
        along = [clean_loss(method, sample, Plane(weights, direction, direction).at(x, 0.0)) for x in axis]
        assert slices[number] == pytest.approx(along, rel=1e-5)
    assert loss.dtype == slices.dtype == np.float64
    assert report["loss"] == {"centre": loss[2, 2], "largest": loss.max(), "not_finite": 0}
    assert report["documents"]["ids_sha256"] == sample.digest


def test_the_report_says_with_what_it_was_made(finished, toy_corpus, workspace):
    run = finished()
    report = probe_landscape(run, FEW, corpus=toy_corpus, workspace=workspace)
    assert (
        run.probe("landscape") == report == json.loads((run.path / "probes" / "landscape.json").read_text())
    )
    assert report["settings"] == {
        "plane": "random",
        "grid": 5,
        "radius": 0.8,
        "documents": 20,
        "seed": 3,
        "directions": 4,
    }
    assert report["documents"]["count"] == 20
    assert report["corpus"] == {"fingerprint": toy_corpus.fingerprint, "split_id": toy_corpus.split_id}
    assert [rise["radius"] for rise in report["sharpness"]["rises"]] == [0.4, 0.8]
    assert report["sharpness"]["eigenvalue"]["products"] <= 60
    assert report["arrays"] == ["landscape_axes", "landscape_loss", "landscape_slices"]
    assert {"torch", "numpy", "mltc-workbench"} == set(report["versions"])


def test_two_runs_get_the_same_documents_and_numbers(finished, toy_corpus, workspace):
    reports = [
        probe_landscape(finished(method, method), FEW, corpus=toy_corpus, workspace=workspace)
        for method in ("base", "mix")
    ]
    assert reports[0]["documents"] == reports[1]["documents"]
    assert reports[0]["loss"] == reports[1]["loss"]  # untrained, they are the same model


def test_again_with_the_same_settings_is_nothing_but_force_and_other_settings_are(
    finished, toy_corpus, workspace, monkeypatch
):
    run = finished()
    probe_landscape(run, FEW, corpus=toy_corpus, workspace=workspace)
    before = fingerprints(run)
    with monkeypatch.context() as patch:
        patch.setattr(landscape, "load_method", None)
        assert probe_landscape(run, FEW, workspace=workspace) == run.probe("landscape")  # not even the corpus
    assert fingerprints(run) == before
    changed = run.changed_ns
    probe_landscape(run, FEW, corpus=toy_corpus, workspace=workspace, force=True)
    assert run.changed_ns > changed  # readers' caches see it
    wider = FEW.model_copy(update={"radius": 0.5})
    probe_landscape(run, wider, corpus=toy_corpus, workspace=workspace)
    assert run.array("landscape_axes")[0, -1] == 0.5


def test_a_missing_array_is_made_again(finished, toy_corpus, workspace):
    run = finished()
    probe_landscape(run, FEW, corpus=toy_corpus, workspace=workspace)
    (run.path / "arrays" / "landscape_loss.npy").unlink()
    probe_landscape(run, FEW, corpus=toy_corpus, workspace=workspace)
    assert run.array("landscape_loss").shape == (5, 5)


def test_ctrl_c_leaves_what_was_there(finished, toy_corpus, workspace, monkeypatch):
    run = finished()
    probe_landscape(run, FEW, corpus=toy_corpus, workspace=workspace)
    before = fingerprints(run)

    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(landscape, "largest_eigenvalue", interrupt)
    with pytest.raises(KeyboardInterrupt):
        probe_landscape(run, FEW, corpus=toy_corpus, workspace=workspace, force=True)
    assert fingerprints(run) == before


def test_overflow_at_the_rim_is_kept_and_counted(finished, toy_corpus, workspace):
    run = finished()
    report = probe_landscape(
        run, FEW.model_copy(update={"radius": 1e18}), corpus=toy_corpus, workspace=workspace
    )
    loss = run.array("landscape_loss")
    assert np.isfinite(loss[2, 2])
    assert report["loss"]["not_finite"] == (~np.isfinite(loss)).sum() > 0
    assert report["sharpness"]["rises"][-1]["mean"] is None


@pytest.mark.parametrize("labelled", [0, 1])
def test_a_single_label_that_no_document_or_every_document_has(finished, workspace, labelled):
    targets = sparse.csr_array(np.full((20, 1), labelled, dtype=np.uint8))
    texts = [f"word{number} more words" for number in range(20)]
    splits = [Split(texts, targets, [f"{part}{number}" for number in range(20)]) for part in "abc"]
    corpus = make_corpus("one", *splits, ["only"])
    report = probe_landscape(finished(corpus=corpus), FEW, corpus=corpus, workspace=workspace)
    assert 0 < report["loss"]["centre"] < 2


def test_a_run_that_is_not_done_is_refused(run_factory, workspace):
    run = Run.load(run_factory("cut-0", end="stopped"))
    with pytest.raises(WorkbenchError, match="is stopped: only a finished run"):
        probe_landscape(run, FEW, workspace=workspace)


def test_a_diverged_run_has_no_landscape(finished, toy_corpus, workspace):
    from safetensors.torch import load_file, save_file

    run = finished()
    path = run.model_dir / "model.safetensors"
    weights = load_file(path)
    weights["classifier.weight"][0, 0] = float("nan")
    save_file(weights, path)
    with pytest.raises(WorkbenchError, match="diverged"):
        probe_landscape(run, FEW, corpus=toy_corpus, workspace=workspace)
    assert run.probe("landscape") is None


@pytest.mark.parametrize(
    "wrong, message",
    [
        ({"grid": 18}, "odd number: 17 or 19"),
        ({"grid": 1}, "greater than or equal to 3"),
        ({"radius": 0}, "greater than 0"),
        ({"radius": -1.0}, "greater than 0"),
        ({"radius": float("inf")}, "finite"),
        ({"documents": 0}, "greater than or equal to 1"),
        ({"seed": -1}, "greater than or equal to 0"),
        ({"directions": 3}, "multiple of 2"),
        ({"plane": "flat"}, "'random' or 'path'"),
        ({"gird": 19}, "Did you mean 'grid'"),
    ],
)
def test_settings_that_make_no_landscape_are_explained(wrong, message):
    with pytest.raises(WorkbenchError, match=message):
        LandscapeSettings.parse(wrong)


def test_the_centre_of_the_axis_is_exactly_the_runs_weights():
    for grid in (3, 5, 19, 21):
        axis = LandscapeSettings(grid=grid, radius=0.3).axis()
        assert (axis[grid // 2], axis[0], axis[-1]) == (0.0, -0.3, 0.3)
        assert np.array_equal(axis, -axis[::-1])


def test_a_damaged_report_says_how_to_make_it_again(finished, workspace):
    run = finished()
    (run.path / "probes").mkdir()
    (run.path / "probes" / "landscape.json").write_text("{")
    with pytest.raises(WorkbenchError, match="workbench probe landscape base-s0 --force"):
        probe_landscape(run, FEW, workspace=workspace)


def trained(toy_corpus, workspace, **settings):
    import workbench

    small = {"filters": 4, "embedding_size": 6, "epochs": 3, "patience": 0, "keep_epochs": True} | settings
    return workbench.fit("base", toy_corpus, workspace=workspace, **small)


def test_the_path_of_training_ends_where_the_run_is_and_hardly_lies_in_a_random_plane(toy_corpus, workspace):
    run = trained(toy_corpus, workspace)
    report = probe_landscape(run, FEW, corpus=toy_corpus, workspace=workspace)
    path, share, loss = (run.array(f"landscape_path{part}") for part in ("", "_share", "_loss"))
    assert path.shape == (4, 2)
    best = run.manifest["best"]["epoch"] + 1
    assert np.abs(path[best]).max() < 1e-3  # float16
    assert loss[best] == pytest.approx(report["loss"]["centre"], rel=1e-3)
    assert loss[0] > loss[best]
    assert share[0] < 0.1


def test_the_plane_of_the_path_holds_the_path(toy_corpus, workspace):
    run = trained(toy_corpus, workspace)
    settings = FEW.model_copy(update={"plane": "path", "radius": 1.0})
    report = probe_landscape(run, settings, corpus=toy_corpus, workspace=workspace)
    assert run.probe("trajectory") == report
    assert run.probe("landscape") is None
    assert "sharpness" not in report
    axes, path = run.array("trajectory_axes"), run.array("trajectory_path")
    assert axes[:, 2].tolist() == [0.0, 0.0]
    assert axes[:, -1] == pytest.approx(1.2 * np.abs(path).max(axis=0))
    assert run.array("trajectory_path_share")[0] > 0.9
    assert report["arrays"] == sorted(
        f"trajectory_{part}" for part in ("axes", "loss", "path", "path_share", "path_loss")
    )


def test_without_kept_epochs_there_is_no_plane_of_the_path(finished, toy_corpus, workspace):
    settings = FEW.model_copy(update={"plane": "path"})
    with pytest.raises(WorkbenchError, match="keep_epochs=true"):
        probe_landscape(finished(), settings, corpus=toy_corpus, workspace=workspace)
