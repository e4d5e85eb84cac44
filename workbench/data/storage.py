"""A corpus on disk: one memory-mapped Arrow file per split and card.json; opening it reads no text.

Each split's file has the columns id (large_string), text (large_string) and labels (list<int32>, positions in
the label list of card.json, ascending), and where documents were made from others which of them (bool).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, overload

import numpy as np
import pyarrow as pa
from scipy import sparse

from workbench.data.cards import CARD, SCHEMA, damaged, read_card
from workbench.data.corpus import SPLITS, Corpus, CorpusCard, Split
from workbench.files import write_json

BATCH = 8192
COLUMNS = pa.schema(
    [("id", pa.large_string()), ("text", pa.large_string()), ("labels", pa.list_(pa.int32()))]
)
GENERATED = pa.field("generated", pa.bool_())


class ArrowTexts(Sequence[str]):
    """A column of strings that stays in its file; only the strings asked for are read."""

    def __init__(self, column: pa.ChunkedArray) -> None:
        self._chunks = [chunk for chunk in column.chunks if len(chunk)]
        self._ends = np.cumsum([len(chunk) for chunk in self._chunks], dtype=np.int64)

    def __len__(self) -> int:
        return int(self._ends[-1]) if len(self._ends) else 0

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> list[str]: ...
    def __getitem__(self, index: int | slice) -> str | list[str]:
        if isinstance(index, slice):
            return [self[position] for position in range(*index.indices(len(self)))]
        position = int(index) + len(self) if index < 0 else int(index)
        if not 0 <= position < len(self):
            raise IndexError(f"document {index} of {len(self)}")
        chunk = int(np.searchsorted(self._ends, position, side="right"))
        start = self._ends[chunk] - len(self._chunks[chunk])
        text: str = self._chunks[chunk][int(position - start)].as_py()
        return text

    def __iter__(self) -> Iterator[str]:
        for chunk in self._chunks:
            for start in range(0, len(chunk), BATCH):
                yield from chunk.slice(start, BATCH).to_pylist()


def write_corpus(corpus: Corpus, folder: Path) -> None:
    """Write every file of a corpus into an existing, empty folder; the card comes last."""
    for name, split in corpus.splits.items():
        _write_split(split, folder / f"{name}.arrow")
    write_json(folder / CARD, _describe(corpus))


def read_corpus(folder: Path) -> Corpus:
    """Open a corpus's folder; texts and ids stay on disk until they are asked for.

    Raises:
        WorkbenchError: files that are missing, damaged, or written by a newer version, named with what to do.
    """
    card = read_card(folder)
    splits = {name: _read_split(folder / f"{name}.arrow", len(card["labels"])) for name in SPLITS}
    for name, split in splits.items():
        if len(split) != card["counts"][name]:
            raise damaged(
                folder / f"{name}.arrow", f"{len(split)} documents, {card['counts'][name]} on its card"
            )
    about = {**card["about"], "notes": tuple(card["about"]["notes"])}
    return Corpus(
        card["name"],
        splits["train"],
        splits["valid"],
        splits["test"],
        tuple(card["labels"]),
        tuple(card["label_texts"]),
        CorpusCard(**about),
        card["fingerprint"],
        card["split_id"],
        descriptions=tuple(card.get("descriptions", ())),
    )


def _describe(corpus: Corpus) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "name": corpus.name,
        "about": asdict(corpus.card),
        "fingerprint": corpus.fingerprint,
        "split_id": corpus.split_id,
        "counts": {name: len(split) for name, split in corpus.splits.items()},
        "labels": list(corpus.labels),
        "label_texts": list(corpus.label_texts),
        **({"descriptions": list(corpus.descriptions)} if corpus.descriptions else {}),
    }


def _write_split(split: Split, path: Path) -> None:
    schema = COLUMNS if split.generated is None else COLUMNS.append(GENERATED)
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, schema) as writer:
        for start in range(0, len(split), BATCH):
            rows = slice(start, start + BATCH)
            targets = split.targets[rows]
            labels = pa.ListArray.from_arrays(
                pa.array(targets.indptr, pa.int32()), pa.array(targets.indices, pa.int32())
            )
            columns = [pa.array(list(part[rows]), pa.large_string()) for part in (split.ids, split.texts)]
            marks = [] if split.generated is None else [pa.array(split.generated[rows])]
            writer.write_batch(pa.record_batch([*columns, labels, *marks], schema=schema))


def _read_split(path: Path, n_labels: int) -> Split:
    try:
        table = pa.ipc.open_file(pa.memory_map(str(path))).read_all()
    except FileNotFoundError:
        raise damaged(path, "it is missing") from None
    except (pa.ArrowException, OSError) as error:
        raise damaged(path, str(error)) from None
    is_marked = table.schema.equals(COLUMNS.append(GENERATED))
    if not is_marked and not table.schema.equals(COLUMNS):
        raise damaged(path, f"columns {', '.join(table.schema.names)}")
    labels = table["labels"]
    counts = labels.combine_chunks().value_lengths().to_numpy(zero_copy_only=False) if len(table) else []
    indptr = np.concatenate([[0], np.cumsum(counts, dtype=np.int64)]).astype(np.int32)
    indices = np.concatenate(
        [np.zeros(0, np.int32), *(chunk.flatten().to_numpy() for chunk in labels.chunks)]
    )
    if len(indices) and not 0 <= indices.min() <= indices.max() < n_labels:
        raise damaged(path, f"a label outside of the {n_labels} on the card")
    targets = sparse.csr_array(
        (np.ones(len(indices), np.uint8), indices, indptr), shape=(len(table), n_labels)
    )
    generated = np.asarray(table["generated"], dtype=bool) if is_marked else None
    return Split(ArrowTexts(table["text"]), targets, ArrowTexts(table["id"]), generated)
