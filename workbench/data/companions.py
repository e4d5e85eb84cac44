"""The list of labels that comes beside the documents: codes with names, or codes alone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench.data.lines import read_lines
from workbench.data.problems import Problems
from workbench.data.reading import Reading
from workbench.errors import WorkbenchError

FILES = (
    "labels.json",
    "label_names.json",
    "label_codes.json",
    "label_to_index.json",
    "eurovoc_concepts.json",
    "eurovoc_concepts.jsonl",
    "labels.txt",
)


@dataclass(frozen=True)
class LabelList:
    """Every label that documents may carry, in order, with its name ('' where none is known)."""

    file: Path
    names: dict[str, str]


def find_label_list(path: Path, given: Path | None, problems: Problems) -> LabelList | None:
    """The label list that was `given`, else the first one known by its name in the data's folder.

    Raises:
        WorkbenchError: when the file given is not there.
    """
    if given is not None and not given.is_file():
        raise WorkbenchError(f"--labels {given}: the file does not exist.")
    folder = path if path.is_dir() else path.parent
    candidates = [given] if given else [folder / name for name in FILES]
    file = next((candidate for candidate in candidates if candidate.is_file()), None)
    if file is None or file == path:
        return None
    names = _read(file, problems)
    return LabelList(file, names) if names else None


def _read(file: Path, problems: Problems) -> dict[str, str]:
    reading = Reading(problems=problems)
    before = len(problems)
    lines = [line for _, line in read_lines(file, reading)]
    if len(problems) > before:
        return {}
    if file.suffix == ".txt":
        cells = [line.strip().split("\t", maxsplit=1) for line in lines if line.strip()]
        return {cell[0]: cell[1].strip() if len(cell) > 1 else "" for cell in cells}
    try:
        if file.suffix == ".jsonl":
            value: Any = {str(entry["id"]): entry for entry in map(json.loads, filter(None, lines))}
        else:
            value = json.loads("\n".join(lines))
    except (ValueError, KeyError, TypeError) as error:
        line = error.lineno if isinstance(error, json.JSONDecodeError) else None
        problems.error(
            "broken label list", file, line, f"It cannot be read: {error}.", "Correct or remove it."
        )
        return {}
    return _names(value, file, problems)


def _names(value: Any, file: Path, problems: Problems) -> dict[str, str]:
    if isinstance(value, list) and all(isinstance(code, str) and code for code in value):
        return dict.fromkeys(value, "")
    if isinstance(value, Mapping) and all(type(index) is int for index in value.values()):
        return dict.fromkeys(sorted(value, key=lambda code: value[code]), "")
    if isinstance(value, Mapping):
        found = {code: name["label"] if _has_label(name) else name for code, name in value.items()}
        if all(isinstance(name, str) for name in found.values()):
            return found
    message = "A label list is a list of codes, or an object from code to name."
    problems.error("broken label list", file, None, message, 'Write ["a", "b"] or {"a": "name of a"}.')
    return {}


def _has_label(value: Any) -> bool:
    return isinstance(value, Mapping) and isinstance(value.get("label"), str)
