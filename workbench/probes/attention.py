"""How a run reads a document: scores, its vector, what labels look at, how tokens compare with them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from workbench.probes.inference import Predictor
from workbench.probes.run_space import Vectors, in_the_runs_space
from workbench.training.devices import casting
from workbench.training.inference import forwards


@dataclass(frozen=True)
class Reading:
    """How a run reads one text of T tokens; None where its method has no such thing.

    Attributes:
        text: as it was given.
        spans: (T, 2) characters from, to of each token; equal for a token that stands for none.
        scores: (L,) probabilities.
        vector: (1, H), the document in the run's space, where training documents are looked up.
        attention: (L, T) in float32; each row sums to 1.
        correlation: (L, T) in float32, what each token has to do with each label.
        token_weights: (T,) in float32, how much of the document's vector comes from each token.
        chosen: (L,) bool, the labels that the method says, where no threshold decides.
        is_understood: whether the encoder knows any word of it.
    """

    text: str
    spans: NDArray[np.int64]
    scores: NDArray[np.float32]
    vector: Vectors | None = None
    attention: NDArray[np.float32] | None = None
    correlation: NDArray[np.float32] | None = None
    token_weights: NDArray[np.float32] | None = None
    chosen: NDArray[np.bool_] | None = None
    is_understood: bool = True


def read_text(predictor: Predictor, text: str) -> Reading:
    """Run the model on one text and keep what it makes of it."""
    method = predictor.method
    prepared = method.encoder.prepare([text])
    how = predictor.how
    ((_, forward),) = forwards(method, prepared, **how)
    with torch.inference_mode(), casting(**how):
        attention, vector = forward.attention, in_the_runs_space(prepared, forward)
    correlation, weights = forward.correlation, forward.token_weights
    return Reading(
        text,
        method.encoder.token_spans([text])[0],
        _numbers(method.probabilities(forward)),
        vector,
        None if attention is None else _numbers(attention),
        None if correlation is None else _numbers(correlation).T,
        None if weights is None else _numbers(weights),
        None if forward.chosen is None else forward.chosen[0].cpu().numpy(),
        method.encoder.knows_any_word(text),
    )


def _numbers(batch: Tensor) -> NDArray[np.float32]:
    """What a batch of one document holds."""
    found: NDArray[np.float32] = batch[0].float().cpu().numpy()
    return found
