"""Checkpoints that a kill cannot leave half-written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from lightning.pytorch.plugins.io import TorchCheckpointIO

from workbench.files import replacing


class AtomicCheckpoints(TorchCheckpointIO):
    """Writes a checkpoint beside its place and renames it.

    Lightning's own writes into the system's temporary folder and moves the file from there, which is a copy
    wherever that folder lies on another file system: killed meanwhile, it leaves half a checkpoint, and none
    to resume from.
    """

    def save_checkpoint(
        self, checkpoint: dict[str, Any], path: str | Path, storage_options: Any | None = None
    ) -> None:
        """Write `checkpoint`; a reader of `path` sees the one before or this one."""
        with replacing(Path(path)) as temporary:
            torch.save(checkpoint, temporary)
