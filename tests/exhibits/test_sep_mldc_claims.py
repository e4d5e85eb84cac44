from __future__ import annotations

import json
from types import SimpleNamespace

import numpy as np
import pytest
from scipy import sparse

from tests.stage_vectors import give_vectors
from tests.training_sets import give_gold
from workbench.analysis.cooccurrence import cooccurrence
from workbench.analysis.measurements import measurement_table
from workbench.analysis.similar_pairs import rank_correlation
from workbench.analysis.similarity import label_directions, label_similarity
from workbench.exhibits import sep_mldc_measures
from workbench.exhibits.claim_report import family_section, judged_families
from workbench.exhibits.claim_runs import missing_runs, run_records
from workbench.exhibits.sep_mldc import ABLATION, FULL, NO_DATC, NO_LGFS, NO_SMCL
from workbench.exhibits.sep_mldc_claims import (
    CLAIMS,
    CONTRASTS_FIRST,
    FAMILIES,
    GENERATED_FIRST,
    HELPS,
    LABELS,
    SAME,
    TAILS,
)
from workbench.exhibits.sep_mldc_measures import (
    BY_CHANCE,
    IDENTICAL,
    NEAR,
    OF_DOCUMENTS,
    OF_LABELS,
    TAIL,
    measures,
)
from workbench.runs.store import Run

WHOLE = {"fingerprint": "e" * 64, "split_id": "demo/2a9f61c3", "n_train": 300}


@pytest.fixture
def made(run_factory):
    """A run of this variant on a version of a corpus: without generated documents where it reads none."""

    def make(method: str, seed: int = 0, **changes) -> Run:
        config = {"method": {"variant": method}, "training": {"epochs": 3}, "encoder": {}}
        corpus = {
            "name": "demo-grown",
            "split_id": WHOLE["split_id"],
            "fingerprint": "e" * 64,
            "n_train": 300,
            "n_test": 30,
            "n_generated": 60,
            "described": True,
        }
        if method == NO_DATC:
            corpus |= {"fingerprint": "a" * 64, "n_train": 240, "n_generated": 0, "drawn_from": WHOLE}
        about = {"method": method, "seed": seed, "encoder": "minilm", "config": config}
        path = run_factory(f"{method}-{seed}", **(about | changes))
        manifest = path / "run.json"
        told = json.loads(manifest.read_text())
        manifest.write_text(json.dumps(told | {"corpus": told["corpus"] | corpus}))
        give_gold(path)
        give_vectors(path)
        return Run.load(path)

    return make


@pytest.fixture
def counted(monkeypatch):
    """Training documents of the made-up runs, which have no corpus."""
    targets = (np.random.default_rng(0).random((60, 12)) < 0.3).astype(np.uint8)
    train = SimpleNamespace(real_targets=sparse.csr_array(targets))
    monkeypatch.setattr(sep_mldc_measures, "corpus_of", lambda run: SimpleNamespace(train=train))
    return cooccurrence(train.real_targets)


def test_a_run_is_measured_by_rare_labels_and_by_its_vectors(made, counted):
    run = made(FULL)
    found = {(part, name): value for part, name, value in measures(run)}
    counts = run.train_counts
    rare = [
        row["F1"] or 0.0
        for row, count in zip(run.metrics["test"]["labels"], counts, strict=True)
        if 0 < count < 50
    ]
    assert found["", TAIL] == (pytest.approx(np.mean(rare)) if rare else None)
    expected = rank_correlation(label_similarity(label_directions(run), counted)).value
    assert found["", OF_LABELS] == expected
    vectors = run.array("document_embeddings").astype(float)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    gold = [frozenset(labels) for labels in run.predictions["gold_labels"]]
    pairs = [(a, b) for a in range(30) for b in range(a)]
    same = [gold[a] == gold[b] for a, b in pairs]
    near = [vectors[a] @ vectors[b] >= 0.8 for a, b in pairs]
    assert found[BY_CHANCE, IDENTICAL] == pytest.approx(np.mean(same))
    assert found[NEAR, IDENTICAL] == pytest.approx(np.mean(np.array(same)[near]))
    assert -1 <= found["", OF_DOCUMENTS] <= 1


def test_without_its_corpus_or_its_vectors_a_run_is_measured_by_the_rest(made):
    run = made(FULL)
    assert {name: value for _, name, value in measures(run)}[OF_LABELS] is None
    np.save(run.path / "arrays" / "document_embeddings.npy", np.full((30, 8), np.nan))
    assert {name for _, name, _ in measures(run)} == {TAIL, OF_LABELS}


def test_variants_with_and_without_generated_documents_are_judged_together(made, counted):
    runs = [made(method, seed) for method in (FULL, NO_DATC, NO_SMCL) for seed in (0, 1)]
    table = measurement_table(runs, 0.5, CLAIMS.measures)
    assert set(table["percent"]) == {100}
    judged = judged_families(table, FAMILIES)
    row = judged[(judged["family"] == HELPS.id) & (judged["claim"] == f"{FULL} beats {NO_DATC}")].iloc[0]
    values = {run.name: run.metrics["test"]["overall"]["P@1"] for run in runs}
    expected = np.mean([values[f"{FULL}-{seed}"] - values[f"{NO_DATC}-{seed}"] for seed in (0, 1)])
    assert (row["n"], row["mean"]) == (2, pytest.approx(expected))
    assert judged.loc[judged["family"] == LABELS.id, "n"].tolist() == [2, 0]
    section = family_section(SAME, judged, table, CLAIMS.methods)
    assert f"| {IDENTICAL} | {FULL}: {NEAR}" in section.replace(
        f"{FULL}: {BY_CHANCE} | {FULL}: {NEAR}", f"{FULL}: {NEAR}"
    )
    assert len(missing_runs(table, CLAIMS)) == len(ABLATION) - 3
    (record, *_) = run_records(runs, table, CLAIMS)
    assert f"{IDENTICAL}: {NEAR}" in record["measured"]
    assert record["corpus"] == "demo-grown"


def test_the_side_of_each_claim_is_the_papers():
    assert all(claim.higher for family in (HELPS, TAILS, LABELS, SAME) for claim in family.claims)
    assert not any(claim.higher for family in (CONTRASTS_FIRST, GENERATED_FIRST) for claim in family.claims)
    assert CONTRASTS_FIRST.claims[0].first == {"method": NO_SMCL}
    assert CONTRASTS_FIRST.claims[0].second == {"method": NO_LGFS}
    assert GENERATED_FIRST.claims[0].first == {"method": NO_DATC}
    assert len({claim.name for claim in HELPS.claims}) == 4


def test_every_claim_is_about_what_is_kept_of_a_run():
    for family in FAMILIES:
        for claim in (*family.claims, *family.further):
            assert claim.measure in CLAIMS.kept
