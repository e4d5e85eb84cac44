"""SHA-256 digests that tell whether weights and texts are still the same."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from workbench.encoders.tokens import encodable


def file_digest(path: Path) -> str:
    """SHA-256 of a file; read again only when its size or time has changed."""
    status = path.stat()
    return _file_digest(path, status.st_size, status.st_mtime_ns)


@lru_cache(maxsize=256)
def _file_digest(path: Path, _size: int, _changed: int) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def texts_digest(texts: Iterable[str]) -> str:
    """SHA-256 over texts in order, each with its length, so that no two lists run into each other."""
    digest = hashlib.sha256()
    for text in texts:
        data = encodable(text).encode()
        digest.update(len(data).to_bytes(8, "little"))
        digest.update(data)
    return digest.hexdigest()
