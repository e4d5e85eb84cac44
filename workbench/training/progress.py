"""What the bar tells during training: epochs, loss terms, the time left; silent when nobody watches."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import lightning
from lightning.pytorch.callbacks import Callback

from workbench.encoders.base import Encoder
from workbench.progress import make_progress

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
