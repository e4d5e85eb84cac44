from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from dashboard import jobs
from tests.dashboard.page import opened, pictures, said
from tests.landscapes import give_landscape
from workbench.workspace import Workspace

pytestmark = pytest.mark.usefixtures("nothing_left_over")

VIEWS = ["Contours", "Surface", "Slices", "Sharpness"]


def panels(figure: dict) -> list[str]:
    return [note["text"] for note in figure["layout"].get("annotations", [])]


def workspace_run(name: str) -> Path:
    """The folder of a run, with room for a model."""
    path = Workspace.current().runs / name
    (path / "model").mkdir(exist_ok=True)
    return path


@pytest.fixture
def two(run_factory):
    """A steep run and a flat one."""
    give_landscape(run_factory("steep-0", method="base"), sharpness=2.0)
    give_landscape(run_factory("flat-0", method="mix"), sharpness=0.5)


@pytest.mark.parametrize("view", VIEWS)
def test_each_view_draws_the_runs_that_have_a_landscape(two, view):
    test = opened("landscapes", drawn=view)
    (figure,) = pictures(test)
    assert figure["data"]
    assert len(test.get("download_button")) >= 1
    assert test.caption


def test_contours_share_levels_and_colours(two):
    (figure,) = pictures(opened("landscapes"))
    contours = [trace for trace in figure["data"] if trace["type"] == "contour"]
    assert len(contours) == 2
    assert contours[0]["contours"] == contours[1]["contours"]
    assert figure["layout"]["coloraxis"]["cmax"] == pytest.approx(0.1 + 2.0 * 3)


def test_what_runs_have_in_common_is_said_as_it_is(two, run_factory):
    assert "The random directions are the same numbers for all" in said(opened("landscapes", runs=["flat-0"]))
    for name, rows in (("steep-0", 3), ("flat-0", 3), ("wide-0", 4)):
        if name == "wide-0":
            give_landscape(run_factory(name, encoder="bert"))
        save_file(
            {"head": np.zeros((rows, 2), np.float32)}, workspace_run(name) / "model" / "model.safetensors"
        )
    for view in ("Contours", "Surface", "Slices"):
        text = said(opened("landscapes", drawn=view, runs=["steep-0", "flat-0"]))
        assert "The random directions are the same numbers for all" in text
        text = said(opened("landscapes", drawn=view, runs=["steep-0", "flat-0", "wide-0"]))
        assert "weights of 2 different shapes (2 × cnn / 1 × bert)" in text
        assert "the same numbers for all" not in text


def test_slices_that_overlap_are_not_called_equal(two):
    assert "cannot be told apart along these directions" in said(opened("landscapes", drawn="Slices"))


def test_runs_in_the_address_are_those_drawn(two):
    (figure,) = pictures(opened("landscapes", runs=["flat-0"]))
    assert panels(figure) == ["flat-0"]


def test_the_height_can_be_the_rise(two):
    (figure,) = pictures(opened("landscapes", height="Rise above its own"))
    assert figure["layout"]["coloraxis"]["cmin"] == pytest.approx(0)
    assert figure["layout"]["coloraxis"]["colorbar"]["title"]["text"] == "rise of<br>the loss"


def test_sharpness_takes_every_seed_and_a_distance(run_factory):
    for seed, sharpness in enumerate((1.0, 1.2, 1.1)):
        give_landscape(run_factory(f"base-{seed}", method="base", seed=seed), sharpness=sharpness)
    test = opened("landscapes", drawn="Sharpness", distance="1")
    (figure,) = pictures(test)
    mean = next(trace for trace in figure["data"] if trace["marker"]["size"] == 12)
    assert mean["x"] == [pytest.approx(3.3)]
    assert mean["error_x"]["array"][0] > 0
    assert "distance 1" in figure["layout"]["xaxis"]["title"]["text"]


def test_a_run_without_one_says_which_command_makes_it(two, run_factory):
    run_factory("new-0", method="proto")
    text = said(opened("landscapes"))
    assert "workbench probe landscape new-0" in text
    assert "steep-0" not in text


