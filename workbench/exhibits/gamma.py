"""Exhibits of CL-MIL's two heads: metrics over the share of each in the final scores, for several weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from workbench.analysis.gamma_sweep import METRICS, run_gamma_table
from workbench.analysis.heads import HEADS
from workbench.errors import WorkbenchError
from workbench.exhibits.base import Material, Result
from workbench.exhibits.grids import VariantTable, grid
from workbench.exhibits.scope import Made, Need, Scope
from workbench.workspace import Workspace

_WEIGHTS = {"alpha": 1.0, "beta": 1.0}
"""Settings and their defaults: the weights of the coarse- and of the fine-grained head's loss (Eq. 13)."""
_ABOUT = ["run", "method", "encoder", "seed", *_WEIGHTS]
_CELL = ["method", "encoder", *_WEIGHTS]


@dataclass(frozen=True, kw_only=True)
class GammaFigure(VariantTable):
    """Metrics over gamma, swept without training again, for several pairs of alpha and beta."""

    has_floor: bool = False
    weights: tuple[tuple[float, float], ...]
    varied: str = "gamma"
    also_varied: tuple[str, ...] = tuple(_WEIGHTS)
    shown: tuple[str, ...] = ("summary",)
    probed_by: str = HEADS

    def needs(self, scope: Scope) -> list[Need]:
        """Every method with each pair of weights; with the default pair it is a run of other exhibits too."""
        needs = []
        for pair in self.weights:
            given = zip(_WEIGHTS, pair, strict=True)
            more = {name: value for name, value in given if value != _WEIGHTS[name]}
            needs += grid(scope, self.methods, self.always(scope) | more)
        return needs

    def unprobed(self, made: Sequence[Made]) -> list[Made]:
        """Runs whose heads were not scored each; a damaged one is left for `analyse` to name."""
        return [one for one in made if _is_unprobed(one)]

    def probe(self, one: Made, workspace: Workspace) -> None:
        """Score validation and test documents head by head."""
        from workbench.probes.heads import probe_heads

        probe_heads(one.run, workspace=workspace)

    def analyse(self, material: Material) -> Result:
        """`gamma`, a row a pair of weights and gamma, over seeds; a `summary` of each; the single `runs`."""
        parts, problems = [], []
        for one in material.made:
            try:
                _ = one.run.metrics  # a run whose numbers are damaged is not drawn as if it were whole
                if not _is_unprobed(one):
                    parts.append(run_gamma_table(one.run).assign(**_about(one)))
            except WorkbenchError as error:
                problems.append(f"{one.run.name}: {error}")
        columns = [*_ABOUT, "gamma", "threshold", *METRICS]
        runs = pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)
        swept = over_seeds(runs)
        return Result({"gamma": swept, "summary": summary(swept), "runs": runs}, tuple(problems))

    def figure(self, result: Result) -> Any:
        """One panel a metric, one line a pair of weights."""
        from workbench.figures.gamma import gamma_figure

        table = result.tables["gamma"]
        return gamma_figure(table.assign(setting=_settings(table)), METRICS)


def over_seeds(runs: pd.DataFrame) -> pd.DataFrame:
    """One row a pair of weights, gamma and metric: its value (mean), std and n (seeds)."""
    long = runs.melt(id_vars=[*_ABOUT, "gamma"], value_vars=list(METRICS), var_name="metric")
    grouped = long.astype({"value": "float64"}).groupby([*_CELL, "gamma", "metric"], sort=False)["value"]
    return grouped.agg(value="mean", std="std", n="count").reset_index()


def summary(swept: pd.DataFrame) -> pd.DataFrame:
    """One row a pair of weights: what each head alone recalls and how precise it is, and the range of F1.

    Columns: method, encoder, alpha, beta, then for the coarse head alone (gamma 0) and the fine one (gamma 1)
    precision and recall, the least micro-F1 over gamma, the highest, and at which gamma it is.
    """
    rows = []
    for key, table in swept.groupby(_CELL, sort=False):
        wide = table.pivot_table(index="gamma", columns="metric", values="value")
        ends = {"coarse": wide.loc[wide.index.min()], "fine": wide.loc[wide.index.max()]}
        told = {
            f"{what} of the {head} head alone": end[f"micro_{what}"]
            for what in ("precision", "recall")
            for head, end in ends.items()
        }
        f1 = wide["micro_F1"]
        best = {"least F1": f1.min(), "highest F1": f1.max(), "at gamma": f1.idxmax()}
        rows.append(dict(zip(_CELL, key, strict=True)) | told | best)
    return pd.DataFrame(rows)


def _about(one: Made) -> dict[str, Any]:
    weights = {name: float(one.need.settings.get(name, value)) for name, value in _WEIGHTS.items()}
    known = {"run": one.run.name, "method": one.need.method, "encoder": one.encoder, "seed": one.need.seed}
    return known | weights


def _settings(table: pd.DataFrame) -> list[str]:
    """Each row's weights in words, with the encoder where there are several."""
    several = len(set(table["encoder"])) > 1
    return [
        f"alpha {row['alpha']:g}, beta {row['beta']:g}" + (f" · {row['encoder']}" if several else "")
        for row in table.to_dict("records")
    ]


def _is_unprobed(one: Made) -> bool:
    try:
        return one.run.probe(HEADS) is None
    except WorkbenchError:
        return False
