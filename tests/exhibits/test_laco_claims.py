from __future__ import annotations

import numpy as np
import pytest

from tests.training_sets import give_gold, give_micro_f1, give_training_sets
from workbench.analysis.dependency import run_divergence, training_divergence
from workbench.analysis.measurements import measurement_table
from workbench.exhibits.claim_report import judged_families, sentence
from workbench.exhibits.claim_runs import missing_runs, run_records
from workbench.exhibits.laco_claims import BERT, CLAIMS, HELP, METHODS, NEARER, PARTS, SOONER
from workbench.exhibits.laco_measures import GAP, SPEED, STEPS, measures, of_group
from workbench.exhibits.laco_numbers import COMBINATIONS, TEST_DIVERGENCE, TRAIN_DIVERGENCE
from workbench.runs.store import Run


def config(method: str) -> dict:
    joint = {} if "-je" in method else {"label_tokens": "text", "labels_at_once": None}
    encoder = {"max_length": 64, **joint}
    return {"method": {"variant": method}, "training": {"epochs": 3}, "encoder": encoder}


@pytest.fixture
def made(run_factory):
    """A run of this method and seed, with a validation curve of micro-F1."""

    def make(method: str, seed: int = 0, **changes) -> Run:
        about = {"method": method, "seed": seed, "encoder": "minilm", "config": config(method)}
        path = run_factory(f"{method}-{seed}", **(about | changes))
        give_micro_f1(path)
        give_gold(path)
        return Run.load(path)

    return make


def measured(run: Run) -> dict[str, float | None]:
    return {name: value for _, name, value in measures(run)}


def test_a_run_is_measured_by_groups_pairs_sets_and_speed(made):
    run = made("laco")
    found = measured(run)
    assert found[of_group(4)] == found[of_group(1)] == 0.5
    assert found[GAP] == 0
    assert found[TEST_DIVERGENCE] == run_divergence(run)
    assert found[COMBINATIONS] == len({tuple(np.flatnonzero(row >= 0.5)) for row in run.scores} - {()})
    curve = run.history.query("phase == 'valid'")["micro_F1"]
    assert found[SPEED] == pytest.approx(curve.mean())
    assert found[STEPS] == 10 * (1 + int(np.argmax(curve >= 0.9 * curve.max())))


def test_training_documents_are_measured_where_the_probe_was(made):
    run = made("laco")
    assert TRAIN_DIVERGENCE not in measured(run)
    give_training_sets(run.path)
    assert measured(run)[TRAIN_DIVERGENCE] == training_divergence(Run.load(run.path))


def test_variants_are_judged_over_seeds_with_and_without_labels_in_their_input(made):
    runs = [made(method, seed) for method in ("laco", "laco-no-je", BERT) for seed in (0, 1)]
    table = measurement_table(runs, 0.5, CLAIMS.measures)
    judged = judged_families(table, [PARTS, NEARER])
    row = judged.set_index(["claim", "at"]).loc[(f"laco beats {BERT}", "")]
    values = {run.name: run.metrics["test"]["overall"]["micro_F1"] for run in runs}
    expected = np.mean([values[f"laco-{seed}"] - values[f"{BERT}-{seed}"] for seed in (0, 1)])
    assert (row["n"], row["mean"]) == (2, pytest.approx(expected))
    said = judged[judged["claim"] == f"laco beats {BERT}"].to_dict("records")[0]
    assert sentence(said, PARTS).startswith("On demo with minilm this")
    (record, *_) = run_records(runs, table, CLAIMS)
    assert record["measured"][TEST_DIVERGENCE] == pytest.approx(run_divergence(runs[0]))
    assert len(missing_runs(table, CLAIMS)) == len(METHODS) - 3


def test_less_is_claimed_of_divergence_and_steps_and_more_of_scores():
    assert not any(claim.higher for claim in (*NEARER.claims, *SOONER.claims))
    assert all(claim.higher for claim in (*PARTS.claims, *HELP.claims))
    assert [claim.name for claim in HELP.claims] == ["laco+plcp beats laco", "laco+clcp beats laco"]
