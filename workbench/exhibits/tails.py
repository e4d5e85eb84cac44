"""Exhibits of rare labels: bins by frequency, augmented distributions, generated features."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from workbench.analysis.closeness import closeness_summary, closeness_table
from workbench.analysis.floor import FLOOR
from workbench.analysis.frequency_bins import augmented_counts, bins_of_runs, bins_over_seeds, imbalance
from workbench.analysis.label_order import label_names
from workbench.analysis.projection import checked_vectors, project, variance_shares
from workbench.analysis.tail_features import (
    feature_table,
    first_labels,
    read_features,
)
from workbench.data.oversampling import is_tail
from workbench.errors import WorkbenchError
from workbench.exhibits.base import Exhibit, Material, Result
from workbench.exhibits.grids import Sensitivity, VariantTable, grid
from workbench.exhibits.numbers import over_seeds
from workbench.exhibits.scope import Need, Scope


@dataclass(frozen=True, kw_only=True)
class AugmentationFigure(Exhibit):
    """Positive pairs of each label before and after augmenting labels of fewer than `threshold` documents."""

    threshold: int
    times: int
    needs_corpus: bool = True
    shown: tuple[str, ...] = ("imbalance",)

    def needs(self, scope: Scope) -> list[Need]:
        """None."""
        return []

    def analyse(self, material: Material) -> Result:
        """`counts`, one row a label, and `imbalance`, the Gini coefficient of each way."""
        corpus = material.corpus()
        targets = corpus.train.targets
        counts = np.asarray(targets.sum(axis=0))
        table = augmented_counts(targets, is_tail(counts, self.threshold), self.times)
        names = label_names(list(corpus.labels), list(corpus.label_texts))
        ways = ("original", "sample_level", "pair_level")
        gini = pd.DataFrame({"way": ways, "Gini coefficient": [imbalance(table[way]) for way in ways]})
        return Result({"counts": table.assign(text=[names[k] for k in table["label"]]), "imbalance": gini})

    def figure(self, result: Result) -> Any:
        """The three distributions on a log scale."""
        from workbench.figures.frequency_bins import augmentation_figure

        return augmentation_figure(result.tables["counts"])


@dataclass(frozen=True, kw_only=True)
class BinFigure(VariantTable):
    """Macro P@5 over bins of labels from frequent to rare."""

    bins: int = 10
    shown: tuple[str, ...] = ("bins",)

    def analyse(self, material: Material) -> Result:
        """`bins`, one row a setting and bin, from the `runs` behind them."""
        good, problems = [], []
        for one in material.made:
            try:
                bins_of_runs([one.run], 1, 5)
                good.append(one.run)
            except WorkbenchError as error:
                problems.append(f"{one.run.name}: {error}")
        table = bins_of_runs(good, self.bins, 5)
        return Result({"bins": bins_over_seeds(table), "runs": table}, tuple(problems))

    def figure(self, result: Result) -> Any:
        """One line a method."""
        from workbench.figures.frequency_bins import bin_figure

        return bin_figure(result.tables["bins"], "macro_P@5", FLOOR)


@dataclass(frozen=True, kw_only=True)
class FeatureFigure(VariantTable):
    """Real and generated features of a head label and two tail labels, and how near they lie."""

    has_floor: bool = False
    shown: tuple[str, ...] = ("closeness",)

    def analyse(self, material: Material) -> Result:
        """`features` on PCA's plane, `shares` of its axes, and `closeness` to features of test documents."""
        parts, near, shares, problems = [], [], {}, []
        for one in self._first_seed(material):
            try:
                found = read_features(one.run)
            except WorkbenchError as error:
                problems.append(f"{one.run.name}: {error}")
                continue
            names = label_names(one.run.labels, one.run.label_texts)
            chosen = first_labels(found)
            some = found.of_labels(chosen)
            points = project(some.vectors, "pca")
            shares[one.run.name] = variance_shares(checked_vectors(some.vectors), points)
            kinds = np.array([f"{one.need.method}, seed {one.need.seed}"] * len(some))
            labels = {label: names[label] for label in chosen}
            name = one.run.name
            parts.append(feature_table({name: some}, {name: points}, {name: kinds}, labels))
            near.append(closeness_summary(closeness_table(found)).assign(run=name))
        tables = {"features": _joined(parts), "closeness": _joined(near)}
        tables["shares"] = pd.DataFrame(
            [(run, *both) for run, both in shares.items()], columns=["run", "across", "up"]
        )
        return Result(tables, tuple(problems))

    def figure(self, result: Result) -> Any:
        """One panel a method."""
        from workbench.figures.tail_features import tail_feature_figure

        shares = {run: (across, up) for run, across, up in result.tables["shares"].itertuples(index=False)}
        return tail_feature_figure(result.tables["features"], "pca", shares=shares)

    def _first_seed(self, material: Material) -> list[Any]:
        seeds = {one.need.seed for one in material.made}
        return [one for one in material.made if one.need.seed == min(seeds)]


@dataclass(frozen=True, kw_only=True)
class ThresholdFigure(Sensitivity):
    """Test metrics over N_t and over N_a, a row of panels each."""

    times: tuple[int, ...]
    varied: str = "head_threshold"
    also_varied: tuple[str, ...] = ("augment_times",)
    axes: tuple[tuple[str, str], ...] = (("N_t", "N_t (documents)"), ("N_a", "N_a (features)"))

    def needs(self, scope: Scope) -> list[Need]:
        """The method at each N_t, then at each N_a."""
        always = self.always(scope)
        over_times = [
            need
            for at in self.times
            for need in grid(scope, self.methods, always | {"augment_times": at}, float(at))
        ]
        return super().needs(scope) + over_times

    def settings_at(self, value: float, scope: Scope) -> dict[str, Any]:
        """What a run at this N_t is told."""
        return {self.varied: int(value), **self.always(scope)}

    def analyse(self, material: Material) -> Result:
        """As for one setting, with lines called after what they vary; the floor varies nothing."""
        result = super().analyse(material)
        over = {
            one.run.name: f"{one.need.method} over {'N_a' if 'augment_times' in one.need.settings else 'N_t'}"
            for one in material.made
            if one.need.at is not None
        }
        runs = result.tables["runs"]
        runs = runs.assign(variant=runs["run"].map(over).fillna(runs["variant"]))
        return Result({"numbers": over_seeds(runs), "runs": runs}, result.problems)

    def figure(self, result: Result) -> Any:
        """Metrics over the values, N_t above N_a: they are different things and share no axis."""
        from workbench.figures.sensitivity import settings_figure

        numbers = result.tables["numbers"]
        parts = [str(variant).partition(" over ") for variant in numbers["variant"]]
        over = np.array([name for _, _, name in parts], dtype=object)
        named = numbers.assign(variant=[method for method, _, _ in parts])
        tables = {said: named[(over == name) | (over == "")] for name, said in self.axes}
        return settings_figure(tables, self.drawn, text=self.value_text)


def _joined(parts: list[pd.DataFrame]) -> pd.DataFrame:
    if not parts:
        return pd.DataFrame()
    if "label" in parts[0]:  # categories of all, in the order of their first appearance
        names = list(dict.fromkeys(name for part in parts for name in part["label"].cat.categories))
        parts = [part.assign(label=part["label"].cat.set_categories(names)) for part in parts]
    return pd.concat(parts, ignore_index=True)
