"""Runs that somebody else exported, brought into this workspace; an archive is read with suspicion."""

from __future__ import annotations

import shutil
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO

from workbench.errors import WorkbenchError
from workbench.files import check_room, writing
from workbench.runs.export import ARCHIVES
from workbench.runs.layout import is_name
from workbench.runs.store import Run
from workbench.workspace import Workspace

Member = tuple[str, int, IO[bytes] | None]
"""A name in the archive, its size in bytes, and its content; None for what is no plain file."""


def add_runs(archive: str | Path, workspace: Workspace | None = None) -> list[Run]:
    """Bring the runs of an archive into the workspace: all of them, or none when one does not fit.

    Args:
        archive: what `workbench export --archive` wrote, a .zip or a .tar.gz.
        workspace: where runs are kept; by default the current folder or WORKBENCH_HOME.

    Returns:
        The runs as they are now in the workspace.

    Raises:
        WorkbenchError: for a file that is no such archive or is damaged, names that lead out of the folder,
            links, folders that are no runs, names that are taken, and a disk that is too small.
    """
    path = Path(archive).expanduser()
    if not path.is_file():
        raise WorkbenchError(f"{path} is no file. Give what `workbench export RUN --archive runs.zip` wrote.")
    folder = (workspace or Workspace.current()).runs
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(prefix=".adding-", dir=folder))
    try:
        names = _unpack(path, temporary, folder)
        for name in names:
            _require_run(path, temporary / name)
        for name in names:
            with writing(folder / name):
                (temporary / name).rename(folder / name)
    except (zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError, OSError) as error:
        raise WorkbenchError(f"{path} is damaged or no archive ({error}). Copy it again.") from None
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return [Run.load(folder / name) for name in names]


def _require_run(archive: Path, folder: Path) -> None:
    try:
        Run.load(folder)
    except WorkbenchError as error:
        said = str(error).replace(str(folder), folder.name)
        raise WorkbenchError(
            f"{archive} has something that is no sound run. Nothing was added. {said}"
        ) from None


def _unpack(archive: Path, target: Path, folder: Path) -> list[str]:
    """Write every member below `target`; the names of the runs, in the archive's order."""
    names: dict[str, None] = {}
    for name, size, content in _members(archive):
        parts = PurePosixPath(name).parts
        if content is None or len(parts) < 2 or not is_name(parts[0]) or not _stays_inside(name):
            raise WorkbenchError(
                f"{archive}: {name!r} does not belong into an archive of runs, which holds plain files in a "
                "folder for each run. Nothing was added."
            )
        if parts[0] not in names and (folder / parts[0]).exists():
            raise WorkbenchError(
                f"There is a run {parts[0]!r} already. Rename or remove it (`workbench runs rm {parts[0]}`), "
                "or add the archive to another workspace."
            )
        names[parts[0]] = None
        check_room(target, size, f"{archive}: the files", "give another workspace")
        file = target.joinpath(*parts)
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("xb") as stream:
            shutil.copyfileobj(content, stream)
    if not names:
        raise WorkbenchError(f"{archive} holds no run.")
    return list(names)


def _stays_inside(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return ".." not in parts and not name.startswith("/") and "\\" not in name and ":" not in name


def _members(archive: Path) -> Iterator[Member]:
    if archive.name.endswith(ARCHIVES[0]):
        with zipfile.ZipFile(archive) as zipped:
            for entry in zipped.infolist():
                is_link = (entry.external_attr >> 16) & 0o170000 == 0o120000
                if entry.is_dir():
                    continue
                with zipped.open(entry) as content:
                    yield entry.filename, entry.file_size, None if is_link else content
    elif archive.name.endswith(ARCHIVES[1]):
        with tarfile.open(archive, "r:gz") as tarred:
            for member in tarred:
                if not member.isdir():
                    yield member.name, member.size, tarred.extractfile(member) if member.isfile() else None
    else:
        raise WorkbenchError(f"{archive.name!r} is no archive: it ends in {' or '.join(ARCHIVES)}.")
