from __future__ import annotations

import sys

import pytest

from workbench.forms.known import Known
from workbench.methods.protomix import ProtoMix
from workbench.runs.store import Run, list_runs

SMALL = ["--set", "filters=8", "--set", "embedding_size=16", "--set", "epochs=1", "--set", "batch_size=16"]


def test_train_writes_a_run_and_says_its_numbers(command, toy, workspace):
    ended = command("train", "proto", "--corpus", toy, *SMALL, "--set", "beta=0.5", "--name", "mine")
    assert ended.status == 0
    first, after = ended.out.splitlines()
    assert first.startswith("mine: test P@1 0.")
    assert after == 'Next: workbench predict mine --text "…"  ·  workbench dashboard'
    run = Run.load(workspace.runs / "mine")
    assert run.manifest["config"]["method"]["beta"] == 0.5
    assert run.manifest["recipe"]["corpus"] == "toy"


def test_several_seeds_make_several_runs(command, toy, workspace):
    ended = command("train", "base", "--corpus", toy, *SMALL, "--seed", 1, "--seed", 2)
    assert (ended.status, ended.out.count("workbench predict")) == (0, 1)
    assert {run.manifest["seed"] for run in list_runs(workspace.runs)} == {1, 2}


def test_settings_come_from_a_file_and_the_command_line_wins(command, toy, workspace, tmp_path):
    path = tmp_path / "settings.yaml"
    path.write_text("method:\n  beta: 0.1\nclip: 0.5\n")
    arguments = ["--config", path, "--set", "beta=0.2", "--add", "protomix.classification:weight=0.5"]
    assert command("train", "mix", "--corpus", toy, *SMALL, *arguments).status == 0
    config = list_runs(workspace.runs)[0].manifest["config"]
    assert (config["method"]["beta"], config["training"]["clip"]) == (0.2, 0.5)
    assert config["method"]["add"] == ["protomix.classification:weight=0.5"]


@pytest.mark.parametrize(
    "arguments, message",
    [
        (["train"], "Say which method to train"),
        (["train", "protomx"], "Did you mean 'protomix'"),
        (["train", "base", "--corpus", "toi"], "There is no corpus 'toi'"),
        (["train", "base", "--encoder", "cnnn"], "cnnn"),
        (["train", "base", "--set", "epoch=3"], "Did you mean 'epochs'"),
        (["train", "base", "--set", "epochs"], "is not key=value"),
        (["train", "base", "--set", "seed=1"], "Unknown setting 'seed'"),
        (["train", "base", "--set", "workspace=here"], "Unknown setting 'workspace'"),
        (["train", "base", "--name", "../up"], "../up"),
        (["train", "base", "--name", "x", "--seed", 1, "--seed", 2], "--name names one run"),
        (["train", "base", "--seed", 1, "--seed", 2, "--set", "devices=2"], "one --seed at a time"),
        (["train", "base", "--resume", "x"], "leave the method 'base' out"),
        (["train", "--resume", "nothing"], "No run 'nothing'"),
        (["train", "base", "--config", "missing.yaml"], "Cannot read the settings file missing.yaml"),
        (["train", "base", "--frozen"], "frozen"),
        (["train", "base", "--seed", -1], "seed=-1 is no seed"),
        (["train", "base", "--set", "beta=.inf"], "beta=inf"),
    ],
)
def test_mistakes_are_one_message_and_no_traceback(command, toy, workspace, arguments, message):
    ended = command(*arguments)
    assert ended.status == 1
    assert ended.err.startswith("error:")
    assert message in ended.err
    assert "Traceback" not in ended.err
    assert list_runs(workspace.runs) == []


def test_a_name_that_is_taken_is_refused_before_anything_heavy_is_loaded(command, workspace, monkeypatch):
    (workspace.runs / "mine").mkdir(parents=True)
    monkeypatch.setitem(sys.modules, "workbench.training.fit", None)  # importing it would fail
    ended = command("train", "base", "--name", "mine")
    assert ended.status == 1
    assert "There is a run 'mine'" in ended.err


def test_ctrl_c_says_how_to_go_on(command, toy, workspace, monkeypatch):
    def interrupted(self, batch):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(ProtoMix, "forward", interrupted)
        ended = command("train", "base", "--corpus", toy, *SMALL, "--name", "mine")
    assert (ended.status, "workbench train --resume mine" in ended.err) == (130, True)
    resumed = command("train", "--resume", "mine")
    assert (resumed.status, "workbench predict mine" in resumed.out) == (0, True)
    assert Run.load(workspace.runs / "mine").status == "done"


def test_methods_are_described_with_their_settings_in_a_file(command, tmp_path):
    assert command("methods", "--json", tmp_path / "settings.json").status == 0
    known = Known.read(tmp_path / "settings.json")
    assert known.method_of("lsfa-pooled").name == "lsfa"
    assert known.training.settings["epochs"].default == 10


def test_methods_lists_variants_papers_and_objectives(command):
    out = command("methods").out
    assert all(name in out for name in ("protomix", "proto", "mix", "base", "protomix.mixed_prototype"))
    assert "Prototypical Regularizations" in out
