from __future__ import annotations

from lightning.pytorch import loggers

from workbench.training.loggers import close_loggers


def test_a_wandb_run_ends_with_its_training(tmp_path):
    ended = []

    class Experiment:
        def finish(self):
            ended.append("wandb")

    class Logger(loggers.WandbLogger):
        experiment = Experiment()

        def __init__(self):
            """Without the package."""

    close_loggers([loggers.CSVLogger(tmp_path), Logger()])
    assert ended == ["wandb"]
