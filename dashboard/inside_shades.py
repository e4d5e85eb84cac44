"""A text with its tokens shaded, and what the shades mean."""

from __future__ import annotations

from html import escape

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from workbench.analysis.attention import Piece, shaded_pieces, share_elsewhere, tokens_for_half
from workbench.figures.palette import AGAINST, FOR, faded
from workbench.wording import how_many

_DARKEST = 0.72


def shaded_text(
    heading: str,
    text: str,
    spans: NDArray[np.int64],
    shares: NDArray[np.floating],
    colour: str,
    of_what: str = "of the attention",
) -> None:
    """The text, each token the darker the larger its share, with a scale and a sentence in numbers.

    Args:
        heading: HTML that stands above it.
        text: the document.
        spans: (T, 2) characters from, to.
        shares: (T,) summing to 1.
        colour: of the darkest token.
        of_what: what there are shares of.
    """
    pieces = shaded_pieces(text, spans, shares)
    most = max((piece.share or 0.0 for piece in pieces), default=0.0)
    _show(
        heading, [_piece(piece, most, colour, f"{_percent(piece.share or 0)} {of_what}") for piece in pieces]
    )
    st.html(_scale(colour, most, of_what))
    st.caption(_in_numbers(spans, shares, any(not piece.is_read for piece in pieces), of_what))


def signed_text(heading: str, text: str, spans: NDArray[np.int64], values: NDArray[np.floating]) -> None:
    """The text, each token orange as far as it speaks for a label, blue as far as it speaks against it.

    Args:
        heading: HTML that stands above it.
        text: the document.
        spans: (T, 2) characters from, to.
        values: (T,) signed.
    """
    pieces = shaded_pieces(text, spans, values)
    most = max((abs(piece.share or 0.0) for piece in pieces), default=0.0)
    _show(
        heading,
        [
            _piece(piece, most, FOR if (piece.share or 0) > 0 else AGAINST, f"{piece.share or 0:+.3g}")
            for piece in pieces
        ],
    )
    ends = f"{faded(AGAINST, _DARKEST)}, transparent, {faded(FOR, _DARKEST)}"
    st.html(_bar(f"against {-most:.3g}", ends, f"+{most:.3g} for"))


def _show(heading: str, pieces: list[str]) -> None:
    st.html(
        f"<div>{heading}</div>"
        f'<div style="white-space: pre-wrap; overflow-wrap: anywhere; line-height: 1.8; max-height: 22rem; '
        f'overflow-y: auto; margin-top: .6rem">{"".join(pieces)}</div>'
    )


def _piece(piece: Piece, most: float, colour: str, told: str) -> str:
    """A token as dark as its share is of the largest, with what is told of it when the mouse is there."""
    if piece.share is None:
        return (
            escape(piece.text) if piece.is_read else f'<span style="opacity: .45">{escape(piece.text)}</span>'
        )
    shade = faded(colour, round(_DARKEST * abs(piece.share) / most, 3)) if most > 0 else "transparent"
    return (
        f'<span style="background: {shade}; border-radius: .2em; padding: .1em 0" title="{told}">'
        f"{escape(piece.text)}</span>"
    )


def _scale(colour: str, most: float, of_what: str) -> str:
    """What the shades mean, from nothing to the darkest token."""
    return _bar("0 %", f"transparent, {faded(colour, _DARKEST)}", f"{_percent(most)} {of_what}")


def _bar(left: str, colours: str, right: str) -> str:
    return (
        f'<div style="display: flex; align-items: center; gap: .5rem; font-size: .8rem">{left}'
        f'<span style="flex: 0 1 8rem; height: .7rem; border-radius: .2rem; background: linear-gradient('
        f'to right, {colours})"></span>{right}</div>'
    )


def _in_numbers(spans: NDArray[np.int64], shares: NDArray[np.floating], is_cut: bool, of_what: str) -> str:
    half, tokens = tokens_for_half(shares), how_many(len(shares), "token")
    told = f"Half {of_what} lies on {half} of {tokens}."
    elsewhere = share_elsewhere(spans, shares)
    if elsewhere >= 0.001:
        told += f" {_percent(elsewhere)} lies on tokens that stand for no text."
    return told + (" What is faint is not read." if is_cut else "")


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"
