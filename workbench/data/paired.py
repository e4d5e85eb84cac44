"""Two files side by side: line n of one is a text, line n of the other its labels, separated by blanks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from workbench.data.layout import data_files, split_of
from workbench.data.lines import read_lines
from workbench.data.reading import Document, Place, Reading

Role = Callable[[Path], str | None]


def find_pairs(path: Path, role: Role) -> dict[str, dict[str, Path]]:
    """The files of each split by their role ('texts' or 'labels'), as `role` tells it from a file's name."""
    pairs: dict[str, dict[str, Path]] = {}
    if path.is_file():
        return pairs
    for file in data_files(path):
        split, part = split_of(file.name), role(file)
        if split and part:
            pairs.setdefault(split, {}).setdefault(part, file)
    return pairs


def is_paired(path: Path, role: Role) -> bool:
    """Whether a folder has, for some split, both files of a pair."""
    return any(len(pair) == 2 for pair in find_pairs(path, role).values())


def read_pairs(path: Path, role: Role, reading: Reading) -> Iterator[Document]:
    """Stream the documents of all pairs; a file without its partner and unequal lengths are noted."""
    pairs = find_pairs(path, role)
    if not pairs:
        message = "There are no texts and labels files side by side."
        reading.problems.error("missing file", path, None, message, "Give the folder that holds both.")
    for split, pair in pairs.items():
        if len(pair) == 2:
            yield from _read_pair(split, pair["texts"], pair["labels"], reading)
            continue
        (present, file), missing = next(iter(pair.items())), ({"texts", "labels"} - pair.keys()).pop()
        message = f"These are the {present} of {split}; the file with the {missing} is missing."
        reading.problems.error("missing file", file, None, message, "Put it beside this one.")


def _read_pair(split: str, texts: Path, labels: Path, reading: Reading) -> Iterator[Document]:
    before = len(reading.problems)
    n_texts = n_labels = 0
    for number, text, label in _aligned(read_lines(texts, reading), read_lines(labels, reading)):
        n_texts, n_labels = number if text is not None else n_texts, number if label is not None else n_labels
        if text is not None and label is not None:
            document = reading.build(text, label.split(), None, Place(split, texts, number))
            if document:
                yield document
    if n_texts != n_labels and len(reading.problems) == before:
        message = f"{n_texts} texts, but {n_labels} lines of labels in {labels.name}."
        remedy = "Line n of both must belong together."
        place = min(n_texts, n_labels) + 1
        reading.problems.error("unequal lengths", texts, place, message, remedy)


def _aligned(
    texts: Iterator[tuple[int, str]], labels: Iterator[tuple[int, str]]
) -> Iterator[tuple[int, str | None, str | None]]:
    """Lines of equal number together; None where one side lacks the line (unreadable, or too short)."""
    text, label = next(texts, None), next(labels, None)
    while text or label:
        number = min(line[0] for line in (text, label) if line)
        own_text = text[1] if text and text[0] == number else None
        own_label = label[1] if label and label[0] == number else None
        yield number, own_text, own_label
        text = text if own_text is None else next(texts, None)
        label = label if own_label is None else next(labels, None)
