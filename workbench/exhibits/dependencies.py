"""Exhibits of label dependency: how near predicted label pairs are to the gold ones, and how many sets."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from workbench.analysis.dependency import (
    TRAINING_SETS,
    read_label_sets,
    run_combinations,
    run_divergence,
    training_divergence,
)
from workbench.errors import WorkbenchError
from workbench.exhibits.base import Material, Result
from workbench.exhibits.grids import VariantTable
from workbench.exhibits.laco_numbers import COMBINATIONS, GOLD, SUBSET, TEST_DIVERGENCE, TRAIN_DIVERGENCE
from workbench.exhibits.numbers import over_seeds, single_numbers
from workbench.exhibits.scope import Made
from workbench.metrics import label_combinations
from workbench.workspace import Workspace

UNSEEN = "unseen combinations"
"""Predicted label sets that no training document has."""

Measured = Iterator[tuple[str, str, float]]
"""Variant, metric and value."""


@dataclass(frozen=True, kw_only=True)
class DivergenceTable(VariantTable):
    """KL of gold and predicted label pairs (Eq. 8), on training and on test documents."""

    probed_by: str = TRAINING_SETS

    def unprobed(self, made: Sequence[Made]) -> list[Made]:
        """Runs without predictions of training documents; a damaged one is left for `analyse` to name."""
        return [one for one in made if _is_unprobed(one)]

    def probe(self, one: Made, workspace: Workspace) -> None:
        """Predict the run's training documents."""
        from workbench.probes.training_sets import probe_training_sets

        probe_training_sets(one.run, workspace=workspace)

    def analyse(self, material: Material) -> Result:
        """`numbers` over seeds and the single `runs`; a run that no probe visited has its test documents."""

        def measured(one: Made) -> Measured:
            if not _is_unprobed(one):
                yield one.need.method, TRAIN_DIVERGENCE, training_divergence(one.run)
            yield one.need.method, TEST_DIVERGENCE, run_divergence(one.run)

        return _measured(material, measured)


@dataclass(frozen=True, kw_only=True)
class CombinationTable(VariantTable):
    """How many different label sets are predicted, how many of them are new, and how many are right."""

    def analyse(self, material: Material) -> Result:
        """`numbers` over seeds and the single `runs`; new sets are counted where the corpus is at hand."""
        told: set[tuple[str, int]] = set()

        def measured(one: Made) -> Measured:
            sets = read_label_sets(one.run)
            found = label_combinations(sets.predicted, sets.gold, sets.gold)
            if (one.encoder, one.need.seed) not in told:
                yield GOLD, COMBINATIONS, float(found.gold)
                yield GOLD, SUBSET, 1.0
                told.add((one.encoder, one.need.seed))
            yield one.need.method, COMBINATIONS, float(found.predicted)
            yield one.need.method, SUBSET, float(one.run.metrics["test"]["overall"][SUBSET])
            unseen = _unseen(one, material)
            if unseen is not None:
                yield one.need.method, UNSEEN, float(unseen)

        return _measured(material, measured)


def _measured(material: Material, measure: Callable[[Made], Measured]) -> Result:
    """Every run's measures in the shape of `single_numbers`, and their means over seeds."""
    about, problems = single_numbers(material.made, material.scope, (SUBSET,))
    known = {str(row["run"]): row for row in about.to_dict("records")}
    rows: list[dict[Any, Any]] = []
    for one in material.made:
        if one.run.name not in known:
            continue
        try:
            found = list(measure(one))
        except WorkbenchError as error:
            problems.append(f"{one.run.name}: {error}")
            continue
        rows += [
            {**known[one.run.name], "variant": variant, "metric": metric, "value": value}
            for variant, metric, value in found
        ]
    single = pd.DataFrame(rows, columns=about.columns).astype({"at": "float64", "value": "float64"})
    return Result({"numbers": over_seeds(single), "runs": single}, tuple(problems))


def _is_unprobed(one: Made) -> bool:
    try:
        return one.run.probe(TRAINING_SETS) is None
    except WorkbenchError:
        return False


def _unseen(one: Made, material: Material) -> int | None:
    try:
        return run_combinations(one.run, material.corpus()).unseen
    except WorkbenchError:  # the corpus is gone or has changed
        return None
