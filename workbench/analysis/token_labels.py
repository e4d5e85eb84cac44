"""What the tokens of a document have to do with labels: which are shown, and the table to take away."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.analysis.attention import attention_table


def weighing_most(spans: NDArray[np.int64], weights: NDArray[np.floating], most: int) -> NDArray[np.int64]:
    """The places of the `most` tokens of the text that weigh most, in the order of the text.

    Tokens that stand for no character are never among them; of equal weights the first ones are.

    Shapes: spans (T, 2) characters from, to; weights (T,) -> at most `most` places.
    """
    places = np.flatnonzero(spans[:, 1] > spans[:, 0])
    ranked = places[np.argsort(-weights[places], kind="stable")]
    return np.sort(ranked[:most])


def token_label_table(
    text: str,
    spans: NDArray[np.int64],
    weights: NDArray[np.floating],
    correlation: Mapping[str, NDArray[np.floating]],
) -> pd.DataFrame:
    """One row a token in its order: token, from, to, weight, and "with NAME" for each `correlation` (T,)."""
    found = {f"with {name}": np.asarray(values) for name, values in correlation.items()}
    return attention_table(text, spans, {}).assign(weight=np.asarray(weights), **found)
