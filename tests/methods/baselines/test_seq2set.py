"""Seq2Set-style: rewards of sets, the self-critical loss, its greedy baseline, what the set decoder reads."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from workbench.encoders import build_encoder
from workbench.errors import WorkbenchError
from workbench.methods import Batch, LabelSpace
from workbench.methods.baselines import seq2set
from workbench.methods.baselines.seq2set import Seq2Set, self_critical_loss, set_f1
from workbench.methods.roll_out import greedily, roll_out

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
END, BEGIN = 4, 5


def _seq2set(labels: int = 4, **config) -> Seq2Set:
    names = tuple(f"label {number}" for number in range(labels))
    counts = np.array([2, 1, 5, 1]) if labels == 4 else np.ones(labels, dtype=int)
    torch.manual_seed(0)
    encoder = build_encoder("bilstm", settings=SMALL, train_texts=TEXTS)
    config = {"state_size": 12, "label_size": 6, "dropout": 0.0, "beam": 4} | config
    return Seq2Set(encoder, LabelSpace(names, names, counts, 9), Seq2Set.Config.parse(config)).eval()


def _batch(method: Seq2Set, rows=(0, 1, 2)) -> Batch:
    rows = list(rows)
    return Batch(method.encoder.prepare(TEXTS).batch(rows), TARGETS[rows], torch.tensor(rows))


def _longer(batch: Batch, more: int = 6) -> Batch:
    inputs = {name: torch.nn.functional.pad(value, (0, more)) for name, value in batch.inputs.items()}
    return Batch(inputs, batch.targets, batch.rows)


def _memories(method: Seq2Set, batch: Batch):
    encoded = method.encoder(batch.inputs)
    document = method.sequence_decoder.read((encoded.tokens, encoded.mask))
    said = roll_out(method.sequence_decoder, document, 4, greedily)
    return said, method.set_decoder.read((encoded.tokens, encoded.mask), (said.states, said.real))


def test_the_reward_is_the_f1_of_each_set_by_hand():
    said = torch.tensor([[1, 0, 0], [1, 1, 0], [0, 0, 0], [0, 0, 0], [1, 1, 1]]).bool()
    gold = torch.tensor([[1, 0, 1], [0, 0, 1], [0, 0, 0], [1, 0, 0], [1, 1, 1]])
    assert set_f1(said, gold).tolist() == pytest.approx([2 / 3, 0, 1, 0, 1])


def test_the_self_critical_loss_by_loops():
    log_prob = torch.tensor([-1.0, -2.0, -0.5], dtype=torch.float64, requires_grad=True)
    advantage = torch.tensor([0.5, -0.25, 0.0], dtype=torch.float64, requires_grad=True)
    loss = self_critical_loss(log_prob, advantage)
    assert float(loss.detach()) == pytest.approx(-(0.5 * -1.0 + -0.25 * -2.0) / 3)
    loss.backward()
    assert log_prob.grad.tolist() == pytest.approx([-0.5 / 3, 0.25 / 3, 0])  # the better becomes likelier
    assert advantage.grad is None


def test_gold_labels_come_by_frequency_and_both_decoders_are_told_them_with_masks():
    method = _seq2set()
    taught = method.stages()[0].forward(_batch(method))
    assert taught.gold.tolist() == [[2, 0, 4, -100, -100], [4] + 4 * [-100], [2, 0, 1, 3, 4]]
    for steps in (taught.steps, taught.set_steps):
        assert steps[2].isinf().sum(dim=1).tolist() == [0, 1, 2, 3, 4]


def test_the_set_decoder_reads_what_the_first_says_itself_never_the_gold_labels():
    method = _seq2set()
    (stage, _) = method.stages()
    batch = _batch(method)
    before = stage.forward(batch).set_steps[:, 0]
    batch.targets = 1 - batch.targets
    torch.testing.assert_close(stage.forward(batch).set_steps[:, 0], before)
    with torch.no_grad():
        method.sequence_decoder.of_state.weight.zero_()
        method.sequence_decoder.begin.bias += 1.0
    assert not torch.allclose(stage.forward(batch).set_steps[:, 0], before)


def test_what_the_first_decoder_says_behind_its_end_is_not_read():
    method = _seq2set()
    with torch.no_grad():  # the more of the document, the later the end
        method.sequence_decoder.out.bias[END] = 0.5
    batch = _batch(method)
    said, both = _memories(method, batch)
    alone, _ = _memories(method, _batch(method, [0]))
    assert both[1].mask.tolist() == said.real.tolist()
    assert (both[1].states[~said.real] == 0).all()
    width = alone.real.shape[1]
    assert alone.real.tolist() == said.real[:1, :width].tolist()


def test_a_sample_is_compared_with_the_greedy_sequence_and_its_log_prob_ends_with_it(monkeypatch):
    method = _seq2set().train()
    batch = _batch(method)
    kept = []
    original = seq2set.roll_out
    monkeypatch.setattr(seq2set, "roll_out", lambda *given: kept.append(original(*given)) or kept[-1])
    torch.manual_seed(5)
    found = method.stages()[1].forward(batch)
    _, sample, _, greedy = kept  # between them what the first decoder says for each
    for row in range(3):
        gold = set(TARGETS[row].nonzero().flatten().tolist())
        rewards, total = [], 0.0
        for said in (sample, greedy):
            tokens = said.tokens[row].tolist()
            labels = set(tokens[: tokens.index(END)] if END in tokens else tokens)
            size = len(labels) + len(gold)
            rewards.append(2 * len(labels & gold) / size if size else 1.0)
        assert float(found.advantage[row]) == pytest.approx(rewards[0] - rewards[1])
        for place, token in enumerate(sample.tokens[row].tolist()):
            total += float(sample.log_probs[row, place, token].detach())
            if token == END:
                break
        assert float(found.log_prob[row].detach()) == pytest.approx(total, rel=1e-5)


def test_the_greedy_baseline_is_evaluated_without_gradients_and_training_goes_on():
    method = _seq2set(dropout=0.9).train()
    batch = _batch(method)
    seen = []
    method.set_decoder.dropout.register_forward_pre_hook(
        lambda module, _: seen.append((module.training, torch.is_grad_enabled()))
    )
    first = method._greedy(batch)
    assert set(seen) == {(False, False)}
    assert all(part.training for part in method.modules())
    torch.testing.assert_close(method._greedy(batch), first)
    seen.clear()
    found = method.stages()[1].forward(batch)
    assert set(seen) == {(True, True), (False, False)}
    assert not found.advantage.requires_grad
    assert found.log_prob.requires_grad


def test_samples_repeat_nothing_and_are_masked_behind_the_end():
    method = _seq2set()
    _, both = _memories(method, _batch(method))
    torch.manual_seed(0)
    said = roll_out(method.set_decoder, both, 4, seq2set.drawn)
    for tokens in said.tokens.tolist():
        labels = [token for token in tokens if token != END]
        assert len(set(labels)) == len(labels)
        assert END not in tokens or set(tokens[tokens.index(END) :]) == {END}


def test_stages_weigh_the_terms_as_the_loss_says():
    first, second = _seq2set(reward=0.3, critical_epochs=2).stages()
    assert [(term.name, term.weight) for term in first.objectives] == [("sequence", 1), ("set_sequence", 1)]
    weights = [(term.name, pytest.approx(term.weight)) for term in second.objectives]
    assert weights == [("sequence", 0.7), ("self_critical", 0.3)]
    assert (second.epochs, second.learning_rate, second.is_classifier) == (2, 1e-5, True)


def test_switched_off_there_is_no_reward():
    assert [stage.name for stage in _seq2set(self_critical=False).stages()] == ["classification"]


@pytest.mark.parametrize("sign", [1, -1])
def test_a_step_makes_better_samples_likelier_and_worse_ones_less_likely(monkeypatch, sign: int):
    method = _seq2set().train()
    batch, stage = _batch(method, [0]), method.stages()[1]
    kept = []
    original = seq2set.roll_out
    monkeypatch.setattr(seq2set, "roll_out", lambda *given: kept.append(original(*given)) or kept[-1])
    for seed in range(50):
        kept.clear()
        torch.manual_seed(seed)
        found = stage.forward(batch)
        if sign * float(found.advantage) > 0:
            break
    assert sign * float(found.advantage) > 0
    stage.objectives[1](found, batch).backward()
    with torch.no_grad():
        for part in method.set_decoder.parameters():
            part -= 0.1 * part.grad
        _, both = _memories(method, batch)
        tokens = iter(kept[1].tokens.unbind(dim=1))
        again = roll_out(method.set_decoder, both, kept[1].tokens.shape[1], lambda _: next(tokens))
    assert sign * float(again.log_prob() - found.log_prob.detach()) > 0


def test_longer_padding_changes_nothing_in_training_and_in_the_search():
    method = _seq2set()
    batch = _batch(method)
    for stage, names in zip(
        method.stages(), (("steps", "set_steps"), ("log_prob", "advantage")), strict=True
    ):
        found = []
        for each in (batch, _longer(batch)):
            torch.manual_seed(7)
            found.append(stage.forward(each))
        for name in names:
            torch.testing.assert_close(getattr(found[0], name), getattr(found[1], name))
    torch.testing.assert_close(method(_longer(batch)).logits, method(batch).logits)


def test_evaluation_draws_nothing():
    method = _seq2set(dropout=0.5)
    batch = _batch(method)
    torch.testing.assert_close(method(batch).logits, method(batch).logits, rtol=0, atol=0)


@pytest.mark.parametrize("most", [1, 2, 11])
def test_a_predicted_set_has_no_more_labels_than_the_most(most: int):
    method = _seq2set(most_labels=most)
    assert (method(_batch(method)).chosen.sum(dim=1) <= min(most, 4)).all()


def test_it_learns_a_few_documents_by_heart():
    method = _seq2set().train()
    stage = method.stages()[0]
    batch, optimizer = _batch(method), torch.optim.Adam(method.parameters(), lr=1e-2)
    for _ in range(60):
        optimizer.zero_grad()
        found = stage.forward(batch)
        sum(objective(found, batch) for objective in stage.objectives).backward()
        optimizer.step()
    with torch.no_grad():
        predicted = method.eval()(batch).chosen
    assert predicted.tolist() == TARGETS.bool().tolist()


def test_too_many_labels_are_refused():
    with pytest.raises(WorkbenchError, match=r"seq2set-style .*2,000.*3,000.* GB"):
        _seq2set(labels=3_000)
