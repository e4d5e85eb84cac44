"""Runs that nobody needs any more, deleted; none that is still in training."""

from __future__ import annotations

import shutil
from pathlib import Path

from workbench.errors import WorkbenchError
from workbench.runs.layout import Layout
from workbench.runs.process import refuse_in_training
from workbench.runs.reading import read_manifest


def remove_run(path: str | Path) -> None:
    """Delete a run, a broken one too, out of readers' sight first.

    Raises:
        WorkbenchError: when the folder is no run (it has no run.json) or is a link to one, and for a run that
            another process trains.

    """
    folder = Path(path).expanduser()
    if folder.is_symlink() or not Layout(folder).manifest.is_file():
        raise WorkbenchError(
            f"{folder} is no run (a folder with a run.json of its own): it is left as it is."
        )
    try:
        manifest = read_manifest(folder)
    except WorkbenchError:
        manifest = {}  # what cannot be read cannot say who trains it
    refuse_in_training(folder, manifest)
    doomed = folder.with_name(f".{folder.name}.removed")
    folder.rename(doomed)
    shutil.rmtree(doomed)
