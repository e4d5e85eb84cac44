"""What happens around the loop: history, choosing the best epoch, averaging weights, a progress bar."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import lightning
import numpy as np
import pandas as pd
import torch
from lightning.pytorch.callbacks import Callback, WeightAveraging
from scipy import sparse

from workbench.methods.base import Material
from workbench.methods.storage import save_trained
from workbench.metrics import TrainCounts, evaluate
from workbench.runs.writer import RunWriter
from workbench.training.loop import StageModule, ValidPart
from workbench.training.material import looking

CURVES = ("P@1", "P@3", "P@5", "nDCG@3", "nDCG@5", "PSP@5", "micro_F1", "macro_F1")


_SECONDS_BETWEEN = 2.0
_OF_THE_TIME = 0.02


class History(Callback):
    """Collects one row every few steps and one each validation, and writes them each epoch.

    In a long epoch also in between, for whoever watches, as far as that takes a fiftieth of the time at most.
    """

    def __init__(
        self,
        writer: RunWriter | None,
        earlier: pd.DataFrame,
        log_every: int,
        watcher: Callable[[dict[str, float]], None] | None = None,
    ) -> None:
        self.rows: list[dict[Any, Any]] = earlier.to_dict("records")
        self._writer, self._every, self._watcher = writer, log_every, watcher
        self._sums: dict[str, torch.Tensor] = {}
        self._count = 0
        self._offset = float(earlier["wall_time_s"].max()) if len(earlier) else 0.0
        self._started = self._written = time.perf_counter()
        self._took = 0.0

    def on_train_batch_end(
        self, trainer: lightning.Trainer, pl_module: Any, outputs: Any, batch: Any, batch_idx: int
    ) -> None:
        """Add up the terms; write a row every `log_every` batches and at the end of an epoch."""
        for name, value in pl_module.terms.items():
            self._sums[name] = self._sums.get(name, torch.zeros_like(value)) + value
        self._count += 1
        if self._count == self._every or batch_idx + 1 == trainer.num_training_batches:
            pl_module.require_finite(self._sums)
            means = {name: float(value) / self._count for name, value in self._sums.items()}
            rate = trainer.optimizers[0].param_groups[0]["lr"]
            self.add(trainer, pl_module, "train", {**means, "learning_rate": rate})
            self._sums, self._count = {}, 0
            waited = time.perf_counter() - self._written
            if waited > max(_SECONDS_BETWEEN, self._took / _OF_THE_TIME):
                self.write()

    def on_train_epoch_end(self, trainer: lightning.Trainer, pl_module: Any) -> None:
        """Write what there is."""
        self.write()

    def on_exception(self, trainer: lightning.Trainer, pl_module: Any, exception: BaseException) -> None:
        """Leave what there is when training is cut short, the last step's terms included."""
        if pl_module.terms:
            last = {name: float(value) for name, value in pl_module.terms.items()}
            self.add(trainer, pl_module, "train", last)
        self.write()

    def add(
        self, trainer: lightning.Trainer, module: StageModule, phase: str, values: dict[str, float]
    ) -> None:
        """Append a row and tell the loggers."""
        place = {"stage": module.stage.name, "epoch": module.current_epoch, "step": trainer.global_step}
        elapsed = self._offset + time.perf_counter() - self._started
        self.rows.append({**place, "phase": phase, "wall_time_s": elapsed, **values})
        if phase == "valid" and self._watcher is not None:
            self._watcher(values)
        for logger in trainer.loggers:
            named = {f"{phase}/{name}": value for name, value in values.items()}
            logger.log_metrics(named, step=trainer.global_step)

    def write(self) -> None:
        """Write history.parquet, whole."""
        if self._writer is not None and self.rows:
            began = time.perf_counter()
            self._writer.write_history(pd.DataFrame(self.rows))
            self._written = time.perf_counter()
            self._took = self._written - began


