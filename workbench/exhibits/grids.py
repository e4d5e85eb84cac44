"""Exhibits of metrics: variants of a method beside each other, over encoders or over a setting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from workbench.analysis.floor import FLOOR
from workbench.exhibits.base import Exhibit, Material, Result
from workbench.exhibits.baselines import OWN_ENCODERS
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


def floor_need(scope: Scope, more: Mapping[str, Any] | None = None, at: float | None = None) -> Need:
    """The run of binary relevance, solved once a corpus: of one seed, and with its own encoder.

    Settings of another encoder are not its own: of the exhibit's and of `more` only the documents stay. Where
    they are a part, the exhibit's first seed draws them.
    """
    given = dict(scope.settings) | dict(more or {})
    part = {name: value for name, value in given.items() if name.rpartition(".")[2] == TRAIN_SIZE}
    encoder = OWN_ENCODERS[FLOOR]
    settings = budget_settings(scope.budget, encoder) | part
    return Need(FLOOR, encoder, scope.seeds[0] if part else 0, False, settings, at)


@dataclass(frozen=True, kw_only=True)
class VariantTable(Exhibit):
    """Test metrics of several methods, one row each, for each encoder.

    Attributes:
        methods: what is compared, beside the floor.
        has_floor: whether binary relevance stands beside them; not where no test metric is compared.
        metrics: the rows.
        drawn: those of them that the figure shows.
        reads_tokens: whether a method reads the states of tokens.
    """

    methods: tuple[str, ...]
    has_floor: bool = True
    metrics: tuple[str, ...] = METRICS
    drawn: tuple[str, ...] = ("P@1", "P@5", "nDCG@5")
    reads_tokens: bool = False

    def needs(self, scope: Scope) -> list[Need]:
        """Every method with every encoder and seed; `own_encoders` says which one a method takes instead.

        The floor is needed once.
        """
        needs: list[Need] = []
        for need in grid(scope, self.compared, self.always(scope)):
            one = self._with_own_encoder(need, scope)
            needs += [one] if one not in needs else []
        return needs

    @property
    def compared(self) -> tuple[str, ...]:
        """The methods, and the floor behind them where it is not among them."""
        return tuple(dict.fromkeys([*self.methods, *([FLOOR] if self.has_floor else [])]))

    def always(self, scope: Scope) -> dict[str, Any]:
        """Settings of every run: a frozen encoder keeps states of tokens where a method reads them."""
        return {"states": "tokens"} if self.reads_tokens and scope.frozen else {}

    def _with_own_encoder(self, need: Need, scope: Scope) -> Need:
        """Settings of an encoder are not those of another: of the exhibit's only the documents stay."""
        if need.method == FLOOR:
            return floor_need(scope)
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
        """The constant methods, then the others at each value, then the floor."""
        needs = grid(scope, self.constant)
        for value in self.values:
            needs += grid(scope, self.methods, self.settings_at(value, scope), value)
        return needs + self.floors(scope)

    def floors(self, scope: Scope) -> list[Need]:
        """The floor, which has no such setting: a level line as well."""
        return [floor_need(scope)]

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

    def floors(self, scope: Scope) -> list[Need]:
        """The floor of each share: it has the same documents as what stands above it."""
        return [floor_need(scope, self.settings_at(value, scope), value) for value in self.values]

    def value_text(self, at: float) -> str:
        """In percent."""
        return f"{at:.0%}".replace("%", " %")
