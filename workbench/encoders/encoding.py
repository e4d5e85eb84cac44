"""Running a frozen model over documents: long batches first, states written as they come."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
import torch
from torch import Tensor
from transformers import PreTrainedModel

from workbench.encoders.pretrained import POOLS, hidden_states
from workbench.encoders.source import Source
from workbench.encoders.states import States
from workbench.encoders.tokens import TokenTable

BATCH_TOKENS = 8192
"""Tokens encoded at once, padding included."""
LARGEST = float(np.finfo(np.float16).max)


@torch.inference_mode()
def fill_states(
    states: States,
    source: Source,
    table: TokenTable,
    pooling: str,
    dtype: torch.dtype,
    progress: Callable[[int, int], None] | None = None,
) -> None:
    """Encode all documents of `table` into `states`; `progress(done, total)` is called after each batch.

    Under bfloat16 an encoder computes by autocast over float32 weights, a causal LM's weights are bfloat16.
    """
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    is_causal = source.is_causal()
    model = base_model(source, dtype if is_causal else torch.float32, device)
    done = 0
    for rows in batches_of_like_length(table.lengths):
        inputs = {key: value.to(device) for key, value in table.batch(rows).items()}
        with torch.autocast(device.type, torch.bfloat16, enabled=dtype == torch.bfloat16):
            tokens = hidden_states(model, inputs, is_causal=is_causal).float()
        mask = inputs["attention_mask"].bool()
        states.document[rows] = _half(POOLS[pooling](tokens, mask))
        if states.tokens is not None:
            places = np.concatenate([np.arange(*table.offsets[row : row + 2]) for row in rows])
            states.tokens[places] = _half(tokens[mask])
        done += len(rows)
        if progress:
            progress(done, len(table))


@lru_cache(maxsize=1)
def base_model(source: Source, dtype: torch.dtype, device: torch.device) -> PreTrainedModel:
    """The weights to encode with; the last ones used stay in memory until `base_model.cache_clear()`."""
    # A cache hit and a miss leave the same random state behind; gradients may pass through the weights, too.
    with torch.random.fork_rng(devices=[]), torch.inference_mode(False):
        model = source.model(dtype).eval().requires_grad_(False)
        torch.nn.Module.to(model, device)
    return model


def batches_of_like_length(lengths: np.ndarray, tokens: int = BATCH_TOKENS) -> list[np.ndarray]:
    """Rows from the longest to the shortest, cut so that a padded batch has at most `tokens` (or one row)."""
    order = np.argsort(-lengths, kind="stable")
    batches, start = [], 0
    while start < len(order):
        size = max(1, tokens // max(1, int(lengths[order[start]])))
        batches.append(order[start : start + size])
        start += size
    return batches


def _half(states: Tensor) -> np.ndarray:
    return states.clamp(-LARGEST, LARGEST).half().cpu().numpy()
