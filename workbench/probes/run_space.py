"""The space of a run: where its documents lie, as vectors of unit length, so that products are cosines."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from workbench.encoders.bags import Bags
from workbench.encoders.base import Prepared
from workbench.methods.base import Forward
from workbench.methods.vectors import to_unit_length

Vectors = NDArray[np.floating] | sparse.csr_array
"""N documents, (N, H), of unit length (or zero)."""


def in_the_runs_space(prepared: Prepared, forward: Forward) -> Vectors | None:
    """A batch of all the prepared documents, in the batch's order; None where a method has no such vectors.

    These are the encoder's document vectors, and for bags of words the bags, which `TfidfEncoder` gives
    unit length.
    """
    if isinstance(prepared, Bags):
        return prepared.matrix
    if forward.document is None:
        return None
    found: NDArray[np.float32] = to_unit_length(forward.document).float().cpu().numpy()
    return found
