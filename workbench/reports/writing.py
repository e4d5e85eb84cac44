"""Writing a report: one file of HTML, all of it or nothing."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from workbench import __version__
from workbench.errors import WorkbenchError
from workbench.files import write_text
from workbench.runs.store import Run
from workbench.wording import how_many

STEPS = 11
"""How often `write_report` tells how far it is."""


def write_report(
    runs: Sequence[Run],
    path: str | Path,
    *,
    overwrite: bool = False,
    known: Sequence[Run] = (),
    advance: Callable[[str], None] = lambda _: None,
) -> Path:
    """Write what runs are, what they measured and how they look as one page that opens without a network.

    It has settings and provenance, metrics with tests between runs, learning curves, label groups, spectra,
    label pairs, landscapes where they were probed, a row a label, and the commands that train it all again.

    Args:
        runs: one or more (up to 12), finished or not; the others are compared with the first of their split.
        path: of the file, such as "report.html"; about 5 MB, plotly's script being most of it.
        overwrite: replace a file that is there.
        known: runs among which the floor of each split is looked for, to stand beside the metrics.
        advance: told the name of each of `STEPS` steps as it begins.

    Returns:
        The file.

    Raises:
        WorkbenchError: for no run, too many, a file that is there or cannot be written, or without plotly.
    """
    from workbench.reports.contents import sections

    target = Path(path).expanduser()
    require_free(target, overwrite=overwrite)
    if importlib.util.find_spec("plotly") is None:
        raise WorkbenchError("A report needs plotly: pip install 'mltc-workbench[dashboard]'")
    from workbench.reports.page import page

    title = runs[0].name if len(runs) == 1 else f"{how_many(len(runs), 'run')} side by side"
    made = sections(runs, advance, known)
    advance("Writing")
    written = f"Written {datetime.now(UTC):%d %B %Y, %H:%M} UTC by workbench {__version__}."
    write_text(target, page(title, f"{written} It opens without a network.", made))
    return target


def require_free(path: Path, *, overwrite: bool) -> None:
    """Refuse a place that is taken, or that is no file's.

    Raises:
        WorkbenchError: when something is there and `overwrite` is not set, or a folder is there.
    """
    if path.is_dir():
        raise WorkbenchError(f"{path} is a folder: give a file to write, such as {path / 'report.html'}")
    if path.exists() and not overwrite:
        raise WorkbenchError(f"{path} is there already. Use --force to replace it, or give another place.")
