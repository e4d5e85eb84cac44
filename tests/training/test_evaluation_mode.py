"""What a stage prepares or solves is made in evaluation mode: the finished model makes it again, the same."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor

from workbench.methods.base import Material, Method
from workbench.methods.baselines.httn import HTTN
from workbench.methods.baselines.vcldl import VCLDL
from workbench.methods.neighbour_voting import measured
from workbench.probes.inference import Predictor
from workbench.runs.store import Run
from workbench.training.batches import Documents
from workbench.training.material import gather, looking

EXACT = {"dropout": 0.5, "embedding_dropout": 0.5, "epochs": 1, "precision": "float32", "device": "cpu"}


@pytest.fixture
def handed_over(monkeypatch) -> dict[str, np.ndarray]:
    """What examples were made of: prototypes of HTTN's head labels, logits of the base below VCLDL."""
    kept: dict[str, np.ndarray] = {}

    def keep(method: type[Method], maker: str, name: str) -> None:
        make = getattr(method, maker)

        def made(self, material):
            examples = make(self, material)
            kept[name] = examples[np.arange(len(examples))].inputs[name].numpy().copy()
            return examples

        monkeypatch.setattr(method, maker, made)

    keep(HTTN, "_head_prototypes", "prototype")
    keep(VCLDL, "_stored", "logits")
    return kept


def _again(run: Run, corpus, folder) -> tuple[Method, Material]:
    """The finished model, and the material that its stages had."""
    method = Predictor.load(run).method.eval()
    train = Documents(method.encoder.prepare(corpus.train.texts), corpus.train.targets)
    return method, gather({"train": train}, 32, torch.device("cpu"), folder, run.manifest["seed"])


def _is_close(found, expected) -> bool:
    return np.allclose(np.asarray(found), np.asarray(expected), rtol=0, atol=2e-3)


def test_neighbours_are_remembered_as_they_are_asked_for(train, toy_corpus, tmp_path):
    method, material = _again(train("knn", **EXACT), toy_corpus, tmp_path)
    remembered: Tensor = method.neighbours.vectors
    with looking(method, torch.device("cpu"), False):
        for batch in material.batches("train"):
            asked = measured(method(batch).document, method.config.distances)
            assert _is_close(remembered[batch.rows].float(), asked)


def test_prototypes_are_made_of_features_without_dropout(train, toy_corpus, handed_over, tmp_path):
    run = train("httn", **EXACT, transfer_epochs=1, head_share=0.7, draws=2)
    prototypes = handed_over["prototype"]
    method, material = _again(run, toy_corpus, tmp_path)
    made = method.tail_classifiers.clone()
    with looking(method, torch.device("cpu"), False):
        method._head_prototypes(material)
        method._make_tail(material)
    assert _is_close(prototypes, handed_over["prototype"])
    assert _is_close(made, method.tail_classifiers)


def test_the_logits_that_a_head_learns_from_are_those_of_the_trained_base(
    train, toy_corpus, handed_over, tmp_path
):
    run = train("vcldl", **EXACT, head_epochs=1)
    logits = handed_over["logits"]
    method, material = _again(run, toy_corpus, tmp_path)
    with looking(method, torch.device("cpu"), False):
        method._stored(material)
    assert _is_close(logits, handed_over["logits"])
