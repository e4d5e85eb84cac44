"""Training documents near a text, in the space of a run: exact search by cosine, and who they are."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from workbench.data.split import Split
from workbench.errors import WorkbenchError
from workbench.runs.store import Run

PROBE = "training-vectors"
VECTORS = "training_vectors"
_NUMBERS_AT_ONCE = 4_000_000
_LETTERS = 160

Vectors = np.ndarray | sparse.csr_array
"""N documents, (N, H), of unit length (or zero): products are cosines."""


def arrays_of(vectors: Vectors) -> dict[str, np.ndarray]:
    """What is kept of vectors (N, H), by the arrays' names; `read_training_vectors` is the other side."""
    if not sparse.issparse(vectors):
        return {VECTORS: np.asarray(vectors)}
    rows = sparse.csr_array(vectors)
    return {
        f"{VECTORS}_values": rows.data.astype(np.float32),
        f"{VECTORS}_columns": rows.indices.astype(np.int32),
        f"{VECTORS}_starts": rows.indptr.astype(np.int64),
        f"{VECTORS}_size": np.array([rows.shape[1]], dtype=np.int64),
    }


def keeps_training_vectors(run: Run) -> bool:
    """Whether the vectors are there.

    Raises:
        WorkbenchError: when the probe's file is damaged.
    """
    return run.probe(PROBE) is not None


def read_training_vectors(run: Run) -> Vectors:
    """The training documents (N, H) of a probed run, in the order of its corpus; dense ones memory-mapped.

    Raises:
        WorkbenchError: when they are not there, or damaged.
    """
    if f"{VECTORS}_size" not in run.array_names:
        return run.array(VECTORS)
    values, columns, starts = (run.array(f"{VECTORS}_{name}") for name in ("values", "columns", "starts"))
    size = int(run.array(f"{VECTORS}_size")[0])
    try:
        return sparse.csr_array((values, columns, starts), shape=(len(starts) - 1, size))
    except (ValueError, IndexError) as error:
        raise WorkbenchError(
            f"The training vectors of {run.name} do not fit together ({error}). Make them again with: "
            f"workbench probe {PROBE} {run.name} --force"
        ) from None


def nearest_by_cosine(
    vectors: Vectors, query: Vectors, k: int
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The k rows of highest cosine with one text, highest first, of equal ones the first; and the cosines.

    All of fewer than k. Exact, some rows at a time.

    Shapes: vectors (N, H) and query (1, H), both of unit length -> rows (k,), cosines (k,).

    Raises:
        WorkbenchError: for vectors of different sizes.
    """
    if vectors.shape[1] != query.shape[1]:
        raise WorkbenchError(
            f"Training documents have vectors of {vectors.shape[1]:,} numbers, the text one of "
            f"{query.shape[1]:,}: make them again with workbench probe {PROBE} RUN --force"
        )
    if sparse.issparse(vectors):
        products = vectors @ sparse.csr_array(query).astype(np.float64).T
        cosines = np.asarray(products.toarray()).ravel()
    else:
        dense = np.asarray(query, dtype=np.float32)[0]
        step = max(1, _NUMBERS_AT_ONCE // max(1, len(dense)))
        parts = [
            vectors[start : start + step].astype(np.float32) @ dense
            for start in range(0, vectors.shape[0], step)
        ]
        cosines = np.concatenate([np.zeros(0, dtype=np.float32), *parts]).astype(np.float64)
    rows = np.argsort(-cosines, kind="stable")[:k]
    return rows, cosines[rows]


def training_table(
    train: Split,
    rows: NDArray[np.int64],
    cosines: NDArray[np.float64],
    names: Sequence[str],
    marks: Mapping[str, Collection[int]],
) -> pd.DataFrame:
    """One row a training document: similarity, labels, text (how it begins), id, is_generated.

    Args:
        train: the training documents, of which `rows` (k,) are listed.
        rows: which, in the order of the table.
        cosines: (k,).
        names: of the L labels.
        marks: sign -> labels (indices) that it is put before, such as {"★": the text's gold labels}.
    """
    marked = {sign: set(some) for sign, some in marks.items()}
    signed = set().union(*marked.values())
    signs = {label: "".join(sign for sign, some in marked.items() if label in some) for label in signed}
    has = [train.targets[[row]].indices.tolist() for row in rows.tolist()]
    made = np.zeros(len(rows), dtype=bool) if train.generated is None else train.generated[rows]
    return pd.DataFrame(
        {
            "similarity": cosines,
            "labels": [
                ", ".join(f"{signs.get(one, '')} {names[one]}".strip() for one in labels) for labels in has
            ],
            "text": [_beginning(train.texts[row]) for row in rows.tolist()],
            "id": [str(train.ids[row]) for row in rows.tolist()],
            "is_generated": made,
        }
    )


def label_votes(train: Split, rows: NDArray[np.int64], labels: Sequence[int]) -> NDArray[np.int64]:
    """How many of the training documents at `rows` have each of these labels, (K,)."""
    counted = np.asarray(train.targets[rows].astype(np.int64).sum(axis=0)).ravel()
    found: NDArray[np.int64] = counted[list(labels)]
    return found


def _beginning(text: str) -> str:
    short = " ".join(text[: 4 * _LETTERS].split())
    return short if len(short) <= _LETTERS else f"{short[: _LETTERS - 1].rstrip()}…"
