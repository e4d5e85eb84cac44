"""The weights of each epoch, kept for the path that training took."""

from __future__ import annotations

from typing import Any

import lightning
import pandas as pd
from lightning.pytorch.callbacks import Callback

from workbench.methods.base import Method
from workbench.methods.storage import save_half, trained_weights
from workbench.runs.writer import RunWriter


class KeptEpochs(Callback):
    """Writes the trained weights before the first epoch and after each, in float16.

    Epochs are counted on over stages, and an epoch that is trained again after an interruption is written
    again, to the same file.
    """

    def __init__(self, method: Method, writer: RunWriter, before: int) -> None:
        """Keep what `method` trains; `before` is the number of epochs of earlier stages."""
        self._names = list(trained_weights(method))  # of all stages: a stage freezes what is not its own
        self._writer, self._before = writer, before

    def on_train_start(self, trainer: lightning.Trainer, pl_module: Any) -> None:
        """Write what training begins with, unless it goes on from somewhere."""
        if self._before == 0 and trainer.global_step == 0:
            self._keep(pl_module.method, 0)

    def on_train_epoch_end(self, trainer: lightning.Trainer, pl_module: Any) -> None:
        """Write what the epoch ended with; before its checkpoint, which Lightning writes last of all."""
        self._keep(pl_module.method, self._before + pl_module.current_epoch + 1)

    def _keep(self, method: Method, number: int) -> None:
        parameters = dict(method.named_parameters())
        save_half({name: parameters[name] for name in self._names}, self._writer.epoch_file(number))


def epochs_before(stage: str, earlier: pd.DataFrame) -> int:
    """How many epochs other stages took, by the history so far."""
    if earlier.empty:
        return 0
    others = earlier[earlier["stage"] != stage]
    return int((others.groupby("stage")["epoch"].max() + 1).sum())
