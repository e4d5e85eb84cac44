"""What all pairs of labels or documents say: rank correlation, the pairs furthest off, identical label sets.

Paper: "SEP-MLDC: A Simple and Effective Paradigm for Multi-Label Document Classification", Section 4.6, which
shows pictures of a dozen labels and of ten documents.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.analysis.similarity import Alike
from workbench.analysis.stage_vectors import drawn_rows

PERMUTED_AT_MOST, PERMUTATIONS = 200, 999
"""Of how many labels or documents the order is permuted, and how often."""
THRESHOLDS = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95)


@dataclass(frozen=True)
class Correlation:
    """Spearman's rank correlation of inner products and Jaccard similarities, over pairs.

    Attributes:
        value: in [-1, 1]; None where all inner products, or all similarities, are the same.
        pairs: over how many pairs.
        p: one-sided, of Mantel's test; None where there is no correlation, or too many to permute.
    """

    value: float | None
    pairs: int
    p: float | None


def mean_product(alike: Alike) -> float | None:
    """The mean inner product of two different ones; None below two."""
    upper = alike.pairs
    return float(alike.products[upper].mean()) if len(upper[0]) else None


def rank_correlation(alike: Alike, *, seed: int = 0) -> Correlation:
    """Whether pairs with higher inner products have more in common; ties share their mean rank.

    The p-value is that of Mantel's test ("The detection of disease clustering and a generalized regression
    approach", 1967): the share of random orders of the K that correlate at least as well, this one among
    them. Pairs are not independent, so that no test over pairs alone would do.
    """
    upper = alike.pairs
    products, jaccard = _ranks(alike.products[upper]), _ranks(alike.jaccard[upper])
    if not (products.any() and jaccard.any()):
        return Correlation(None, len(upper[0]), None)
    value = float(np.clip(products @ jaccard, -1, 1))
    p = _mantel(products, jaccard, len(alike), seed) if len(alike) <= PERMUTED_AT_MOST else None
    return Correlation(value, len(upper[0]), p)


def _ranks(values: NDArray[np.float32]) -> NDArray[np.float64]:
    """Ranks (P,), from their mean and at length one; zeros where all values are the same."""
    from scipy.stats import rankdata  # a second of importing, for who needs it

    if not len(values) or values.min() == values.max():
        return np.zeros(len(values))
    ranks = rankdata(values) - (len(values) + 1) / 2
    return np.asarray(ranks / np.linalg.norm(ranks))


def _mantel(products: NDArray[np.float64], jaccard: NDArray[np.float64], size: int, seed: int) -> float:
    upper = np.triu_indices(size, k=1)
    square = np.zeros((size, size))
    square[upper] = products
    square += square.T
    least = products @ jaccard - 1e-12
    drawn = np.random.default_rng(seed)
    orders = (drawn.permutation(size) for _ in range(PERMUTATIONS))
    as_good = sum(bool(square[order[upper[0]], order[upper[1]]] @ jaccard >= least) for order in orders)
    return (1 + as_good) / (1 + PERMUTATIONS)


def rank_gaps(alike: Alike) -> NDArray[np.float64]:
    """By how much the rank of a pair's inner product is above that of its similarity, (P,) in (-1, 1).

    Ranks are shares of all pairs; above 0 the two lie closer than what they have in common would have it.
    """
    from scipy.stats import rankdata

    upper = alike.pairs
    ranks = [rankdata(values[upper]) for values in (alike.products, alike.jaccard)]
    return np.asarray((ranks[0] - ranks[1]) / max(1, len(upper[0])))


def pair_rows(
    alike: Alike, pairs: NDArray[np.intp], gaps: NDArray[np.float64], names: Sequence[str]
) -> pd.DataFrame:
    """A row for each of these pairs of labels, `pairs` (Q,) being places among all P.

    Columns: label_a, label_b, product, jaccard, together, documents_a, documents_b, gap (of ranks).

    Args:
        alike: of labels.
        pairs: which ones.
        gaps: (P,), as `rank_gaps` gives them.
        names: of all L labels.
    """
    a, b = (side[pairs] for side in alike.pairs)
    named = np.array(names, dtype=object)[alike.places]
    return pd.DataFrame(
        {
            "label_a": named[a],
            "label_b": named[b],
            "product": alike.products[a, b],
            "jaccard": alike.jaccard[a, b],
            "together": alike.shared[a, b],
            "documents_a": alike.sizes[a],
            "documents_b": alike.sizes[b],
            "gap": gaps[pairs],
        }
    )


def drawn_pairs(gaps: NDArray[np.float64], at_most: int) -> NDArray[np.intp]:
    """Places of `at_most` pairs, drawn with seed 0, in order; all where there are no more."""
    return drawn_rows(np.arange(len(gaps)), at_most)


def furthest_pairs(gaps: NDArray[np.float64], at_most: int = 10) -> NDArray[np.intp]:
    """Places of the pairs that disagree most: `at_most` that lie too close, then as many too far apart."""
    order = np.argsort(-gaps, kind="stable")
    close, far = order[:at_most], order[::-1][:at_most]
    return np.concatenate([close[gaps[close] > 0], far[gaps[far] < 0]])


def identical_sets(alike: Alike, thresholds: Sequence[float] = THRESHOLDS) -> pd.DataFrame:
    """Of pairs of documents with at least so high an inner product, how many have the very same labels.

    The paper finds them identical from 0.8 on (Section 4.6). The first row has all pairs: what chance gives.

    Columns: at_least (NaN for all pairs), pairs, identical (the share with the very same labels), common
    (with a label in common), found (of all pairs with the same labels, the share that these are). Shares are
    NaN where there is nothing to share out.
    """
    upper = alike.pairs
    products, jaccard = alike.products[upper], alike.jaccard[upper]
    same, common = jaccard == 1, jaccard > 0
    rows: list[dict[str, Any]] = []
    for bound in (float("nan"), *thresholds):
        near = np.ones(len(products), dtype=bool) if np.isnan(bound) else products >= np.float32(bound)
        count = int(near.sum())
        rows.append(
            {
                "at_least": bound,
                "pairs": count,
                "identical": float(same[near].mean()) if count else float("nan"),
                "common": float(common[near].mean()) if count else float("nan"),
                "found": float(near[same].mean()) if same.any() else float("nan"),
            }
        )
    return pd.DataFrame(rows)
