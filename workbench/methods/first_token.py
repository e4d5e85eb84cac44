"""[CLS] as the document: what baselines on BERT classify, however the encoder itself pools."""

from __future__ import annotations

from typing import cast

from torch import Tensor

from workbench.encoders.base import Encoded, Encoder, Inputs
from workbench.errors import WorkbenchError


def from_first_token(encoder: Encoder, inputs: Inputs) -> Encoded:
    """What the encoder gives, with the state of its first token as the document's vector (B, H)."""
    encoded: Encoded = encoder(inputs)
    if encoder.kind != "transformer":
        return encoded  # frozen: what it keeps is that state
    tokens = cast(Tensor, encoded.tokens)
    return Encoded(tokens[:, 0], tokens, encoded.mask)


def require_first_token(encoder: Encoder, method: str) -> None:
    """Raise WorkbenchError for an encoder without a token that stands for the document, or not pooled so."""
    if encoder.kind not in ("transformer", "frozen") or not _begins_specially(encoder):
        raise WorkbenchError(
            f"{method} classifies the state of [CLS], and the encoder {encoder.name!r} has no such token. "
            "Take a BERT-like one (--encoder minilm), or the method base, which takes any."
        )
    asked = getattr(encoder.settings, "pooling", None)
    pooling = asked if encoder.kind == "transformer" else getattr(encoder, "pooling", asked)
    if pooling not in (None, "cls"):
        raise WorkbenchError(
            f"{method} classifies the state of [CLS], and the encoder {encoder.name!r} pools by {pooling!r}: "
            "say --set pooling=cls, or take the method base, which takes any pooling."
        )


def _begins_specially(encoder: Encoder) -> bool:
    """Whether the first token of a text stands for none of its characters."""
    start, end = encoder.token_spans(["word"])[0][0]
    return bool(start == end)
