"""Exhibits of metrics: variants of a method beside each other, over encoders or over a setting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from workbench.analysis.floor import FLOOR
from workbench.exhibits.base import Exhibit, Material, Result
from workbench.exhibits.budgets import budget_settings
from workbench.exhibits.numbers import over_seeds, single_numbers
from workbench.exhibits.printed import METRICS
from workbench.exhibits.scope import TRAIN_SIZE, Need, Scope


def grid(
    scope: Scope, methods: Sequence[str], more: Mapping[str, Any] | None = None, at: float | None = None
) -> list[Need]:
    """One need for each encoder, seed and method, with `more` settings; seeds outermost."""
    return [
        Need(method, encoder, seed, scope.frozen, scope.settings_for(encoder) | dict(more or {}), at)
        for seed in scope.seeds
        for encoder in scope.encoders
        for method in methods
    ]


@dataclass(frozen=True, kw_only=True)
class VariantTable(Exhibit):
    """Test metrics of several methods, one row each, for each encoder."""

    methods: tuple[str, ...]
    metrics: tuple[str, ...] = METRICS
    drawn: tuple[str, ...] = ("P@1", "P@5", "nDCG@5")
    reads_tokens: bool = False

    def needs(self, scope: Scope) -> list[Need]:
        """Every method with every encoder and seed; `own_encoders` says which one a method takes instead."""
        needs: list[Need] = []
        for need in grid(scope, self.methods, self.always(scope)):
            one = self._with_own_encoder(need, scope)
            needs += [one] if one not in needs else []
        return needs

    def always(self, scope: Scope) -> dict[str, Any]:
        """Settings of every run: a frozen encoder keeps states of tokens where a method reads them."""
        return {"states": "tokens"} if self.reads_tokens and scope.frozen else {}

    def _with_own_encoder(self, need: Need, scope: Scope) -> Need:
        """Settings of an encoder are not those of another: of the exhibit's only the documents stay."""
        encoder = self.own_encoders.get(need.method)
        if encoder is None:
            return need
        size = {name: value for name, value in need.settings.items() if name == TRAIN_SIZE}
        return replace(
            need, encoder=encoder, frozen=False, settings=budget_settings(scope.budget, encoder) | size
        )

    def analyse(self, material: Material) -> Result:
        """`numbers` over seeds and the single `runs` behind them."""
        single, problems = single_numbers(material.made, material.scope, self.metrics)
        return Result({"numbers": over_seeds(single), "runs": single}, tuple(problems))

    def figure(self, result: Result) -> Any:
        """Means, spread and single runs, one panel a metric; a dashed line where the floor is."""
        from workbench.figures.comparison import comparison_figure

        means, runs = (
            table.rename(columns={"variant": "method"}).assign(
                setting=table["variant"] + " · " + table["encoder"]
            )
            for table in (result.tables["numbers"], result.tables["runs"])
        )
        return comparison_figure(means.rename(columns={"value": "mean"}), runs, self.drawn, FLOOR)


@dataclass(frozen=True, kw_only=True)
class Sensitivity(VariantTable):
    """Test metrics of several methods over the values of one setting (`varied`).

    `constant` methods do not have the setting: they are trained once and drawn as level lines.
    """

    values: tuple[float, ...]
    constant: tuple[str, ...] = ()
    axis: str = ""

    def needs(self, scope: Scope) -> list[Need]:
        """The constant methods, then the others at each value."""
        needs = grid(scope, self.constant)
        for value in self.values:
            needs += grid(scope, self.methods, self.settings_at(value, scope), value)
        return needs

    def settings_at(self, value: float, scope: Scope) -> dict[str, Any]:
        """What a run at this value is told."""
        return {self.varied: value}

    @property
    def heading(self) -> str:
        """The axis."""
        return self.axis or self.varied

    def figure(self, result: Result) -> Any:
        """Metrics over the values, one line a method."""
        from workbench.figures.sensitivity import sensitivity_figure

        return sensitivity_figure(
            result.tables["numbers"], self.drawn, axis=self.heading, text=self.value_text
        )


@dataclass(frozen=True, kw_only=True)
class SparseData(Sensitivity):
    """Test metrics of several methods over the share (0, 1] of the training documents that they see.

    Documents are drawn by each run's seed; a smaller draw is part of a larger one.
    """

    varied: str = TRAIN_SIZE
    axis: str = "share of the training documents"

    def settings_at(self, value: float, scope: Scope) -> dict[str, Any]:
        """The number of documents; none for all of them, so that such runs serve other exhibits too."""
        return {} if value == 1 else {TRAIN_SIZE: max(1, round(value * scope.corpus.n_train))}

    def value_text(self, at: float) -> str:
        """In percent."""
        return f"{at:.0%}".replace("%", " %")
