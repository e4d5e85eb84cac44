"""One training: what is trained, on what, and the untrained method that it begins with."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import torch

from workbench.data.corpus import Corpus
from workbench.encoders import build_encoder
from workbench.methods.base import LabelSpace, Method
from workbench.runs.writer import RunWriter
from workbench.training.devices import choose_device
from workbench.training.settings import Settings
from workbench.training.spec import Recipe

RUN_FOLDER = "WORKBENCH_RUN_FOLDER"
"""Tells the further processes of a distributed training where the first one writes."""


@dataclass(frozen=True)
class Job:
    """One training: what, on what, and who writes it down (nobody, in processes that only compute)."""

    recipe: Recipe
    settings: Settings
    corpus: Corpus
    cache: Path
    watched: bool
    writer: RunWriter | None

    @property
    def path(self) -> Path:
        """The run's folder."""
        return Path(os.environ[RUN_FOLDER])

    @cached_property
    def device(self) -> torch.device:
        """Where this process computes."""
        return choose_device(self.settings.training)


def build_method(recipe: Recipe, settings: Settings, corpus: Corpus, cache: Path) -> Method:
    """The untrained method, the same for the same recipe.

    Raises:
        WorkbenchError: when the encoder cannot be loaded, or has no room for the labels.
    """
    train = corpus.train
    counts, n_train = train_counts(corpus), len(train) - train.n_generated
    labels = LabelSpace(
        corpus.labels, corpus.label_texts, counts, n_train, corpus.descriptions, train.n_generated
    )
    torch.manual_seed(recipe.seed)
    encoder = build_encoder(
        recipe.encoder,
        settings=settings.encoder,
        train_texts=train.texts,
        frozen=recipe.frozen,
        cache=cache,
        label_texts=labels.texts if settings.method_class.reads_labels(settings.method.variant) else None,
    )
    torch.manual_seed(recipe.seed)
    return settings.method_class(encoder, labels, settings.method)


def train_counts(corpus: Corpus) -> np.ndarray:
    """Training documents a label, without generated ones: (L,)."""
    return np.asarray(corpus.train.real_targets.sum(axis=0, dtype=np.int64)).ravel()
