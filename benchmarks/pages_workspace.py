"""A made-up workspace of any size, without training: a corpus with a long tail of labels, and runs on it.

Written by the workbench's own writers, and scored by its own metrics: pages read what training writes. The
first run of each method has a model, as it is before training, and vectors of its training documents.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse

from workbench.data.corpus import Corpus, CorpusCard, Split, make_corpus
from workbench.data.library import save_corpus
from workbench.data.oversampling import is_tail
from workbench.methods.storage import save_method
from workbench.metrics import TrainCounts, evaluate
from workbench.probes.training_vectors import probe_training_vectors
from workbench.runs.stages import STAGE_ROWS, START, stage_array
from workbench.runs.store import Run
from workbench.runs.writer import RunWriter, write_probe
from workbench.training.job import build_method
from workbench.training.spec import Recipe
from workbench.workspace import Workspace

METHODS = ("base", "proto", "mix", "protomix")
THRESHOLD = 0.5
GRID = 19
_TOPICS = 60
_WORDS = 60
"""Words a document has."""


@dataclass(frozen=True)
class Size:
    """How large the workspace is; `documents` are as many in train as in test, valid has a tenth."""

    runs: int = 50
    documents: int = 10_000
    labels: int = 4_271
    label_dimensions: int = 256
    document_dimensions: int = 384
    epochs: int = 20
    steps: int = 15


def write_workspace(workspace: Workspace, size: Size) -> None:
    """Write the corpus "wide" and its runs: the four variants of ProtoMix, with as many seeds as it takes."""
    corpus = make_up_corpus(size)
    save_corpus(corpus, workspace.corpora / corpus.name)
    grown = with_written_texts(corpus)
    save_corpus(grown, workspace.corpora / grown.name)
    seeds = range(-(-size.runs // len(METHODS)))
    for seed, method in list(product(seeds, METHODS))[: size.runs]:
        run = _write_run(workspace, corpus, size, method, seed)
        if seed == 0:
            _write_model(workspace, corpus, run)


def make_up_corpus(size: Size) -> Corpus:
    """Each document has a topic, whose labels and words it draws; frequencies fall as in Zipf's law."""
    generator = np.random.default_rng(0)
    order = generator.permutation(size.labels)
    parts = {"train": size.documents, "valid": max(1, size.documents // 10), "test": size.documents}
    splits = [_split(part, count, size.labels, order, generator) for part, count in parts.items()]
    codes = [f"L{label:05d}" for label in range(size.labels)]
    names = [f"matter {label} of topic {order[label] % _TOPICS}" for label in range(size.labels)]
    return make_corpus("wide", *splits, codes, names, CorpusCard(title="Made up, to measure the pages"))


def with_written_texts(corpus: Corpus) -> Corpus:
    """The version "wide-written": each label in a sentence, and copies of a twentieth of the documents."""
    sentences = [f"All that is about {name}." for name in corpus.label_texts]
    rows = np.arange(0, len(corpus.train), 20)
    texts = [f"{corpus.train.texts[int(row)]} again" for row in rows]
    described = corpus.with_descriptions("wide-described", sentences, "")
    ids = [f"written-{row}" for row in rows]
    return described.with_generated("wide-written", texts, corpus.train.targets[rows], ids, "")


def _split(part: str, count: int, labels: int, order: np.ndarray, generator: np.random.Generator) -> Split:
    topics = generator.integers(0, _TOPICS, count)
    per_document = 1 + generator.poisson(4, count)
    rows = np.repeat(np.arange(count), per_document)
    ranks = np.minimum(generator.zipf(1.4, len(rows)) - 1, labels) * _TOPICS + topics[rows]
    general = generator.random(len(rows)) < 0.2  # of any topic, among them the most frequent labels of all
    ranks[general] = generator.zipf(1.2, int(general.sum())) % labels
    entries = np.ones(len(rows), dtype=np.uint8)
    targets = sparse.csr_array((entries, (rows, order[ranks % labels])), shape=(count, labels))
    targets.data[:] = 1
    vocabulary = np.array([f"word{number}" for number in range(50 * _TOPICS)])
    words = (topics[:, None] * 50 + generator.zipf(1.3, (count, _WORDS))) % len(vocabulary)
    texts = [" ".join(row) for row in vocabulary[words]]
    return Split(texts, targets, [f"{part}-{number}" for number in range(count)])


def _write_run(workspace: Workspace, corpus: Corpus, size: Size, method: str, seed: int) -> Run:
    generator = np.random.default_rng([seed, METHODS.index(method)])
    quality = 0.5 + 0.05 * METHODS.index(method) + 0.02 * generator.random()
    name = f"wide-cnn-{method}-s{seed}"
    writer = RunWriter.create(workspace.runs, name, _manifest(corpus, size, method, seed))
    counts = TrainCounts.of(corpus.train.targets)
    writer.write_labels(corpus.labels, corpus.label_texts, counts.counts.tolist())
    writer.write_history(pd.DataFrame(_history(size, quality, generator)))
    scores = {part: _scores(corpus.splits[part].targets, quality, generator) for part in ("valid", "test")}
    known: dict[str, Any] = {"train_targets": counts, "threshold": THRESHOLD}
    metrics = {part: evaluate(scores[part], corpus.splits[part].targets, **known) for part in scores}
    writer.write_metrics({**metrics, "threshold": THRESHOLD})
    writer.write_predictions(corpus.test.ids, scores["test"], corpus.test.targets)
    writer.write_array("label_embeddings", _spectral(size.labels, size.label_dimensions, generator))
    documents = _gathered(corpus.test.targets, size.document_dimensions, quality, generator)
    writer.write_array("document_embeddings", documents)
    writer.write_array("document_rows", np.arange(len(corpus.test)))
    writer.write_array(STAGE_ROWS, np.arange(0, len(corpus.test), 2))
    writer.write_array(stage_array(0, START), (documents[::2] + 3).astype(np.float16))
    _write_features(writer, corpus, size, generator)
    for plane in ("random", "path"):
        _write_landscape(writer, corpus, size, plane, quality)
    writer.finish(durations_s={"train": 600.0, "evaluate": 30.0, "total": 630.0}, peak_memory_mb=2000.0)
    return Run.load(writer.path)


def _write_model(workspace: Workspace, corpus: Corpus, run: Run) -> None:
    """The untrained model of a run: as large and slow as a trained one, but predicts half of the labels."""
    recipe = Recipe(**run.manifest["recipe"])
    save_method(build_method(recipe, recipe.resolve(), corpus, workspace.cache), run.model_dir)
    probe_training_vectors(Run.load(run.path), workspace=workspace)


def _write_features(writer: RunWriter, corpus: Corpus, size: Size, generator: np.random.Generator) -> None:
    """Features of up to five documents a label and split, prototypes, two generated ones a tail label."""
    counts = np.asarray(corpus.train.targets.sum(axis=0))
    prototypes = generator.normal(size=(size.labels, size.document_dimensions)).astype(np.float32)
    places = []
    for number, split in enumerate((corpus.train, corpus.test)):
        columns = split.targets.tocsc()
        for label in range(size.labels):
            rows = columns.indices[columns.indptr[label] : columns.indptr[label + 1]][:5]
            places += [(label, int(row), number) for row in rows]
    labels, rows, splits = np.array(places).T
    made = np.repeat(np.flatnonzero(is_tail(counts, 50)), 2)
    for name, label in (("label_features", labels), ("augmented_features", made)):
        noise = generator.normal(size=(len(label), size.document_dimensions)).astype(np.float32)
        writer.write_array(name, (prototypes[label] + noise).astype(np.float16))
    writer.write_array("augmented_labels", made)
    writer.write_array("label_feature_labels", labels)
    writer.write_array("label_feature_rows", rows)
    writer.write_array("label_feature_splits", splits.astype(np.uint8))
    writer.write_array("prototypes", prototypes)
    writer.write_array("label_is_tail", counts < 50)


def _manifest(corpus: Corpus, size: Size, method: str, seed: int) -> dict[str, Any]:
    sizes = {f"n_{part}": len(split) for part, split in corpus.splits.items()}
    known = {"name": corpus.name, "fingerprint": corpus.fingerprint, "split_id": corpus.split_id}
    recipe = {"method": method, "corpus": corpus.name, "encoder": "cnn", "frozen": False, "seed": seed}
    return {
        "method": method,
        "family": "protomix",
        "variant": method,
        "title": "made up",
        "encoder": "cnn",
        "seed": seed,
        "recipe": {**recipe, "settings": {"epochs": size.epochs}},
        "config": {"method": {}, "training": {"epochs": size.epochs, "batch_size": 32}, "encoder": {}},
        "corpus": {**known, **sizes, "n_labels": len(corpus.labels)},
        "stages": ["classification"],
        "best": {"stage": "classification", "epoch": size.epochs - 1, "metric": "nDCG@5", "value": 0.6},
    }


def _history(size: Size, quality: float, generator: np.random.Generator) -> Iterator[dict[str, Any]]:
    """A row every few steps, and one for each validation."""
    total = size.epochs * size.steps
    for step in range(1, total + 1):
        epoch, left = (step - 1) // size.steps, float(np.exp(-3 * step / total))
        at = {"stage": "classification", "epoch": epoch, "step": 10 * step, "wall_time_s": 2.0 * step}
        terms = {"loss/classification": 0.02 + 0.3 * left, "loss/prototype": 0.1 + 0.2 * left}
        terms = {term: value * (1 + 0.05 * generator.random()) for term, value in terms.items()}
        loss = sum(terms.values())
        yield at | terms | {"phase": "train", "loss": loss, "learning_rate": 1e-3 * (1 - step / total)}
        if step % size.steps == 0:
            reached = quality * (1 - left)
            yield at | {"phase": "valid", "loss": 1.1 * loss, "nDCG@5": reached, "P@1": reached + 0.1}


def _scores(targets: sparse.csr_array, quality: float, generator: np.random.Generator) -> np.ndarray:
    """Near zero for most labels; gold ones are found in a share `quality` of the cases, beside two others."""
    scores = generator.random(targets.shape, dtype=np.float32)
    scores *= 0.3 * scores
    rows, columns = targets.nonzero()
    scores[rows, columns] = generator.random(len(rows)) ** (1 - quality)
    for _ in range(2):
        wrong = generator.integers(0, targets.shape[1], len(scores))
        scores[np.arange(len(scores)), wrong] = generator.random(len(scores))
    return scores


def _spectral(rows: int, columns: int, generator: np.random.Generator) -> np.ndarray:
    """Vectors whose singular values fall."""
    fall = np.exp(-np.arange(columns) / (0.3 * columns)).astype(np.float32)
    return generator.standard_normal((rows, columns), dtype=np.float32) * fall


def _gathered(
    targets: sparse.csr_array, columns: int, quality: float, generator: np.random.Generator
) -> np.ndarray:
    """A vector for each document: the sum of those of its labels, and noise."""
    of_labels = generator.standard_normal((targets.shape[1], columns), dtype=np.float32)
    noise = generator.standard_normal((targets.shape[0], columns), dtype=np.float32)
    return (quality * (targets.astype(np.float32) @ of_labels) + noise).astype(np.float32)


def _write_landscape(writer: RunWriter, corpus: Corpus, size: Size, plane: str, quality: float) -> None:
    """A bowl on the grid, as the probe would write it; no run was looked at."""
    name, axis = {"random": "landscape", "path": "trajectory"}[plane], np.linspace(-1, 1, GRID)
    sharpness, away = 3 - 4 * (quality - 0.5), np.linspace(1, 0, size.epochs)
    loss = 0.02 + sharpness * (axis[None, :] ** 2 + 2 * axis[:, None] ** 2)
    arrays = {"axes": np.stack([axis, axis]), "loss": loss}
    arrays |= {"path": np.stack([0.8 * away, -0.5 * away], axis=1), "path_loss": 0.02 + away}
    arrays["path_share"] = np.where(away > 0, 0.9 if plane == "path" else 1e-5, np.nan)
    settings = {"plane": plane, "grid": GRID, "radius": 1.0, "documents": 256, "seed": 0, "directions": 10}
    report: dict[str, Any] = {
        "schema": 1,
        "settings": settings,
        "corpus": {"fingerprint": corpus.fingerprint, "split_id": corpus.split_id},
        "documents": {"split": "train", "count": 256, "ids_sha256": "0" * 64},
        "loss": {"centre": 0.02, "largest": float(loss.max()), "not_finite": 0},
    }
    if plane == "random":
        arrays["slices"] = np.stack([0.02 + sharpness * scale * axis**2 for scale in np.linspace(1, 2, 10)])
        rises = [
            {"radius": x, "mean": 1.5 * sharpness * x**2, "std": 0.1} for x in axis[GRID // 2 + 1 :].tolist()
        ]
        eigenvalue = {"value": 4 * sharpness, "residual": 0.01, "products": 9, "is_converged": True}
        report["sharpness"] = {"rises": rises, "eigenvalue": eigenvalue}
    named = {f"{name}_{part}": array for part, array in arrays.items()}
    write_probe(writer.path, name, report | {"arrays": sorted(named)}, named)
