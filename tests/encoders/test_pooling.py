from __future__ import annotations

import pytest
import torch

from workbench.encoders import pooling

TOKENS = torch.tensor([[[1.0, -5.0], [3.0, -7.0], [9.0, 9.0]], [[2.0, 2.0], [4.0, 0.0], [6.0, -2.0]]])
RIGHT = torch.tensor([[True, True, False], [True, True, True]])
LEFT = RIGHT.flip(1)


@pytest.mark.parametrize(
    ("pool", "mask", "expected"),
    [
        (pooling.masked_mean, RIGHT, [[2, -6], [4, 0]]),
        (pooling.masked_max, RIGHT, [[3, -5], [6, 2]]),
        (pooling.first, RIGHT, [[1, -5], [2, 2]]),
        (pooling.last, RIGHT, [[3, -7], [6, -2]]),
        (pooling.first, LEFT, [[3, -7], [2, 2]]),
        (pooling.last, LEFT, [[9, 9], [6, -2]]),
    ],
)
def test_by_hand(pool, mask, expected):
    assert pool(TOKENS, mask).tolist() == expected


@pytest.mark.parametrize("pool", [pooling.masked_mean, pooling.masked_max])
def test_a_row_without_a_real_token_pools_to_zero(pool):
    mask = torch.tensor([[True, True, True], [False, False, False]])
    assert pool(TOKENS, mask)[1].tolist() == [0, 0]


def test_a_mean_over_many_bfloat16_states_stays_close_to_float64():
    torch.manual_seed(0)
    tokens = torch.rand(1, 2000, 3)
    mean = pooling.masked_mean(tokens.bfloat16(), torch.ones(1, 2000, dtype=torch.bool))
    torch.testing.assert_close(mean.double(), tokens.double().mean(dim=1), atol=5e-3, rtol=0)
