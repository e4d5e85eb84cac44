from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, contextmanager
from itertools import count
from typing import Any

import pytest

import workbench
from workbench.data.corpus import Corpus
from workbench.methods.protomix import ProtoMix
from workbench.runs.store import Run
from workbench.workspace import Workspace

SMALL: dict[str, Any] = {"filters": 8, "embedding_size": 16, "epochs": 2, "batch_size": 16, "log_every": 5}


@pytest.fixture
def train(toy_corpus: Corpus, workspace: Workspace) -> Callable[..., Run]:
    """Train on the toy corpus in a second."""

    def fit(method: str = "base", corpus: Corpus | None = None, **settings: Any) -> Run:
        return workbench.fit(method, corpus or toy_corpus, "cnn", workspace=workspace, **(SMALL | settings))

    return fit


@pytest.fixture
def interrupted(monkeypatch) -> Callable[[int], AbstractContextManager]:
    """A block in which Ctrl-C is pressed when the model is called for the n-th time, counted from 0."""

    @contextmanager
    def pressed_at(call: int):
        calls, forward = count(), ProtoMix.forward

        def stopping(self, batch):
            if next(calls) == call:
                raise KeyboardInterrupt
            return forward(self, batch)

        with monkeypatch.context() as patch:
            patch.setattr(ProtoMix, "forward", stopping)
            with pytest.raises(KeyboardInterrupt) as stopped:
                yield stopped

    return pressed_at
