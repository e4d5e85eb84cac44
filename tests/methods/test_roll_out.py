"""Roll-outs: no label twice, nothing behind the end, gradients of probabilities alone, the greedy one."""

from __future__ import annotations

import pytest
import torch

from workbench.methods.recurrent_decoder import RecurrentDecoder
from workbench.methods.roll_out import drawn, greedily, roll_out

END, BEGIN = 4, 5
MASK = torch.tensor([[1, 1, 1], [1, 1, 0]], dtype=torch.bool).repeat(8, 1)


def _decoder() -> tuple[RecurrentDecoder, list]:
    torch.manual_seed(0)
    decoder = RecurrentDecoder(4, [6], 6, 3, 0.0).double().eval()
    return decoder, decoder.read((torch.randn(16, 3, 6, dtype=torch.float64), MASK))


def test_what_is_drawn_has_no_label_twice_and_nothing_behind_the_end():
    decoder, memories = _decoder()
    said = roll_out(decoder, memories, 4, drawn)
    ends = set()
    for tokens, real in zip(said.tokens.tolist(), said.real.tolist(), strict=True):
        length = tokens.index(END) + 1 if END in tokens else len(tokens)
        labels = [token for token in tokens[:length] if token != END]
        assert len(set(labels)) == len(labels)
        assert real == [True] * length + [False] * (len(tokens) - length)
        assert set(tokens[length:]) <= {END}
        ends.add(length)
    assert len(ends) > 1


def test_its_probability_is_that_of_teacher_forcing_up_to_the_end():
    decoder, memories = _decoder()
    said = roll_out(decoder, memories, 4, drawn)
    told = torch.cat([torch.full((16, 1), BEGIN), said.tokens[:, :-1]], dim=1)
    steps = decoder(told, memories).log_softmax(dim=2)
    torch.testing.assert_close(said.log_probs, steps)
    for row, tokens in enumerate(said.tokens.tolist()):
        length = tokens.index(END) + 1 if END in tokens else len(tokens)
        expected = sum(float(steps[row, place, tokens[place]].detach()) for place in range(length))
        assert float(said.log_prob()[row].detach()) == pytest.approx(expected)
        assert said.labels()[row].nonzero().flatten().tolist() == sorted(set(tokens) - {END})


def test_labels_are_drawn_by_their_probabilities():
    torch.manual_seed(0)
    odds = torch.tensor([0.7, 0.0, 0.3, 0.0]).expand(4000, 4)
    shares = torch.bincount(drawn(odds.log()), minlength=4) / 4000
    torch.testing.assert_close(shares, odds[0], atol=0.03, rtol=0)


def test_the_greedy_one_is_a_beam_of_one_and_the_same_each_time():
    decoder, memories = _decoder()
    said = roll_out(decoder, memories, 4, greedily)
    found, _ = decoder.search(memories, 1, 4)
    torch.testing.assert_close(said.labels(), found.contain(4)[:, 0])
    torch.testing.assert_close(roll_out(decoder, memories, 4, greedily).tokens, said.tokens)


def test_it_stops_when_all_have_ended():
    decoder, memories = _decoder()
    with torch.no_grad():
        decoder.out.bias[END] = 99.0
    said = roll_out(decoder, memories, 4, drawn)
    assert said.tokens.tolist() == [[END]] * 16
    assert said.states.shape == (16, 1, 6)


def test_only_probabilities_have_gradients():
    decoder, memories = _decoder()
    said = roll_out(decoder, memories, 4, drawn)
    assert not said.tokens.requires_grad
    said.log_prob().sum().backward()
    assert decoder.out.weight.grad.isfinite().all()
    assert decoder.out.weight.grad.any()
