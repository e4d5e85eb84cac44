"""All documents of raw data together, with what only shows when they are seen together.

Importing and checking both go through `gather`, so that what one finds the other refuses.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from pathlib import Path

import numpy as np
from scipy import sparse

from workbench.data.companions import LabelList, find_label_list
from workbench.data.corpus import Split
from workbench.data.formats import Reader
from workbench.data.problems import Problems
from workbench.data.reading import Document, Reading
from workbench.data.similar_labels import folded, listed_spelling, spellings
from workbench.errors import nearest

Where = tuple[Path, int | None]


@dataclass
class Part:
    """The documents of one split (or of undivided data) as they stand in the files."""

    texts: list[str] = field(default_factory=list)
    ids: list[str | None] = field(default_factory=list)
    labels: list[tuple[int, ...]] = field(default_factory=list)
    places: list[Where] = field(default_factory=list)
    digests: list[bytes] = field(default_factory=list)

    def split(self, order: np.ndarray, n_labels: int, prefix: str) -> Split:
        """These documents as a Split; `order` gives each label's final position, missing ids are numbered."""
        lengths = [len(row) for row in self.labels]
        flat = np.fromiter((label for row in self.labels for label in row), np.int64, sum(lengths))
        indptr = np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])
        data = np.ones(len(flat), np.uint8)
        targets = sparse.csr_array((data, order[flat], indptr), shape=(len(self.texts), n_labels))
        ids = [identity or f"{prefix}-{number:06d}" for number, identity in enumerate(self.ids, start=1)]
        return Split(self.texts, targets, ids)


@dataclass
class Gathered:
    """Raw data in memory: parts by split (None where undivided) and labels in the order of first sight."""

    parts: dict[str | None, Part] = field(default_factory=dict)
    labels: dict[str, int] = field(default_factory=dict)
    label_list: LabelList | None = None
    label_names: dict[str, str] = field(default_factory=dict)

    @property
    def counts(self) -> dict[str, int]:
        """Documents per split; undivided data is called 'all'."""
        order = ("train", "valid", "test", None)
        there = sorted(self.parts.items(), key=lambda item: order.index(item[0]))
        return {split or "all": len(part.texts) for split, part in there}


def gather(reader: Reader, path: Path, reading: Reading, label_list: Path | None = None) -> Gathered:
    """Read everything; what is wrong is noted in reading.problems, and what is right is gathered."""
    known = find_label_list(path, label_list, reading.problems)
    is_folded = reading.options.fold_labels
    listed = {folded(name): name for name in known.names} if known and is_folded else {}
    gathered = Gathered(label_list=known, label_names=reader.label_names(path, reading))
    seen: dict[str, tuple[str | None, Where]] = {}
    for document in reader.read(path, reading):
        if listed:
            document = replace(document, labels=listed_spelling(document.labels, listed))
        _check_id(document, seen, reading.problems)
        _check_labels(document, known, reading.problems)
        part = gathered.parts.setdefault(document.split, Part())
        part.texts.append(document.text)
        part.ids.append(document.id)
        part.labels.append(
            tuple(gathered.labels.setdefault(label, len(gathered.labels)) for label in document.labels)
        )
        part.places.append((document.file, document.line))
        part.digests.append(_digest(document.text))
    _fold(gathered, path, reading)
    _check_whole(gathered, path, reading.problems)
    return gathered


