from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before torch: several test processes share the cores
os.environ.setdefault("HF_HUB_OFFLINE", "1")

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from workbench.data.corpus import Corpus, Split, make_corpus
from workbench.runs.writer import RunWriter
from workbench.workspace import Workspace

RunFactory = Callable[..., Path]


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """An empty workspace that is also the current one."""
    monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path / "home"))
    return Workspace.current()


@pytest.fixture
def run_factory(workspace: Workspace) -> RunFactory:
    """Writes small runs with made-up but plausible numbers into the workspace, without training."""

    def make(name: str = "protomix-0", **changes: Any) -> Path:
        return write_run(workspace.runs, name, **changes)

    return make


@pytest.fixture
def mapped_run_factory(run_factory: RunFactory) -> RunFactory:
    """As `run_factory`, with a vector for each test document, or for those at `rows`."""

    def make(name: str = "protomix-0", vectors: Any = None, rows: Any = None, **changes: Any) -> Path:
        path = run_factory(name, **changes)
        chosen = np.arange(changes.get("documents", 30)) if rows is None else np.asarray(rows)
        if vectors is None:
            vectors = np.random.default_rng(sum(map(ord, name))).normal(size=(len(chosen), 8))
        np.save(path / "arrays" / "document_embeddings.npy", np.asarray(vectors, dtype=np.float32))
        np.save(path / "arrays" / "document_rows.npy", chosen)
        return path

    return make


def write_run(
    runs_dir: Path,
    name: str,
    *,
    method: str = "protomix",
    encoder: str = "cnn",
    corpus: str = "demo",
    split_id: str = "demo/2a9f61c3",
    fingerprint: str = "f" * 64,
    seed: int = 0,
    score: float = 0.6,
    epochs: int = 3,
    labels: int = 12,
    documents: int = 30,
    dimensions: int = 8,
    decay: float = 0.2,
    end: str = "done",
    **manifest: Any,
) -> Path:
    """A run as training would write it; `score` is about its nDCG@5, `decay` how fast its spectrum falls."""
    generator = np.random.default_rng([seed, sum(map(ord, name))])
    about = _manifest(method, encoder, corpus, split_id, seed)
    about["corpus"]["fingerprint"] = fingerprint
    writer = RunWriter.create(runs_dir, name, about | manifest)
    counts = np.sort(generator.integers(1, 200, labels))[::-1]
    names = [f"L{index}" for index in range(labels)]
    writer.write_labels(names, [f"label {index}" for index in range(labels)], counts.tolist())
    writer.write_history(_history(epochs, score, generator))
    if end == "running":
        return writer.path
    if end in ("stopped", "failed"):
        writer.stop(end, "stopped by the test")  # type: ignore[arg-type]
        return writer.path
    targets = sparse.csr_array((generator.random((documents, labels)) < 0.2).astype(np.uint8))
    scores = generator.random((documents, labels)).astype(np.float32)
    writer.write_predictions([f"d{row}" for row in range(documents)], scores, targets, top_k=5)
    spectrum = np.exp(-decay * np.arange(dimensions))
    writer.write_array("label_embeddings", generator.normal(size=(labels, dimensions)) * spectrum)
    metrics = {"valid": _metrics(score + 0.01, counts, generator), "test": _metrics(score, counts, generator)}
    writer.write_metrics(metrics)
    writer.finish(durations_s={"train": 41.5, "evaluate": 1.5, "total": 43.0}, peak_memory_mb=812.0)
    return writer.path


def _manifest(method: str, encoder: str, corpus: str, split_id: str, seed: int) -> dict[str, Any]:
    return {
        "method": method,
        "family": "protomix",
        "variant": method,
        "title": method,
        "encoder": encoder,
        "seed": seed,
        "config": {
            "method": {"prototype_weight": 0.01},
            "training": {"epochs": 3, "batch_size": 32},
            "encoder": {},
        },
        "corpus": {
            "name": corpus,
            "split_id": split_id,
            "n_train": 240,
            "n_valid": 30,
            "n_test": 30,
            "n_labels": 12,
        },
        "stages": ["train"],
        "best": {"stage": "train", "epoch": 2, "metric": "nDCG@5", "value": 0.61},
        "versions": {"python": "3.12"},
        "device": {"kind": "cpu"},
    }


def _history(epochs: int, score: float, generator: np.random.Generator) -> pd.DataFrame:
    rows: list[dict[str, Any]] = []
    for epoch in range(epochs):
        classification = 0.7 * np.exp(-0.5 * epoch) + 0.02 * generator.random()
        prototype = 0.3 * np.exp(-0.2 * epoch)
        shared = {
            "stage": "train",
            "epoch": epoch,
            "step": 10 * (epoch + 1),
            "wall_time_s": 3.0 * (epoch + 1),
        }
        terms = {
            "loss": classification + prototype,
            "loss/classification": classification,
            "loss/prototype": prototype,
        }
        rows.append(shared | terms | {"phase": "train", "learning_rate": 1e-3})
        reached = score * (1 - np.exp(-1.0 - epoch))
        rows.append(
            shared | {"phase": "valid", "loss": classification * 1.1, "nDCG@5": reached, "P@1": reached + 0.1}
        )
    return pd.DataFrame(rows)


def _metrics(score: float, counts: np.ndarray, generator: np.random.Generator) -> dict[str, Any]:
    overall = {
        "P@1": score + 0.1,
        "P@3": score - 0.05,
        "P@5": score - 0.1,
        "nDCG@1": score + 0.1,
        "nDCG@3": score + 0.02,
        "nDCG@5": score,
        "PSP@1": score - 0.2,
        "micro_F1": score + 0.01,
        "macro_F1": score - 0.15,
        "hamming_loss": 0.05,
        "subset_accuracy": 0.2,
        "example_F1": score,
    }
    groups = {
        group: {"labels": 4, "macro_F1": None if group == "unseen" else score - 0.15 * index}
        for index, group in enumerate(("head", "mid", "tail", "unseen"))
    }
    rows = [
        {
            "index": index,
            "train_count": int(count),
            "test_count": 3,
            "predicted_count": 3,
            "precision": 0.5,
            "recall": 0.5,
            "F1": 0.5,
        }
        for index, count in enumerate(counts)
    ]
    jitter = {name: value + 0.005 * float(generator.normal()) for name, value in overall.items()}
    return {
        "documents": 30,
        "documents_without_labels": 1,
        "overall": jitter,
        "groups": groups,
        "labels": rows,
    }


@pytest.fixture(scope="session")
def toy_corpus() -> Corpus:
    """240 documents over 10 labels whose words give them away: small models learn it in a second."""
    generator = np.random.default_rng(11)
    splits = [_toy_split(name, size, generator) for name, size in (("a", 240), ("b", 40), ("c", 60))]
    labels = [f"topic.{index}" for index in range(10)]
    return make_corpus("toy", *splits, labels, [f"topic number {index}" for index in range(10)])


def _toy_split(name: str, size: int, generator: np.random.Generator) -> Split:
    targets = generator.random((size, 10)) < 0.12
    targets[np.arange(size), generator.integers(0, 10, size)] = True
    texts = []
    for row in targets:
        words = [f"word{label}x{generator.integers(3)}" for label in np.flatnonzero(row) for _ in range(2)]
        words += [f"noise{generator.integers(30)}" for _ in range(generator.integers(3, 12))]
        texts.append(" ".join(generator.permutation(words)))
    ids = [f"{name}{number}" for number in range(size)]
    return Split(texts, sparse.csr_array(targets.astype(np.uint8)), ids)
