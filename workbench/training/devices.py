"""Where training runs and in which precision; limits of the machine said before they are hit."""

from __future__ import annotations

import os
import platform
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import psutil
import torch

from workbench.encoders import Encoder, supports_bfloat16
from workbench.errors import WorkbenchError
from workbench.methods.base import Method
from workbench.methods.memory import free_memory
from workbench.training.config import TrainingConfig

_BYTES_PER_PARAMETER = 16  # float32 weight, gradient and AdamW's two moments
_BYTES_PER_SOLVED = 12  # float32 weight, the solver's, and a copy on its way to disk
_LOGIT_COPIES = 8  # logits, targets, loss terms and their gradients, each (B, L) in float32


def choose_device(training: TrainingConfig) -> torch.device:
    """The device asked for; `auto` takes a GPU where there is one."""
    if training.device == "cuda" and not torch.cuda.is_available():
        raise WorkbenchError("device=cuda was asked for, but torch sees no GPU here. Say device=cpu or auto.")
    use_gpu = training.device == "cuda" or (training.device == "auto" and torch.cuda.is_available())
    return torch.device("cuda" if use_gpu else "cpu")


def check_precision(training: TrainingConfig, device: torch.device) -> None:
    """Refuse a precision that the device cannot train in."""
    if training.precision == "float16" and device.type == "cpu":
        raise WorkbenchError("precision=float16 trains on GPUs only. Say precision=bfloat16 or float32.")


def choose_precision(training: TrainingConfig, encoder: Encoder, device: torch.device) -> str:
    """Lightning's name of the precision."""
    check_precision(training, device)
    gains = encoder.prefers_bfloat16 or device.type == "cuda"
    automatic = "bfloat16" if gains and supports_bfloat16(device) else "float32"
    chosen = automatic if training.precision == "auto" else training.precision
    return {"bfloat16": "bf16-mixed", "float16": "16-mixed", "float32": "32-true"}[chosen]


def casting(device: torch.device, bfloat16: bool) -> AbstractContextManager[Any]:
    """Within it matrices are multiplied in bfloat16 where asked for, as Lightning's "bf16-mixed" does."""
    return torch.autocast(device.type, dtype=torch.bfloat16) if bfloat16 else nullcontext()


def describe_device(device: torch.device) -> dict[str, Any]:
    """What ran: name, cores, memory."""
    memory = psutil.virtual_memory().total
    described = {
        "type": device.type,
        "cores": os.cpu_count(),
        "memory_gb": round(memory / 2**30, 1),
        "machine": platform.machine(),
        "name": _processor(),
    }
    if device.type == "cuda":
        described["name"] = torch.cuda.get_device_name(device)
        described["gpu_memory_gb"] = round(torch.cuda.get_device_properties(device).total_memory / 2**30, 1)
    return described


def _processor() -> str:
    try:
        with Path("/proc/cpuinfo").open(encoding="utf-8") as lines:
            return next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def check_limits(method: Method, batch_size: int, device: torch.device) -> None:
    """Raise WorkbenchError before training when the label set is too large for the encoder or the memory."""
    n_labels = len(method.label_space)
    limit = method.encoder.max_labels
    if limit is not None and n_labels > limit:
        raise WorkbenchError(
            f"{n_labels} labels are too many for this encoder, which has room for {limit}. Keep the most "
            "frequent labels, choose an encoder with more positions, or a method that does not read labels."
        )
    trained = sum(p.numel() for p in method.parameters() if p.requires_grad)
    is_solved = all(stage.solve is not None for stage in method.stages())
    each = _BYTES_PER_SOLVED if is_solved else _BYTES_PER_PARAMETER
    needed = trained * each + batch_size * n_labels * 4 * _LOGIT_COPIES
    available = free_memory(device)
    if needed > available:
        raise WorkbenchError(
            f"Training needs about {needed / 2**30:.1f} GB for {trained:,} trained numbers and {n_labels:,} "
            f"labels, and {available / 2**30:.1f} GB are free on {device.type}. Keep fewer labels, lower "
            f"batch_size (now {batch_size}), take a smaller encoder, or freeze it (--frozen)."
        )


def is_out_of_memory(error: BaseException) -> bool:
    """Whether torch ran out of memory on a GPU or on the CPU."""
    if isinstance(error, (torch.OutOfMemoryError, MemoryError)):
        return True
    return isinstance(error, RuntimeError) and "can't allocate memory" in str(error)


def out_of_memory(training: TrainingConfig, device: torch.device) -> WorkbenchError:
    """The error to show instead: what to change."""
    half = max(1, training.batch_size // 2)
    return WorkbenchError(
        f"Out of memory on {device.type} with batch_size={training.batch_size}. Try --set batch_size={half} "
        f"--set accumulate={training.accumulate * 2} (the same gradient, in two parts), a smaller "
        "--set max_length=…, or --frozen."
    )


def peak_memory_mb(device: torch.device) -> float:
    """The most memory this process (on a GPU: torch there) has held, in MB."""
    if device.type == "cuda":
        return round(torch.cuda.max_memory_allocated(device) / 2**20, 1)
    import resource
    import sys

    unit = 1024 if sys.platform != "darwin" else 1
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 2**20, 1)
