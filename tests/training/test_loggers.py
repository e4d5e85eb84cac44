from __future__ import annotations

import pytest
from lightning.pytorch import loggers as lightning_loggers

from workbench.errors import WorkbenchError
from workbench.training import loggers
from workbench.training.loggers import close_loggers


def test_a_wandb_run_ends_with_its_training(tmp_path):
    ended = []

    class Experiment:
        def finish(self):
            ended.append("wandb")

    class Logger(lightning_loggers.WandbLogger):
        experiment = Experiment()

        def __init__(self):
            """Without the package."""

    close_loggers([lightning_loggers.CSVLogger(tmp_path), Logger()])
    assert ended == ["wandb"]


def test_tensorboard_logs_beside_the_history(train):
    run = train(logger="tensorboard")
    assert list((run.path / "tensorboard").glob("events*"))


def test_a_missing_logger_names_the_package(train, monkeypatch):
    def missing(*args, **kwargs):
        raise ModuleNotFoundError("wandb")

    monkeypatch.setattr(loggers, "find_spec", lambda name: object())  # there, but not to be loaded
    monkeypatch.setattr("lightning.pytorch.loggers.WandbLogger", missing)
    with pytest.raises(WorkbenchError, match="pip install wandb"):
        train(logger="wandb")
