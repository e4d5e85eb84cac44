"""Atomic writing: a reader sees the old file or the new one, never half of it."""

from __future__ import annotations

import errno
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from workbench.errors import WorkbenchError

_FULL = (errno.ENOSPC, errno.EDQUOT)


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Within it `path` is written.

    Raises:
        WorkbenchError: where the system refuses, with the reason that it gives.
    """
    try:
        yield
    except OSError as error:
        blame = Path(str(error.filename))
        where = f" ({blame})" if blame in path.parents else ""
        raise WorkbenchError(f"{path} could not be written: {error.strerror or error}{where}.") from None


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary path beside `path`; on success it takes `path`'s place, on an error it is removed.

    Raises:
        WorkbenchError: where there is no writing in that folder, or the disk is full.
    """
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=path.suffix, dir=path.parent)
        os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        with writing(path):
            with temporary.open("rb+") as stream:
                os.fsync(stream.fileno())
            temporary.chmod(0o644)
            temporary.replace(path)
    except OSError as error:
        if error.errno not in _FULL:
            raise
        raise WorkbenchError(
            f"{path} could not be written: {error.strerror}. Make room on the disk."
        ) from None
    finally:
        temporary.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Write `text` in UTF-8, atomically; raises as `replacing` does."""
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def write_json(path: Path, value: Any) -> None:
    """Write `value` as indented JSON, atomically; NaN and infinity are refused (they are not JSON)."""
    write_text(path, json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False) + "\n")


def refuse_link(folder: Path) -> None:
    """Refuse a link in the place of a folder: a name there would mean a folder elsewhere.

    Raises:
        WorkbenchError: for a link, also one that leads nowhere.
    """
    if folder.is_symlink():
        raise WorkbenchError(
            f"{folder} is a link to a folder elsewhere, which a name does not lead to. Give that folder by "
            "its path, or move it here."
        )


def check_room(folder: Path, needed: int, what: str, remedy: str) -> None:
    """Refuse to start what the disk cannot hold: a full disk kills a process that writes to mapped memory.

    Raises:
        WorkbenchError: when fewer than `needed` bytes are free, with what needs them and what else to do.
    """
    free = shutil.disk_usage(folder).free
    if needed > free:
        raise WorkbenchError(
            f"{what} need {needed / 1e9:.1f} GB, but {folder} has {free / 1e9:.1f} GB free. Make room, or "
            f"{remedy}."
        )


def write_between(path: Path, name: str, text: str) -> None:
    """Put `text` (Markdown) between the marks of `name` in the file `path`, in place of what stood there.

    Raises:
        WorkbenchError: when the file lacks one of the marks.
    """
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    before, has_begin, rest = path.read_text(encoding="utf-8").partition(begin)
    _, has_end, after = rest.partition(end)
    if not has_begin or not has_end:
        raise WorkbenchError(f"{path} has no place for {name}: add the lines {begin} and {end}")
    write_text(path, f"{before}{begin}\n{text}\n{end}{after}")
