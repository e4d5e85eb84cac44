from __future__ import annotations

import pytest

from workbench.runs.store import list_runs
from workbench.training import sweep as sweeping
from workbench.training.fit import TrainingInterrupted

SMALL = ["--set", "filters=4", "--set", "embedding_size=8", "--set", "epochs=1", "--set", "batch_size=32"]


@pytest.fixture
def space(tmp_path):
    path = tmp_path / "betas.yaml"
    path.write_text("beta: {low: 0.0001, high: 0.1, log: true}\nlearning_rate: [0.003, 1.0e+30]\n")
    return path


def test_a_sweep_trains_shows_the_best_and_goes_on(command, toy, space, workspace):
    arguments = ["sweep", "protomix", "--corpus", toy, "--search", space, *SMALL]
    first = command(*arguments, "--trials", 2)
    assert first.status == 0
    assert "toy-cnn-protomix-betas begins" in first.out
    assert "nDCG@5 on validation documents" in first.out
    assert "trials: 1 done, 1 failed" in first.out
    assert "failed: The loss became nan" in first.out
    assert "test " not in first.out  # what was found on test documents is not shown where one searches
    second = command(*arguments, "--trials", 1)
    assert "goes on after 2 trials" in second.out
    assert len(list_runs(workspace.runs)) == 3
    shown = command("sweep", "--show", "toy-cnn-protomix-betas")
    assert shown.out == second.out[second.out.index("toy-cnn-protomix-betas: protomix") :]
    best = next(line for line in shown.out.splitlines() if line.startswith("workbench train"))
    assert "--set learning_rate=0.003 --seed 1 --seed 2" in best


def test_a_grid_ends_by_itself_and_a_database_can_be_named(command, toy, tmp_path):
    path = tmp_path / "grid.yaml"
    path.write_text("beta: [0.001, 0.01]\n")
    where = ["--storage", f"sqlite:///{tmp_path / 'shared.db'}"]
    ended = command("sweep", "proto", "--corpus", toy, "--search", path, "--sampler", "grid", *where, *SMALL)
    assert "trials: 2 done" in ended.out
    assert (tmp_path / "shared.db").exists()
    assert "trials: 2 done" in command("sweep", "--show", "toy-cnn-proto-grid", *where).out
    assert "There is none yet" in command("sweep", "--show", "toy-cnn-proto-grid").err


def test_ctrl_c_says_how_to_go_on(command, toy, space, workspace, monkeypatch):
    def interrupted(*given, **how):
        raise TrainingInterrupted(workspace.runs / "x")

    monkeypatch.setattr(sweeping, "fit", interrupted)
    ended = command("sweep", "protomix", "--corpus", toy, "--search", space)
    assert (ended.status, "the same command goes on" in ended.err) == (130, True)


def test_when_every_trial_fails_the_reason_is_the_error(command, toy, tmp_path):
    path = tmp_path / "wild.yaml"
    path.write_text("learning_rate: [1.0e+30]\n")
    ended = command("sweep", "base", "--corpus", toy, "--search", path, "--sampler", "grid", *SMALL)
    assert ended.status == 1
    assert "No trial of 'toy-cnn-base-wild' was finished" in ended.err
    assert "nan" in ended.err


@pytest.mark.parametrize(
    "arguments, message",
    [
        ([], "Say what to search"),
        (["protomix"], "Say what to search"),
        (["protomix", "--search", "none.yaml"], "Cannot read the settings file none.yaml"),
        (["protomx", "--search", "SPACE"], "Did you mean 'protomix'"),
        (["base", "--search", "SPACE", "--corpus", "toi"], "no corpus 'toi'"),
        (["base", "--search", "SPACE", "--sampler", "grd"], "Did you mean 'grid'"),
        (["base", "--search", "SPACE", "--set", "beta=1"], "which --set fixes"),
        (["base", "--search", "SPACE", "--storage", "nonsense"], "cannot be opened"),
        (["--show", "nothing"], "no study 'nothing'"),
    ],
)
def test_mistakes_are_one_message_and_no_traceback(command, toy, space, workspace, arguments, message):
    given = [str(space) if word == "SPACE" else word for word in arguments]
    ended = command("sweep", *(given if "--corpus" in given else [*given, "--corpus", toy]))
    assert ended.status == 1
    assert ended.err.startswith("error:")
    assert message in ended.err
    assert "Traceback" not in ended.err
    assert list_runs(workspace.runs) == []
