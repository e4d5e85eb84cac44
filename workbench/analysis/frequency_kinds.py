"""Sorting documents by how frequent their labels are in training: [head, mid, tail] of CL-MIL's figures.

Source: "Towards Better Representations for Multi-Label Text Classification with Multi-granularity
Information", Figures 3 and 4 and Table 6.
"""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from workbench.analysis.document_kinds import NO_LABEL
from workbench.metrics import frequency_groups
from workbench.metrics.groups import HEAD_AT_LEAST, MID_AT_LEAST

Bounds = Literal["usual", "paper"]

_PAPER_HEAD, _PAPER_MID, _PAPER_DOCUMENTS = 3000, 1000, 53_840

COMBINATIONS = {
    4: "[1,0,0] head",
    6: "[1,1,0] head, mid",
    2: "[0,1,0] mid",
    7: "[1,1,1] head, mid, tail",
    5: "[1,0,1] head, tail",
    3: "[0,1,1] mid, tail",
    1: "[0,0,1] tail",
    0: NO_LABEL,
}
"""Names of the kinds, from frequent labels alone to rare ones alone, by 4 head + 2 mid + tail."""


def group_bounds(bounds: Bounds, n_train: int) -> tuple[int, int]:
    """The least number of training documents of a head label, and of a mid label.

    "usual" are those of `metrics.frequency_groups`; "paper" the 3,000 and 1,000 of Table 6, for AAPD's 53,840
    training documents, as the same share of `n_train`, rounded up.
    """
    if bounds == "usual":
        return HEAD_AT_LEAST, MID_AT_LEAST
    head, mid = (math.ceil(least * n_train / _PAPER_DOCUMENTS) for least in (_PAPER_HEAD, _PAPER_MID))
    return max(1, head), max(1, mid)


def labels_by_frequency(
    train_counts: NDArray[np.integer], bounds: tuple[int, int]
) -> dict[str, NDArray[np.intp]]:
    """Indices of head, mid and tail labels, in this order, by documents in training (L,).

    Labels that training never shows count as tail, as in Table 6, whose tail has no lower bound.
    """
    head, mid = bounds
    groups = frequency_groups(np.asarray(train_counts), head=head, mid=mid)
    tail = np.sort(np.concatenate([groups["tail"], groups["unseen"]]))
    return {"head": groups["head"], "mid": groups["mid"], "tail": tail}


def frequency_kinds(
    gold: sparse.csr_array, train_counts: NDArray[np.int64], bounds: tuple[int, int]
) -> pd.Categorical[str]:
    """Which of head, mid and tail labels each document has, (N,): one of `COMBINATIONS`.

    Shapes: gold (N, L) of 0/1, train_counts (L,); bounds as `group_bounds` gives them.
    """
    codes = np.zeros(gold.shape[0], dtype=np.int64)
    for weight, labels in zip((4, 2, 1), labels_by_frequency(train_counts, bounds).values(), strict=True):
        codes += weight * (np.asarray(gold[:, labels].sum(axis=1)).ravel() > 0)
    order = {code: place for place, code in enumerate(COMBINATIONS)}
    places = np.array([order[code] for code in range(8)])[codes]
    return pd.Categorical.from_codes(places, pd.Index(list(COMBINATIONS.values())))
