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
