"""How a label reads a document: shares of its attention on the pieces of the text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray


@dataclass(frozen=True)
class Piece:
    """A piece of a text.

    Attributes:
        text: its characters.
        share: of the attention that lies on it, 0 to 1; None between tokens and where nothing is read.
        is_read: false behind the last token: what the model never sees.
    """

    text: str
    share: float | None
    is_read: bool = True


def shaded_pieces(text: str, spans: NDArray[np.int64], weights: NDArray[np.floating]) -> list[Piece]:
    """The whole text in pieces, each token with its share of the attention.

    Tokens that overlap (bytes of one character) become one piece with the sum of their shares; those that
    stand for no character are left out, see `share_elsewhere`.

    Args:
        text: the document.
        spans: (T, 2) characters from, to.
        weights: (T,) the attention, summing to 1.
    """
    pieces: list[Piece] = []
    reached = 0
    for (start, end), weight in zip(spans.tolist(), weights.tolist(), strict=True):
        if end <= start:
            continue
        if start < reached and pieces:
            last = pieces.pop()
            begun = reached - len(last.text)
            pieces.append(Piece(text[begun : max(reached, end)], (last.share or 0.0) + weight))
        else:
            if start > reached:
                pieces.append(Piece(text[reached:start], None))
            pieces.append(Piece(text[start:end], weight))
        reached = max(reached, end)
    if reached < len(text):
        rest = text[reached:]
        pieces.append(Piece(rest, None, is_read=not rest.strip()))
    return pieces


def share_elsewhere(spans: NDArray[np.int64], weights: NDArray[np.floating]) -> float:
    """The share of the attention on tokens that stand for no character, such as `[CLS]` and `[SEP]`."""
    return float(weights[spans[:, 1] <= spans[:, 0]].sum())


def tokens_for_half(weights: NDArray[np.floating]) -> int:
    """The fewest tokens on which half of the attention lies: few when a label reads sharply."""
    ranked = np.sort(np.asarray(weights, dtype=np.float64))[::-1].cumsum()
    return int(np.searchsorted(ranked, ranked[-1] / 2)) + 1


def attention_table(
    text: str, spans: NDArray[np.int64], attention: Mapping[str, NDArray[np.floating]]
) -> pd.DataFrame:
    """One row a token in its order: token, from, to, and "attention: NAME" for each `attention` (T,)."""
    table = pd.DataFrame(
        {
            "token": [text[start:end] for start, end in spans.tolist()],
            "from": spans[:, 0],
            "to": spans[:, 1],
        }
    )
    shares = {f"attention: {name}": np.asarray(weights) for name, weights in attention.items()}
    return table.assign(**shares)
