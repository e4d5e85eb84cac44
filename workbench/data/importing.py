"""From raw data to a corpus in the workspace: read, refuse or complete, save. `check` reads alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from workbench.data.cards import BUILT_IN
from workbench.data.corpus import (
    VALID_FRACTION,
    Corpus,
    CorpusCard,
    Split,
    draw_split,
    make_corpus,
    open_up,
)
from workbench.data.formats import Reader, reader_for
from workbench.data.gathering import Gathered, gather
from workbench.data.library import save_corpus
from workbench.data.names import check_name
from workbench.data.problems import Problems
from workbench.data.reading import Reading, ReadOptions
from workbench.data.stratification import stratified_sample
from workbench.errors import WorkbenchError
from workbench.workspace import Workspace


@dataclass(frozen=True)
class Source:
    """Raw data and how to read it.

    Attributes:
        path: a file, a folder, or "hub:NAME"; a text becomes a path.
        format: a reader's name; None to recognise it.
        label_list: a file with the codes (and names) of labels; None to look for one beside the data.
    """

    path: Path
    format: str | None = None
    options: ReadOptions = field(default_factory=ReadOptions)
    label_list: Path | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "path", Path(self.path))
        if self.label_list is not None:
            object.__setattr__(self, "label_list", Path(self.label_list))


@dataclass(frozen=True)
class Checked:
    """What a check found.

    Attributes:
        format: the reader's name.
        counts: documents per split; undivided data is called 'all'.
        n_labels: how many labels there are.
        problems: what is wrong, in the order in which it was met; each has place, message and remedy.
        notes: what the reader took upon itself, such as a guessed separator.
    """

    format: str
    counts: dict[str, int]
    n_labels: int
    problems: Problems
    notes: tuple[str, ...] = ()


def check_source(source: Source, advance: Callable[[int], None] = lambda _: None) -> Checked:
    """Read raw data and note everything that is wrong with it; nothing is written.

    Args:
        source: what to read and how.
        advance: told of every further bytes read.

    Returns:
        The format, how many documents and labels there are, and every problem with its place and remedy.

    Raises:
        WorkbenchError: when there is nothing to read at that path, or its format is not recognised.
    """
    reader = reader_for(source.path, source.format)
    reading = Reading(source.options, Problems(), advance)
    gathered = gather(reader, source.path, reading, source.label_list)
    if not reading.problems.errors:
        _warn_of_empty(_assemble(gathered, "checked", CorpusCard(), 0), source, reading)
    return Checked(reader.name, gathered.counts, len(gathered.labels), reading.problems, tuple(reading.notes))


def import_corpus(
    source: Source,
    name: str,
    *,
    title: str = "",
    licence: str = "",
    seed: int = 0,
    limit: int | None = None,
    overwrite: bool = False,
    workspace: Workspace | None = None,
    advance: Callable[[int], None] = lambda _: None,
) -> tuple[Corpus, Problems]:
    """Read raw data and save it as a corpus; with any error in it nothing is written at all.

    Args:
        source: what to read and how.
        name: of the corpus and of its folder.
        title: as it should stand in tables; by default the name.
        licence: the terms of the data.
        seed: of splits that are drawn because the data lacks them, and of `limit`.
        limit: keep only so many training documents, a stratified sample.
        overwrite: replace a corpus of that name.
        workspace: where corpora are kept.
        advance: told of every further bytes read.

    Returns:
        The corpus as it was saved, and the warnings.

    Raises:
        WorkbenchError: errors in the data (the first twenty and the count), a taken name, a bad limit.
    """
    check_name(name)
    if name == BUILT_IN:
        raise WorkbenchError(f"{BUILT_IN!r} is the built-in corpus. Use another --name.")
    folder = (workspace or Workspace.current()).corpora / name
    if folder.exists() and not overwrite:
        raise WorkbenchError(
            f"There is a corpus {name!r} already. Use --force to replace it, or another --name."
        )
    reader = reader_for(source.path, source.format)
    reading = Reading(source.options, Problems(), advance)
    gathered = gather(reader, source.path, reading, source.label_list)
    reading.problems.refuse()
    whole = _assemble(gathered, name, CorpusCard(), seed)
    _warn_of_empty(whole, source, reading)
    card = _card(reader, source, title or name, licence, reading)
    card = replace(card, valid_drawn=whole.card.valid_drawn, notes=(*card.notes, *whole.card.notes))
    corpus = _limited(replace(whole, card=card), limit, seed)
    save_corpus(corpus, folder, overwrite=overwrite)
    return corpus, reading.problems


def _warn_of_empty(corpus: Corpus, source: Source, reading: Reading) -> None:
    """Warn where the splits that the data lacks could not be drawn from it."""
    empty = [name for name, split in corpus.splits.items() if not len(split)]
    if empty:
        stay = "it stays empty" if len(empty) == 1 else "they stay empty"
        message = (
            f"There are too few documents of each label to draw {' and '.join(empty)} from; {stay}, "
            "and nothing can be trained on the data."
        )
        remedy = "Add documents, or put some in files called train, valid and test."
        reading.problems.warn("empty split", source.path, None, message, remedy)


def _card(reader: Reader, source: Source, title: str, licence: str, reading: Reading) -> CorpusCard:
    counted = reading.problems.kinds("warning")
    warned = [f"Warned of on import: {kind} ({count})." for kind, count in counted.items()]
    notes = (*reading.notes, *warned)
    origin = str(source.path) if reader.name == "hub" else source.path.resolve().name
    return CorpusCard(title=title, reader=reader.name, source=origin, licence=licence, notes=notes)


def _assemble(gathered: Gathered, name: str, card: CorpusCard, seed: int) -> Corpus:
    codes, texts, order, notes = _final_labels(gathered)
    parts = {split: part.split(order, len(codes), split or "doc") for split, part in gathered.parts.items()}
    train, valid, test, drawn = _divided(parts, seed)
    unseen = len(codes) - len(np.unique(train.targets.indices))
    if unseen:
        notes.append(f"Labels that no training document has: {unseen}; they stay in the label set.")
    card = replace(card, notes=(*card.notes, *drawn, *notes))
    return make_corpus(name, train, valid, test, codes, texts, card, seed=seed)


def _final_labels(gathered: Gathered) -> tuple[list[str], list[str], np.ndarray, list[str]]:
    """Codes in the list's order (else sorted), their texts, each label's final position, and notes."""
    listed = gathered.label_list.names if gathered.label_list else {}
    codes = [code for code in listed if code in gathered.labels] if listed else sorted(gathered.labels)
    names = {**gathered.label_names, **{code: name for code, name in listed.items() if name}}
    texts = [names.get(code) or open_up(code) for code in codes]
    order = np.zeros(len(codes), np.int64)
    order[[gathered.labels[code] for code in codes]] = np.arange(len(codes))
    unused = len(listed) - len(codes)
    notes = (
        [f"Labels of the list that no document has: {unused}; they are left out."]
        if listed and unused
        else []
    )
    return codes, texts, order, notes


def _divided(parts: dict[str | None, Split], seed: int) -> tuple[Split, Split | None, Split, list[str]]:
    """Train, valid (None to be drawn later) and test; a missing test split is drawn from train."""
    whole = parts.get("train", parts.get(None))
    assert whole is not None  # gather notes an error where neither is there
    valid, test = parts.get("valid"), parts.get("test")
    if test is not None:
        return whole, valid, test, []
    train, drawn = draw_split(whole, VALID_FRACTION, seed)
    note = (
        f"The data has no test split: {len(drawn)} documents were drawn from "
        f"{'the whole' if None in parts else 'train'} for it, iterative stratification, seed {seed}."
    )
    return train, valid, drawn, [note]


def _limited(corpus: Corpus, limit: int | None, seed: int) -> Corpus:
    if limit is None or limit == len(corpus.train):
        return corpus
    if not 1 <= limit < len(corpus.train):
        raise WorkbenchError(
            f"--limit {limit}: give a number from 1 to {len(corpus.train)}, the size of train."
        )
    rows = stratified_sample(corpus.train.targets, limit, seed)
    note = f"{limit} of {len(corpus.train)} training documents, a stratified sample with seed {seed}."
    return corpus.with_train_rows(rows, note)
