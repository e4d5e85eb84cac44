"""Exhibits of inner products: of labels beside co-occurrence, of documents beside their label sets."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from workbench.analysis.documents import read_documents
from workbench.analysis.label_order import label_names
from workbench.analysis.similar_pairs import identical_sets, mean_product, rank_correlation
from workbench.analysis.similarity import (
    Alike,
    clustered,
    counted_labels,
    label_directions,
    label_similarity,
    read_document_similarity,
)
from workbench.analysis.stage_vectors import drawn_rows
from workbench.analysis.trained_on import trained_on
from workbench.errors import WorkbenchError
from workbench.exhibits.base import Material, Result
from workbench.exhibits.grids import VariantTable
from workbench.runs.store import Run

PRODUCT, JACCARD = "inner product", "Jaccard"
_CELLS = ["panel", "row", "column", "value"]


@dataclass(frozen=True)
class _Drawn:
    """What one run gives: a row of numbers, and what is drawn of it."""

    row: Mapping[str, Any]
    alike: Alike
    names: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class SimilarityFigure(VariantTable):
    """Inner products of a few vectors of each method beside the Jaccard index of what they have in common.

    `drawn_at_most` are drawn, chosen and put in order for the first run and then the same for all.
    """

    has_floor: bool = False
    drawn_at_most: int = 12
    axis: str = "label"
    beside: str = f"{JACCARD} in training"
    shown: tuple[str, ...] = ("correlation",)

    def analyse(self, material: Material) -> Result:
        """`correlation`, a row a run; `cells` of the first seed's runs: panel, row, column, value."""
        rows, problems, cells = [], [], []
        first = min((one.need.seed for one in material.made), default=0)
        chosen: np.ndarray | None = None
        for one in material.made:
            try:
                _ = one.run.metrics  # a run whose numbers are damaged is not drawn as if it were whole
                found = self.read(one.run, material)
            except WorkbenchError as error:
                problems.append(f"{one.run.name}: {error}")
                continue
            about = {"run": one.run.name, "method": one.need.method, "seed": one.need.seed}
            rows.append(about | dict(found.row))
            if one.need.seed != first:
                continue
            if chosen is None:
                chosen = self.choose(found.alike)
                cells.append(_long(self.beside, found, chosen, "jaccard"))
            cells.append(_long(f"{one.need.method} · {one.encoder}", found, chosen, "products"))
        columns = ["run", "method", "seed"]
        table = pd.DataFrame(rows) if rows else pd.DataFrame(columns=columns)
        drawn = pd.concat(cells, ignore_index=True) if cells else pd.DataFrame(columns=_CELLS)
        return Result({"correlation": table, "cells": drawn}, tuple(problems))

    def figure(self, result: Result) -> Any:
        """A picture a method, then what they should be like."""
        from workbench.figures.similarity import similarity_figure

        cells = result.tables["cells"]
        names = list(dict.fromkeys(cells["row"]))
        titles = list(dict.fromkeys(cells["panel"]))
        panels = {
            title: cells.loc[cells["panel"] == title, "value"].to_numpy().reshape(len(names), len(names))
            for title in (*titles[1:], *titles[:1])
        }
        return similarity_figure(panels, names, self.axis, {}, cell=max(4.0, 280 / max(1, len(names))))

    @abstractmethod
    def read(self, run: Run, material: Material) -> _Drawn:
        """What a run gives.

        Raises:
            WorkbenchError: when its files are missing or damaged.
        """

    @abstractmethod
    def choose(self, alike: Alike) -> np.ndarray:
        """Which of the labels or documents are drawn, (R,) of `alike.places`, in order."""


@dataclass(frozen=True, kw_only=True)
class LabelSimilarityFigure(SimilarityFigure):
    """Of labels, the most frequent ones drawn; the correlation is over all that are seen."""

    def read(self, run: Run, material: Material) -> _Drawn:
        """Label vectors beside the labels of training documents, else of test documents."""
        found, counted_in = counted_labels(run, lambda: trained_on(run, material.corpus()))
        alike = label_similarity(label_directions(run), found)
        row = {"labels": len(alike), **_correlated(alike), "counted in": counted_in}
        return _Drawn(row, alike, label_names(run.labels, run.label_texts))

    def choose(self, alike: Alike) -> np.ndarray:
        """The most frequent labels, such as occur together beside each other."""
        most = np.sort(np.argsort(-alike.sizes, kind="stable")[: self.drawn_at_most])
        some = alike.at(most)
        return some.places[clustered(some.jaccard)]


@dataclass(frozen=True, kw_only=True)
class DocumentSimilarityFigure(SimilarityFigure):
    """Of test documents, some drawn by chance; correlation and identical label sets are over all compared."""

    drawn_at_most: int = 40
    axis: str = "test document"
    beside: str = f"{JACCARD} of gold labels"
    shown: tuple[str, ...] = ("correlation", "identical")
    at_least: float = 0.8

    def analyse(self, material: Material) -> Result:
        """Also `identical`: how many pairs from each inner product on have the same labels."""
        result = super().analyse(material)
        parts = []
        for one in material.made:
            if one.run.name in set(result.tables["correlation"]["run"]):
                table = identical_sets(read_document_similarity(one.run, read_documents(one.run)))
                parts.append(table.assign(run=one.run.name))
        columns = ["run", "at_least", "pairs", "identical", "common", "found"]
        joined = pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)
        return Result(dict(result.tables) | {"identical": joined}, result.problems)

    def read(self, run: Run, material: Material) -> _Drawn:
        """Vectors of test documents beside their gold labels."""
        documents = read_documents(run)
        alike = read_document_similarity(run, documents)
        return _Drawn({"documents": len(alike), **_correlated(alike)}, alike, documents.ids.tolist())

    def choose(self, alike: Alike) -> np.ndarray:
        """Documents drawn with seed 0, such as point the same way beside each other."""
        some = alike.at(drawn_rows(np.arange(len(alike)), self.drawn_at_most))
        return some.places[clustered(some.products)]


def _correlated(alike: Alike) -> dict[str, Any]:
    found = rank_correlation(alike)
    return {
        "pairs": found.pairs,
        "rank correlation": found.value,
        "p": found.p,
        "mean inner product": mean_product(alike),
    }


def _long(panel: str, found: _Drawn, chosen: np.ndarray, what: str) -> pd.DataFrame:
    """The cells of one picture, row after row; NaN on the diagonal and for what this run has no vector of."""
    place = {int(one): number for number, one in enumerate(found.alike.places)}
    at = [place.get(int(one), -1) for one in chosen]
    values = np.array(getattr(found.alike, what)[np.ix_(at, at)], dtype=np.float64)
    missing = np.array(at) < 0
    values[missing] = values[:, missing] = np.nan
    np.fill_diagonal(values, np.nan)
    names = [found.names[int(one)] for one in chosen]
    rows, columns = np.repeat(names, len(names)), np.tile(names, len(names))
    return pd.DataFrame({"panel": panel, "row": rows, "column": columns, "value": values.ravel()})
