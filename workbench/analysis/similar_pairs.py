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


@dataclass(frozen=True)
class PairRanks:
    """The place of each pair among all P by inner product and by similarity; ties share their mean rank.

    Attributes:
        products: (P,), from 1, of inner products.
        jaccard: (P,), from 1, of Jaccard similarities.
    """

    products: NDArray[np.float64]
    jaccard: NDArray[np.float64]


def pair_ranks(alike: Alike) -> PairRanks:
    """What `rank_correlation` and `rank_gaps` begin with; sorting millions of pairs takes longest."""
    from scipy.stats import rankdata  # a second of importing, for who needs it

    return PairRanks(*(rankdata(values[alike.pairs]) for values in (alike.products, alike.jaccard)))


def mean_product(alike: Alike) -> float | None:
    """The mean inner product of two different ones; None below two."""
    upper = alike.pairs
    return float(alike.products[upper].mean()) if len(upper[0]) else None


def rank_correlation(alike: Alike, ranks: PairRanks | None = None, *, seed: int = 0) -> Correlation:
    """Whether pairs with higher inner products have more in common; ties share their mean rank.

    The p-value is that of Mantel's test ("The detection of disease clustering and a generalized regression
    approach", 1967): the share of random orders of the K that correlate at least as well, this one among
    them. Pairs are not independent, so that no test over pairs alone would do.

    Args:
        alike: of labels or documents.
        ranks: as `pair_ranks` gives them, where they are at hand.
        seed: of the random orders.
    """
    ranks = ranks or pair_ranks(alike)
    products, jaccard = _centred(ranks.products), _centred(ranks.jaccard)
    if not (products.any() and jaccard.any()):
        return Correlation(None, len(products), None)
    value = float(np.clip(products @ jaccard, -1, 1))
    p = _mantel(products, jaccard, len(alike), seed) if len(alike) <= PERMUTED_AT_MOST else None
    return Correlation(value, len(products), p)


def _centred(ranks: NDArray[np.float64]) -> NDArray[np.float64]:
    """Ranks (P,), from their mean and at length one; zeros where all are the same."""
    from_mean = ranks - (len(ranks) + 1) / 2
    length = np.linalg.norm(from_mean)
    return np.asarray(from_mean / length) if length else from_mean


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


def rank_gaps(ranks: PairRanks) -> NDArray[np.float64]:
    """By how much the rank of a pair's inner product is above that of its similarity, (P,) in (-1, 1).

    Ranks are shares of all pairs; above 0 the two lie closer than what they have in common would have it.
    """
    return np.asarray((ranks.products - ranks.jaccard) / max(1, len(ranks.products)))


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


def other_pairs(count: int, besides: NDArray[np.intp], at_most: int) -> NDArray[np.intp]:
    """Places of `at_most` of all `count` pairs but those `besides`, drawn with seed 0, in order; or all."""
    left = np.ones(count, dtype=bool)
    left[besides] = False
    return drawn_rows(np.flatnonzero(left), at_most)


def furthest_pairs(gaps: NDArray[np.float64], at_most: int = 10) -> NDArray[np.intp]:
    """Places of the pairs that disagree most: `at_most` that lie too close, then as many too far apart."""
    close = _lowest(-gaps, at_most)
    far = len(gaps) - 1 - _lowest(gaps[::-1], at_most)
    return np.concatenate([close[gaps[close] > 0], far[gaps[far] < 0]])


def _lowest(values: NDArray[np.float64], at_most: int) -> NDArray[np.intp]:
    """Places of the `at_most` lowest, lowest first, ties in order; without sorting all."""
    if len(values) > at_most:
        candidates = np.flatnonzero(values <= np.partition(values, at_most - 1)[at_most - 1])
    else:
        candidates = np.arange(len(values))
    return candidates[np.argsort(values[candidates], kind="stable")][:at_most]


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


def ranked_pairs(alike: Alike, names: Sequence[str], dots: int) -> tuple[dict[str, Any], pd.DataFrame]:
    """What all pairs say together, and a row for the furthest ones and up to `dots` drawn among the others.

    Returns:
        labels (how many), with what `told_correlation` tells; and rows as `pair_rows` has them, is_furthest
        beside.
    """
    ranks = pair_ranks(alike)
    gaps = rank_gaps(ranks)
    furthest = furthest_pairs(gaps)
    others = other_pairs(len(gaps), furthest, dots)
    parts = [
        pair_rows(alike, some, gaps, names).assign(is_furthest=is_furthest)
        for some, is_furthest in ((furthest, True), (others, False))
    ]
    told = {"labels": len(alike)} | told_correlation(alike, ranks)
    return told, pd.concat(parts, ignore_index=True)


def told_correlation(alike: Alike, ranks: PairRanks | None = None) -> dict[str, Any]:
    """The `rank_correlation` by name: pairs, mean_product, correlation and p."""
    found = rank_correlation(alike, ranks)
    about = {"pairs": found.pairs, "mean_product": mean_product(alike)}
    return about | {"correlation": found.value, "p": found.p}
