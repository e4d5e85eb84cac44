"""Vectors of test documents before training and after each stage that trains the encoder.

Those after the last such stage are the run's own document vectors and are not kept twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from workbench.encoders.base import Inputs, Prepared
from workbench.methods.base import Method, Stage
from workbench.runs.stages import STAGE_ROWS, START, stage_array
from workbench.runs.store import Run
from workbench.training.inference import forwards
from workbench.training.report import inference_settings
from workbench.training.stage import Setting

_MOST = 5_000
"""Documents at each moment, at most: what pictures and their numbers need."""


def moving_stages(method: Method, stages: Sequence[Stage]) -> list[int]:
    """The numbers, from 1, of the stages that train a parameter of the encoder."""
    names = [
        name
        for name, parameter in method.named_parameters()
        if parameter.requires_grad and name.startswith("encoder.")
    ]
    return [
        number
        for number, stage in enumerate(stages, start=1)
        if stage.solve is None and any(stage.trains(name) for name in names)
    ]


def stage_rows(documents: int, seed: int) -> NDArray[np.int64]:
    """Rows of the test split, drawn by the run's seed: among those whose vectors the run keeps at the end."""
    return np.sort(np.random.default_rng(seed).permutation(documents)[:_MOST])


def half_vectors(
    method: Method, prepared: Prepared, rows: NDArray[np.int64], **how: Any
) -> NDArray[np.float16] | None:
    """Document vectors of these rows as float16 (K, H), as pages of finished runs have them; or None.

    What is beyond the range of float16 becomes its largest number. None where the method has no such vectors.
    The state of torch's generator stays as it is.
    """
    most = torch.finfo(torch.float16).max
    kept: NDArray[np.float16] | None = None
    with torch.random.fork_rng(devices=[]):  # an iterator over batches draws from it
        for batch, forward in forwards(method, _Chosen(prepared, rows), **how):
            vectors = forward.document
            if vectors is None:
                return None
            values = vectors.float().clamp(-most, most).half().cpu().numpy()
            if kept is None:
                kept = np.zeros((len(rows), values.shape[1]), dtype=np.float16)
            kept[batch.rows.cpu().numpy()] = values
    return kept


class KeptStages:
    """Writes the vectors while training goes on; those that are there already are not made again."""

    def __init__(self, method: Method, stages: Sequence[Stage], setting: Setting) -> None:
        """Keep what `keep_stages` says; by default where more than one stage trains the encoder."""
        moving, wanted = moving_stages(method, stages), setting.training.keep_stages
        is_kept = len(moving) > 1 if wanted is None else wanted
        self._names = {0: stage_array(0, START)} if is_kept and setting.writer is not None else {}
        if self._names:
            self._names |= {number: stage_array(number, stages[number - 1].name) for number in moving[:-1]}
        self._method, self._setting = method, setting

    def after(self, number: int) -> None:
        """Keep the vectors after this stage, counted from 1; 0 is before the first."""
        name, setting = self._names.get(number), self._setting
        if name is None or setting.writer is None:
            return
        if name in Run.load(setting.writer.path).array_names:
            return
        rows = stage_rows(len(setting.corpus.test), setting.seed)
        vectors = half_vectors(self._method, setting.prepared["test"], rows, **inference_settings(setting))
        if vectors is not None:
            setting.writer.write_array(STAGE_ROWS, rows)
            setting.writer.write_array(name, vectors)


@dataclass(frozen=True)
class _Chosen:
    """Some of the prepared documents."""

    prepared: Prepared
    rows: NDArray[np.int64]

    @property
    def lengths(self) -> np.ndarray:
        """(K,) tokens a document."""
        return self.prepared.lengths[self.rows]

    def __len__(self) -> int:
        return len(self.rows)

    def batch(self, rows: Sequence[int] | np.ndarray) -> Inputs:
        """The inputs of the documents at these places."""
        return self.prepared.batch(self.rows[np.asarray(rows)])
