"""A workbench for multi-label text classification: train, look inside, compare."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

# Before torch is loaded: threads that wait by spinning are ten times slower beside any other busy process.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

if TYPE_CHECKING:
    from workbench.data.corpus import Corpus as Corpus
    from workbench.runs.store import Run as Run
    from workbench.training.fit import fit as fit

_HOMES = {"Corpus": "workbench.data.corpus", "Run": "workbench.runs.store", "fit": "workbench.training.fit"}
__all__ = ["Corpus", "Run", "fit"]


def __getattr__(name: str) -> Any:
    """Import on first use, so that looking at runs never waits for torch."""
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'workbench' has no attribute {name!r}")
