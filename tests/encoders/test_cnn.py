from __future__ import annotations

import numpy as np
import pytest
import torch

from workbench.encoders import build_encoder
from workbench.encoders.cnn import CNN

TEXTS = ["one", "", "a short text", "The quick brown fox jumps over the lazy dog, twice.", "word " * 30]
SETTINGS = {"min_count": 1, "filters": 5, "embedding_size": 7, "max_length": 20}


@pytest.fixture
def encoder() -> CNN:
    torch.manual_seed(0)
    encoder = build_encoder("cnn", settings=SETTINGS, train_texts=TEXTS)
    assert isinstance(encoder, CNN)
    return encoder.eval()


def maxima_by_hand(encoder: CNN, ids: np.ndarray) -> np.ndarray:
    """Plain loops in float64 over the windows inside one document, zeros on the right of a short one."""
    table = encoder.embedding.weight.detach().double().numpy()
    words = [table[token] for token in ids]
    found = []
    for convolution in encoder.convolutions:
        weight = convolution.weight.detach().double().numpy()  # (F, E, width)
        bias = convolution.bias.detach().double().numpy()
        width = weight.shape[2]
        padded = words + [np.zeros(table.shape[1])] * max(0, width - len(words))
        for feature in range(weight.shape[0]):
            best = -np.inf
            for start in range(len(padded) - width + 1):
                value = bias[feature]
                for step in range(width):
                    value += float(weight[feature, :, step] @ padded[start + step])
                best = max(best, value, 0.0)  # ReLU
            found.append(best)
    return np.array(found)


def test_maxima_agree_with_plain_loops(encoder):
    table = encoder.prepare(TEXTS)
    encoded = encoder(table.batch(range(len(TEXTS))))
    expected = np.stack([maxima_by_hand(encoder, table[row]) for row in range(len(TEXTS))])
    assert encoded.document.shape == (5, 15)
    np.testing.assert_allclose(encoded.document.detach().numpy(), expected, rtol=1e-5, atol=1e-6)


def test_a_token_state_is_the_feature_map_of_the_window_centred_on_it(encoder):
    table = encoder.prepare(["the quick brown fox jumps over the dog"])
    tokens = encoder(table.batch([0])).tokens.detach().numpy()
    words = np.pad(encoder.embedding.weight.detach().numpy()[table[0]], ((3, 4), (0, 0)))
    convolution = encoder.convolutions[2]  # width 8: three words before, the word, four after
    weight, bias = convolution.weight.detach().numpy(), convolution.bias.detach().numpy()
    for position in range(8):
        value = np.einsum("few,we->f", weight, words[position : position + 8]) + bias
        np.testing.assert_allclose(tokens[0, position, 10:], np.maximum(value, 0), rtol=1e-4, atol=1e-5)


def test_widths_must_be_positive():
    from workbench.errors import WorkbenchError

    with pytest.raises(WorkbenchError, match="width must be at least 1"):
        build_encoder("cnn", settings={"widths": [0, 2]}, train_texts=TEXTS)
