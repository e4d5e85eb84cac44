"""OCD: optimal targets by hand, the divergence by loops, what is drawn, the three ways to decode."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from workbench.encoders import build_encoder
from workbench.errors import WorkbenchError
from workbench.methods import Batch, LabelSpace
from workbench.methods.baselines.ocd import (
    OCD,
    RelevanceHead,
    completion_loss,
    optimal_targets,
    rescored,
)
from workbench.methods.sequence_decoder import Hypotheses

TEXTS = ["the quick brown fox", "graphs and networks learn slowly", "one"]
TARGETS = torch.tensor([[1, 0, 1, 0], [0, 0, 0, 0], [1, 1, 1, 1]], dtype=torch.uint8)
SMALL = {
    "units": 5,
    "layers": 1,
    "embedding_size": 8,
    "min_count": 1,
    "dropout": 0.0,
    "embedding_dropout": 0.0,
}
END = 4


def _ocd(labels: int = 4, **config) -> OCD:
    names = tuple(f"label {number}" for number in range(labels))
    torch.manual_seed(0)
    encoder = build_encoder("bilstm", settings=SMALL, train_texts=TEXTS)
    space = LabelSpace(names, names, np.ones(labels, dtype=int), 9)
    return OCD(encoder, space, OCD.Config.parse({"label_size": 6, "dropout": 0.0} | config)).eval()


def _batch(method: OCD, rows=(0, 1, 2)) -> Batch:
    rows = list(rows)
    return Batch(method.encoder.prepare(TEXTS).batch(rows), TARGETS[rows], torch.tensor(rows))


def _longer(batch: Batch, more: int = 6) -> Batch:
    inputs = {name: torch.nn.functional.pad(value, (0, more)) for name, value in batch.inputs.items()}
    return Batch(inputs, batch.targets, batch.rows)


def test_optimal_targets_by_hand():
    gold = torch.tensor([[1, 0, 1, 0], [0, 0, 0, 0], [1, 1, 1, 1], [0, 1, 0, 0]])
    said = torch.tensor([[2, 1, 0, END], [END, END, END, END], [3, 0, 2, 1], [0, 2, 3, END]])
    expected = [
        # 0 and 2 are gold; 1 is a mistake that leaves the same to say; then nothing is left
        [[0.5, 0, 0.5, 0, 0], [1, 0, 0, 0, 0], [1, 0, 0, 0, 0], [0, 0, 0, 0, 1]],
        [[0, 0, 0, 0, 1]] * 4,
        [[0.25, 0.25, 0.25, 0.25, 0], [1 / 3, 1 / 3, 1 / 3, 0, 0], [0, 0.5, 0.5, 0, 0], [0, 1, 0, 0, 0]],
        [[0, 1, 0, 0, 0]] * 4,
    ]
    torch.testing.assert_close(optimal_targets(gold, said), torch.tensor(expected))


def test_the_divergence_by_loops_counts_steps_up_to_the_end():
    generator = torch.Generator().manual_seed(0)
    said = torch.tensor([[2, 1, END], [1, 3, 0]])
    real = torch.tensor([[True, True, True], [True, True, True]])
    logits = torch.randn(2, 3, 5, dtype=torch.float64, generator=generator)
    for row in range(2):
        for place in range(3):
            logits[row, place, said[row, :place]] = -math.inf
    gold = torch.tensor([[1, 0, 1, 0], [0, 1, 0, 0]])
    total = 0.0
    for row in range(2):
        for place in range(3):
            left = set(gold[row].nonzero().flatten().tolist()) - set(said[row, :place].tolist())
            odds = np.exp(logits[row, place].numpy())
            odds /= odds.sum()
            for token in left or {END}:
                share = 1 / len(left or {END})
                total += share * math.log(share / odds[token])
    optimal = optimal_targets(gold, said).double()
    found = completion_loss(optimal, logits.log_softmax(dim=2), real)
    assert float(found) == pytest.approx(total / 2)


def test_what_stands_behind_the_end_takes_no_part_and_masked_labels_keep_gradients_finite():
    said = torch.tensor([[END, END, END]])
    real = torch.tensor([[True, False, False]])
    logits = torch.zeros(1, 3, 5, requires_grad=True)
    masked = logits.masked_fill(torch.tensor([False, True, False, False, False]), -math.inf)
    loss = completion_loss(optimal_targets(torch.tensor([[1, 0, 0, 0]]), said), masked.log_softmax(2), real)
    assert float(loss.detach()) == pytest.approx(math.log(4))  # of four that are open, one is right
    loss.backward()
    assert logits.grad.isfinite().all()
    assert (logits.grad[0, 1:] == 0).all()


def test_a_perfect_decoder_has_no_loss():
    said = torch.tensor([[2, 0, END]])
    optimal = optimal_targets(torch.tensor([[1, 0, 1, 0]]), said)
    assert float(completion_loss(optimal, optimal.log(), torch.ones(1, 3, dtype=torch.bool))) == 0


def test_it_learns_behind_its_own_samples_whose_probabilities_are_masked():
    method = _ocd().train()
    (stage,) = method.stages()
    torch.manual_seed(3)
    found = stage.forward(_batch(method))
    said = found.log_probs.isinf()
    assert not said[:, 0].any()
    assert found.real[:, 0].all()
    for row in range(3):
        for place in range(1, int(found.real[row].sum())):
            assert said[row, place].sum() == place  # so many labels are said and shut
    odds = found.log_probs.exp().sum(dim=2)
    torch.testing.assert_close(odds, torch.ones_like(odds))
    assert (found.optimal[said] == 0).all()
    other = stage.forward(_batch(method))
    assert other.log_probs.shape != found.log_probs.shape or not torch.equal(other.optimal, found.optimal)


def test_both_terms_reach_the_encoder_that_they_share():
    method = _ocd().train()
    (stage,) = method.stages()
    assert [objective.name for objective in stage.objectives] == ["completion", "classification"]
    batch = _batch(method)
    for objective in stage.objectives:
        method.zero_grad()
        objective(stage.forward(batch), batch).backward()
        assert method.encoder.embedding.weight.grad.abs().sum() > 0


def test_longer_padding_changes_nothing_in_training_and_in_the_search():
    method = _ocd(decoding="joint")
    (stage,) = method.stages()
    batch = _batch(method)
    found = []
    for each in (batch, _longer(batch)):
        torch.manual_seed(7)
        found.append(stage.forward(each))
    torch.testing.assert_close(found[0].logits, found[1].logits)
    torch.testing.assert_close(found[0].log_probs, found[1].log_probs)
    torch.testing.assert_close(method(_longer(batch)).logits, method(batch).logits)


@pytest.mark.parametrize("decoding", ["beam", "rescoring", "joint"])
def test_evaluation_draws_nothing(decoding: str):
    method = _ocd(decoding=decoding, dropout=0.5)
    batch = _batch(method)
    torch.testing.assert_close(method(batch).logits, method(batch).logits, rtol=0, atol=0)
    assert method(batch).logits.isfinite().all()


def test_the_head_pools_by_masked_attention():
    torch.manual_seed(0)
    head = RelevanceHead(3, 2, 0.0).double().eval()
    tokens = torch.randn(2, 4, 3, dtype=torch.float64)
    mask = torch.tensor([[1, 1, 1, 0], [0, 0, 0, 0]], dtype=torch.bool)
    scores = [math.exp(float(head.attention(token).detach())) for token in tokens[0, :3]]
    pooled = sum(score * token for score, token in zip(scores, tokens[0, :3], strict=True)) / sum(scores)
    found = head(tokens, mask)
    torch.testing.assert_close(found[0], head.layers(pooled))
    torch.testing.assert_close(found[1], head.layers(torch.zeros(3, dtype=torch.float64)))
    assert sum(isinstance(layer, torch.nn.Linear) for layer in head.layers) == 4
    torch.testing.assert_close(head(torch.where(mask.unsqueeze(2), tokens, math.inf), mask), found)


def test_rescoring_by_hand():
    tokens = torch.tensor([[[0, 1, 3], [2, 3, 3], [3, 3, 3]]])
    found = Hypotheses(tokens, torch.tensor([[0.6, 0.3, 0.1]]).log())
    odds = torch.tensor([[1.0, -3.0, 2.0]])
    judged = rescored(found, odds)
    assert judged.tokens[0].tolist() == [[2, 3, 3], [3, 3, 3], [0, 1, 3]]
    weights = [0.3 * math.exp(2.0), 0.1, 0.6 * math.exp(1.0 - 3.0)]
    expected = [weight / sum(weights) for weight in weights]
    assert judged.log_probs.exp()[0].tolist() == pytest.approx(expected)


def test_joint_decoding_multiplies_each_step_by_the_odds_of_the_head():
    method = _ocd(decoding="joint", beam=65).double()
    batch = _batch(method, [0])
    encoded = method.encoder(batch.inputs)
    memories = method.decoder.read((encoded.tokens, encoded.mask))
    alone = method.head(encoded.tokens, encoded.mask.bool())[0].sigmoid()
    best, queue = (0.0, ()), [((), 1.0)]
    while queue:
        said, probability = queue.pop()
        odds = method.decoder(torch.tensor([[5, *said]]), memories)[0, -1].softmax(0)
        odds = odds * torch.cat([alone / (1 - alone), torch.ones(1, dtype=torch.float64)])
        odds = (odds / odds.sum()).tolist()
        best = max(best, (probability * odds[END], said))
        queue += [((*said, label), probability * odds[label]) for label in range(4) if label not in said]
    chosen = method(batch).chosen[0].nonzero().flatten().tolist()
    assert set(chosen) == set(best[1])


def test_in_half_precision_losses_and_scores_are_finite_and_exact_enough():
    method = _ocd(decoding="joint")
    (stage,) = method.stages()
    batch = _batch(method)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        found, scores = stage.forward(batch), method(batch).logits
        terms = [objective(found, batch) for objective in stage.objectives]
    assert {term.dtype for term in terms} == {found.log_probs.dtype} == {scores.dtype} == {torch.float32}
    assert all(term.isfinite() for term in terms)
    torch.testing.assert_close(scores, method(batch).logits, atol=0.05, rtol=0.05)


@pytest.mark.parametrize("decoding", ["rescoring", "joint"])
def test_a_head_that_is_not_trained_is_not_asked(decoding: str):
    with pytest.raises(WorkbenchError, match=rf"decoding={decoding}.*relevance=0.*relevance=1"):
        _ocd(decoding=decoding, relevance=0.0)


def test_without_the_head_the_decoder_is_all():
    method = _ocd(relevance=0.0)
    (stage,) = method.stages()
    assert method.head is None
    assert [objective.name for objective in stage.objectives] == ["completion"]
    assert stage.forward(_batch(method)).logits.shape == (3, 4)


@pytest.mark.parametrize("most", [1, 2, 25])
def test_a_predicted_set_has_no_more_labels_than_the_most(most: int):
    method = _ocd(most_labels=most)
    assert (method(_batch(method)).chosen.sum(dim=1) <= min(most, 4)).all()


def test_it_learns_a_few_documents_by_heart():
    method = _ocd().train()
    (stage,) = method.stages()
    batch, optimizer = _batch(method), torch.optim.Adam(method.parameters(), lr=1e-2)
    torch.manual_seed(0)
    for _ in range(80):
        optimizer.zero_grad()
        found = stage.forward(batch)
        sum(objective(found, batch) for objective in stage.objectives).backward()
        optimizer.step()
    with torch.no_grad():
        predicted = method.eval()(batch).chosen
    assert predicted.tolist() == TARGETS.bool().tolist()


def test_too_many_labels_are_refused():
    with pytest.raises(WorkbenchError, match=r"ocd .*3,000.*4,000.* GB"):
        _ocd(labels=4_000)
