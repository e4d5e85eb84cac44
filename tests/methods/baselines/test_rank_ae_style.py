"""Rank-AE-style: both hinges and the gated bag by plain loops, and what words alone decide."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

import workbench
from workbench.encoders import build_encoder
from workbench.errors import WorkbenchError
from workbench.methods import Batch, LabelSpace
from workbench.methods.baselines.rank_ae_style import (
    Agreement,
    RankAEStyle,
    Ranking,
    WordBag,
    ranking_loss,
)

TEXTS = ["the quick brown fox", "graphs and networks learn", "fox", "learn graphs", "nothing known here"]
TARGETS = torch.tensor([[1, 0, 0], [0, 1, 1], [0, 0, 0], [1, 1, 1], [0, 1, 0]], dtype=torch.uint8)
LABELS = LabelSpace(tuple("abc"), tuple("abc"), np.array([2, 1, 1]), 4)


def _method(**config) -> RankAEStyle:
    torch.manual_seed(0)
    encoder = build_encoder("tfidf", settings={"min_df": 1}, train_texts=TEXTS[:4])
    given = {"channels": 8, "hidden": 5, "units": 6} | config
    return RankAEStyle(encoder, LABELS, RankAEStyle.Config.parse(given)).eval()


def _batch(method: RankAEStyle, rows=(0, 1, 2, 3, 4)) -> Batch:
    chosen = np.array(rows)
    inputs = method.encoder.prepare(TEXTS).batch(chosen)
    return Batch(inputs, TARGETS[chosen], torch.from_numpy(chosen))


def _hinges(scores, targets, margin):
    own = [score for score, is_gold in zip(scores, targets, strict=True) if is_gold]
    others = [score for score, is_gold in zip(scores, targets, strict=True) if not is_gold]
    if not own or not others:
        return 0.0
    return sum(max(0.0, margin + max(others) - p) for p in own) + sum(
        max(0.0, margin + n - min(own)) for n in others
    )


@pytest.mark.parametrize("margin", [0.0, 0.5, 2.0])
def test_both_hinges_are_those_of_plain_loops(margin: float):
    scores = torch.randn(5, 3, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    found = ranking_loss(scores, TARGETS, margin)
    expected = [_hinges(*pair, margin) for pair in zip(scores.tolist(), TARGETS.tolist(), strict=True)]
    assert found.tolist() == pytest.approx(expected)
    assert expected[2] == expected[3] == 0


def test_no_label_and_all_labels_have_gradients_that_are_numbers():
    scores = torch.randn(5, 3, requires_grad=True)
    ranking_loss(scores, TARGETS, 1.0).sum().backward()
    assert scores.grad.isfinite().all()
    assert not scores.grad[2:4].any()
    assert ranking_loss(torch.randn(1, 1), torch.ones(1, 1), 1.0).tolist() == [0]
    assert ranking_loss(1e4 * torch.randn(2, 3).half(), TARGETS[:2], 1.0).isfinite().all()


def test_a_bag_is_that_of_plain_loops_whatever_stands_at_padding():
    torch.manual_seed(0)
    bag = WordBag(6, 8, 3).double()
    terms, weights = torch.tensor([[2, 5, 0], [1, 0, 0]]), torch.tensor([[0.6, 0.8, 0.0], [1.0, 0.0, 0.0]])
    found = bag(terms, weights.double())

    def gate(linear, values):
        return [
            bias + sum(w * v for w, v in zip(row, values, strict=True))
            for row, bias in zip(linear.weight.tolist(), linear.bias.tolist(), strict=True)
        ]

    def sigmoid(value):
        return 1 / (1 + math.exp(-value))

    for row, words in enumerate([[(2, 0.6), (5, 0.8)], [(1, 1.0)]]):
        total = [0.0] * 8
        for term, weight in words:
            v = [weight * math.sqrt(len(words)) * value for value in bag.words.weight[term].tolist()]
            inner = [max(0.0, value) for value in gate(bag.channel_gate[0], v)]
            channel = [sigmoid(value) for value in gate(bag.channel_gate[2], inner)]
            whole = sigmoid(gate(bag.word_gate[0], v)[0])
            total = [t + whole * c * x / len(words) for t, c, x in zip(total, channel, v, strict=True)]
        expected = [sigmoid(value) for value in gate(bag.outer, total)]
        assert found[row].tolist() == pytest.approx(expected, abs=1e-6)


def test_words_have_vectors_of_their_own():
    method = _method()
    batch = _batch(method, [0, 1])
    assert set(batch.inputs["terms"][0].tolist()) != set(batch.inputs["terms"][1].tolist())
    found = method(batch).document_hidden
    assert not torch.allclose(found[0], found[1], atol=1e-4)


def test_gold_labels_decide_what_is_compared_and_never_what_is_predicted():
    method = _method()
    batch = _batch(method)
    first = method(batch)
    batch.targets = 1 - batch.targets
    second = method(batch)
    torch.testing.assert_close(first.logits, second.logits, rtol=0, atol=0)
    assert not torch.allclose(first.decoded, second.decoded)
    torch.testing.assert_close(first.logits, method.decoder(first.document_hidden))


def test_the_terms_are_means_over_documents():
    method = _method()
    batch = _batch(method)
    forward = method(batch)
    gaps = [
        sum((x - y) ** 2 for x, y in zip(words, sets, strict=True))
        for words, sets in zip(forward.document_hidden.tolist(), forward.set_hidden.tolist(), strict=True)
    ]
    assert Agreement()(forward, batch).item() == pytest.approx(sum(gaps) / 5, rel=1e-5)
    agreement, ranking = method.stages()[0].objectives
    assert (agreement.weight, ranking.weight) == (1.0, 1.0)
    assert isinstance(ranking, Ranking)
    expected = ranking_loss(forward.decoded, batch.targets, 1.0).mean()
    torch.testing.assert_close(ranking(forward, batch), expected)


def test_an_empty_document_and_half_precision_give_numbers():
    method = _method()
    assert not _batch(method, [4]).inputs["weights"].any()
    assert method(_batch(method, [4])).logits.isfinite().all()
    with torch.autocast("cpu", dtype=torch.bfloat16):
        assert method(_batch(method)).logits.isfinite().all()


def test_other_encoders_are_refused():
    encoder = build_encoder("words", settings={}, train_texts=TEXTS)
    with pytest.raises(WorkbenchError, match="rank-ae-style takes bags of weighted words"):
        RankAEStyle(encoder, LABELS, RankAEStyle.Config.parse({}))


def test_a_run_learns_the_toy_corpus(toy_corpus, workspace):
    run = workbench.fit(
        "rank-ae-style", toy_corpus, epochs=12, device="cpu", units=32, batch_size=16, head_learning_rate=0.01
    )
    scores = run.metrics["test"]["overall"]
    counts = toy_corpus.test.targets.toarray().mean(axis=0)
    assert scores["P@1"] > 2 * counts.max()
