"""Data sets of the Hugging Face hub, or a local folder in the same layout, through `datasets`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from workbench.data.formats import Reader
from workbench.data.layout import split_of
from workbench.data.reading import Document, Place, Reading, decode_labels

PREFIX = "hub:"


@dataclass(frozen=True)
class Source:
    """Where `datasets` finds a data set: a repository or folder, a part of it, a branch."""

    name: str
    config: str | None = None
    data_dir: str | None = None
    revision: str | None = None


SHORT_NAMES = {
    "go_emotions": Source("google-research-datasets/go_emotions", "simplified"),
    "lex_glue": Source("coastalcph/lex_glue", "eurlex"),
    "eurlex57k": Source("pietrolesci/eurlex-57k"),
    # its main branch is a loading script, which `datasets` runs no more; the hub's own conversion is a branch
    "reuters": Source("ucirvine/reuters21578", data_dir="ModApte", revision="refs/convert/parquet"),
}
TEXT_FIELDS = ("text", "abstract", "content", "sentence", "main_body")
LABEL_FIELDS = ("labels", "label", "topics", "eurovoc_concepts", "concepts", "categories")
ID_FIELDS = ("id", "celex_id", "new_id", "arxiv_id")


class Hub(Reader):
    """hub:go_emotions, hub:coastalcph/lex_glue:eurlex, hub:/a/local/folder."""

    name = "hub"
    layout = "the hub: hub:go_emotions, hub:lex_glue, hub:reuters, hub:OWNER/NAME[:CONFIG], hub:/local/folder"

    def detects(self, path: Path) -> float:
        """By the prefix hub: alone."""
        return 1.0 if str(path).startswith(PREFIX) else 0.0

    def read(self, path: Path, reading: Reading) -> Iterator[Document]:
        """Stream every split that the data set has; numbered classes get their names."""
        for key, rows in _load(locate(str(path)), path, reading).items():
            split = split_of(key)
            if split is None:
                message = f"The split {key!r} is neither train, validation nor test; it is left out."
                reading.problems.warn("unknown split", path, None, message)
                continue
            try:
                yield from _documents(rows, split, Path(f"{path}/{key}"), reading)
            except Exception as error:  # whatever a loader or the network raises becomes a named problem
                _failed(path, error, reading)


def locate(given: str) -> Source:
    """The data set and its part: 'hub:lex_glue' is coastalcph/lex_glue with the configuration eurlex."""
    name, _, part = given.removeprefix(PREFIX).partition(":")
    known = SHORT_NAMES.get(name, Source(name))
    if not part:
        return known
    return replace(known, data_dir=part) if known.data_dir else replace(known, config=part)


def _load(source: Source, path: Path, reading: Reading) -> Mapping[str, Any]:
    import datasets

    try:
        splits: Mapping[str, Any] = datasets.load_dataset(
            source.name, source.config, data_dir=source.data_dir, revision=source.revision, streaming=True
        )
    except Exception as error:  # the library raises whatever its loaders and the network do
        _failed(path, error, reading)
        return {}
    return splits


def _failed(path: Path, error: Exception, reading: Reading) -> None:
    message = f"The data set cannot be loaded: {(str(error).splitlines() or [type(error).__name__])[0]}"
    remedy = (
        "Check the name (hub:OWNER/NAME or hub:OWNER/NAME:CONFIG) and the network; without one, download the "
        "files elsewhere and import the folder."
    )
    reading.problems.error("hub", path, None, message, remedy)


def _documents(rows: Any, split: str, where: Path, reading: Reading) -> Iterator[Document]:
    own: Reading | None = None
    names: Sequence[str] | None = None
    for number, row in enumerate(rows, start=1):
        record = dict(row)
        if own is None:
            own = Reading(choose_fields(record, reading), reading.problems)
            names = class_names(rows.features, own.options.labels_field)
        decode_labels(record, own.options.labels_field, names)
        document = own.document(record, Place(split, where, number))
        if document:
            yield document


def choose_fields(record: Mapping[str, Any], reading: Reading) -> Any:
    """The options with the usual names of fields put in where the default ones are not there."""
    options = reading.options
    changes: dict[str, Any] = {}
    if options.text_field == "text" and "text" not in record:
        changes["text_field"] = next((name for name in TEXT_FIELDS if name in record), "text")
    if options.labels_field == "labels" and "labels" not in record:
        changes["labels_field"] = next((name for name in LABEL_FIELDS if name in record), "labels")
    if options.id_field is None:
        changes["id_field"] = next((name for name in ID_FIELDS if record.get(name)), None)
    if options.text_field == "text" and isinstance(record.get("title"), str):
        changes["text_field"] = f"title,{changes.get('text_field', 'text')}"
    chosen = options.model_copy(update=changes)
    note = f"Text from {chosen.text_field!r}, labels from {chosen.labels_field!r}."
    if note not in reading.notes:
        reading.notes.append(note)
    return chosen


def class_names(features: Any, field: str) -> Sequence[str] | None:
    """The names of a numbered class, also inside of a list; None where the field has no classes."""
    feature = (features or {}).get(field)
    inner = feature[0] if isinstance(feature, list) else getattr(feature, "feature", feature)
    names: Sequence[str] | None = getattr(inner, "names", None)
    return names


READER = Hub()
