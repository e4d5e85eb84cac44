from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
import torch

from workbench.encoders import build_encoder
from workbench.errors import WorkbenchError
from workbench.methods.base import Stage
from workbench.runs.writer import RunWriter
from workbench.training import callbacks
from workbench.training.callbacks import History
from workbench.training.config import TrainingConfig
from workbench.training.loop import StageModule


@pytest.fixture
def module() -> StageModule:
    """A module whose batches are only told, not computed."""
    method: Any = torch.nn.Module()
    method.encoder = build_encoder("cnn", settings={"filters": 4}, train_texts=["a b"])
    return StageModule(method, Stage("classification", []), TrainingConfig(), 10, 0)


def test_a_batch_in_the_middle_that_is_not_a_number_is_found(module):
    history = History(None, pd.DataFrame(), log_every=3)
    trainer: Any = SimpleNamespace(num_training_batches=10)
    with pytest.raises(WorkbenchError, match=r"The loss became nan .*term 'loss/prototype'"):
        for index, value in enumerate([1.0, float("nan"), 1.0]):
            module.terms = {"loss": torch.tensor(2.0), "loss/prototype": torch.tensor(value)}
            history.on_train_batch_end(trainer, module, None, None, index)
    assert index == 2


def test_the_rate_of_an_encoder_that_is_not_trained_is_not_what_to_lower(module):
    module.terms = {"loss": torch.tensor(float("nan"))}
    with pytest.raises(WorkbenchError, match=r"--set learning_rate=0\.0003 --set head_learning_rate=0\.0003"):
        module.require_finite()
    module.method.encoder.requires_grad_(False)
    with pytest.raises(WorkbenchError, match=r"learning rate \(--set head_learning_rate=0\.0003\), clip"):
        module.require_finite()


@pytest.mark.parametrize("share, times", [(1e9, 6 + 2), (1e-9, 1 + 2)])
def test_a_long_epoch_is_written_before_its_end_as_far_as_that_costs_little(train, monkeypatch, share, times):
    """Rows come every five of 15 steps; where the first time was too long, then only after each epoch."""
    written: list[int] = []
    write = RunWriter.write_history

    def spy(self, history):
        written.append(len(history))
        write(self, history)

    monkeypatch.setattr(callbacks, "_SECONDS_BETWEEN", 0.0)
    monkeypatch.setattr(callbacks, "_OF_THE_TIME", share)
    monkeypatch.setattr(RunWriter, "write_history", spy)
    train("base", epochs=2)
    assert written == sorted(written)
    assert len(written) == times