@pytest.mark.parametrize("plane", ["random", "path"])
def test_landscapes_are_computed_from_the_page(two, run_factory, workspace, monkeypatch, plane):
    """The command is held: the probe has tests of its own."""
    new = run_factory("new-0", method="proto")
    (new / "model" / "epochs").mkdir(parents=True)
    (new / "model" / "epochs" / "epoch-000.safetensors").touch()
    started = []
    monkeypatch.setattr(jobs, "start", lambda *what: started.append(what))
    test = opened("landscapes", drawn="Training path" if plane == "path" else "Contours")
    (button,) = test.button
    assert button.label == "Compute the landscape of new-0"
    button.click().run()
    ((key, title, command, environment),) = started
    assert key == ("landscape", str(workspace.root))
    assert title == "Computing the landscape of new-0"
    assert command[-6:] == ["probe", "landscape", "--plane", plane, "--", str(new)]
    assert environment == {"WORKBENCH_HOME": str(workspace.root)}
    give_landscape(new, plane=plane, epochs=2)
    assert not opened("landscapes", drawn="Training path" if plane == "path" else "Contours").button


def test_a_running_job_is_shown_and_ended_from_the_page(two, run_factory, workspace):
    run_factory("new-0", method="proto")
    wait = [sys.executable, "-c", "print('new-0 · loss 40%'); import signal; signal.pause()"]
    job = jobs.start(("landscape", str(workspace.root)), "Computing the landscape of new-0", wait)
    test = opened("landscapes")
    assert "Computing the landscape of new-0: **" in said(test)
    assert [button.label for button in test.button] == ["Cancel"]
    test.button[0].click().run()
    assert job.state == "cancelled"
    test.run()
    assert [button.label for button in test.button] == ["Compute the landscape of new-0"]


def test_a_probe_that_failed_says_why_and_can_be_tried_again(run_factory, workspace):
    run_factory("new-0", method="proto")
    fail = [sys.executable, "-c", "import sys; sys.exit('error: its corpus is gone')"]
    jobs.start(("landscape", str(workspace.root)), "Computing the landscape of new-0", fail).join()
    test = opened("landscapes")
    assert "Computing the landscape of new-0 failed after" in test.error[0].value
    assert "its corpus is gone" in test.error[0].value
    assert [button.label for button in test.button] == ["Compute the landscape of new-0"]


def test_which_runs_are_computed_can_be_chosen_and_how_long_it_takes_depends_on_the_encoder(run_factory):
    for encoder in ("cnn", "minilm frozen", "minilm"):
        for seed in (0, 1):
            run_factory(f"{encoder.replace(' ', '-')}-{seed}", method="proto", encoder=encoder, seed=seed)
    test = opened("landscapes")
    assert test.button[0].label == "Compute 3 landscapes"  # one of each
    for time in ("some seconds with a frozen", "a minute or two with the CNN", "half an hour to an hour"):
        assert time in said(test)
    test.multiselect[0].set_value(["cnn-1"]).run()
    assert test.button[0].label == "Compute the landscape of cnn-1"
    assert "workbench probe landscape cnn-1" in test.code[0].value
    assert "hour" not in said(test)


def test_linear_runs_take_seconds(run_factory):
    run_factory("linear-0", method="binary-relevance", encoder="tfidf")
    test = opened("landscapes")
    assert "A run takes some seconds with TF-IDF." in said(test)
    assert "hour" not in said(test)


@pytest.mark.parametrize("view", ["Contours", "Surface", "Slices"])
def test_without_a_chosen_run_nothing_is_drawn_and_nothing_false_is_said(two, view):
    test = opened("landscapes", drawn=view)
    test.multiselect(key="runs").set_value([]).run()
    assert "Choose a run to look at." in said(test)
    assert not pictures(test)
    assert not test.get("download_button")
    assert "Look" not in said(test)


def test_without_any_it_says_so(run_factory):
    run_factory("new-0")
    test = opened("landscapes")
    assert "No run of this choice has a landscape" in said(test)
    assert not pictures(test)


