"""Which machines compute in bfloat16."""

from __future__ import annotations

import torch


def supports_bfloat16(device: torch.device | str) -> bool:
    """Whether `device` has instructions for bfloat16, so that autocast saves time instead of costing it."""
    kind = torch.device(device).type
    if kind == "cuda":
        return torch.cuda.is_available() and torch.cuda.is_bf16_supported(including_emulation=False)
    if kind == "cpu":
        checks = ("_is_avx512_bf16_supported", "_is_amx_tile_supported")
        return any(getattr(torch.cpu, check)() for check in checks if hasattr(torch.cpu, check))
    return False


def weights_dtype(dtype: str) -> torch.dtype:
    """The type that a setting means on this machine."""
    if dtype == "auto":
        device = "cuda" if torch.cuda.is_available() else "cpu"
        return torch.bfloat16 if supports_bfloat16(device) else torch.float32
    return torch.float32 if dtype == "float32" else torch.bfloat16
