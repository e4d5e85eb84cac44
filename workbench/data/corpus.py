"""A corpus: texts with several labels each, in a training, a validation and a test split.

Plain data (numpy, scipy); files are read in workbench.data.formats and kept by workbench.data.library.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from scipy import sparse

from workbench.data.fingerprint import corpus_fingerprint, split_identity
from workbench.data.names import check_name
from workbench.data.split import Split
from workbench.data.stratification import stratified_folds
from workbench.errors import WorkbenchError
from workbench.wording import how_many

SPLITS = ("train", "valid", "test")
VALID_FRACTION = 0.1


@dataclass(frozen=True)
class CorpusCard:
    """Where a corpus comes from and what was done to it."""

    title: str = ""
    reader: str = ""
    source: str = ""
    licence: str = ""
    valid_drawn: str = ""
    notes: tuple[str, ...] = ()
    extra: dict[str, Any] = field(default_factory=dict)

    def with_note(self, note: str) -> CorpusCard:
        """The same card with one more note."""
        return replace(self, notes=(*self.notes, note))


@dataclass(frozen=True)
class Whole:
    """What is to be remembered of a corpus from whose training documents some were drawn."""

    fingerprint: str
    split_id: str
    n_train: int


@dataclass(frozen=True)
class Corpus:
    """Three splits over one label set; build it with `make_corpus`, which checks and completes it.

    Attributes:
        labels: L codes, as they stand in the files.
        label_texts: L names for people (and for encoders that read labels).
        fingerprint: SHA-256 (hex) over the texts, ids, targets and labels of all splits.
        split_id: name and a short hash over the ids of the splits; only results of equal ids compare. With
            descriptions or generated documents a corpus keeps the id of the one that it was made from.
        drawn_from: the corpus with more training documents that this one was cut from, if it was.
        descriptions: L sentences on what the labels mean, empty where one has none; or no sentence at all.
    """

    name: str
    train: Split
    valid: Split
    test: Split
    labels: tuple[str, ...]
    label_texts: tuple[str, ...]
    card: CorpusCard
    fingerprint: str
    split_id: str
    drawn_from: Whole | None = None
    descriptions: tuple[str, ...] = ()

    @property
    def splits(self) -> dict[str, Split]:
        """The splits by name, in the order train, valid, test."""
        return {"train": self.train, "valid": self.valid, "test": self.test}

    def with_train_size(self, n: int, seed: int = 0) -> Corpus:
        """Only `n` training documents, drawn by `seed`; a smaller draw is contained in a larger one.

        Raises:
            WorkbenchError: when `n` is not between 1 and the size of the training split.
        """
        if not 1 <= n <= len(self.train):
            raise WorkbenchError(
                f"{n} training documents were asked of {self.name!r}, which has {len(self.train)}."
            )
        if n == len(self.train):
            return self
        rows = np.sort(np.random.default_rng(seed).permutation(len(self.train))[:n])
        note = f"{n} of {len(self.train)} training documents, drawn with seed {seed}."
        return self.with_train_rows(rows, note)

    def with_train_fraction(self, fraction: float, seed: int = 0) -> Corpus:
        """Only this fraction (0, 1] of the training documents, drawn by `seed`, at least one."""
        if not 0 < fraction <= 1:
            raise WorkbenchError(f"A fraction of the training split lies in (0, 1], not {fraction}.")
        return self.with_train_size(max(1, round(fraction * len(self.train))), seed)

    def with_train_rows(self, rows: Iterable[int], note: str) -> Corpus:
        """Only these rows of the training split; the rest stays, and `note` goes on the card."""
        return _identified(self._cut(self.train.take(rows), note))

    def without_generated(self) -> Corpus:
        """Only the training documents that were not made from others; itself where none was."""
        if self.train.generated is None:
            return self
        real = replace(self.train.take(np.flatnonzero(~self.train.generated)), generated=None)
        return _fingerprinted(self._cut(real, "Generated documents left out."))

    def with_descriptions(self, name: str, descriptions: Sequence[str], note: str) -> Corpus:
        """A version of this name whose labels are described, a sentence each, or an empty one.

        Raises:
            WorkbenchError: when there are not as many sentences as labels, or the name cannot be one.
        """
        check_name(name)
        if len(descriptions) != len(self.labels):
            raise WorkbenchError(f"{len(self.labels)} labels but {len(descriptions)} descriptions.")
        card = self.card.with_note(note)
        return _fingerprinted(replace(self, name=name, card=card, descriptions=tuple(descriptions)))

    def with_generated(
        self, name: str, texts: Sequence[str], targets: sparse.csr_array, ids: Sequence[str], note: str
    ) -> Corpus:
        """A version of this name with further training documents, marked as made from others.

        Args:
            name: of the version.
            texts: M documents.
            targets: (M, L) of 0/1.
            ids: M of them, in none of the splits.
            note: for the card: how they were made.

        Raises:
            WorkbenchError: as `make_corpus`.
        """
        check_name(name)
        more = _checked(Split(texts, targets, ids), "generated", len(self.labels))
        _check_ids({**self.splits, "generated": more})
        before = self.train
        marked = np.zeros(len(before), dtype=bool) if before.generated is None else before.generated
        train = Split(
            [*before.texts, *more.texts],
            sparse.csr_array(sparse.vstack([before.targets, more.targets])),
            [*before.ids, *more.ids],
            np.concatenate([marked, np.ones(len(more), dtype=bool)]),
        )
        return _fingerprinted(replace(self, name=name, train=train, card=self.card.with_note(note)))

    def _cut(self, train: Split, note: str) -> Corpus:
        """The same with these of its training documents; fingerprint and split id are still the old ones."""
        whole = self.drawn_from or Whole(self.fingerprint, self.split_id, len(self.train))
        return replace(self, train=train, card=self.card.with_note(note), drawn_from=whole)


def make_corpus(
    name: str,
    train: Split,
    valid: Split | None,
    test: Split,
    labels: Sequence[str],
    label_texts: Sequence[str] | None = None,
    card: CorpusCard | None = None,
    *,
    seed: int = 0,
    valid_fraction: float = VALID_FRACTION,
) -> Corpus:
    """Check the parts and put a corpus together; without `valid` one is drawn from `train`, stratified.

    Args:
        name: letters, digits, dots, dashes and underscores; also the folder it is kept in.
        train: documents with targets (N, L) of 0/1; dtype and order of indices are made canonical.
        valid: the same, or None to draw `valid_fraction` of `train` with `seed`.
        test: the same; may be empty.
        labels: L unique codes.
        label_texts: L names; by default the codes with their punctuation opened up.
        card: where the corpus comes from.
        seed: of the drawn validation split.
        valid_fraction: share of `train` that a drawn validation split gets.

    Raises:
        WorkbenchError: shapes that do not fit, values other than 0/1, repeated ids or labels, no document.
    """
    check_name(name)
    card = card or CorpusCard(title=name)
    texts = tuple(label_texts) if label_texts is not None else tuple(open_up(label) for label in labels)
    _check_labels(labels, texts)
    parts = {"train": train, "valid": valid, "test": test}
    checked = {part: _checked(split, part, len(labels)) for part, split in parts.items() if split is not None}
    _check_ids(checked)
    if valid is None:
        checked["train"], checked["valid"] = draw_split(checked["train"], valid_fraction, seed)
        many = how_many(len(checked["valid"]), "document")
        drawn = f"drawn from train: {many}, iterative stratification, seed {seed}"
        card = replace(card, valid_drawn=drawn)
    if not len(checked["train"]):
        raise WorkbenchError(f"Corpus {name!r} has no training document.")
    return _identified(
        Corpus(name, checked["train"], checked["valid"], checked["test"], tuple(labels), texts, card, "", "")
    )


def draw_split(split: Split, fraction: float, seed: int) -> tuple[Split, Split]:
    """Divide a split in (rest, drawn) by iterative stratification; `drawn` gets this fraction."""
    folds = stratified_folds(split.targets, (1 - fraction, fraction), seed)
    return split.take(np.flatnonzero(folds == 0)), split.take(np.flatnonzero(folds == 1))


def open_up(label: str) -> str:
    """A label's code as words: 'food-safety' becomes 'food safety'; a code of signs alone stays."""
    return re.sub(r"[\s._/\-+]+", " ", label).strip() or label


