"""LibMultiLabel's text format: id, labels and text separated by tabs, labels by blanks; perhaps no id."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from workbench.data.formats import Reader
from workbench.data.layout import split_files
from workbench.data.lines import first_lines, read_lines
from workbench.data.reading import Document, Place, Reading

SUFFIXES = (".txt", ".tsv", ".txt.gz", ".tsv.gz")
HEADERS = {"text", "labels", "label", "id"}


class LibMultiLabel(Reader):
    """Files such as train.txt, valid.txt and test.txt, or one file."""

    name = "libmultilabel"
    layout = "LibMultiLabel: id<TAB>labels<TAB>text (or labels<TAB>text) in train.txt, valid.txt, test.txt"

    def recognises(self, file: Path) -> float:
        """By the tabs of the first line, unless that line is the header of a table."""
        if not file.name.endswith(SUFFIXES):
            return 0.0
        cells = "".join(first_lines(file)).split("\t")
        is_header = len(HEADERS & {cell.strip().lower() for cell in cells}) > 1
        return 0.7 if len(cells) > 1 and not is_header else 0.0

    def read(self, path: Path, reading: Reading) -> Iterator[Document]:
        """Stream the lines; the first line of a file decides whether there are ids."""
        for split, file in split_files(path, lambda file: file.name.endswith(SUFFIXES), reading):
            n_cells = 0
            for number, line in read_lines(file, reading):
                if not line.strip():
                    continue
                n_cells = n_cells or min(3, line.count("\t") + 1)
                document = _parse(line, n_cells, Place(split, file, number), reading)
                if document:
                    yield document


def _parse(line: str, n_cells: int, place: Place, reading: Reading) -> Document | None:
    cells = line.split("\t", maxsplit=max(n_cells, 2) - 1)
    if n_cells < 2 or len(cells) != n_cells:
        message = f"{len(cells)} cells between tabs; expected {max(n_cells, 2)}, as in the first line."
        remedy = "Each line is id, labels and text separated by tabs, or labels and text."
        reading.problems.error("wrong number of cells", place.file, place.line, message, remedy)
        return None
    identity = cells[0].strip() if n_cells == 3 else None
    return reading.build(cells[-1], cells[-2].split(), identity or None, place)


READER = LibMultiLabel()
