"""`workbench export`: runs to take along, as a report to read, an archive, or tables."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from workbench.errors import WorkbenchError
from workbench.progress import watched_bar
from workbench.wording import how_many


def export(
    runs: Annotated[list[str], typer.Argument(help="Names of runs, or paths to their folders.")],
    html: Annotated[
        Path | None,
        typer.Option(metavar="FILE.html", help="One page with everything: it opens without a network."),
    ] = None,
    archive: Annotated[
        Path | None,
        typer.Option(metavar="FILE.zip|.tar.gz", help="The runs themselves, without checkpoints."),
    ] = None,
    csv: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Metrics, curves, labels and predictions, a folder a run."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace what is there.")] = False,
) -> None:
    """Write runs as a report to read, as an archive, or as tables for spreadsheets.

    In tables a text that a spreadsheet would compute (it begins with = + - @) has an apostrophe before it.
    """
    from workbench.reports.writing import require_free
    from workbench.runs.opening import load_run, load_runs

    if html is None and archive is None and csv is None:
        raise WorkbenchError(
            "Say what to write: --html report.html (a page), --archive runs.zip, or --csv tables (a folder)."
        )
    loaded = [load_run(name) for name in runs]
    for file in filter(None, (html, archive)):
        require_free(file, overwrite=force)
    if csv is not None:
        _require_empty(csv, [csv / run.name for run in loaded], force=force)
    if html is not None:
        from workbench.reports.writing import STEPS, write_report

        with watched_bar("report", STEPS) as advance:
            write_report(loaded, html, overwrite=force, known=load_runs(), advance=_counted(advance))
        _tell(html)
    if archive is not None:
        from workbench.runs.export import export_archive

        _tell(export_archive(loaded, archive))
    if csv is not None:
        from workbench.runs.export import export_csv

        written = export_csv(loaded, csv)
        _tell(csv, f", {how_many(len(written), 'file')}")


def _require_empty(folder: Path, folders: list[Path], *, force: bool) -> None:
    if folder.exists() and not folder.is_dir():
        raise WorkbenchError(f"{folder} is a file: give a folder for the tables.")
    there = [str(one) for one in folders if one.exists()]
    if there and not force:
        raise WorkbenchError(
            f"{there[0]} is there already. Use --force to replace it, or give another place."
        )


def _counted(advance: Callable[[int], None]) -> Callable[[str], None]:
    """Moves the bar by one when a step begins, so that the one before it counts as done."""
    begun: list[str] = []

    def step(title: str) -> None:
        if begun:
            advance(1)
        begun.append(title)

    return step


def _tell(path: Path, more: str = "") -> None:
    taken = path.stat().st_size if path.is_file() else 0
    size = f" ({taken / 1e6:.1f} MB)" if taken >= 1e6 else f" ({taken / 1e3:.1f} kB)" if taken else ""
    Console(soft_wrap=True, highlight=False).print(f"Written: {path}{size}{more}", markup=False)
