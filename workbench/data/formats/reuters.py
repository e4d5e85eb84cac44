"""Reuters-21578 as released (reut2-*.sgm), divided as ModApte says.

The collection's README: train is LEWISSPLIT="TRAIN" with TOPICS="YES", test is LEWISSPLIT="TEST" with
TOPICS="YES".
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path

from workbench.data.formats import Reader
from workbench.data.layout import data_files
from workbench.data.lines import first_lines, read_lines
from workbench.data.reading import Document, Place, Reading

SPLITS = {"TRAIN": "train", "TEST": "test"}
ATTRIBUTE = re.compile(r'([A-Z]+)="([^"]*)"')
TOPICS = re.compile(r"<TOPICS>(.*?)</TOPICS>", re.DOTALL)
TEXT = re.compile(r"<TEXT[^>]*>(.*?)</TEXT>", re.DOTALL)
PARTS = re.compile(r"<(TITLE|BODY)>(.*?)</\1>", re.DOTALL)
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f]")


class Reuters(Reader):
    """reut2-000.sgm … reut2-021.sgm in one folder, or one of them."""

    name = "reuters"
    layout = "Reuters-21578: reut2-000.sgm … reut2-021.sgm, divided by ModApte"

    def recognises(self, file: Path) -> float:
        """By the ending and the document type."""
        is_sgml = file.name.lower().endswith((".sgm", ".sgm.gz", ".sgml"))
        return (0.95 if "lewis" in "".join(first_lines(file)).lower() else 0.6) if is_sgml else 0.0

    def read(self, path: Path, reading: Reading) -> Iterator[Document]:
        """Stream the stories of ModApte's train and test; the others are counted in a note."""
        unused = 0
        if reading.options.encoding == "utf-8":  # the files are in Latin-1
            reading.options = reading.options.model_copy(update={"encoding": "latin-1"})
        for file in (file for file in data_files(path) if self.recognises(file)):
            for number, story in _stories(file, reading):
                attributes = dict(ATTRIBUTE.findall(story[: story.find(">")]))
                split = SPLITS.get(attributes.get("LEWISSPLIT", ""))
                if split is None or attributes.get("TOPICS") != "YES":
                    unused += 1
                    continue
                document = _document(story, attributes.get("NEWID"), Place(split, file, number), reading)
                if document:
                    yield document
        reading.notes.append(f"ModApte division; {unused} stories belong to neither its train nor its test.")


def _stories(file: Path, reading: Reading) -> Iterator[tuple[int, str]]:
    """Each <REUTERS …>…</REUTERS> with the number of its first line."""
    start, lines = 0, list[str]()
    for number, line in read_lines(file, reading):
        if line.startswith("<REUTERS"):
            if start:
                _unclosed(file, start, reading)
            start, lines = number, []
        if start:
            lines.append(line)
        if start and "</REUTERS>" in line:
            yield start, "\n".join(lines)
            start = 0
    if start:
        _unclosed(file, start, reading)


def _unclosed(file: Path, number: int, reading: Reading) -> None:
    message = "A story begins here and has no </REUTERS>."
    reading.problems.error("broken SGML", file, number, message, "Copy or download the file again.")


def _document(story: str, identity: str | None, place: Place, reading: Reading) -> Document | None:
    topics, content = TOPICS.search(story), TEXT.search(story)
    if topics is None or content is None:
        missing = "<TOPICS>" if topics is None else "<TEXT>"
        message = f"The story has no {missing}."
        reading.problems.error("broken SGML", place.file, place.line, message, "Download the file again.")
        return None
    parts = [part for _, part in PARTS.findall(content[1])]
    text = "\n".join(parts) if parts else re.sub(r"<[^>]+>", " ", content[1])
    plain = CONTROL.sub(" ", html.unescape(CONTROL.sub(" ", text))).strip().removesuffix("Reuter").strip()
    return reading.build(plain, re.findall(r"<D>(.*?)</D>", topics[1]), identity, place)


READER = Reuters()
