from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch

from tests.encoders.conftest import bert, llama  # noqa: F401
from workbench.data.corpus import Corpus
from workbench.encoders import build_encoder
from workbench.methods import LabelSpace, find_method
from workbench.methods.base import Method
from workbench.methods.storage import save_method
from workbench.runs.store import Run
from workbench.runs.writer import RunWriter
from workbench.training.job import build_method
from workbench.training.spec import Recipe, manifest
from workbench.workspace import Workspace

TEXTS = [
    "the quick brown fox jumps over the lazy dog",
    "graphs and networks",
    "neural networks learn graphs of the brown fox , slowly",
    "one",
    "",
]
TARGETS = np.array([[1, 0, 1], [0, 0, 0], [1, 1, 1], [0, 1, 0], [0, 0, 1]], dtype=np.uint8)
"""Documents with one label, with all and with none."""

SMALL: dict[str, Any] = {"filters": 4, "embedding_size": 6}


@pytest.fixture
def toy_method() -> Callable[..., Method]:
    """An untrained method for three labels."""

    def build(encoder: str = "cnn", *, frozen: bool = False, bias: bool = False, **settings: Any) -> Method:
        torch.manual_seed(3)
        if encoder in ("cnn", "bilstm"):
            settings = {"min_count": 1} | settings
        built = build_encoder(encoder, settings=settings, train_texts=TEXTS, frozen=frozen)
        labels = LabelSpace(tuple("abc"), tuple("ABC"), np.array([2, 2, 3]), 5)
        method_class, _ = find_method("base")
        return method_class(
            built, labels, method_class.Config.parse({"variant": "base", "bias": bias})
        ).eval()

    return build


@pytest.fixture
def finished(workspace: Workspace, toy_corpus: Corpus) -> Callable[..., Run]:
    """A finished run on the toy corpus whose weights are those that training would have begun with."""

    def make(
        name: str = "base-s0",
        method: str = "base",
        seed: int = 0,
        corpus: Corpus = toy_corpus,
        **settings: Any,
    ) -> Run:
        recipe = Recipe.of(method, corpus.name, "cnn", False, seed, SMALL | settings)
        resolved = recipe.resolve()
        size = resolved.training.train_size
        corpus = corpus if size is None else corpus.with_train_size(size, seed)
        writer = RunWriter.create(workspace.runs, name, manifest(recipe, resolved, corpus, {}))
        writer.write_labels(corpus.labels, corpus.label_texts, [1] * len(corpus.labels))
        writer.write_history(pd.DataFrame({"epoch": [0]}))
        writer.write_metrics({})
        save_method(build_method(recipe, resolved, corpus, workspace.cache), writer.model_dir)
        writer.finish()
        return Run.load(writer.path)

    return make
