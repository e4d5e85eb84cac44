"""What every reader shares: the document it gives, the choices it is given, and the checks of one record."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import Field

from workbench.config import Config
from workbench.data.problems import Problems
from workbench.errors import nearest


class ReadOptions(Config):
    """Choices for reading raw data."""

    text_field: str = Field(
        "text", description="field with the text; several joined by commas are put together"
    )
    labels_field: str = Field("labels", description="field with the labels")
    id_field: str | None = Field(
        None, description="field with the id; by default 'id' where there is one; empty: ids are generated"
    )
    separator: str | tuple[str, ...] | None = Field(
        None, description="what stands between labels in one cell of a table; several, where cells differ"
    )
    encoding: str = Field("utf-8", description="encoding of text files")
    fold_labels: bool = Field(
        False, description="whether labels that differ in case or white space alone are one label"
    )

    @property
    def separators(self) -> tuple[str, ...]:
        """What stands between labels; none where that is to be guessed."""
        given = (self.separator,) if isinstance(self.separator, str) else self.separator or ()
        return tuple(sign for sign in given if sign)


@dataclass(frozen=True, slots=True)
class Document:
    """One document as read; `split` is None where the data is not divided, `line` where a file is one."""

    text: str
    labels: tuple[str, ...]
    id: str | None
    split: str | None
    file: Path
    line: int | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record stands."""

    split: str | None
    file: Path
    line: int | None


@dataclass
class Reading:
    """One pass over raw data: the choices, the problems found so far, and who wants to know how far it is.

    Attributes:
        advance: called with the number of further bytes read of the files on disk.
        notes: what the reader has to say about the data, kept on the corpus card.
    """

    options: ReadOptions = field(default_factory=ReadOptions)
    problems: Problems = field(default_factory=Problems)
    advance: Callable[[int], None] = lambda _: None
    notes: list[str] = field(default_factory=list)

    def document(self, record: Mapping[str, Any], place: Place) -> Document | None:
        """The document in a record of fields; None, with the problems noted, when something is wrong."""
        text = self._text(record, place)
        labels = self._labels(record, place)
        identity, is_id_fine = self._identity(record, place)
        if text is None or labels is None or not is_id_fine:
            return None
        return self.build(text, labels, identity, place)

    def build(self, text: str, labels: Sequence[str], identity: str | None, place: Place) -> Document | None:
        """The document of these parts; None, with the problem noted, when the text or a label is empty."""
        if self.options.id_field == "":
            identity = None
        if not text.strip():
            self.problems.error(
                "empty text", place.file, place.line, "The text is empty.", "Fill it or remove it."
            )
            return None
        if not _is_unicode(text, *labels, identity or ""):
            message = "Half of a surrogate pair (\\ud800 to \\udfff) stands alone; that is not text."
            self.problems.error("wrong encoding", place.file, place.line, message, "Remove or complete it.")
            return None
        names = tuple(label.strip() for label in labels)
        if not all(names):
            self.problems.error(
                "empty label", place.file, place.line, "A label is the empty string.", "Name it or remove it."
            )
            return None
        unique = tuple(dict.fromkeys(names))
        if len(unique) < len(names):
            message = f"{len(names) - len(unique)} label(s) stand twice; they are counted once."
            self.problems.warn("repeated label", place.file, place.line, message)
        return Document(text, unique, identity, place.split, place.file, place.line)

    def _text(self, record: Mapping[str, Any], place: Place) -> str | None:
        parts = []
        for name in self.options.text_field.split(","):
            value = self._field(record, name.strip(), "--text-field", place)
            if value is None:
                return None
            if not isinstance(value, str):
                self._wrong_type(name, value, "a string", place)
                return None
            parts.append(value.strip() if "," in self.options.text_field else value)
        return "\n".join(part for part in parts if part)

    def _labels(self, record: Mapping[str, Any], place: Place) -> list[str] | None:
        name = self.options.labels_field
        value = self._field(record, name, "--labels-field", place)
        if value is None:
            return None
        separators = self.options.separators
        if isinstance(value, str) and separators:
            return [label for label in parts_of(value, separators) if label.strip()]
        if not isinstance(value, list | tuple) or not all(isinstance(label, str) for label in value):
            self._wrong_type(name, value, 'a list of strings such as ["a", "b"]', place)
            return None
        return list(value)

    def _identity(self, record: Mapping[str, Any], place: Place) -> tuple[str | None, bool]:
        if self.options.id_field == "":
            return None, True
        name = self.options.id_field or "id"
        if record.get(name) is None:
            if self.options.id_field is not None:
                self._field(record, name, "--id-field", place)
            return None, self.options.id_field is None
        value = record[name]
        if isinstance(value, bool) or not isinstance(value, str | int) or not str(value).strip():
            self._wrong_type(name, value, "a string that is not empty", place)
            return None, False
        return str(value), True

    def _field(self, record: Mapping[str, Any], name: str, option: str, place: Place) -> Any:
        if record.get(name) is not None:
            return record[name]
        what = "is null" if name in record else "is missing"
        there = ", ".join(map(str, list(record)[:12])) or "none"
        message = f"The field {name!r} {what}; the fields are: {there}.{nearest(name, map(str, record))}"
        remedy = f"Add it, or name another one with {option}."
        self.problems.error("missing field", place.file, place.line, message, remedy)
        return None

    def _wrong_type(self, name: str, value: Any, expected: str, place: Place) -> None:
        given = repr(value) if len(repr(value)) <= 60 else f"{repr(value)[:57]}..."
        message = f"The field {name!r} must be {expected}, not {given}."
        self.problems.error("wrong type", place.file, place.line, message, "Correct the value.")


def has_doubled_columns(
    names: Sequence[str], options: ReadOptions, labels: Iterable[str], place: Place, problems: Problems
) -> bool:
    """Whether a table has two columns of one name among those that are read; then the problem is noted.

    Args:
        names: of all columns.
        options: which of them are the text and the id.
        labels: the column of labels, or those of one label each.
        place: of the header.
        problems: where it is noted.
    """
    texts = (name.strip() for name in options.text_field.split(","))
    identity = "id" if options.id_field is None else options.id_field
    counts = Counter(names)
    doubled = [name for name in dict.fromkeys((*texts, *labels, identity)) if counts[name] > 1]
    if doubled:
        message = f"More than one column is called {' and more than one '.join(map(repr, doubled))}."
        remedy = "Rename or remove all but one of each name."
        problems.error("doubled column", place.file, place.line, message, remedy)
    return bool(doubled)


def _is_unicode(*strings: str) -> bool:
    try:
        "".join(strings).encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def parts_of(cell: str, separators: Sequence[str]) -> list[str]:
    """What stands between separators, longer ones first; the whole cell where there is none."""
    signs = sorted(separators, key=len, reverse=True)
    return re.split("|".join(map(re.escape, signs)), cell) if signs else [cell]


def decode_labels(record: dict[str, Any], field: str, names: Sequence[str] | None) -> None:
    """Replace numbered classes in a record by their names, in place; anything else stays as it is."""
    value = record.get(field)
    numbers: list[Any] = value if isinstance(value, list) else [value]
    if names and all(type(number) is int and 0 <= number < len(names) for number in numbers):
        record[field] = [names[number] for number in numbers]
