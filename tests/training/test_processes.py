"""Training in processes of its own: killed and resumed, or two at once."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest
from safetensors.numpy import load_file

from workbench.data.library import save_corpus
from workbench.runs.store import Run

SMALL = ["--set", "filters=8", "--set", "embedding_size=16", "--set", "epochs=3", "--set", "batch_size=16"]
KILLED_MID_EPOCH = """
import os, signal, sys
from workbench.cli import main
from workbench.methods.protomix import ProtoMix
forward, calls = ProtoMix.forward, iter(range(10_000))
def killed(self, batch):
    if next(calls) == 26:
        os.kill(os.getpid(), signal.SIGKILL)
    return forward(self, batch)
ProtoMix.forward = killed
main()
"""


@pytest.fixture
def workbench_process(workspace, toy_corpus):
    """Run `workbench …` (or a script that ends in it) on the toy corpus; gives the finished process."""
    save_corpus(toy_corpus, workspace.corpora / "toy")

    def run(*arguments: str, script: str = "from workbench.cli import main; main()"):
        environment = os.environ | {"WORKBENCH_HOME": str(workspace.root), "OMP_NUM_THREADS": "1"}
        return subprocess.run(
            [sys.executable, "-c", script, *arguments],
            env=environment,
            capture_output=True,
            text=True,
            timeout=600,
        )

    return run


def test_a_killed_run_resumes_to_the_weights_of_an_undisturbed_one(workbench_process, workspace):
    command = ["train", "protomix", "--corpus", "toy", *SMALL]
    killed = workbench_process(*command, "--name", "killed", script=KILLED_MID_EPOCH)
    assert killed.returncode == -9
    cut_off = Run.load(workspace.runs / "killed")
    assert cut_off.status == "stopped"
    assert cut_off.history["epoch"].max() == 0
    resumed = workbench_process("train", "--resume", "killed")
    assert resumed.returncode == 0, resumed.stderr
    assert workbench_process(*command, "--name", "undisturbed").returncode == 0
    runs = [Run.load(workspace.runs / name) for name in ("killed", "undisturbed")]
    ours, theirs = (load_file(run.model_dir / "model.safetensors") for run in runs)
    assert all(np.array_equal(ours[name], theirs[name]) for name in theirs)
    assert runs[0].metrics == runs[1].metrics


def test_two_processes_train_one_run(workspace, workbench_process, tmp_path):
    script = tmp_path / "workbench_command.py"  # Lightning starts the second process from the script's file
    script.write_text("from workbench.cli import main\nmain()\n")
    environment = os.environ | {"WORKBENCH_HOME": str(workspace.root), "OMP_NUM_THREADS": "1"}
    two = subprocess.run(
        [
            sys.executable,
            script,
            "train",
            "protomix",
            "--corpus",
            "toy",
            "--set",
            "devices=2",
            *SMALL,
            "--name",
            "two",
        ],
        env=environment,
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert two.returncode == 0, two.stderr
    assert "Initializing distributed" not in two.stderr
    run = Run.load(workspace.runs / "two")
    assert run.status == "done"
    assert run.history["step"].max() == 3 * 8  # 15 batches of 16 shared by two processes
    assert run.metrics["valid"]["documents"] == 40
    assert [path.name for path in workspace.runs.iterdir()] == ["two"]
