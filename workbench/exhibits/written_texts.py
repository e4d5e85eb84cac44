"""Exhibits of what language models wrote for a corpus: sentences on labels, and documents of rare ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from workbench.analysis.label_order import label_names
from workbench.data.corpus import Corpus
from workbench.exhibits.base import Exhibit, Material, Result
from workbench.exhibits.scope import Need, Scope

LISTED, _LETTERS = 10, 400
_SIDES = ("source", "corpus")


@dataclass(frozen=True, kw_only=True)
class DescriptionTable(Exhibit):
    """A paper's prompts for label descriptions and what came of them, beside the descriptions of our corpus.

    `prompts` by corpus, `examples` of (corpus, label, description).
    """

    prompts: Mapping[str, str]
    examples: Sequence[tuple[str, str, str]]
    needs_corpus: bool = True
    shown: tuple[str, ...] = ("prompts", "descriptions")

    def needs(self, scope: Scope) -> list[Need]:
        """None."""
        return []

    def analyse(self, material: Material) -> Result:
        """`prompts`, and `descriptions`: the paper's, then those of our `LISTED` most frequent labels."""
        rows = [("paper", *example) for example in self.examples]
        corpus = material.corpus()
        rows += [("ours", corpus.name, *told) for told in _described(corpus)]
        table = pd.DataFrame(rows, columns=[*_SIDES, "label", "description"])
        return Result({"prompts": _prompts(self.prompts), "descriptions": table})


@dataclass(frozen=True, kw_only=True)
class GeneratedTable(Exhibit):
    """A paper's prompts for documents of rare labels, beside such documents of our corpus."""

    prompts: Mapping[str, str]
    needs_corpus: bool = True
    shown: tuple[str, ...] = ("prompts", "labels", "documents")

    def needs(self, scope: Scope) -> list[Need]:
        """None."""
        return []

    def analyse(self, material: Material) -> Result:
        """`prompts`; `labels` with most generated documents; and the first generated `documents`."""
        corpus = material.corpus()
        names = label_names(list(corpus.labels), list(corpus.label_texts))
        tables = {"labels": _tail_labels(corpus, names), "documents": _generated(corpus, names)}
        return Result({"prompts": _prompts(self.prompts)} | tables)


def _prompts(prompts: Mapping[str, str]) -> pd.DataFrame:
    return pd.DataFrame([("paper", *one) for one in prompts.items()], columns=[*_SIDES, "prompt"])


def _described(corpus: Corpus) -> list[tuple[str, str]]:
    """Names and descriptions of the most frequent labels that have one, or how to come by them."""
    told = [label for label, text in enumerate(corpus.descriptions) if text.strip()]
    if not told:
        return [("none", _how(corpus, "describe"))]
    names, counts = label_names(list(corpus.labels), list(corpus.label_texts)), _counts(corpus)
    told.sort(key=lambda label: -counts[label])
    return [(names[label], corpus.descriptions[label]) for label in told[:LISTED]]


def _tail_labels(corpus: Corpus, names: Sequence[str]) -> pd.DataFrame:
    """One row a label: its documents, and those generated, of those with most of these."""
    real = _counts(corpus)
    made = np.asarray(corpus.train.targets.sum(axis=0, dtype=np.int64)).reshape(-1) - real
    most = np.argsort(-made, kind="stable")[:LISTED]
    return pd.DataFrame(
        {
            "label": [names[label] for label in most],
            "training documents": real[most],
            "generated documents": made[most],
        }
    )


def _generated(corpus: Corpus, names: Sequence[str]) -> pd.DataFrame:
    marked = corpus.train.generated
    rows: list[int] = [] if marked is None else np.flatnonzero(marked)[:LISTED].tolist()
    told = [
        (
            corpus.train.ids[row],
            ", ".join(names[int(label)] for label in corpus.train.targets[[row]].indices),
            _cut(corpus.train.texts[row]),
        )
        for row in rows
    ]
    columns = ["document", "labels", "text"]
    return pd.DataFrame(told or [("none", "", _how(corpus, "generate"))], columns=columns)


def _counts(corpus: Corpus) -> np.ndarray:
    return np.asarray(corpus.train.real_targets.sum(axis=0, dtype=np.int64)).reshape(-1)


def _cut(text: str) -> str:
    return text if len(text) <= _LETTERS else f"{text[: _LETTERS - 1].rstrip()}…"


def _how(corpus: Corpus, what: str) -> str:
    return f"This corpus has none: `workbench llm {what} --corpus {corpus.name}` makes a version that has."
