"""States of a frozen encoder: computed once, kept in float16 in memory or on disk."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from workbench.encoders.base import Inputs
from workbench.errors import WorkbenchError
from workbench.files import check_room, write_json

ABOUT = "about.json"
Fill = Callable[["States"], None]
"""Computes the states and writes them into arrays that are there already, empty."""


@dataclass
class States:
    """Document states (N, H) and, where kept, all documents' token states (sum of lengths, H), in float16.

    `spans` (N, 2) says where the token states of a document begin and end.
    """

    document: np.ndarray
    tokens: np.ndarray | None
    spans: np.ndarray

    @property
    def lengths(self) -> np.ndarray:
        """(N,) token states per document; one each where only documents are kept."""
        if self.tokens is None:
            return np.ones(len(self), dtype=np.int64)
        lengths: np.ndarray = self.spans[:, 1] - self.spans[:, 0]
        return lengths

    def take(self, rows: np.ndarray) -> States:
        """The states of these documents, in this order; token states are shared, not copied."""
        return States(self.document[rows], self.tokens, self.spans[rows])

    def __len__(self) -> int:
        return len(self.document)

    def batch(self, rows: Sequence[int] | np.ndarray) -> Inputs:
        """`document` (B, H) and, where kept, `tokens` (B, T, H) with `attention_mask` (B, T); float32."""
        rows = np.asarray(rows, dtype=np.int64)
        inputs = {"document": torch.from_numpy(self.document[rows].astype(np.float32))}
        if self.tokens is None:
            return inputs
        lengths = self.lengths[rows]
        mask = np.arange(lengths.max(initial=0)) < lengths[:, None]
        tokens = np.zeros((*mask.shape, self.tokens.shape[1]), dtype=np.float32)
        for place, row in enumerate(rows):
            tokens[place, : lengths[place]] = self.tokens[slice(*self.spans[row])]
        inputs["tokens"] = torch.from_numpy(tokens)
        inputs["attention_mask"] = torch.from_numpy(mask.astype(np.int64))
        return inputs


def states_in_memory(offsets: np.ndarray, hidden_size: int, *, tokens: bool) -> States:
    """Empty states for documents whose token states lie at `offsets` (N + 1,)."""
    flat = np.zeros((int(offsets[-1]), hidden_size), dtype=np.float16) if tokens else None
    return States(np.zeros((len(offsets) - 1, hidden_size), dtype=np.float16), flat, _spans(offsets))


def open_states(folder: Path) -> States | None:
    """The states kept in `folder`, memory-mapped; None where there are none.

    Raises:
        WorkbenchError: when the folder is damaged.
    """
    if not (folder / ABOUT).is_file():
        return None
    try:
        about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
        tokens = np.load(folder / "tokens.npy", mmap_mode="r") if about["tokens"] else None
        document = np.load(folder / "document.npy", mmap_mode="r")
        offsets = np.load(folder / "offsets.npy")
        if len(document) != len(offsets) - 1 or (tokens is not None and len(tokens) != offsets[-1]):
            raise ValueError("its arrays do not belong together")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise WorkbenchError(
            f"The cached states in {folder} are damaged ({error}). Delete that folder."
        ) from None
    return States(document, tokens, _spans(offsets))


def keep_states(folder: Path, offsets: np.ndarray, hidden_size: int, *, tokens: bool, fill: Fill) -> States:
    """Compute states straight onto the disk; the folder appears complete or not at all, whoever else writes.

    Raises:
        WorkbenchError: when the disk has no room for them.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    check_room(
        folder.parent,
        2 * hidden_size * (len(offsets) + int(offsets[-1]) * tokens),
        "The states",
        "keep document states alone (states=document), or set a smaller max_length",
    )
    temporary = Path(tempfile.mkdtemp(prefix=".states-", dir=folder.parent))
    try:
        document = _new_array(temporary / "document.npy", len(offsets) - 1, hidden_size)
        flat = _new_array(temporary / "tokens.npy", int(offsets[-1]), hidden_size) if tokens else None
        fill(States(document, flat, _spans(offsets)))
        for array in (document, flat):
            if isinstance(array, np.memmap):
                array.flush()
        np.save(temporary / "offsets.npy", offsets)
        write_json(temporary / ABOUT, {"documents": len(offsets) - 1, "tokens": tokens})
        temporary.chmod(0o755)
        _move(temporary, folder)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    kept = open_states(folder)
    assert kept is not None
    return kept


def _spans(offsets: np.ndarray) -> np.ndarray:
    return np.stack([offsets[:-1], offsets[1:]], axis=1)


def _new_array(path: Path, rows: int, columns: int) -> np.ndarray:
    if rows == 0:  # an empty file cannot be mapped
        np.save(path, np.zeros((0, columns), dtype=np.float16))
        return np.zeros((0, columns), dtype=np.float16)
    return np.lib.format.open_memmap(path, mode="w+", dtype=np.float16, shape=(rows, columns))


def _move(temporary: Path, folder: Path) -> None:
    try:
        temporary.rename(folder)
    except OSError:
        if not (folder / ABOUT).is_file():  # else another process was first: its states are the same
            raise
