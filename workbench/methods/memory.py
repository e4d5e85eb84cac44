"""How much memory a device has left."""

from __future__ import annotations

import torch

from workbench.memory import free_main_memory


def free_memory(device: torch.device) -> int:
    """Bytes that this process could still take; on the CPU without swapping.

    On a GPU torch keeps what it has freed for later: that counts as free, too.
    """
    if device.type == "cuda":
        kept = torch.cuda.memory_reserved(device) - torch.cuda.memory_allocated(device)
        return int(torch.cuda.mem_get_info(device)[0]) + kept
    return free_main_memory()
