"""An exhibit on disk: tables as CSV, the figure as plotly's JSON, and where all of it came from."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from workbench import __version__
from workbench.exhibits.base import Exhibit, Result
from workbench.exhibits.other_papers import sides_of
from workbench.exhibits.scope import Scope
from workbench.exhibits.state import State
from workbench.files import write_json, write_text
from workbench.plain_text import csv_text
from workbench.workspace import Workspace


def folder_of(exhibit: Exhibit, scope: Scope, workspace: Workspace) -> Path:
    """exhibits/<paper>/<exhibit>/<corpus>-<encoders>-<budget>, or /<corpus> for one without runs."""
    if not exhibit.needs(scope):
        return workspace.exhibits / exhibit.id / scope.corpus.name
    encoders = "+".join(_plain(encoder) + ("-frozen" if scope.frozen else "") for encoder in scope.encoders)
    parts = (scope.corpus.name, encoders, scope.budget)
    return workspace.exhibits / exhibit.id / "-".join(filter(None, parts))


def write_exhibit(
    exhibit: Exhibit, scope: Scope, state: State, result: Result, folder: Path, *, html: bool = False
) -> list[Path]:
    """Write what came out into `folder`, in place of what was there; gives the files, the figure first.

    With `html` also a page of its own that needs no network (about 5 MB).
    """
    written = []
    figure = exhibit.figure(result)
    if figure is not None:
        written.append(_written(folder / "figure.json", figure.to_json()))
        if html:
            from workbench.figures.pages import figure_page

            written.append(_written(folder / "figure.html", figure_page(figure, exhibit.id)))
    for name, table in result.tables.items():
        if name == "numbers":
            table = sides_of(exhibit, table, scope.encoders)
        written.append(_written(folder / f"{name}.csv", csv_text(table)))
    write_json(folder / "exhibit.json", _origin(exhibit, scope, state, result))
    return [*written, folder / "exhibit.json"]


def _origin(exhibit: Exhibit, scope: Scope, state: State, result: Result) -> dict[str, Any]:
    return {
        "id": exhibit.id,
        "paper": exhibit.paper.title,
        "place": exhibit.place,
        "caption": exhibit.caption,
        "remark": exhibit.remark,
        "corpus": {"name": scope.corpus.name, "split_id": scope.corpus.split_id},
        "corpus_fingerprint": scope.corpus.fingerprint,
        "encoders": list(scope.encoders),
        "frozen": scope.frozen,
        "budget": scope.budget,
        "seeds": list(scope.seeds),
        "settings": {encoder: scope.settings_for(encoder) for encoder in scope.encoders},
        "runs": [one.run.name for one in state.made],
        "missing_runs": len(state.missing) + len(state.training),
        "problems": list(result.problems),
        "written_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "workbench": __version__,
    }


def _written(path: Path, text: str) -> Path:
    write_text(path, text)
    return path


def _plain(name: str) -> str:
    last = name.rstrip("/").rpartition("/")[2].lower()
    return "".join(letter if letter.isalnum() or letter in "_.-" else "-" for letter in last)
