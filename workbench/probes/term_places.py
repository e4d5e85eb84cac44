"""Where the terms of a bag stand in a text, so that what is known of terms can be shown on words."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from workbench.encoders.tfidf import TfidfEncoder


def spread_over_words(
    encoder: TfidfEncoder, text: str, spans: NDArray[np.int64], values: NDArray[np.float32]
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Values of terms shared out among the words they are made of; sums stay.

    A term's value goes in equal parts to the places where it stands, and there to its words. What is found
    nowhere, which odd capital letters can cause, goes to one more token that stands for no character.

    Shapes: spans (T, 2) of the words read, values (K, M) of the M terms of the text's bag (the order of
    `encoder.prepare`) -> spans (T or T + 1, 2), values (K, T or T + 1).
    """
    terms = encoder.prepare([text]).batch([0])["terms"][0].tolist()
    column = {encoder.terms[term]: place for place, term in enumerate(terms)}
    words = [text[start:end].lower() for start, end in spans.tolist()]
    places: dict[int, list[range]] = {}
    for length in range(1, encoder.settings.ngrams + 1):
        for first in range(len(words) - length + 1):
            place = column.get(" ".join(words[first : first + length]))
            if place is not None:
                places.setdefault(place, []).append(range(first, first + length))
    shared = np.zeros((len(values), len(words) + 1), dtype=np.float64)
    for place in range(values.shape[1]):
        for standing in places.get(place, [range(len(words), len(words) + 1)]):
            parts = len(places.get(place, [None])) * len(standing)
            shared[:, list(standing)] += values[:, [place]] / parts
    if not shared[:, -1].any():
        return spans, shared[:, :-1].astype(np.float32)
    return np.vstack([spans, [[len(text), len(text)]]]), shared.astype(np.float32)
