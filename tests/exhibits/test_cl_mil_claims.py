from __future__ import annotations

import numpy as np
import pytest

from tests.stage_vectors import give_vectors
from tests.training_sets import give_gold
from workbench.analysis.group_f1 import group_f1_table
from workbench.analysis.measurements import measurement_table
from workbench.errors import WorkbenchError
from workbench.exhibits.cl_mil_claims import (
    CLAIMS,
    EVEN,
    HARMS,
    HELPS,
    METHODS,
    NOT_RARER,
    PRECISE,
    RARER,
)
from workbench.exhibits.cl_mil_measures import CONTRASTED, COSINE, START, UNIFORMITY, measures, of_group
from workbench.exhibits.claim_report import family_section, judged_families, sentence
from workbench.exhibits.claim_runs import missing_runs, run_records
from workbench.runs.store import Run


@pytest.fixture
def made(run_factory):
    """A run of this method and seed; those with a contrastive stage have its threshold and its vectors."""

    def make(method: str, seed: int = 0, low_frequency: int = 43, **changes) -> Run:
        threshold = low_frequency if method.startswith("cl-") else None
        config = {
            "method": {"variant": method, "low_frequency": threshold},
            "training": {"epochs": 3},
            "encoder": {"label_tokens": "text"},
        }
        about = {"method": method, "seed": seed, "encoder": "minilm", "config": config}
        path = run_factory(f"{method}-{seed}", **(about | changes))
        give_gold(path)
        give_vectors(path, ["contrast"] if threshold else [])
        return Run.load(path)

    return make


def test_a_run_is_measured_by_groups_and_by_how_evenly_its_vectors_lie(made):
    run = made("cl-mil")
    found = {(part, name): value for part, name, value in measures(run)}
    groups = group_f1_table(run).set_index("group")["micro_F1"]
    for group in groups.index.drop("all"):
        assert found["", of_group(group)] == groups[group]
    vectors = np.asarray(run.array("stage_vectors.0.start"), dtype=np.float64)
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    pairs = [unit[i] @ unit[j] for i in range(30) for j in range(30) if i != j]
    assert found[START, COSINE] == pytest.approx(np.mean(pairs))
    assert found[CONTRASTED, COSINE] < found[START, COSINE]
    assert found[CONTRASTED, UNIFORMITY] < found[START, UNIFORMITY] < 0


def test_a_run_without_the_stage_or_with_diverged_vectors_is_measured_by_groups_alone(made):
    assert {part for part, _, _ in measures(made("mil"))} == {""}
    run = made("cl-dil")
    np.save(run.path / "arrays" / "stage_vectors.0.start.npy", np.full((30, 8), np.nan, dtype=np.float16))
    assert {part for part, _, _ in measures(run)} == {"", CONTRASTED}


def test_variants_with_and_without_the_stage_are_judged_together(made):
    runs = [made(method, seed) for method in ("cl-mil", "mil", "dil") for seed in (0, 1)]
    table = measurement_table(runs, 0.5, CLAIMS.measures)
    judged = judged_families(table, [HELPS, *RARER, *EVEN])
    row = judged.set_index(["claim", "at"]).loc[("cl-mil beats mil", "")]
    values = {run.name: run.metrics["test"]["overall"]["micro_F1"] for run in runs}
    expected = np.mean([values[f"cl-mil-{seed}"] - values[f"mil-{seed}"] for seed in (0, 1)])
    assert (row["n"], row["mean"]) == (2, pytest.approx(expected))
    cosine = judged[(judged["measure"] == COSINE) & judged["claim"].str.startswith("cl-mil")]
    assert (cosine["n"].item(), cosine["mean"].item() < 0, cosine["higher"].item()) == (2, True, False)
    assert sentence(cosine.to_dict("records")[0], EVEN[0]).startswith("On demo with minilm this")
    section = family_section(EVEN[0], judged, table, CLAIMS.methods)
    assert "| mean cosine | cl-mil: after contrast | cl-mil: start |" in section
    assert len(missing_runs(table, CLAIMS)) == len(METHODS) - 3
    (record, *_) = run_records(runs, table, CLAIMS)
    assert record["measured"][f"{COSINE}: {START}"] == pytest.approx(dict(_first(runs[0]))[COSINE])


def _first(run: Run) -> list[tuple[str, float]]:
    return [(name, value) for part, name, value in measures(run) if part == START]


def test_runs_whose_first_stages_differ_are_not_judged_together(made):
    runs = [made("cl-mil"), made("mil"), made("cl-dil", low_frequency=50)]
    with pytest.raises(WorkbenchError, match=r"cl-dil-0 and cl-mil-0 .* method\.low_frequency"):
        measurement_table(runs, 0.5, CLAIMS.measures)


def test_the_side_of_each_claim_is_the_papers():
    assert [claim.name for claim in HARMS.claims] == ["cl-joint-bert is worse than joint-bert"]
    down = (HARMS, *NOT_RARER, *EVEN)
    assert not any(claim.higher for family in down for claim in family.claims)
    up = (HELPS, PRECISE, *RARER)
    assert all(claim.higher for family in up for claim in family.claims)
    assert [claim.name for claim in PRECISE.claims] == ["fil is more precise than cil"]
