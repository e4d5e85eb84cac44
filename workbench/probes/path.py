"""The way that training took, seen from a plane through the weights where it ended.

Source: "Visualizing the Loss Landscape of Neural Nets" (Li et al., 2018), Section 7.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

from workbench.errors import WorkbenchError
from workbench.probes.directions import Plane, Weights, flattened, unflattened


@dataclass(frozen=True)
class Shadow:
    """Where the weights of M epochs fall on a plane: coordinates (M, 2) of their nearest points.

    `share` (M,) is the part of each squared distance from the plane's origin that lies in the plane: 1 for
    weights that lie in it, NaN for weights that are the origin.
    """

    coordinates: np.ndarray
    share: np.ndarray


def read_epoch(path: Path, like: Weights) -> Weights:
    """The weights that training kept after an epoch, in the precision of `like`.

    Raises:
        WorkbenchError: when the file is damaged or belongs to another model.
    """
    try:
        tensors = load_file(path)
    except (OSError, SafetensorError) as error:
        raise WorkbenchError(f"Cannot read the weights in {path}: {error}. Train the run again.") from None
    shapes = {name: tensor.shape for name, tensor in tensors.items()}
    if shapes != {name: tensor.shape for name, tensor in like.items()}:
        raise WorkbenchError(f"{path} does not hold the weights of this model. Train the run again.")
    return {name: tensors[name].to(like[name]) for name in like}


def shadow_on(plane: Plane, epochs: Sequence[Weights]) -> Shadow:
    """Project each epoch's weights onto the plane by least squares: its directions need not be orthogonal."""
    origin = flattened(plane.origin).double()
    spanning = torch.stack([flattened(plane.first), flattened(plane.second)]).double()
    gram = spanning @ spanning.T
    coordinates, shares = np.empty((len(epochs), 2)), np.empty(len(epochs))
    for row, weights in enumerate(epochs):
        moved = flattened(weights).double() - origin
        along = spanning @ moved
        here = torch.linalg.solve(gram, along)
        coordinates[row] = here.numpy(force=True)
        whole = float(moved @ moved)
        shares[row] = float(here @ along) / whole if whole > 0 else np.nan
    return Shadow(coordinates, shares)


def plane_of_path(origin: Weights, epochs: Sequence[Weights]) -> Plane:
    """The plane through `origin` that holds most of the squared distances to the epochs' weights.

    Its directions are orthogonal and of length 1: the first two principal directions of the displacements
    from `origin`, which are not centred, for the plane goes through `origin`. They are not filter-normalised.

    Raises:
        WorkbenchError: when the epochs' weights lie on one line with `origin`.
    """
    end = flattened(origin)
    moved = torch.stack([flattened(weights) - end for weights in epochs]).double()  # (M, D)
    values, vectors = torch.linalg.eigh(moved @ moved.T)  # of size (M, M): D is large
    if len(epochs) < 2 or values[-2] <= 1e-10 * values[-1]:
        raise WorkbenchError(
            "The path of this training spans no plane: it takes the weights of two epochs or more. "
            "Train longer with --set keep_epochs=true, or use --plane random."
        )
    spanning = (vectors[:, [-1, -2]] / values[[-1, -2]].sqrt()).T @ moved  # (2, D), orthonormal
    first, second = (unflattened(_signed(row).to(end), origin) for row in spanning)
    return Plane(origin, first, second)


def _signed(direction: Tensor) -> Tensor:
    """The direction or its opposite, whichever has a positive largest entry: the same on every machine."""
    return direction * torch.sign(direction[direction.abs().argmax()])
