"""In which order labels stand along the axes of a picture, and how thousands of them share its rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from workbench.analysis.cooccurrence import Cooccurrence
from workbench.analysis.label_clusters import clustered_blocks, clustered_order, similarity
from workbench.errors import WorkbenchError
from workbench.plain_text import shown_name

ORDERS = ("clustered", "by frequency", "alphabetical")
SINGLE_AT_MOST = 200
"""Up to so many labels each has a row of its own; a cell is then a few pixels wide."""
BLOCK_COUNTS = (64, 128, 256)
LABELS_PER_BLOCK = 64


def arrange(found: Cooccurrence, names: Sequence[str], order: str = "clustered") -> list[NDArray[np.intp]]:
    """The labels that are seen, as rows of a picture: single ones, or blocks of nearly equal size.

    Args:
        found: of L labels.
        names: L names, for the alphabet; capital and small letters alike, ties by label index.
        order: one of `ORDERS`. By frequency, the most frequent label comes first.

    Returns:
        Groups of label indices in drawing order: groups of one up to `SINGLE_AT_MOST` labels, else at most
        the largest of `BLOCK_COUNTS` blocks. Inside a block the labels are in order too.

    Raises:
        WorkbenchError: for an order that is not one of `ORDERS`.
    """
    if order not in ORDERS:
        raise WorkbenchError(f"There is no order {order!r} of labels; there are: {', '.join(ORDERS)}.")
    seen = found.seen
    blocks = number_of_blocks(len(seen))
    if order == "clustered" and len(seen) > SINGLE_AT_MOST:
        return [seen[block] for block in clustered_blocks(similarity(found, seen), blocks)]
    if order == "clustered":
        ranked = seen[clustered_order(similarity(found, seen))]
    elif order == "by frequency":
        ranked = seen[np.argsort(-found.counts[seen], kind="stable")]
    else:
        ranked = np.array(sorted(seen, key=lambda label: (names[label].casefold(), label)), dtype=np.intp)
    return np.array_split(ranked, blocks) if len(seen) else []


def number_of_blocks(labels: int) -> int:
    """How many rows so many labels share: one each for few, else the smallest fitting of `BLOCK_COUNTS`."""
    if labels <= SINGLE_AT_MOST:
        return labels
    fitting = (count for count in BLOCK_COUNTS if labels <= count * LABELS_PER_BLOCK)
    return next(fitting, BLOCK_COUNTS[-1])


def inside(found: Cooccurrence, block: NDArray[np.intp]) -> list[NDArray[np.intp]]:
    """A block's labels as single rows, in its order; of a large block the `SINGLE_AT_MOST` most frequent."""
    most = np.argsort(-found.counts[block], kind="stable")[:SINGLE_AT_MOST]
    return [block[[place]] for place in np.sort(most)]


def group_names(found: Cooccurrence, groups: Sequence[NDArray[np.intp]], names: Sequence[str]) -> list[str]:
    """A name for each row: the label's own, or a block's number from 1 with its most frequent label."""
    named = []
    for number, group in enumerate(groups, start=1):
        leader = names[int(group[np.argmax(found.counts[group])])]
        alone = len(group) == 1
        named.append(leader if alone else f"{number}: {leader} + {len(group) - 1}")
    return named


def label_names(labels: Sequence[str], texts: Sequence[str]) -> list[str]:
    """A name for each label that no other has, fit to be shown (`plain_text.shown_name`).

    It is its text, with the code in brackets where texts repeat, and a number where both are cut alike.
    """
    told = [shown_name(text) for text in texts]
    uses = Counter(told)
    named = [
        name if uses[name] == 1 else f"{name} [{shown_name(code)}]"
        for name, code in zip(told, labels, strict=True)
    ]
    again = Counter(named)
    return [name if again[name] == 1 else f"{name} ({number})" for number, name in enumerate(named, start=1)]
