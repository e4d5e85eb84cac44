"""One cell of benchmarks/labels.py: a method on made-up documents with so many labels."""

from __future__ import annotations

import argparse
import resource
import statistics
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from scipy import sparse

from workbench.encoders import build_encoder
from workbench.methods import Batch, LabelSpace, Material, Method, Stage, find_method
from workbench.methods.registry import complete_stages
from workbench.training.batches import Documents
from workbench.training.material import gather, looking
from workbench.training.settings import resolve

BATCHES = 8
"""Batches of training documents that there are."""
_WORDS = 5_000
_OF_A_DOCUMENT = 3  # labels
_CPU = torch.device("cpu")


def measured(name: str, labels: int, arguments: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """Seconds of a step of the slowest stage, which that is, and this process's peak of memory in MB."""
    generator = np.random.default_rng(0)
    documents = arguments.documents * BATCHES
    words = [f"word{number}" for number in _drawn(generator, _WORDS, documents * arguments.tokens)]
    texts = [" ".join(words[start::documents]) for start in range(documents)]
    targets = _targets(generator, documents, labels)
    method = _method(name, texts, targets, arguments)
    found = Documents(method.encoder.prepare(texts), targets)
    splits = {"train": found, "valid": found, "test": found}
    material = gather(splits, arguments.documents, _CPU, folder, 0)
    seconds = {
        stage.name: _seconds(method, stage, found, material, arguments) for stage in complete_stages(method)
    }
    slowest = max(seconds, key=lambda stage: seconds[stage])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": round(seconds[slowest], 4), "stage": slowest, "peak_mb": round(peak)}


def _drawn(generator: np.random.Generator, kinds: int, count: int) -> np.ndarray:
    """So many of `kinds` numbers, with frequencies as 1 / rank."""
    weights = 1 / np.arange(1, kinds + 1)
    return generator.choice(kinds, size=count, p=weights / weights.sum())


def _targets(generator: np.random.Generator, documents: int, labels: int) -> sparse.csr_array:
    rows = np.repeat(np.arange(documents), _OF_A_DOCUMENT)
    targets = np.zeros((documents, labels), dtype=np.uint8)
    targets[rows, _drawn(generator, labels, len(rows))] = 1
    return sparse.csr_array(targets)


def _method(name: str, texts: list[str], targets: sparse.csr_array, arguments: argparse.Namespace) -> Method:
    method_class, variant = find_method(name)
    labels = targets.shape[1]
    names = tuple(f"word{number % _WORDS} {number}" for number in range(labels))
    space = LabelSpace(names, names, np.asarray(targets.sum(axis=0)).ravel(), len(texts))
    encoder_name = arguments.encoder or method_class.default_encoder
    given = {} if encoder_name == "tfidf" else {"encoder.max_length": arguments.tokens}
    torch.manual_seed(0)
    encoder = build_encoder(
        encoder_name,
        settings=resolve(name, encoder_name, False, given).encoder,
        train_texts=texts,
        label_texts=space.texts if method_class.reads_labels(variant) else None,
    )
    return method_class(encoder, space, method_class.Config.parse({"variant": variant}))


def _seconds(
    method: Method, stage: Stage, documents: Documents, material: Material, arguments: argparse.Namespace
) -> float:
    """The median of a step's seconds behind the first; of what is solved at once, its share of a batch."""
    if stage.solve is not None:
        begun = time.perf_counter()
        with looking(method, _CPU, False):
            stage.solve(material)
        return (time.perf_counter() - begun) / BATCHES
    with looking(method, _CPU, False):
        examples = stage.examples(material) if stage.examples is not None else None
        method.begin_epoch(stage, 1, material)
    method.train()
    trained = [weight for name, weight in method.named_parameters() if stage.trains(name)]
    optimizer = torch.optim.AdamW(trained, lr=1e-4)
    taken = []
    for batch in _batches(documents, examples, arguments):
        begun = time.perf_counter()
        optimizer.zero_grad()
        forward = (stage.forward or method)(batch)
        terms = [term.weight * term(forward, batch) for term in stage.objectives]
        torch.stack([term.float() for term in terms]).sum().backward()
        optimizer.step()
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken[1:] or taken)


def _batches(documents: Documents, examples: Any, arguments: argparse.Namespace) -> Iterator[Batch]:
    source = documents if examples is None else examples
    for step in range(arguments.steps + 1):
        rows = (np.arange(arguments.documents) + step * arguments.documents) % len(source)
        yield source[rows]
