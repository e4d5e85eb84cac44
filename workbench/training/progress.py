"""What the bar tells during training: epochs, loss terms, the time left; silent when nobody watches."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import lightning
from lightning.pytorch.callbacks import Callback

from workbench.encoders.base import Encoder
from workbench.progress import make_progress
from workbench.runs.writer import RunWriter

_SECONDS_BETWEEN = 1.0
_REFRESH = 5
"""Steps between two readings of the loss, each of which waits for the device."""


@contextmanager
def preparing(encoder: Encoder, title: str, watched: bool) -> Iterator[None]:
    """A bar while documents are encoded once, for encoders that take long over it."""
    if not watched:
        yield
        return
    with make_progress() as progress:
        tasks: dict[int, Any] = {}

        def advance(done: int, total: int) -> None:
            task = tasks.setdefault(total, None)
            if task is None:
                task = tasks[total] = progress.add_task(f"{title} · encoding", total=total, note="")
            progress.update(task, completed=done, note=f"{done:,} of {total:,} documents")

        encoder.progress = advance
        try:
            yield
        finally:
            encoder.progress = None


@contextmanager
def scoring(title: str, documents: int, watched: bool) -> Iterator[Callable[[int], None] | None]:
    """A bar while documents are scored; gives what to call with each batch's size, None when unwatched."""
    if not watched:
        yield None
        return
    with make_progress() as progress:
        task = progress.add_task(f"{title} · scoring", total=documents, note=f"{documents:,} documents")
        yield lambda done: progress.advance(task, done)


class WrittenProgress(Callback):
    """Says in the run's folder how far a stage is, at most once a second: for pages that watch it.

    Keys: stage, epoch and epochs (from 1; at most so many), step and steps of the stage, seconds_left (at
    most), is_over: the stage is trained.
    """

    def __init__(self, writer: RunWriter, stage: str) -> None:
        self._writer, self._stage = writer, stage
        self._began = self._written = time.monotonic()
        self._first = 0

    def on_train_start(self, trainer: lightning.Trainer, pl_module: Any) -> None:
        """Count from here: a resumed stage has steps behind it that took no time now."""
        self._began, self._first = time.monotonic(), _steps_done(trainer, 0)
        self._write(trainer, self._first)

    def on_train_batch_end(
        self, trainer: lightning.Trainer, pl_module: Any, outputs: Any, batch: Any, batch_idx: int
    ) -> None:
        """Say it again when a second has passed."""
        if time.monotonic() - self._written >= _SECONDS_BETWEEN:
            self._write(trainer, _steps_done(trainer, batch_idx + 1))

    def on_train_end(self, trainer: lightning.Trainer, pl_module: Any) -> None:
        """Say that the stage is over, also when it stopped early."""
        self._write(trainer, _steps_done(trainer, 0), is_over=True)

    def _write(self, trainer: lightning.Trainer, done: int, *, is_over: bool = False) -> None:
        epochs, now = trainer.max_epochs or 1, time.monotonic()
        steps = epochs * int(trainer.num_training_batches)
        pace = (now - self._began) / (done - self._first) if done > self._first else None
        self._written = now
        self._writer.write_progress(
            {
                "stage": self._stage,
                "epoch": min(trainer.current_epoch + 1, epochs),
                "epochs": epochs,
                "step": done,
                "steps": steps,
                "seconds_left": None if pace is None else round(pace * (steps - done), 1),
                "is_over": is_over,
            }
        )


def _steps_done(trainer: lightning.Trainer, in_epoch: int) -> int:
    """Batches that are done in this stage, whether each is a step or they are accumulated."""
    return trainer.current_epoch * int(trainer.num_training_batches) + in_epoch


class TrainingProgress(Callback):
    """One bar for a stage: epochs, loss terms, the latest validation metric, the time left."""

    def __init__(self, title: str, metric: str) -> None:
        self._title, self._metric = title, metric
        self._progress = make_progress()
        self._seen = ""

    def on_train_start(self, trainer: lightning.Trainer, pl_module: Any) -> None:
        """Show the bar."""
        epochs, steps = trainer.max_epochs or 1, int(trainer.num_training_batches)
        done = trainer.current_epoch * steps
        self._progress.start()
        self._task = self._progress.add_task(self._title, total=epochs * steps, completed=done, note="")

    def on_train_batch_end(
        self, trainer: lightning.Trainer, pl_module: Any, outputs: Any, batch: Any, batch_idx: int
    ) -> None:
        """Advance; read the loss now and then."""
        self._progress.advance(self._task)
        if batch_idx % _REFRESH == 0:
            terms = "  ".join(
                f"{name.removeprefix('loss/')} {float(value):.4f}" for name, value in pl_module.terms.items()
            )
            epoch = f"epoch {trainer.current_epoch + 1}/{trainer.max_epochs}"
            self._progress.update(self._task, note=f"{epoch}{self._seen}  {terms}")

    def show(self, values: dict[str, float]) -> None:
        """Take in the metrics of a validation."""
        if self._metric in values:
            self._seen = f"  valid {self._metric} {values[self._metric]:.3f}"

    def teardown(self, trainer: lightning.Trainer, pl_module: Any, stage: str) -> None:
        """Remove the bar, also after an error."""
        self._progress.stop()
