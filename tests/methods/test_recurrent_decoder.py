"""The LSTM decoder by plain loops, its masks in training and in the beam, padding, precision, its limits."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from torch import Tensor

from workbench.errors import WorkbenchError
from workbench.methods import recurrent_decoder
from workbench.methods.recurrent_decoder import GlobalEmbedding, RecurrentDecoder, require_few_labels

END, BEGIN = 4, 5
MASK = torch.tensor([[1, 1, 1], [1, 1, 0]], dtype=torch.bool)


def _decoder(**how) -> RecurrentDecoder:
    torch.manual_seed(0)
    how = {"units": 6, "embedding_size": 3, "dropout": 0.0, "global_temperature": 0.5} | how
    return RecurrentDecoder(4, [6], **how).double().eval()


def _states(size: int = 6, seed: int = 1) -> Tensor:
    return torch.randn(2, 3, size, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


def _sigmoid(value: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-value))


def _softmax(values: np.ndarray) -> np.ndarray:
    odds = np.exp(values - values.max())
    return odds / odds.sum()


def _weights(decoder: RecurrentDecoder) -> dict[str, np.ndarray]:
    return {name: value.detach().numpy() for name, value in decoder.named_parameters()}


def _lstm(inputs: np.ndarray, hidden: np.ndarray, cell: np.ndarray, w: dict[str, np.ndarray]):
    gates = w["cells.0.weight_ih"] @ inputs + w["cells.0.bias_ih"]
    gates = gates + w["cells.0.weight_hh"] @ hidden + w["cells.0.bias_hh"]
    entered, kept, new, shown = np.split(gates, 4)
    cell = _sigmoid(kept) * cell + _sigmoid(entered) * np.tanh(new)
    return _sigmoid(shown) * np.tanh(cell), cell


def _mixed(last: np.ndarray, odds: np.ndarray, w: dict[str, np.ndarray]) -> np.ndarray:
    """The global embedding: each of all tokens but the beginning counts by how likely it was."""
    mean = np.zeros(3)
    for token in range(END + 1):
        mean = mean + odds[token] * w["embedding.weight"][token]
    gate = _sigmoid(w["whole.last.weight"] @ last + w["whole.last.bias"] + w["whole.mean.weight"] @ mean)
    return np.array([gate[i] * last[i] + (1 - gate[i]) * mean[i] for i in range(3)])


def _by_loops(decoder: RecurrentDecoder, told: list[int], states: np.ndarray) -> list[np.ndarray]:
    """The logits behind each token, for one document of real states alone."""
    w, steps = _weights(decoder), []
    hidden, cell = np.tanh(w["begin.weight"] @ states.mean(axis=0) + w["begin.bias"]), np.zeros(6)
    context, before = np.zeros(6), None
    said: set[int] = set()
    for token in told:
        word = w["embedding.weight"][token]
        if before is not None:
            word = _mixed(word, _softmax(before / 0.5), w)
        hidden, cell = _lstm(np.concatenate([word, context]), hidden, cell, w)
        asked = w["attentions.0.asked.weight"] @ hidden + w["attentions.0.asked.bias"]
        scores = [
            float(w["attentions.0.score.weight"][0] @ np.tanh(asked + w["attentions.0.key.weight"] @ state))
            for state in states
        ]
        context = sum(odd * state for odd, state in zip(_softmax(np.array(scores)), states, strict=True))
        inside = w["of_state.weight"] @ hidden + w["of_state.bias"] + w["of_context.weight"] @ context
        before = w["out.weight"] @ np.tanh(inside) + w["out.bias"]
        said |= {token} if token < END else set()
        before[list(said)] = -math.inf
        steps.append(before)
    return steps


def test_a_decoder_by_loops():
    decoder, states = _decoder(), _states()
    told = torch.tensor([[BEGIN, 2, 0, END], [BEGIN, 1, 3, 2]])
    found = decoder(told, decoder.read((states, MASK))).detach().numpy()
    for row, length in enumerate((3, 2)):
        expected = _by_loops(decoder, told[row].tolist(), states[row, :length].numpy())
        np.testing.assert_allclose(found[row], np.array(expected))


def test_the_global_embedding_of_a_sure_step_is_its_label_alone():
    torch.manual_seed(0)
    whole, embeddings = GlobalEmbedding(3, 1.0).double(), _states(3)[0]
    sure = torch.tensor([[-math.inf, 0.0, -math.inf]], dtype=torch.float64)
    torch.testing.assert_close(whole(embeddings[1:2], sure, embeddings), embeddings[1:2])


def test_without_it_a_step_is_told_the_last_label_alone():
    told = torch.tensor([[BEGIN, 2], [BEGIN, 2]])
    decoder = _decoder(global_temperature=None)
    assert decoder.whole is None
    before = decoder(told, decoder.read((_states(), MASK)))
    with torch.no_grad():
        decoder.embedding.weight[0] += 1.0  # which was not said
    torch.testing.assert_close(decoder(told, decoder.read((_states(), MASK))), before)


def test_no_label_is_said_twice_while_it_learns_and_the_end_stays_open():
    decoder = _decoder()
    told = torch.tensor([[BEGIN, 2, 0, 1, 3], [BEGIN, END, END, END, END]])
    shut = decoder.train()(told, decoder.read((_states(), MASK))).isinf()
    assert shut[0].sum(dim=1).tolist() == [0, 1, 2, 3, 4]
    assert shut[0, 2].tolist() == [True, False, True, False, False]
    assert not shut[1].any()


def test_probabilities_are_those_of_the_masked_softmax():
    decoder = _decoder()
    logits = decoder(torch.tensor([[BEGIN, 2], [BEGIN, 0]]), decoder.read((_states(), MASK)))
    odds = logits.softmax(dim=2)
    assert odds[0, 1, 2] == odds[1, 1, 0] == 0
    torch.testing.assert_close(odds.sum(dim=2), torch.ones(2, 2, dtype=torch.float64))


@pytest.mark.parametrize("attention", ["additive", "dot"])
@pytest.mark.parametrize("layers", [1, 3])
@pytest.mark.parametrize("beam", [1, 3])
def test_step_by_step_it_says_what_it_says_at_once(attention, layers, beam):
    decoder = _decoder(layers=layers, attention=attention)
    memories = decoder.read((_states(), MASK))
    step, generator = decoder.stepper(memories, beam), torch.Generator().manual_seed(1)
    said, parent = torch.full((2, beam, 1), BEGIN), torch.arange(beam).expand(2, beam)
    for _ in range(4):
        found = step(said, parent)
        for row in range(beam):
            whole = decoder(said[:, row], memories)[:, -1]
            torch.testing.assert_close(found[:, row], whole)
        parent = torch.randint(beam, (2, beam), generator=generator)
        token = torch.randint(5, (2, beam, 1), generator=generator)
        said = torch.cat([said.gather(1, parent.unsqueeze(2).expand_as(said)), token], dim=2)


def test_longer_padding_changes_nothing_whatever_stands_there():
    decoder, states = _decoder(), _states()
    told = torch.tensor([[BEGIN, 2, 0], [BEGIN, 1, 3]])
    longer = torch.cat([states, torch.full((2, 4, 6), 9.0, dtype=torch.float64)], dim=1)
    mask = torch.cat([MASK, torch.zeros(2, 4, dtype=torch.bool)], dim=1)
    plain, padded = decoder.read((states, MASK)), decoder.read((longer, mask))
    torch.testing.assert_close(decoder(told, padded), decoder(told, plain))
    torch.testing.assert_close(
        decoder.search(padded, 3, 3)[0].log_probs, decoder.search(plain, 3, 3)[0].log_probs
    )


def test_a_document_without_tokens_is_finite():
    decoder = _decoder()
    memories = decoder.read((_states(), torch.zeros(2, 3, dtype=torch.bool)))
    logits = decoder(torch.tensor([[BEGIN], [BEGIN]]), memories)
    assert logits.isfinite().all()
    torch.testing.assert_close(logits[0], logits[1])


def test_a_search_says_no_label_twice_and_first_is_the_first_step():
    decoder = _decoder()
    memories = decoder.read((_states(), MASK))
    found, first = decoder.search(memories, 6, 9)
    for tokens in found.tokens.flatten(0, 1).tolist():
        labels = tokens[: tokens.index(END)]
        assert len(set(labels)) == len(labels) <= 4
    expected = decoder(torch.full((2, 1), BEGIN), memories)[:, 0].softmax(dim=1)[:, :END]
    torch.testing.assert_close(first, expected)


def test_a_wide_search_finds_all_sequences_whose_probabilities_are_those_of_teacher_forcing():
    decoder = _decoder()
    memories = decoder.read((_states(), MASK))
    found, _ = decoder.search(memories, 65, 4)  # 1 + 4 + 12 + 24 + 24 sequences
    torch.testing.assert_close(found.log_probs.exp().sum(dim=1), torch.ones(2, dtype=torch.float64))
    best = found.tokens[:, 0]
    told = torch.cat([torch.full((2, 1), BEGIN), best[:, :-1]], dim=1)
    steps = decoder(told, memories).log_softmax(dim=2).gather(2, best.unsqueeze(2)).squeeze(2)
    real = (best == END).cumsum(dim=1) <= 1
    torch.testing.assert_close(found.log_probs[:, 0], steps.masked_fill(~real, 0).sum(dim=1))


def test_odds_are_added_at_every_step():
    decoder = _decoder()
    memories = decoder.read((_states(), MASK))
    odds = torch.tensor([[-99.0, 99.0, -99.0, 98.0], [-99.0, -99.0, -99.0, -99.0]], dtype=torch.float64)
    found, first = decoder.search(memories, 2, 4, odds)
    assert found.contain(4)[:, 0].tolist() == [[False, True, False, True], [False] * 4]
    assert first[0].argmax() == 1
    assert first[1].max() < 1e-30


def test_several_memories_are_seen_side_by_side():
    torch.manual_seed(0)
    decoder = RecurrentDecoder(4, [6, 2], 5, 3, 0.0).double().eval()
    told = torch.tensor([[BEGIN, 2], [BEGIN, 1]])
    second = torch.tensor([[1, 0, 0], [1, 1, 1]], dtype=torch.bool)
    one = decoder(told, decoder.read((_states(), MASK), (_states(2, 2), second)))
    other = decoder(told, decoder.read((_states(), MASK), (_states(2, 3), second)))
    assert not torch.allclose(one, other)
    hidden = torch.where(second.unsqueeze(2), _states(2, 2), 7.0)
    torch.testing.assert_close(decoder(told, decoder.read((_states(), MASK), (hidden, second))), one)


def test_under_autocast_it_computes_in_its_own_precision():
    decoder = _decoder().float()
    states = _states().bfloat16()
    told = torch.tensor([[BEGIN, 2], [BEGIN, 1]])
    with torch.autocast("cpu", dtype=torch.bfloat16):
        found = decoder(told, decoder.read((states, MASK)))
    assert found.dtype == torch.float32
    torch.testing.assert_close(found, decoder(told, decoder.read((states.float(), MASK))))


def test_too_many_labels_are_refused_with_the_memory_and_a_remedy():
    with pytest.raises(WorkbenchError, match=r"sgm .*5,000.*30,000.* GB.*binary-relevance"):
        require_few_labels("sgm", 30_000, 5_000, 31, 512, 512)
    require_few_labels("sgm", 5_000, 5_000, 31, 512, 512)


def test_labels_without_room_are_refused(monkeypatch):
    monkeypatch.setattr(recurrent_decoder, "free_main_memory", lambda: 10**6)
    with pytest.raises(WorkbenchError, match=r"1,000.*GB.*0\.0 GB are free"):
        require_few_labels("sgm", 1_000, 5_000, 31, 512, 512)
