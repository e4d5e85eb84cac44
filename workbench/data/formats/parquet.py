"""Parquet tables with a column of texts and a column of lists of labels, as the hub keeps its data sets."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from workbench.data.formats import Reader
from workbench.data.layout import split_files
from workbench.data.reading import Document, Place, Reading, decode_labels, has_doubled_columns
from workbench.errors import nearest

BATCH = 1024


class Parquet(Reader):
    """Files such as train.parquet, or train-00000-of-00002.parquet; rows are counted from 1."""

    name = "parquet"
    layout = (
        "Parquet with columns text and labels (a list of strings): train.parquet, test.parquet or one file"
    )

    def recognises(self, file: Path) -> float:
        """By its ending."""
        return 0.9 if file.suffix == ".parquet" else 0.0

    def read(self, path: Path, reading: Reading) -> Iterator[Document]:
        """Stream the rows, batch by batch; numbered classes get the names kept in the file."""
        for split, file in split_files(path, lambda file: file.suffix == ".parquet", reading):
            try:
                with pq.ParquetFile(file) as table:
                    if _has_columns(table.schema_arrow, file, reading):
                        yield from _documents(table, split, file, reading)
            except (pa.ArrowException, OSError, ValueError) as error:
                message = f"The file cannot be read as Parquet: {str(error).splitlines()[0]}"
                reading.problems.error("broken Parquet", file, None, message, "Write or download it again.")


def _documents(table: pq.ParquetFile, split: str | None, file: Path, reading: Reading) -> Iterator[Document]:
    names = class_names(table.schema_arrow, reading.options.labels_field)
    number = 0
    for batch in table.iter_batches(batch_size=BATCH):
        for record in batch.to_pylist():
            number += 1
            decode_labels(record, reading.options.labels_field, names)
            document = reading.document(record, Place(split, file, number))
            if document:
                yield document
        reading.advance(batch.nbytes)


def _has_columns(schema: pa.Schema, file: Path, reading: Reading) -> bool:
    options = reading.options
    wanted = [(name.strip(), "--text-field") for name in options.text_field.split(",")]
    for name, option in [*wanted, (options.labels_field, "--labels-field")]:
        if name not in schema.names:
            columns = ", ".join(schema.names[:12])
            message = f"There is no column {name!r}; the columns are: {columns}.{nearest(name, schema.names)}"
            reading.problems.error("missing field", file, None, message, f"Name the column with {option}.")
            return False
    place = Place(None, file, None)
    return not has_doubled_columns(schema.names, options, [options.labels_field], place, reading.problems)


def class_names(schema: pa.Schema, field: str) -> list[str] | None:
    """The names of numbered classes in `field`, which the library `datasets` keeps in the file's metadata."""
    try:
        info = json.loads((schema.metadata or {})[b"huggingface"])["info"]["features"][field]
    except (KeyError, ValueError, TypeError):
        return None
    inner = info.get("feature", info) if isinstance(info, dict) else info
    names = inner.get("names") if isinstance(inner, dict) else None
    return list(names) if names else None


READER = Parquet()
