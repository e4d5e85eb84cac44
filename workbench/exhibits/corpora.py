"""Exhibits of a corpus: how many documents and labels, and how many of one per other."""

from __future__ import annotations

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

    def needs(self, scope: Scope) -> list[Need]:
        """None."""
        return []

    def analyse(self, material: Material) -> Result:
        """`numbers`: documents, labels that occur, labels per document and documents per label."""
        return Result({"numbers": corpus_statistics(material.corpus(), material.scope.corpus)})


def corpus_statistics(corpus: Corpus, facts: CorpusFacts) -> pd.DataFrame:
    """One row a statistic, in the order of the papers' tables; labels are counted where they occur."""
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
    split = split_of(facts.split_id, train.shape[0], test.shape[0])
    about = {"corpus": facts.name, "split": split, "encoder": "", "variant": "", "at": float("nan")}
    rows = [
        about | {"metric": name, "value": float(value), "std": float("nan"), "n": 1}
        for name, value in values.items()
    ]
    return pd.DataFrame(rows, columns=COLUMNS)
