"""Tables in text form (CSV, TSV) with a header: a column of labels, or one column of 0/1 for each label."""

from __future__ import annotations

import ast
import csv
from collections.abc import Callable, Iterator
from itertools import chain, islice
from pathlib import Path

from workbench.data.formats import Reader
from workbench.data.layout import split_files
from workbench.data.lines import first_lines, read_lines
from workbench.data.reading import Document, Place, Reading, has_doubled_columns, parts_of
from workbench.errors import nearest
from workbench.wording import how_many

SUFFIXES = (".csv", ".csv.gz", ".tsv", ".tsv.gz")
SEPARATORS = ("|", ";", ",")
DOUBTFUL = ("/",)
"""What stands between labels now and then, and within labels as often: never guessed."""
TRUTH = {"0": False, "1": True, "0.0": False, "1.0": True}
csv.field_size_limit(2**30)

Row = tuple[int, list[str]]
Labels = Callable[[list[str]], list[str]]


class Tables(Reader):
    """Files such as train.csv, dev.csv and test.csv, or one file."""

    name = "csv"
    layout = "CSV or TSV with a header: columns text and labels (a|b|c), or text and one 0/1 column per label"

    def recognises(self, file: Path) -> float:
        """By its ending; a .tsv without the text column in its header is hardly one."""
        if not file.name.endswith(SUFFIXES):
            return 0.0
        has_header = "text" in "".join(first_lines(file)).lower()
        return 0.8 if has_header or ".csv" in file.suffixes else 0.3

    def read(self, path: Path, reading: Reading) -> Iterator[Document]:
        """Stream the rows."""
        for split, file in split_files(path, lambda file: file.name.endswith(SUFFIXES), reading):
            rows = _rows(file, reading)
            header = next(rows, None)
            if header is None:
                reading.problems.error(
                    "empty file", file, None, "The file has no header.", "Add or remove it."
                )
                continue
            names = [name.strip() for name in header[1]]
            sample = list(islice(rows, 100))
            labels = _labels_of(names, sample, file, reading)
            if labels:
                yield from _documents(names, chain(sample, rows), labels, Place(split, file, None), reading)


def _documents(
    names: list[str], rows: Iterator[Row], labels: Labels, place: Place, reading: Reading
) -> Iterator[Document]:
    own = Reading(reading.options.model_copy(update={"labels_field": "labels"}), reading.problems)
    for number, cells in rows:
        if len(cells) != len(names):
            message = f"{len(cells)} cells, but the header has {len(names)}."
            reading.problems.error(
                "wrong number of cells", place.file, number, message, "Quote cells that hold the separator."
            )
            continue
        here = Place(place.split, place.file, number)
        record: dict[str, object] = dict(zip(names, cells, strict=True))
        try:
            record["labels"] = labels(cells)
        except ValueError as error:
            reading.problems.error("wrong type", place.file, number, str(error), "Correct the cell.")
            continue
        if record.get("id") == "" and reading.options.id_field is None:
            del record["id"]
        document = own.document(record, here)
        if document:
            yield document


def _rows(file: Path, reading: Reading) -> Iterator[Row]:
    """Each row that is not empty with the number of its first line."""
    last = [0]

    def lines() -> Iterator[str]:
        for number, line in read_lines(file, reading):
            last[0] = number
            yield line + "\n"

    first = "".join(first_lines(file, encoding=reading.options.encoding))
    delimiter = "\t" if ".tsv" in file.suffixes else max(",;\t", key=first.count)
    table = csv.reader(lines(), delimiter=delimiter, strict=True)
    while True:
        start = last[0] + 1
        try:
            cells = next(table)
        except StopIteration:
            return
        except csv.Error as error:
            remedy = 'Close every quote, and write a quote inside of a cell twice ("").'
            reading.problems.error("broken CSV", file, start, f"The row cannot be read: {error}.", remedy)
            continue
        if any(cell.strip() for cell in cells):
            yield start, cells