def _fold(gathered: Gathered, path: Path, reading: Reading) -> None:
    """Make one of labels that differ in case or white space alone, or warn of them."""
    counts = Counter(label for part in gathered.parts.values() for row in part.labels for label in row)
    names = list(gathered.labels)
    known = gathered.label_list.names if gathered.label_list else {}
    alike = spellings({name: counts[position] for name, position in gathered.labels.items()}, known)
    if not reading.options.fold_labels:
        for labels in alike if not known else ():
            said = " and ".join(f"{label!r} ({counts[gathered.labels[label]]})" for label in labels)
            message = f"The labels {said} differ in case or white space alone; in brackets their documents."
            remedy = "If they are one label, --fold-labels makes them one."
            reading.problems.warn("similar labels", path, None, message, remedy)
        return
    spelt = {label: labels[0] for labels in alike for label in labels}
    kept = {
        name: number for number, name in enumerate(name for name in names if spelt.get(name, name) == name)
    }
    place = [kept[spelt.get(name, name)] for name in names]
    for part in gathered.parts.values():
        part.labels = [tuple(dict.fromkeys(place[label] for label in row)) for row in part.labels]
    gathered.labels = kept
    if alike:
        reading.notes.append(
            f"Labels that differed in case or white space alone: {len(spelt)} became {len(alike)}."
        )


def _check_id(document: Document, seen: dict[str, tuple[str | None, Where]], problems: Problems) -> None:
    if document.id is None:
        return
    place = (document.file, document.line)
    split, first = seen.setdefault(document.id, (document.split, place))
    if first != place:
        message = f"The id {document.id!r} stands already at {_said(first)}."
        remedy = "Ids must be unique."
        if split != document.split:
            remedy = 'Ids must be unique across splits; --id-field "" ignores them and numbers anew.'
        problems.error("duplicate id", *place, message, remedy)


def _check_labels(document: Document, known: LabelList | None, problems: Problems) -> None:
    for label in document.labels if known else ():
        if known and label not in known.names:
            message = f"The label {label!r} is not in {known.file.name}.{nearest(label, known.names)}"
            remedy = "Correct it, or add it to the list."
            problems.error("unknown label", document.file, document.line, message, remedy)


def _check_whole(gathered: Gathered, path: Path, problems: Problems) -> None:
    if not gathered.parts:
        if not problems.errors:
            problems.error(
                "no documents", path, None, "There is no document.", "Check the path and --format."
            )
        return
    if not gathered.labels:
        problems.error("no labels", path, None, "No document has a label.", "Check the field of the labels.")
    elif not ({"train", None} & gathered.parts.keys()):
        there = ", ".join(gathered.counts)
        message = f"There are documents for {there}, but none to train on."
        problems.error("no training documents", path, None, message, "Add a file named train.")
    for split, part in gathered.parts.items():
        _warn_unlabelled(split, part, problems)
    for warning in _leaks(gathered):
        problems.warn(*warning)


def _warn_unlabelled(split: str | None, part: Part, problems: Problems) -> None:
    rows = [row for row, labels in enumerate(part.labels) if not labels]
    if rows:
        file, line = part.places[rows[0]]
        whose = f" of {split}" if split else ""
        message = f"Documents{whose} without a label: {len(rows)}; this is the first."
        problems.warn(
            "no label", file, line, message, "Kept: they count in Hamming loss and F1, not in rankings."
        )


def _leaks(gathered: Gathered) -> Iterator[tuple[str, Path, int | None, str, str]]:
    """Texts that stand in two splits, or twice in data that is still to be divided."""
    seen: dict[bytes, tuple[str | None, Where]] = {}
    for split in ("train", "valid", "test", None):
        part = gathered.parts.get(split, Part())
        for digest, place in zip(part.digests, part.places, strict=True):
            before, first = seen.setdefault(digest, (split, place))
            if before != split:
                message = f"This document of {split} has the same text as one of {before}, at {_said(first)}."
                yield "leakage", *place, message, f"Results on {split} are too good by it."
            elif split is None and first != place:
                message = f"The same text stands already at {_said(first)}."
                yield "repeated text", *place, message, "The drawn splits may share it."


def _digest(text: str) -> bytes:
    """The same for texts that differ in case and white space alone."""
    return blake2b(" ".join(text.lower().split()).encode(), digest_size=16).digest()


def _said(place: Where) -> str:
    file, line = place
    return file.name if line is None else f"{file.name}:{line}"
