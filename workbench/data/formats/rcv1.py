"""RCV1-v2 as released: lyrl2004_tokens_*.dat with .I and .W entries, and rcv1-v2.topics.qrels.

"RCV1: A New Benchmark Collection for Text Categorization Research" (Lewis et al. 2004), online
appendices 8 and 12.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from workbench.data.formats import Reader
from workbench.data.layout import data_files, split_files
from workbench.data.lines import read_lines
from workbench.data.reading import Document, Place, Reading

TOKENS = re.compile(r"tokens.*\.dat(\.gz)?$")
QRELS = re.compile(r"topics.*\.qrels(\.gz)?$")
HIERARCHY = re.compile(r"topics\.hier\.(orig|expanded)(\.gz)?$")
TOPIC = re.compile(r"child:\s*(\S+)\s+child-description:\s*(.+)")


class Rcv1(Reader):
    """lyrl2004_tokens_train.dat, lyrl2004_tokens_test_pt0.dat … and rcv1-v2.topics.qrels in one folder."""

    name = "rcv1"
    layout = "RCV1-v2: lyrl2004_tokens_train.dat, lyrl2004_tokens_test_pt0.dat, …, rcv1-v2.topics.qrels"

    def recognises(self, file: Path) -> float:
        """By the names of the token files."""
        return 0.95 if TOKENS.search(file.name) else 0.0

    def read(self, path: Path, reading: Reading) -> Iterator[Document]:
        """Stream the token files; every document must stand in the qrels."""
        folder = path.parent if path.is_file() else path
        qrels = next((file for file in data_files(folder) if QRELS.search(file.name)), None)
        if qrels is None:
            remedy = "Put rcv1-v2.topics.qrels into the folder."
            reading.problems.error(
                "missing file", folder, None, "The file with the topics is missing.", remedy
            )
            return
        topics = _read_qrels(qrels, reading)
        for split, file in split_files(path, lambda file: bool(TOKENS.search(file.name)), reading):
            for number, identity, text in _entries(file, reading):
                if identity not in topics:
                    message = f"Document {identity} has no topic in {qrels.name}."
                    remedy = "Complete the qrels, or remove the document."
                    reading.problems.error("missing labels", file, number, message, remedy)
                    continue
                document = reading.build(text, topics[identity], identity, Place(split, file, number))
                if document:
                    yield document

    def label_names(self, path: Path, reading: Reading) -> dict[str, str]:
        """Names of the topics, where rcv1.topics.hier.orig stands beside the tokens."""
        folder = path.parent if path.is_file() else path
        file = next((file for file in data_files(folder) if HIERARCHY.search(file.name)), None)
        lines = read_lines(file, reading) if file else ()
        found = (TOPIC.search(line) for _, line in lines)
        return {match[1]: match[2].strip().capitalize() for match in found if match and match[1] != "Root"}


def _read_qrels(file: Path, reading: Reading) -> dict[str, list[str]]:
    topics: dict[str, list[str]] = {}
    for number, line in read_lines(file, reading):
        cells = line.split()
        if len(cells) == 3:
            topics.setdefault(cells[1], []).append(cells[0])
        elif cells:
            message = f"{len(cells)} cells instead of 3."
            reading.problems.error(
                "wrong number of cells", file, number, message, "A line is: topic, document, 1."
            )
    return topics


def _entries(file: Path, reading: Reading) -> Iterator[tuple[int, str, str]]:
    """Each entry's first line, id and text."""
    start, identity, words, is_text = 0, "", list[str](), False
    for number, line in read_lines(file, reading):
        if line.startswith(".I"):
            if start:
                yield start, identity, "\n".join(words)
            start, identity, words, is_text = number, line[2:].strip(), [], False
        elif line.startswith(".W"):
            is_text = True
        elif line.strip() and not (start and is_text):
            message = "Text outside of an entry."
            reading.problems.error(
                "broken entry", file, number, message, "An entry is .I ID, .W, then its tokens."
            )
        elif line.strip():
            words.append(line)
    if start:
        yield start, identity, "\n".join(words)


READER = Rcv1()
