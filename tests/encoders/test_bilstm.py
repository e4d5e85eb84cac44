from __future__ import annotations

import pytest
import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from workbench.encoders import build_encoder
from workbench.encoders.bilstm import BiLSTM, mirrored

TEXTS = ["one", "", "a short text", "the quick brown fox jumps over the lazy dog twice"]
SETTINGS = {"min_count": 1, "units": 6, "embedding_size": 5}


def build(**settings) -> BiLSTM:
    torch.manual_seed(0)
    encoder = build_encoder("bilstm", settings=SETTINGS | settings, train_texts=TEXTS)
    assert isinstance(encoder, BiLSTM)
    return encoder.eval()


def packed_oracle(encoder: BiLSTM) -> nn.LSTM:
    """torch's own bidirectional LSTM with the same weights."""
    oracle = nn.LSTM(5, 6, len(encoder.layers), batch_first=True, bidirectional=True)
    for depth, layer in enumerate(encoder.layers):
        for suffix, direction in (("", layer.forwards), ("_reverse", layer.backwards)):
            for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"):
                getattr(oracle, f"{name}_l{depth}{suffix}").data = getattr(direction, f"{name}_l0").data
    return oracle


@pytest.mark.parametrize("packed", [None, False, True])
def test_states_equal_those_of_packed_sequences(packed):
    encoder = build(pooling="last", packed=packed)
    table = encoder.prepare(TEXTS)
    batch = table.batch(range(4))
    encoded = encoder(batch)
    packed = pack_padded_sequence(encoder.embed(batch), torch.tensor(table.lengths), True, False)
    states, (final, _) = packed_oracle(encoder)(packed)
    torch.testing.assert_close(encoded.tokens, pad_packed_sequence(states, True)[0])
    torch.testing.assert_close(encoded.document, torch.cat([final[-2], final[-1]], dim=1))


def test_packed_and_unpacked_rows_have_the_same_gradients():
    gradients = []
    for packed in (True, False):
        encoder = build(packed=packed, train_vectors=False)
        encoder(encoder.prepare(TEXTS).batch(range(4))).document.square().sum().backward()
        gradients.append([weight.grad for weight in encoder.parameters() if weight.requires_grad])
    torch.testing.assert_close(*gradients)


@pytest.mark.parametrize("packed", [False, True])
def test_a_row_of_padding_only_has_zero_tokens_and_leaves_the_others_alone(packed):
    encoder = build(packed=packed)
    batch = encoder.prepare(TEXTS).batch(range(4))
    whole = encoder(batch)
    batch["attention_mask"][1] = 0
    emptied = encoder(batch)
    assert not emptied.tokens[1].any()
    torch.testing.assert_close(emptied.document[2:], whole.document[2:])
    assert emptied.document.isfinite().all()


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("pooling", ["max", "mean", "last"])
def test_a_batch_equals_each_row_alone(pooling, packed):
    encoder = build(pooling=pooling, packed=packed)
    table = encoder.prepare(TEXTS)
    together = encoder(table.batch(range(4)))
    for row in range(4):
        alone = encoder(table.batch([row]))
        torch.testing.assert_close(together.document[row], alone.document[0])
        if pooling != "last":
            pooled = alone.tokens[0].amax(0) if pooling == "max" else alone.tokens[0].mean(0)
            torch.testing.assert_close(together.document[row], pooled)


def test_mirrored_reverses_each_row_and_leaves_padding():
    mask = torch.tensor([[1, 1, 1, 0], [1, 1, 1, 1], [1, 0, 0, 0]]).bool()
    assert mirrored(mask).tolist() == [[2, 1, 0, 3], [3, 2, 1, 0], [0, 1, 2, 3]]
