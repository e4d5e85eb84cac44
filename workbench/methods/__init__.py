"""Methods: one file a paper; the registry finds them all."""

from __future__ import annotations

from workbench.methods.base import (
    Batch,
    Forward,
    LabelSpace,
    Material,
    Method,
    MethodConfig,
    Objective,
    Stage,
)
from workbench.methods.registry import find_method, method_names, register, register_objective

__all__ = [
    "Batch",
    "Forward",
    "LabelSpace",
    "Material",
    "Method",
    "MethodConfig",
    "Objective",
    "Stage",
    "find_method",
    "method_names",
    "register",
    "register_objective",
]