def _labels_of(names: list[str], sample: list[Row], file: Path, reading: Reading) -> Labels | None:
    """How to find a row's labels; None, with the problem noted, if the columns do not fit."""
    options = reading.options
    missing = [name for name in options.text_field.split(",") if name.strip() not in names]
    if missing:
        _no_column(missing[0], names, "--text-field", file, reading)
        return None
    header = Place(None, file, 1)
    if options.labels_field in names:
        if has_doubled_columns(names, options, [options.labels_field], header, reading.problems):
            return None
        column = names.index(options.labels_field)
        cells = [row[column] for _, row in sample if len(row) > column]
        return _from_cell(column, options.separators or _separators(cells, file, reading))
    taken = {name.strip() for name in options.text_field.split(",")} | {options.id_field or "id"}
    columns = {position: name for position, name in enumerate(names) if name not in taken}
    whole = [row for _, row in sample if len(row) == len(names)]
    if not columns or not any(all(row[place].strip() in TRUTH for place in columns) for row in whole):
        _no_column(options.labels_field, names, "--labels-field", file, reading)
        return None
    if has_doubled_columns(names, options, columns.values(), header, reading.problems):
        return None
    return _from_indicators(columns)


def _no_column(name: str, names: list[str], option: str, file: Path, reading: Reading) -> None:
    message = f"There is no column {name!r}; the columns are: {', '.join(names[:12])}.{nearest(name, names)}"
    if option == "--labels-field":
        message += " The other columns do not hold 0 and 1, so that they are not one label each."
    reading.problems.error("missing field", file, 1, message, f"Name the column with {option}.")


def _separators(cells: list[str], file: Path, reading: Reading) -> tuple[str, ...]:
    """The separator of labels as far as the first rows tell; others that stand in cells are warned of."""
    plain = [cell for cell in cells if not cell.lstrip().startswith("[")]
    found = [sign for sign in SEPARATORS if any(sign in cell for cell in plain)]
    guess = f"Labels in a cell are separated by {found[0]!r}" if found else "Labels are taken for one a cell"
    if found:
        reading.notes.append(f"{guess}, as guessed from the first rows.")
    for other in (*found[1:], *DOUBTFUL):
        holding = [cell for cell in plain if other in cell]
        if not holding:
            continue
        named = " ".join(f"--separator {sign!r}" for sign in (*found[:1], other))
        verb = "holds" if len(holding) == 1 else "hold"
        rows = f"{len(holding)} of the first {how_many(len(cells), 'row')} {verb}"
        message = f"{guess}, but {rows} {other!r} too: {holding[0].strip()[:60]!r}."
        remedy = f"If that separates labels, name what does: {named}."
        reading.problems.warn("mixed separators", file, None, message, remedy)
    return tuple(found[:1])


def _from_cell(column: int, separators: tuple[str, ...]) -> Labels:
    def labels(cells: list[str]) -> list[str]:
        cell = cells[column].strip()
        if cell.startswith("[") and cell.endswith("]"):
            return _from_list(cell)
        return [part.strip() for part in parts_of(cell, separators) if part.strip()]

    return labels


def _from_list(cell: str) -> list[str]:
    try:
        found = ast.literal_eval(cell)
    except (ValueError, SyntaxError):
        raise ValueError(f"The labels {cell[:60]!r} look like a list but cannot be read as one.") from None
    if not all(isinstance(label, str) for label in found):
        raise ValueError(f"The labels {cell[:60]!r} must be strings.")
    return list(found)


def _from_indicators(columns: dict[int, str]) -> Labels:
    def labels(cells: list[str]) -> list[str]:
        for position, name in columns.items():
            if cells[position].strip() not in TRUTH:
                raise ValueError(f"Column {name!r} must hold 0 or 1, not {cells[position][:40]!r}.")
        return [name for position, name in columns.items() if TRUTH[cells[position].strip()]]

    return labels


READER = Tables()
