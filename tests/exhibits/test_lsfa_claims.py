from __future__ import annotations

import numpy as np
import pytest

from tests.features import give_features
from workbench.analysis.closeness import closeness_summary, closeness_table
from workbench.analysis.measurements import measurement_table
from workbench.analysis.tail_features import read_features
from workbench.exhibits.claim_report import judged_families
from workbench.exhibits.claim_runs import run_records
from workbench.exhibits.lsfa_claims import (
    ALONE,
    CLAIMS,
    DISTANCE,
    GENERATED,
    NEAREST,
    OTHERS,
    OWN,
    RARE,
    REAL,
    TAIL,
    measures,
    of_bin,
)
from workbench.runs.store import Run


def config(method: str) -> dict:
    return {"method": {"variant": method, "head_threshold": 60}, "training": {"epochs": 3}, "encoder": {}}


@pytest.fixture
def made(run_factory):
    """A run of this method and seed, with features where asked."""

    def make(method: str, seed: int = 0, *, features: bool = False, **changes) -> Run:
        path = run_factory(f"{method}-{seed}", method=method, seed=seed, config=config(method), **changes)
        return give_features(path) if features else Run.load(path)

    return make


def test_tail_labels_are_those_below_the_threshold(made):
    run = made("lsfa-attention")
    found = {name: value for part, name, value in measures(run) if part == ""}
    gold = [set(labels.tolist()) for labels in run.predictions["gold_labels"]]
    first = [set(np.argsort(-scores, kind="stable")[:5].tolist()) for scores in run.scores]
    precisions = []
    for label in np.flatnonzero(run.train_counts < 60).tolist():
        held = [n for n in range(len(gold)) if gold[n] and label in first[n]]
        precisions.append(sum(label in gold[n] for n in held) / len(held) if held else 0.0)
    assert found[TAIL] == pytest.approx(np.mean(precisions))
    assert of_bin(1) in found


def test_features_are_measured_by_kind(made):
    run = made("lsfa", features=True)
    summary = closeness_summary(closeness_table(read_features(run))).set_index("kind")
    found = {(part, name): value for part, name, value in measures(run)}
    assert found[OWN, DISTANCE] == summary.loc["generated", "to_own"]
    assert found[OTHERS, DISTANCE] == summary.loc["generated", "to_others"]
    assert found[ALONE, NEAREST] == summary.loc["prototype", "nearest_own"]
    assert found[REAL, DISTANCE] == summary.loc["training", "to_own"]


def test_a_run_without_features_has_scores_alone(made):
    assert {part for part, _, _ in measures(made("lsfa-pooled"))} == {""}


def test_variants_and_parts_are_judged_over_seeds(made):
    runs = [
        made(method, seed, features=method == "lsfa") for method in ("lsfa", "lsfa-pooled") for seed in (0, 1)
    ]
    table = measurement_table(runs, 0.5, CLAIMS.measures)
    judged = judged_families(table, [RARE, GENERATED]).set_index(["claim", "at"])
    best = judged.loc[("lsfa beats lsfa-pooled", "nDCG@5")]
    values = {run.name: run.metrics["test"]["overall"]["nDCG@5"] for run in runs}
    assert best["n"] == 2
    assert best["mean"] == pytest.approx(
        np.mean([values[f"lsfa-{seed}"] - values[f"lsfa-pooled-{seed}"] for seed in (0, 1)])
    )
    own = judged.loc[("in lsfa they lie nearer to their own label than to others", "")]
    summary = closeness_summary(closeness_table(read_features(runs[0]))).set_index("kind").loc["generated"]
    assert own["mean"] == pytest.approx(summary["to_own"] - summary["to_others"])
    (record, *_) = run_records(runs, table, CLAIMS)
    assert record["measured"][f"{DISTANCE}: {OWN}"] == summary["to_own"]
