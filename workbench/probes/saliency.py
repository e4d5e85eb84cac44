"""Which tokens push a label's score up or down: gradient x input, by captum.

Source: "Not Just a Black Box: Learning Important Features Through Propagating Activation Differences"
(Shrikumar et al., 2016), where it is what DeepLIFT is compared with.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from typing import Literal

import numpy as np
import torch
from captum.attr import InputXGradient
from numpy.typing import NDArray
from torch import Tensor

from workbench.encoders.tfidf import TfidfEncoder
from workbench.errors import WorkbenchError
from workbench.methods.base import Method
from workbench.probes.entrances import Entrance, entrance
from workbench.probes.inference import Predictor
from workbench.probes.term_places import spread_over_words

Of = Literal["logit", "score"]

_ONE_AT_A_TIME = Lock()
"""Parameters want no gradient for a while: two threads must not tell one model different things."""


@dataclass(frozen=True)
class Saliency:
    """How the tokens of a text push some labels' logits.

    Attributes:
        text: as it was given.
        spans: (T, 2) characters from, to of each token; equal for a token that stands for none.
        values: (K, T) in float32, signed, one row a label.
        change: (K,) in float32, by how much each logit lies above that of an input of zeros. Where a score
            is linear in the input, a row of `values` adds up to it.
        of: whether logits were differentiated, or scores, where these are no sigmoid of the logits.
        on: what the input is, in words.
    """

    text: str
    spans: NDArray[np.int64]
    values: NDArray[np.float32]
    change: NDArray[np.float32]
    of: Of
    on: str

    @property
    def adds_up(self) -> NDArray[np.bool_]:
        """(K,) whether the values of a label add up to `change`, but for rounding."""
        total, most = self.values.sum(axis=1), np.abs(self.values).sum(axis=1)
        return np.isclose(total, self.change, rtol=1e-3, atol=1e-3 * (1 + most))


def text_saliency(predictor: Predictor, text: str, labels: Sequence[int]) -> Saliency:
    """Gradient x input of these labels on one text, in float32.

    Raises:
        WorkbenchError: when the method's scores have no gradient there, or one that is zero everywhere.
    """
    method, device = predictor.method, predictor.how["device"]
    method.eval().to(device)
    with _inputs_alone(method):
        start = entrance(method, text, device)
        scores, of = _scores(method, start)
        values = gradient_times_input(scores, start.values, labels)[:, 0]
        with torch.no_grad():
            change = (
                scores(start.values)[0, list(labels)]
                - scores(torch.zeros_like(start.values))[0, list(labels)]
            )
    _require_telling(values, start.values, method.name)
    spans, per_token = method.encoder.token_spans([text])[0], values.float().cpu().numpy()
    if isinstance(method.encoder, TfidfEncoder):
        spans, per_token = spread_over_words(method.encoder, text, spans, per_token)
    return Saliency(text, spans, per_token, change.float().cpu().numpy(), of, start.what)


def gradient_times_input(scores: Callable[[Tensor], Tensor], values: Tensor, labels: Sequence[int]) -> Tensor:
    """The gradient of each label's score times the input, summed over the numbers of a token.

    Shapes: values (B, T) or (B, T, E), scores (B, T, …) -> (B, L), K labels -> (K, B, T).

    Raises:
        WorkbenchError: when the scores have no gradient.
    """
    attribution, given = InputXGradient(scores), values.detach().clone().requires_grad_()
    try:
        with (
            torch.enable_grad(),
            torch.backends.cudnn.flags(enabled=False),
        ):  # its LSTMs have none in evaluation
            found = [attribution.attribute(given, target=int(label)).detach() for label in labels]
    except RuntimeError as error:
        raise WorkbenchError(f"These scores have no gradient: {error}") from None
    return torch.stack([one.flatten(2).sum(dim=2) if one.dim() > 2 else one for one in found])


def _scores(method: Method, start: Entrance) -> tuple[Callable[[Tensor], Tensor], Of]:
    """Logits, where the run's scores are their sigmoid; else the scores themselves: (B, T, …) -> (B, L)."""
    with torch.no_grad():
        forward = start.run(start.values)
        own = torch.sigmoid(forward.logits.float())
        if torch.allclose(own, method.probabilities(forward).float(), atol=1e-5):
            return lambda values: start.run(values).logits.float(), "logit"
    return lambda values: method.probabilities(start.run(values)).float(), "score"


def _require_telling(found: Tensor, values: Tensor, method: str) -> None:
    if not torch.isfinite(found).all():
        raise WorkbenchError(f"The gradient of {method} overflows on this text.")
    if not values.any():
        raise WorkbenchError("Nothing of this text is known: there is no input to take a gradient of.")
    if not found.any():
        raise WorkbenchError(
            f"The gradient is zero on every token. The scores of {method} move in steps, or are at their "
            "end here: what small changes do says nothing of this text."
        )


@contextmanager
def _inputs_alone(method: Method) -> Iterator[None]:
    """Gradients for the input and no parameter."""
    with _ONE_AT_A_TIME:
        trained = [parameter for parameter in method.parameters() if parameter.requires_grad]
        for parameter in trained:
            parameter.requires_grad_(False)
        try:
            yield
        finally:
            for parameter in trained:
                parameter.requires_grad_(True)