def test_landscapes_of_other_settings_or_splits_never_share_a_picture(two, run_factory):
    give_landscape(run_factory("wide-0", method="proto"), radius=3.0)
    give_landscape(run_factory("other-0", split_id="aapd/1", started_at="2020-01-01T00:00:00+00:00"))
    test = opened("landscapes")
    (figure,) = pictures(test)
    assert set(panels(figure)) == {"steep-0", "flat-0"}  # the larger set first
    chosen = next(box for box in test.selectbox if box.label == "Computed with")
    assert len(chosen.options) == 2
    chosen.select_index(1).run()
    assert panels(pictures(test)[0]) == ["wide-0"]
    (figure,) = pictures(opened("landscapes", split="aapd/1"))
    assert panels(figure) == ["other-0"]


def test_overflow_is_left_blank_and_said(run_factory):
    give_landscape(run_factory("base-0"), overflow=3)
    assert "3 points overflowed and are left blank" in said(opened("landscapes"))


def test_a_rise_that_overflowed_is_named_with_a_radius_that_does_not(run_factory):
    path = give_landscape(run_factory("wide-0"), radius=1e20)
    report = path / "probes" / "landscape.json"
    told = json.loads(report.read_text())
    for rise in told["sharpness"]["rises"]:
        rise["mean"] = None
    report.write_text(json.dumps(told))
    (warning,) = [box.value for box in opened("landscapes", drawn="Sharpness").warning]
    assert "no mean rise for wide-0" in warning
    assert "Look nearer: `workbench probe landscape wide-0 --radius 1`" in warning
    told["sharpness"]["rises"][0]["mean"] = 0.1
    report.unlink()  # as the probe does, which replaces its file
    report.write_text(json.dumps(told))
    (warning,) = [box.value for box in opened("landscapes", drawn="Sharpness", distance="1e+20").warning]
    assert "Choose a smaller distance, or look nearer: " in warning


def test_sharpness_is_a_table_too_and_a_fall_is_explained(two, run_factory):
    test = opened("landscapes", drawn="Sharpness", distance="1")
    table = test.dataframe[0].value.set_index(["setting", "measure"])
    assert table.loc[("base · cnn", "largest eigenvalue of the Hessian"), "mean"] == pytest.approx(8.0)
    assert set(table["n"]) == {1}
    assert "A rise below 0" not in said(test)
    give_landscape(run_factory("odd-0", method="proto"), sharpness=-0.1)
    assert "A rise below 0" in said(opened("landscapes", drawn="Sharpness"))
    assert not test.warning


def test_a_damaged_landscape_is_named_beside_the_good_ones(two, run_factory):
    path = give_landscape(run_factory("bad-0", method="proto"))
    (path / "arrays" / "landscape_loss.npy").write_bytes(b"\x93NUMPY")
    test = opened("landscapes")
    assert set(panels(pictures(test)[0])) == {"steep-0", "flat-0"}
    assert "landscape_loss.npy cannot be read" in test.warning[0].value


def test_the_training_path_is_drawn_in_its_own_plane_with_the_share_that_it_holds(run_factory):
    path = give_landscape(run_factory("base-0"), epochs=4)
    give_landscape(path, plane="path", epochs=4)
    test = opened("landscapes", drawn="Training path")
    (figure,) = pictures(test)
    line = next(trace for trace in figure["data"] if trace.get("mode") == "lines+markers")
    assert len(line["customdata"]["bdata"] if "bdata" in line["customdata"] else line["customdata"]) >= 4
    assert figure["layout"]["xaxis"]["title"]["text"] == "main direction of training"
    assert "base-0 90%" in said(test)
    hidden = said(opened("landscapes"))
    assert "seems to stand still" in hidden
    assert "less than 0.01 % of its squared distance" in hidden


def test_a_run_that_kept_no_epochs_is_told_how_to(two):
    text = said(opened("landscapes", drawn="Training path"))
    assert "--plane path" in text
    assert "keep_epochs=true" in text


def test_a_landscape_that_is_made_again_is_read_again(run_factory):
    path = give_landscape(run_factory("base-0"))
    assert pictures(opened("landscapes"))[0]["layout"]["coloraxis"]["cmax"] == pytest.approx(3.1)
    give_landscape(path, sharpness=np.float64(2.0))
    assert pictures(opened("landscapes"))[0]["layout"]["coloraxis"]["cmax"] == pytest.approx(6.1)
