from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import workbench
from workbench.data.corpus import Corpus
from workbench.runs.store import Run
from workbench.workspace import Workspace

SMALL: dict[str, Any] = {"filters": 8, "embedding_size": 16, "epochs": 2, "batch_size": 16, "log_every": 5}


@pytest.fixture
def train(toy_corpus: Corpus, workspace: Workspace) -> Callable[..., Run]:
    """Train on the toy corpus in a second."""

    def fit(method: str = "base", **settings: Any) -> Run:
        return workbench.fit(method, toy_corpus, "cnn", workspace=workspace, **(SMALL | settings))

    return fit
