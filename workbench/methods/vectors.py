"""Vectors made ready for comparing: exact enough, of unit length."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional


def at_least_float32(tensor: Tensor) -> Tensor:
    """In float32 at least: exponentials of similarities and squares of small numbers need it."""
    return tensor.to(torch.promote_types(tensor.dtype, torch.float32))


def to_unit_length(vectors: Tensor) -> Tensor:
    """Vectors (..., H) brought to unit length, in float32 at least; zero stays zero."""
    return functional.normalize(at_least_float32(vectors), dim=-1)
