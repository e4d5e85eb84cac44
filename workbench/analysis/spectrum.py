"""How evenly label embeddings fill their space: singular values, cumulative energy, effective rank.

"Preserving Label Correlation for Multi-label Text Classification by Prototypical Regularizations", Fig. 6:
the slower the curve of cumulative energy rises, the more diverse the label embeddings.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from workbench.errors import WorkbenchError


def singular_values(embeddings: np.ndarray) -> np.ndarray:
    """Singular values of label embeddings (L, H), largest first, (min(L, H),) float64.

    Of single or half precision they are the roots of the Gram matrix's eigenvalues, computed in double: that
    loses less than the rounding of the entries leaves uncertain, and takes a quarter of the time.

    Raises:
        WorkbenchError: when the embeddings are not a matrix, or hold NaN or infinity.
    """
    if embeddings.ndim != 2 or 0 in embeddings.shape:
        raise WorkbenchError(f"A spectrum needs a matrix (labels, dimensions), not shape {embeddings.shape}.")
    matrix = np.asarray(embeddings, dtype=np.float64)
    if not np.isfinite(matrix).all():
        raise WorkbenchError("The label embeddings hold NaN or infinity: the run diverged.")
    if embeddings.dtype == np.float64:
        values: np.ndarray = np.linalg.svd(matrix, compute_uv=False)
        return values
    gram = matrix @ matrix.T if len(matrix) < matrix.shape[1] else matrix.T @ matrix
    return np.sqrt(np.maximum(np.linalg.eigvalsh(gram)[::-1], 0.0))


def cumulative_energy(values: np.ndarray, *, normalised: bool = True) -> np.ndarray:
    """Cumulative sum of squared singular values (K,), divided by its total if `normalised`.

    The energy of an all-zero matrix is zero, normalised or not.
    """
    energy = np.cumsum(np.square(values, dtype=np.float64))
    if normalised and energy[-1] > 0:
        energy = energy / energy[-1]
    return energy


def effective_rank(values: np.ndarray) -> float:
    """Exponential of the entropy of the singular values' shares: between 1 and K, 0 for all zeros.

    Source: Roy & Vetterli, "The effective rank: a measure of effective dimensionality" (2007), Definition 1.
    """
    positive = values[values > 0].astype(np.float64)
    if positive.size == 0:
        return 0.0
    shares = positive / positive.sum()
    return float(np.exp(-np.sum(shares * np.log(shares))))


def rank_for_energy(values: np.ndarray, share: float = 0.9) -> int:
    """The smallest number of leading singular values whose squares hold `share` of the energy."""
    energy = cumulative_energy(values)
    if energy[-1] == 0:
        return 0
    return int(np.argmax(energy >= share * (1 - 1e-12))) + 1


def spectrum_table(spectra: Mapping[str, np.ndarray]) -> pd.DataFrame:
    """One row a singular value, from singular values (K,) by run.

    Columns: run, index (from 1), singular_value, singular_value_share (of the largest), energy (cumulative),
    energy_share (of the total).
    """
    parts = [
        pd.DataFrame(
            {
                "run": run,
                "index": np.arange(1, len(values) + 1),
                "singular_value": values,
                "singular_value_share": values / values[0] if values[0] > 0 else values,
                "energy": cumulative_energy(values, normalised=False),
                "energy_share": cumulative_energy(values),
            }
        )
        for run, values in spectra.items()
    ]
    columns = ["run", "index", "singular_value", "singular_value_share", "energy", "energy_share"]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)


def rank_table(spectra: Mapping[str, np.ndarray]) -> pd.DataFrame:
    """One row a run, from singular values (K,) by run.

    Columns: run, full_rank (the number of singular values K), effective_rank, effective_rank_share (of K),
    rank_90 (values that hold 90 % of the energy), largest_singular_value.
    """
    rows = [
        {
            "run": run,
            "full_rank": len(values),
            "effective_rank": effective_rank(values),
            "effective_rank_share": effective_rank(values) / len(values),
            "rank_90": rank_for_energy(values, 0.9),
            "largest_singular_value": float(values[0]),
        }
        for run, values in spectra.items()
    ]
    columns = [
        "run",
        "full_rank",
        "effective_rank",
        "effective_rank_share",
        "rank_90",
        "largest_singular_value",
    ]
    return pd.DataFrame(rows, columns=columns)