def _identified(corpus: Corpus) -> Corpus:
    return replace(_fingerprinted(corpus), split_id=split_identity(corpus))


def _fingerprinted(corpus: Corpus) -> Corpus:
    return replace(corpus, fingerprint=corpus_fingerprint(corpus))


def _checked(split: Split, part: str, n_labels: int) -> Split:
    targets = sparse.csr_array(split.targets)
    if targets.shape != (len(split.texts), n_labels) or len(split.ids) != len(split.texts):
        raise WorkbenchError(
            f"The {part} split has {len(split.texts)} texts, {len(split.ids)} ids and targets of shape "
            f"{targets.shape}; for {n_labels} labels the targets must be ({len(split.texts)}, {n_labels})."
        )
    if not np.isin(targets.data, (0, 1)).all():
        raise WorkbenchError(f"The targets of the {part} split hold values other than 0 and 1.")
    canonical = sparse.csr_array(targets.astype(np.uint8), copy=True)
    canonical.sum_duplicates()
    canonical.eliminate_zeros()
    canonical.data[:] = 1
    return Split(split.texts, canonical, split.ids)


def _check_labels(labels: Sequence[str], texts: Sequence[str]) -> None:
    if not labels:
        raise WorkbenchError("A corpus needs at least one label.")
    if len(set(labels)) != len(labels):
        twice = sorted({label for label in labels if list(labels).count(label) > 1})[:5]
        raise WorkbenchError(f"Labels must be unique; given twice: {', '.join(twice)}.")
    if len(texts) != len(labels):
        raise WorkbenchError(f"{len(labels)} labels but {len(texts)} label texts.")


def _check_ids(splits: dict[str, Split]) -> None:
    seen: dict[str, str] = {}
    for part, split in splits.items():
        for identity in split.ids:
            if identity in seen:
                raise WorkbenchError(f"The id {identity!r} stands in {seen[identity]} and again in {part}.")
            seen[identity] = part
