"""EURLEX57K as released: one JSON file a document, in folders train, dev and test or in one folder.

"Large-Scale Multi-Label Text Classification on EU Legislation" (Chalkidis et al. 2019).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from workbench.data.formats import Reader
from workbench.data.layout import split_files
from workbench.data.reading import Document, Place, Reading

TEXT_FIELDS = ("title", "header", "recitals", "main_body")
OWN_FIELDS = {"celex_id", "main_body", "recitals", "concepts"}


class Eurlex57k(Reader):
    """train/31958D1127.json …, each with celex_id, title, header, recitals, main_body and concepts."""

    name = "eurlex57k"
    layout = "EURLEX57K: train/*.json, dev/*.json, test/*.json, one document each, with celex_id, concepts, …"

    def recognises(self, file: Path) -> float:
        """By the fields of the JSON."""
        if file.suffix != ".json":
            return 0.0
        try:
            beginning = file.read_bytes()[:200_000].decode("utf-8", errors="replace")
        except OSError:
            return 0.0
        return 0.95 if sum(f'"{name}"' in beginning for name in OWN_FIELDS) >= 3 else 0.0

    def read(self, path: Path, reading: Reading) -> Iterator[Document]:
        """Stream the files; the text is title, header, recitals and main body, a paragraph each."""
        for split, file in split_files(path, lambda file: file.suffix == ".json", reading):
            record = _load(file, reading)
            document = _document(record, Place(split, file, None), reading) if record is not None else None
            if document:
                yield document


def _load(file: Path, reading: Reading) -> dict[str, Any] | None:
    try:
        content = file.read_bytes()
        reading.advance(len(content))
        record = json.loads(content.decode(reading.options.encoding))
    except UnicodeDecodeError as error:
        message = f"Byte {error.start + 1} is not {error.encoding}."
        reading.problems.error("wrong encoding", file, None, message, "Save it as UTF-8, or give --encoding.")
    except json.JSONDecodeError as error:
        message = f"The JSON is broken at column {error.colno}: {error.msg}."
        reading.problems.error("broken JSON", file, error.lineno, message, "Copy or download it again.")
    else:
        if isinstance(record, dict):
            return record
        message = f"The file holds a {type(record).__name__}, not an object."
        reading.problems.error("wrong type", file, None, message, "One file is one document.")
    return None


def _document(record: dict[str, Any], place: Place, reading: Reading) -> Document | None:
    parts = [record.get(name) or "" for name in TEXT_FIELDS]
    for name, part in zip(TEXT_FIELDS, parts, strict=True):
        if not isinstance(part, str) and not _is_list_of_strings(part):
            message = f"The field {name!r} must be a string or a list of strings."
            reading.problems.error("wrong type", place.file, place.line, message, "Correct the value.")
            return None
    paragraphs = ["\n".join(part) if isinstance(part, list) else part for part in parts]
    text = "\n".join(paragraph.strip() for paragraph in paragraphs if paragraph.strip())
    plain = {"text": text or " ", "labels": record.get("concepts"), "id": record.get("celex_id")}
    if record.get("concepts") is None:
        message = f"The field 'concepts' is missing; the fields are: {', '.join(record)}."
        reading.problems.error("missing field", place.file, place.line, message, "Add the list of concepts.")
        return None
    own = Reading(problems=reading.problems)  # field names are the format's, whatever the options say
    return own.document(plain, place)


def _is_list_of_strings(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


READER = Eurlex57k()