class Selection(Callback):
    """Judges each epoch on validation, keeps the best epoch's weights and stops when none is better."""

    def __init__(
        self,
        targets: sparse.csr_array,
        train_targets: sparse.csr_array,
        history: History,
        weights: Path,
        metric: str,
        patience: int,
    ) -> None:
        self._targets, self._train_counts = targets, TrainCounts.of(train_targets)
        self._history, self._weights = history, weights
        self._metric, self._patience = metric, patience
        self.best: dict[str, Any] = {"epoch": -1, "value": -np.inf, "is_enough": False}

    def on_train_start(self, trainer: lightning.Trainer, pl_module: Any) -> None:
        """Do not go on with a stage that had stopped early before it was interrupted."""
        trainer.should_stop = trainer.should_stop or self.best["is_enough"]

    def on_validation_epoch_start(self, trainer: lightning.Trainer, pl_module: Any) -> None:
        """Forget the last epoch's scores."""
        pl_module.valid_parts.clear()

    def on_validation_epoch_end(self, trainer: lightning.Trainer, pl_module: Any) -> None:
        """Compute the metrics on all validation documents and keep the weights if they are the best."""
        scores, sets, entropy = gather_scores(pl_module.valid_parts, self._targets.shape, trainer.world_size)
        report = evaluate(scores, self._targets, train_targets=self._train_counts, predicted=sets)
        overall = {name: report["overall"][name] for name in CURVES if name in report["overall"]}
        values = {"loss": entropy, "loss/classification": entropy, **overall}
        known = {name: value for name, value in values.items() if value is not None}
        self._history.add(trainer, pl_module, "valid", known)
        value = overall.get(self._metric)
        value = -np.inf if value is None else float(value)
        if value > self.best["value"] or self.best["epoch"] < 0:
            self.best.update(epoch=pl_module.current_epoch, value=value)
            if trainer.is_global_zero:
                save_trained(pl_module.method, self._weights)
            trainer.strategy.barrier("best weights")
        waited = pl_module.current_epoch - self.best["epoch"]
        self.best["is_enough"] = 0 < self._patience <= waited
        trainer.should_stop = trainer.should_stop or self.best["is_enough"]

    def state_dict(self) -> dict[str, Any]:
        """What a resumed training must know."""
        return dict(self.best)

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Go on from the best epoch so far."""
        self.best = dict(state_dict)


def gather_scores(
    parts: list[ValidPart], shape: tuple[int, ...], world: int
) -> tuple[np.ndarray, np.ndarray | None, float]:
    """Scores (N, L) of all processes in the order of the split, the sets if there are, the mean entropy."""
    if world > 1:
        gathered: list[Any] = [None] * world
        torch.distributed.all_gather_object(gathered, parts)
        parts = [part for process in gathered for part in process]
    scores = np.zeros(shape, dtype=np.float32)
    sets = None if any(part.chosen is None for part in parts) else np.zeros(shape, dtype=np.bool_)
    for part in parts:
        scores[part.rows] = part.scores
        if sets is not None:
            sets[part.rows] = part.chosen
    return scores, sets, sum(part.entropy for part in parts) / max(1, shape[0])


class EpochAverage(WeightAveraging):
    """Stochastic weight averaging: one equal share per epoch from `start` on, judged as an average."""

    def __init__(self, start: int, steps_per_epoch: int) -> None:
        super().__init__(use_buffers=False)  # counts and prototypes have no average
        self._first_step, self._steps_per_epoch = start * steps_per_epoch, steps_per_epoch

    def should_update(self, step_idx: int | None = None, epoch_idx: int | None = None) -> bool:
        """Only after the last step of an epoch, before it is validated."""
        if step_idx is None or step_idx < self._first_step:
            return False
        return (step_idx + 1) % self._steps_per_epoch == 0

    def _has_started(self) -> bool:
        return self._average_model is not None and int(self._average_model.n_averaged) > 0

    def _swap_models(self, pl_module: lightning.LightningModule) -> None:
        if self._has_started():
            super()._swap_models(pl_module)

    def _copy_average_to_current(self, pl_module: lightning.LightningModule) -> None:
        if self._has_started():
            super()._copy_average_to_current(pl_module)


class BeginEpoch(Callback):
    """Gives the method its hook before each epoch."""

    def __init__(self, material: Material, bfloat16: bool) -> None:
        self._material, self._bfloat16 = material, bfloat16

    def on_train_epoch_start(self, trainer: lightning.Trainer, pl_module: Any) -> None:
        """Call the method's `begin_epoch`."""
        with looking(pl_module.method, pl_module.device, self._bfloat16):
            pl_module.method.begin_epoch(pl_module.stage, pl_module.current_epoch, self._material)


class LastEpoch(Callback):
    """Keeps the weights of the last epoch, for stages that no validation metric judges."""

    def __init__(self, weights: Path) -> None:
        self._weights = weights
        self.best: dict[str, Any] = {"epoch": -1, "value": None}

    def on_train_epoch_end(self, trainer: lightning.Trainer, pl_module: Any) -> None:
        """Keep this epoch's weights in place of the one before."""
        self.best["epoch"] = pl_module.current_epoch
        if trainer.is_global_zero:
            save_trained(pl_module.method, self._weights)
        trainer.strategy.barrier("last weights")

    def state_dict(self) -> dict[str, Any]:
        """What a resumed training must know."""
        return dict(self.best)

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Go on from the last epoch."""
        self.best = dict(state_dict)
