"""ML-Reasoner: rounds by plain loops with all tensors made, where the first starts, which have a loss."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from workbench.encoders import build_encoder
from workbench.methods import Batch, LabelSpace
from workbench.methods.baselines.ml_reasoner import EveryRound, MLReasoner, attended_labels

TEXTS = ["the quick brown fox and the lazy dog", "graphs and networks learn", "one"]
LABELS = LabelSpace(("a", "b", "c"), ("a", "b", "c"), np.array([1, 2, 1]), 3)
TARGETS = torch.tensor([[1, 0, 1], [0, 0, 0], [1, 1, 1]])


def _reasoner(**config) -> MLReasoner:
    torch.manual_seed(0)
    settings = {"embedding_size": 6, "min_count": 1, "filters": 2}
    encoder = build_encoder("cnn", settings=settings, train_texts=TEXTS)
    return MLReasoner(encoder, LABELS, MLReasoner.Config.parse({"label_size": 4} | config)).double().eval()


def _batch(method: MLReasoner) -> Batch:
    return Batch(method.encoder.prepare(TEXTS).batch(range(3)), TARGETS, torch.arange(3))


def _rounds_by_loops(method: MLReasoner, document, n_rounds: int, start: float, of_text: float):
    """Logits of each round for one document; `of_text` is what the document adds to each label's score."""
    text = method.text(document)
    told, rounds = [start] * 3, []
    for _ in range(n_rounds):
        labels = [method.label_layer(told[j] * method.label_vectors[j]) for j in range(3)]
        scores = [math.exp(of_text + float(method.attention.weight[0] @ label)) for label in labels]
        attended = sum(score / sum(scores) * label for score, label in zip(scores, labels, strict=True))
        rounds.append(method.classifier(torch.cat([text, attended])))
        told = [1 / (1 + math.exp(-float(logit))) for logit in rounds[-1]]
    return rounds


@pytest.mark.parametrize("start", [0.0, 0.5])
@pytest.mark.parametrize("n_rounds", [1, 2, 4])
def test_rounds_by_plain_loops(n_rounds: int, start: float):
    method = _reasoner(rounds=n_rounds, start=start).requires_grad_(False)
    forward = method(_batch(method))
    assert len(forward.rounds) == n_rounds
    assert forward.rounds[-1] is forward.logits
    for b in range(3):
        for of_text in (0.0, 3.0):  # a score of the document alone changes nothing
            expected = _rounds_by_loops(method, forward.document[b], n_rounds, start, of_text)
            found = torch.stack([logits[b] for logits in forward.rounds])
            torch.testing.assert_close(found, torch.stack(expected))


def test_told_nothing_labels_are_their_bias():
    generator = torch.Generator().manual_seed(0)
    labels, weight, bias = (torch.randn(*size, generator=generator) for size in [(3, 4), (4,), (4,)])
    found = attended_labels(torch.zeros(2, 3), labels, weight, bias)
    torch.testing.assert_close(found, bias.expand(2, 4))


def test_later_rounds_follow_from_what_the_first_said():
    method = _reasoner()
    forward = method(_batch(method))
    assert not torch.allclose(*forward.rounds)
    (gradient,) = torch.autograd.grad(forward.logits.sum(), method.label_vectors)
    assert gradient.any()


def test_every_round_can_have_a_loss():
    method = _reasoner(losses="every", rounds=3).requires_grad_(False)
    (stage,) = method.stages()
    (objective,) = stage.objectives
    assert isinstance(objective, EveryRound)
    batch = _batch(method)
    forward = method(batch)
    total = 0.0
    for logits in forward.rounds:
        for b in range(3):
            for label in range(3):
                p = 1 / (1 + math.exp(-float(logits[b, label])))
                total -= math.log(p if TARGETS[b, label] else 1 - p)
    assert objective(forward, batch).item() == pytest.approx(total / 27)


def test_by_default_the_last_round_alone_has_one():
    (stage,) = _reasoner().stages()
    assert [objective.name for objective in stage.objectives] == ["classification"]
