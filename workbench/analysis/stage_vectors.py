"""The test documents' vectors of a run at the moments of its training that it kept."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from workbench.analysis.documents import EMBEDDINGS, ROWS
from workbench.errors import WorkbenchError
from workbench.runs.stages import STAGE_ROWS, kept_moments
from workbench.runs.store import Run

TRAINED = "trained"
"""The moment after training, whose vectors every run keeps."""

AT_MOST = 3_000
"""Documents that are drawn and measured; beyond that so many of them, drawn with seed 0."""


def moments(run: Run) -> list[str]:
    """The moments of a run whose vectors it kept, in their order: "start", "after <stage>", "trained"."""
    names = run.array_names
    kept = list(kept_moments(names)) if STAGE_ROWS in names else []
    return [*kept, *([TRAINED] if {EMBEDDINGS, ROWS} <= set(names) else [])]


def moment_vectors(run: Run, moment: str) -> tuple[np.ndarray, NDArray[np.int64]]:
    """Vectors (K, H) at a moment of `moments`, as they were kept, and the rows (K,) of their documents.

    Raises:
        WorkbenchError: when the run has no such moment, or its files are damaged or do not fit together.
    """
    names = {**kept_moments(run.array_names), TRAINED: EMBEDDINGS}
    if moment not in names:
        raise WorkbenchError(
            f"Run {run.name!r} kept no vectors {moment!r}. It has: {', '.join(moments(run)) or 'none'}."
        )
    vectors = run.array(names[moment])
    rows = np.asarray(run.array(ROWS if moment == TRAINED else STAGE_ROWS))
    is_sound = rows.ndim == 1 and rows.dtype.kind in "iu" and (np.diff(rows) > 0).all()
    if vectors.ndim != 2 or not is_sound or len(vectors) != len(rows) or (len(rows) and rows[0] < 0):
        raise WorkbenchError(
            f"Run {run.name!r} has vectors of shape {vectors.shape} {moment!r} for {rows.size} documents, "
            "which do not fit together. Train it again, or remove it with `workbench runs rm`."
        )
    return vectors, rows.astype(np.int64)


def drawn_rows(rows: NDArray[np.int64], at_most: int = AT_MOST) -> NDArray[np.int64]:
    """`at_most` of these rows, drawn with seed 0, in their order; all of them where there are no more."""
    chosen = np.random.default_rng(0).permutation(len(rows))[:at_most]
    return rows[np.sort(chosen)]
