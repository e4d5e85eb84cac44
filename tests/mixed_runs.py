"""Runs of mixtures and of their parents, with scores of a test's own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from tests.tested_runs import plausible_scores, write_tested_run
from workbench.runs.store import Run

GOLD = np.random.default_rng(3).random((50, 6)) < 0.3
FAMILIES = {"mix": "protomix", "protomix": "protomix", "proto": "protomix", "sep-mldc": "sep-mldc"}
TERMS = {
    "mix": {"mixed_classification"},
    "protomix": {"mixed_classification", "mixed_prototype"},
    "proto": {"classification", "prototype"},
    "sep-mldc": {"classification", "label_contrast", "document_contrast"},
    "sep-mldc-no-lse": {"classification", "label_contrast", "document_contrast"},
    "sep-mldc-no-smcl": {"classification"},
    "binary-relevance": {"squared_hinge"},
}


def terms_of(run: Run) -> frozenset[str]:
    """The terms in the loss of these methods."""
    return frozenset(TERMS[run.manifest["method"]])


def mixed_run(
    folder: Path,
    name: str,
    method: str,
    add: tuple[str, ...] = (),
    *,
    seed: int = 0,
    right: float = 0.5,
    training: dict[str, Any] | None = None,
    own: dict[str, Any] | None = None,
    encoder_settings: dict[str, Any] | None = None,
    **changes: Any,
) -> Run:
    """A finished run whose scores are the better the greater `right` is."""
    given = {"epochs": 4} | (training or {})
    return write_tested_run(
        folder,
        name,
        plausible_scores(GOLD, sum(map(ord, name)), right),
        GOLD,
        method=method,
        seed=seed,
        family=FAMILIES.get(method, "sep-mldc"),
        config={
            "method": {"variant": method, "add": list(add)} | (own or {}),
            "training": given,
            "encoder": {"max_length": 32} | (encoder_settings or {}),
        },
        recipe={
            "method": method,
            "corpus": "toy",
            "encoder": "cnn",
            "frozen": False,
            "seed": seed,
            "settings": {
                **given,
                **(own or {}),
                **(encoder_settings or {}),
                **({"add": list(add)} if add else {}),
            },
        },
        **changes,
    )
