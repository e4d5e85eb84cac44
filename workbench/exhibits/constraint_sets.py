"""Exhibits of labels that go together: the three sets of CL-MIL's Table 1 on a corpus."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from workbench.analysis.label_order import label_names
from workbench.analysis.label_relations import (
    CLASSES,
    Relations,
    class_shares,
    document_sets,
    relation_table,
    relations,
)
from workbench.exhibits.base import Exhibit, Material, Result
from workbench.exhibits.scope import Need, Scope
from workbench.metrics.label_relations import RelationReading

READINGS: tuple[RelationReading, ...] = ("default", "anchor")
_SYMBOLS = dict(zip(CLASSES, ("Y+", "Y*", "Y-"), strict=True))
_OF = {"default": "one of the document's labels", "anchor": "label A"}
_DRAWN, _NAMED = 20, 6


@dataclass(frozen=True, kw_only=True)
class ConstraintTable(Exhibit):
    """The sets that labels fall into beside one of a document's, how large they are, and an example."""

    needs_corpus: bool = True
    shown: tuple[str, ...] = ("sets", "example")

    def needs(self, scope: Scope) -> list[Need]:
        """None."""
        return []

    def analyse(self, material: Material) -> Result:
        """`sets`, a row a set and reading, with its share of pairs of labels A and B; and an `example`.

        The example is the most frequent label and its first training document that has another label too;
        `relations` has that label beside all others, and `about` its name, documents and average.
        """
        corpus = material.corpus()
        found = relations(corpus.train.targets)
        names = label_names(list(corpus.labels), list(corpus.label_texts))
        label = int(np.argmax(found.counts))
        about = pd.DataFrame(
            {
                "label": [names[label]],
                "documents": [int(found.counts[label])],
                "average": [found.average(label)],
            }
        )
        tables = {"sets": _sets(found), "relations": relation_table(found, label, names), "about": about}
        if found.counts[label]:
            row = _first_with_another(found, label)
            tables["example"] = _example(found, row, label, names, corpus.train.ids[row])
        return Result(tables)

    def figure(self, result: Result) -> Any:
        """The example's label beside the labels that it comes with most often."""
        from workbench.figures.label_relations import relation_figure

        about = result.tables["about"]
        table = result.tables["relations"].head(_DRAWN)
        (label, documents, average) = (about[column].item() for column in ("label", "documents", "average"))
        return relation_figure(table, label, documents, average)


def _sets(found: Relations) -> pd.DataFrame:
    rows = []
    for reading in READINGS:
        shares = class_shares(found, reading)
        said = {
            "related": "the document has B",
            "weak": f"it has not, but B comes with {_OF[reading]} more often than others do on average",
            "contradicting": "neither",
        }
        rows += [(_SYMBOLS[kind], kind, reading, said[kind], shares[kind]) for kind in CLASSES]
    return pd.DataFrame(rows, columns=["set", "name", "reading", "label B is in it when", "share of pairs"])


def _first_with_another(found: Relations, label: int) -> int:
    own = found.targets[:, [label]].nonzero()[0]
    sizes = np.asarray(found.targets[own].sum(axis=1, dtype=np.int64)).reshape(-1)
    return int(own[int(np.argmax(sizes > 1))])


def _example(found: Relations, row: int, label: int, names: Sequence[str], identity: str) -> pd.DataFrame:
    rows = []
    for reading in READINGS:
        for kind, labels in document_sets(found, row, label, reading).items():
            first = ", ".join(names[other] for other in labels[:_NAMED])
            more = f" and {len(labels) - _NAMED} more" if len(labels) > _NAMED else ""
            rows.append((identity, names[label], reading, _SYMBOLS[kind], len(labels), first + more))
    columns = ["training document", "label A", "reading", "set", "labels", "nearest to A"]
    return pd.DataFrame(rows, columns=columns)
