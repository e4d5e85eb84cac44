"""Runs one stage of a method through Lightning."""

from __future__ import annotations

import logging
import os
import signal
import threading
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import lightning
import pandas as pd
import torch
from lightning.pytorch.callbacks import Callback, ModelCheckpoint
from lightning.pytorch.utilities.exceptions import MisconfigurationException
from torch.utils.data import DataLoader

from workbench.data.corpus import Corpus
from workbench.encoders.base import Prepared
from workbench.errors import WorkbenchError
from workbench.methods.base import Batch, Examples, Material, Method, Stage
from workbench.methods.storage import load_trained
from workbench.runs.writer import RunWriter
from workbench.training.batches import (
    Documents,
    ShuffledBatches,
    SortedBatches,
    loader,
    scoring_batch_size,
)
from workbench.training.callbacks import BeginEpoch, EpochAverage, History, LastEpoch, Selection
from workbench.training.checkpoints import AtomicCheckpoints
from workbench.training.config import TrainingConfig
from workbench.training.epochs import KeptEpochs, epochs_before
from workbench.training.loggers import close_loggers, make_logger
from workbench.training.loop import StageModule
from workbench.training.material import gather, looking
from workbench.training.progress import TrainingProgress, WrittenProgress


@dataclass(frozen=True)
class Setting:
    """What all stages of a run share. `writer` is None in processes that only compute."""

    corpus: Corpus
    prepared: Mapping[str, Prepared]
    training: TrainingConfig
    seed: int
    device: torch.device
    precision: str
    checkpoints: Path
    writer: RunWriter | None
    title: str
    is_watched: bool

    @property
    def is_bfloat16(self) -> bool:
        """Whether the forward pass computes in bfloat16."""
        return self.precision == "bf16-mixed"

    def documents(self, split: str) -> Documents:
        """The documents of "train", "valid" or "test", prepared, with their targets."""
        return Documents(self.prepared[split], self.corpus.splits[split].targets)

    def material(self) -> Material:
        """What a method may use to prepare its stages."""
        process = os.environ.get("LOCAL_RANK", "0")
        return gather(
            {name: self.documents(name) for name in self.prepared},
            2 * self.training.batch_size,
            self.device,
            self.checkpoints / f"material-{process}",
            self.seed,
        )


