"""JSON lines: one object a line with a text, a list of labels and perhaps an id; plain or gzipped."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from workbench.data.formats import Reader
from workbench.data.layout import split_files
from workbench.data.lines import first_lines, read_lines
from workbench.data.reading import Document, Place, Reading

SUFFIXES = (".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz")
PLAIN_SUFFIXES = (".json", ".json.gz")
REMEDY = "Write one object a line, as `jq -c '.[]' FILE` does."


class JsonLines(Reader):
    """Files such as train.jsonl, dev.jsonl.gz and test.jsonl, or one file."""

    name = "jsonl"
    layout = (
        'JSON lines, {"text": …, "labels": […]}, plain or .gz: train.jsonl, dev.jsonl, test.jsonl or one file'
    )

    def recognises(self, file: Path) -> float:
        """By its ending; a plain .json only if its first line is an object of its own."""
        if file.name.endswith(SUFFIXES):
            return 0.9
        if file.name.endswith(PLAIN_SUFFIXES):
            return 0.5 if _is_object("".join(first_lines(file))) else 0.1
        return 0.0

    def read(self, path: Path, reading: Reading) -> Iterator[Document]:
        """Stream the lines; blank ones are passed over."""
        for split, file in split_files(path, lambda file: self.recognises(file) > 0, reading):
            for number, line in read_lines(file, reading):
                if number == 1 and (line.strip() == "[" or line.lstrip().startswith("[{")):
                    reading.problems.error("wrong type", file, 1, "The file is one JSON array.", REMEDY)
                    break
                record = _parse(line, file, number, reading) if line.strip() else None
                document = record and reading.document(record, Place(split, file, number))
                if document:
                    yield document


def _parse(line: str, file: Path, number: int, reading: Reading) -> dict[str, Any] | None:
    try:
        record = json.loads(line)
    except ValueError as error:
        where = (
            f" at column {error.colno}: {error.msg}"
            if isinstance(error, json.JSONDecodeError)
            else f": {error}"
        )
        message = f"The JSON is broken{where}."
        reading.problems.error("broken JSON", file, number, message, "Each line must be one whole object.")
        return None
    except RecursionError:
        reading.problems.error("broken JSON", file, number, "The JSON is nested too deeply.", "Flatten it.")
        return None
    if not isinstance(record, dict):
        message = f"The line holds a {type(record).__name__}, not an object."
        remedy = 'Each line must look like {"text": "…", "labels": ["…"]}.'
        reading.problems.error("wrong type", file, number, message, remedy)
        return None
    return record


def _is_object(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False


READER = JsonLines()
