"""Exhibits of a corpus: how many documents and labels, and how many of one per other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from workbench.data.corpus import Corpus
from workbench.exhibits.base import Exhibit, Material, Result
from workbench.exhibits.numbers import COLUMNS, split_of
from workbench.exhibits.scope import CorpusFacts, Need, Scope


@dataclass(frozen=True, kw_only=True)
class CorpusTable(Exhibit):
    """Statistics of the corpus itself; it needs no run."""

    needs_corpus: bool = True
    with_words: bool = False
    counts_all: bool = False

    def needs(self, scope: Scope) -> list[Need]:
        """None."""
        return []

    def analyse(self, material: Material) -> Result:
        """`numbers`: documents, labels that occur, labels per document and documents per label.

        With `counts_all` those of all splits together.
        """
        corpus, facts = material.corpus(), material.scope.corpus
        if self.counts_all:
            return Result({"numbers": whole_statistics(corpus, facts)})
        return Result({"numbers": corpus_statistics(corpus, facts, with_words=self.with_words)})


def corpus_statistics(corpus: Corpus, facts: CorpusFacts, *, with_words: bool = False) -> pd.DataFrame:
    """One row a statistic, in the order of the papers' tables; labels are counted where they occur.

    With `with_words` all texts are read: words are what stands between spaces, in small letters.
    """
    train, test = corpus.train.targets, corpus.test.targets
    seen, tested = (len(np.unique(targets.indices)) for targets in (train, test))
    values = {
        "train documents": train.shape[0],
        "test documents": test.shape[0],
        "train labels": seen,
        "test labels": tested,
        "labels per train document": train.nnz / train.shape[0],
        "labels per test document": test.nnz / max(1, test.shape[0]),
        "train documents per label": train.nnz / max(1, seen),
    }
    if with_words:
        values |= _words(corpus)
    return _table(values, facts, corpus)


def whole_statistics(corpus: Corpus, facts: CorpusFacts) -> pd.DataFrame:
    """One row a statistic over all splits together; words are what stands between spaces."""
    splits = corpus.splits.values()
    documents = sum(len(split) for split in splits)
    words = sum(len(text.split()) for split in splits for text in split.texts)
    pairs = sum(split.targets.nnz for split in splits)
    values = {
        "documents": documents,
        "labels": len(corpus.labels),
        "words per document": words / max(1, documents),
        "labels per document": pairs / max(1, documents),
    }
    return _table(values, facts, corpus)


def _table(values: Mapping[str, float], facts: CorpusFacts, corpus: Corpus) -> pd.DataFrame:
    split = split_of(facts.split_id, len(corpus.train), len(corpus.test))
    about = {"corpus": facts.name, "split": split, "encoder": "", "variant": "", "at": float("nan")}
    rows = [
        about | {"metric": name, "value": float(value), "std": float("nan"), "n": 1}
        for name, value in values.items()
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def _words(corpus: Corpus) -> dict[str, float]:
    vocabulary: set[str] = set()
    means = {}
    for name, split in (("train", corpus.train), ("test", corpus.test)):
        count = 0
        for text in split.texts:
            words = text.lower().split()
            count += len(words)
            if name == "train":
                vocabulary.update(words)
        means[f"words per {name} document"] = count / max(1, len(split))
    return {"vocabulary": len(vocabulary), **means}