def run_stage(
    method: Method, stage: Stage, setting: Setting, earlier: pd.DataFrame, resume: Path | None
) -> dict[str, Any]:
    """Train one stage, put its best weights into `method` and say which epoch that was.

    Raises:
        KeyboardInterrupt: after Ctrl-C, once everything that can be kept is on disk.
    """
    training = setting.training
    material = setting.material()
    examples: Examples = material.documents
    if stage.examples is not None:
        method.to(setting.device)
        with looking(method, setting.device, setting.is_bfloat16):
            examples = stage.examples(material)
    batch_size = stage.batch_size or training.batch_size
    batches = ShuffledBatches(examples.lengths, batch_size, setting.seed)
    per_epoch = -(-len(examples) // (batch_size * training.devices * training.accumulate))
    epochs = stage.epochs or training.epochs
    module = StageModule(method, stage, training, per_epoch * epochs, setting.seed)
    best = setting.checkpoints / f"best-{stage.name}.safetensors"
    callbacks = _callbacks(method, stage, setting, material, earlier, best, per_epoch)
    chooser = next(callback for callback in callbacks if isinstance(callback, Selection | LastEpoch))
    with _quiet(), _own_interrupts(), _training_only(method, stage):
        trainer = _trainer(setting, epochs, callbacks)
        try:
            trainer.fit(
                module,
                loader(examples, batches),
                _validation(setting) if stage.is_classifier else None,
                ckpt_path=resume,
                weights_only=True,
            )
        except SystemExit:
            raise KeyboardInterrupt from None
        finally:
            close_loggers(trainer.loggers)
    load_trained(method, best)
    return {"stage": stage.name, "epoch": chooser.best["epoch"], "value": chooser.best["value"]}


def _validation(setting: Setting) -> DataLoader[Batch]:
    valid = setting.documents("valid")
    size = scoring_batch_size(setting.training.batch_size, len(valid), setting.training.devices)
    return loader(valid, SortedBatches(valid.lengths, size))


def _callbacks(
    method: Method,
    stage: Stage,
    setting: Setting,
    material: Material,
    earlier: pd.DataFrame,
    best: Path,
    per_epoch: int,
) -> list[Callback]:
    training, corpus = setting.training, setting.corpus
    progress = (
        TrainingProgress(f"{setting.title} · {stage.name}", training.select) if setting.is_watched else None
    )
    history = History(setting.writer, earlier, training.log_every, progress.show if progress else None)
    callbacks: list[Callback] = [history, BeginEpoch(material, setting.is_bfloat16)]
    if stage.is_classifier:
        targets = corpus.valid.targets, corpus.train.real_targets
        callbacks.append(Selection(*targets, history, best, training.select, training.patience))
    else:
        callbacks.append(LastEpoch(best))
    callbacks.append(
        ModelCheckpoint(
            setting.checkpoints,
            filename=f"resume-{stage.name}",
            enable_version_counter=False,
            save_on_train_epoch_end=True,
        )
    )
    if training.swa_start is not None and stage.is_classifier:
        callbacks.append(EpochAverage(training.swa_start, per_epoch))
    if training.keep_epochs and setting.writer is not None:
        callbacks.append(KeptEpochs(method, setting.writer, epochs_before(stage.name, earlier)))
    if setting.writer is not None:
        callbacks.append(WrittenProgress(setting.writer, stage.name))
    return [*callbacks, progress] if progress else callbacks


def _trainer(setting: Setting, epochs: int, callbacks: list[Callback]) -> lightning.Trainer:
    training = setting.training
    strategy = training.strategy
    if training.devices > 1 and strategy == "auto":
        strategy = "ddp"
    logger = (
        make_logger(training.logger, setting.checkpoints.parent, setting.title) if setting.writer else False
    )
    try:
        return _lightning_trainer(setting, epochs, callbacks, strategy, logger)
    except (ValueError, MisconfigurationException) as error:
        raise WorkbenchError(
            f"Lightning refuses devices={training.devices}, strategy={strategy}: {error}"
        ) from None


def _lightning_trainer(
    setting: Setting, epochs: int, callbacks: list[Callback], strategy: str, logger: Any
) -> lightning.Trainer:
    training = setting.training
    return lightning.Trainer(
        max_epochs=epochs,
        accelerator="gpu" if setting.device.type == "cuda" else "cpu",
        devices=training.devices,
        strategy=strategy,
        precision=cast(Any, setting.precision),
        callbacks=callbacks,
        plugins=[AtomicCheckpoints()],
        logger=logger,
        gradient_clip_val=training.clip or None,
        accumulate_grad_batches=training.accumulate,
        num_sanity_val_steps=0,
        use_distributed_sampler=False,
        enable_progress_bar=False,
        enable_model_summary=False,
        log_every_n_steps=training.log_every,
        default_root_dir=setting.checkpoints,
    )


@contextmanager
def _training_only(method: Method, stage: Stage) -> Iterator[None]:
    """Only the stage's parameters get gradients; what it leaves alone is in evaluation mode meanwhile."""
    others = {p for name, p in method.named_parameters() if p.requires_grad and not stage.trains(name)}
    trained = {p for p in method.parameters() if p.requires_grad} - others
    idle = [m for m in method.modules() if m.training and not others.isdisjoint(m.parameters())]
    idle = [module for module in idle if trained.isdisjoint(module.parameters())]
    for parameter in others:
        parameter.requires_grad_(False)
    for module in idle:
        module.eval()
    try:
        yield
    finally:
        for parameter in others:
            parameter.requires_grad_(True)
        for module in idle:
            module.train()


@contextmanager
def _quiet() -> Iterator[None]:
    """Lightning's advice is for its own users; ours see the progress bar and errors."""
    logs = [logging.getLogger(name) for name in ("lightning.pytorch", "lightning.fabric")]
    before = [log.level for log in logs]
    for log in logs:
        log.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", module="lightning")
            warnings.filterwarnings("ignore", message=".*lightning.*|.*does not have many workers.*")
            yield
    finally:
        for log, level in zip(logs, before, strict=True):
            log.setLevel(level)


@contextmanager
def _own_interrupts() -> Iterator[None]:
    """Lightning ignores Ctrl-C for good once it has seen one; give the handler back."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.getsignal(signal.SIGINT)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
