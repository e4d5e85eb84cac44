"""What each label reads in a document: the attention of a finished run's labels on its tokens."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from workbench.errors import WorkbenchError
from workbench.probes.inference import Predictor
from workbench.training.inference import forwards


@dataclass(frozen=True)
class Reading:
    """How a run's labels read one text of T tokens.

    Attributes:
        text: as it was given.
        spans: (T, 2) characters from, to of each token; equal for a token that stands for none.
        attention: (L, T) in float32; each row sums to 1.
        scores: (L,) probabilities.
        is_understood: whether the encoder knows any word of it.
    """

    text: str
    spans: NDArray[np.int64]
    attention: NDArray[np.float32]
    scores: NDArray[np.float32]
    is_understood: bool = True


def read_text(predictor: Predictor, text: str) -> Reading:
    """Run the model on one text and keep what its labels look at.

    Raises:
        WorkbenchError: when the method has one vector for all labels, so that no label looks for itself.
    """
    method = predictor.method
    if not method.attends_by_label:
        raise WorkbenchError(
            f"In {predictor.run.name} all labels read a document through the same vector: there is no "
            "attention of a label. Choose a run of a method with label-wise attention, such as "
            "lsfa-attention."
        )
    prepared = method.encoder.prepare([text])
    ((_, forward),) = forwards(method, prepared, **predictor.how)
    with torch.inference_mode():
        attention = forward.attention
    assert attention is not None
    return Reading(
        text,
        method.encoder.token_spans([text])[0],
        attention[0].float().cpu().numpy(),
        method.probabilities(forward)[0].cpu().numpy(),
        method.encoder.knows_any_word(text),
    )
