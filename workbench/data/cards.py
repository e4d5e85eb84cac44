"""What the corpora at hand are, from their cards alone: nothing heavy is imported, no document is opened."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench.data.names import is_name
from workbench.errors import WorkbenchError
from workbench.files import refuse_link
from workbench.workspace import Workspace

BUILT_IN = "demo"
SCHEMA = 1
CARD = "card.json"


@dataclass(frozen=True)
class CorpusEntry:
    """A folder among the corpora: its card, or why it cannot be opened."""

    name: str
    path: Path
    card: Mapping[str, Any] | None
    problem: str | None = None


def list_corpora(workspace: Workspace | None = None) -> list[CorpusEntry]:
    """Every corpus folder of the workspace by name; a broken one comes with its problem and never raises.

    Args:
        workspace: where corpora are; by default the current folder or WORKBENCH_HOME.

    Returns:
        Each with its `name`, `path`, and `card` (counts, labels, split id) or `problem`.
    """
    corpora = (workspace or Workspace.current()).corpora
    if not corpora.is_dir():
        return []
    folders = sorted(path for path in corpora.iterdir() if path.is_dir() and not path.name.startswith("."))
    return [_entry(folder) for folder in folders]


def _entry(folder: Path) -> CorpusEntry:
    try:
        refuse_link(folder)
        return CorpusEntry(folder.name, folder, read_card(folder))
    except WorkbenchError as error:
        return CorpusEntry(folder.name, folder, None, str(error))


def read_card(folder: Path) -> dict[str, Any]:
    """The content of card.json: name, about, counts, labels, label_texts, fingerprint, split_id."""
    path = folder / CARD
    try:
        card: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        schema, name = int(card["schema"]), card["name"]
    except FileNotFoundError:
        raise WorkbenchError(
            f"{folder} is not a corpus: it has no {CARD}. Raw data becomes one with "
            f"`workbench data import {folder} --name NAME`."
        ) from None
    except (ValueError, KeyError, TypeError, OSError) as error:
        raise damaged(path, str(error)) from None
    if schema > SCHEMA:
        raise WorkbenchError(
            f"{path}: corpus {name!r} was written by a newer version of the workbench (schema {schema}, "
            f"this one reads up to {SCHEMA}). Update the workbench, or import the corpus again."
        )
    if not is_name(str(name)):
        raise damaged(path, f"{str(name)[:100]!r} cannot name a corpus")
    missing = {"about", "counts", "labels", "label_texts", "fingerprint", "split_id"} - card.keys()
    if missing:
        raise damaged(path, f"missing {', '.join(sorted(missing))}")
    return card


def damaged(path: Path, why: str) -> WorkbenchError:
    """The error for a file of a corpus that is missing or does not hold what it should."""
    return WorkbenchError(f"{path} is damaged ({why}). Import the corpus again with --force.")
