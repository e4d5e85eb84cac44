from __future__ import annotations

import math
from pathlib import Path
from statistics import fmean, stdev

import numpy as np
import pytest

from tests.mixed_runs import mixed_run, terms_of
from workbench.analysis.compared_runs import compare_runs
from workbench.analysis.mixture_differences import (
    BETTER,
    COLUMNS,
    DOCUMENTS,
    NONE,
    SEEDS,
    WORSE,
    compare_mixture,
    compare_mixtures,
    verdict_of,
    with_holm,
)
from workbench.analysis.mixtures import LENDER, METHOD, find_mixtures
from workbench.errors import WorkbenchError
from workbench.runs.store import Run

TERM = "sep_mldc.label_contrast"
T_975 = {2: 4.302652729911275}  # of Student's t, two degrees of freedom


@pytest.fixture
def runs(tmp_path: Path) -> list[Run]:
    """Three seeds of a mixture, three of its method and one of its lender."""
    found = [
        mixed_run(tmp_path, f"m-{seed}", "mix", (TERM,), seed=seed, right=0.9 + seed / 20)
        for seed in range(3)
    ]
    found += [mixed_run(tmp_path, f"mix-{seed}", "mix", seed=seed, right=0.2 + seed / 9) for seed in range(3)]
    return [*found, mixed_run(tmp_path, "sep-1", "sep-mldc", seed=1, right=0.85)]


def measured(run: Run, metric: str) -> float:
    return run.metrics["test"]["overall"][metric]


def test_over_seeds_it_is_the_paired_t_interval(runs: list[Run]):
    (mixture,) = find_mixtures(runs, terms_of)
    table = compare_mixture(mixture, ["nDCG@5", "hamming_loss"]).set_index(["role", "metric"])
    for metric in ("nDCG@5", "hamming_loss"):
        row = table.loc[(METHOD, metric)]
        differences = [measured(runs[seed], metric) - measured(runs[3 + seed], metric) for seed in range(3)]
        half = T_975[2] * stdev(differences) / math.sqrt(3)
        assert row["difference"] == pytest.approx(fmean(differences))
        assert (row["low"], row["high"]) == pytest.approx(
            (fmean(differences) - half, fmean(differences) + half)
        )
        assert row["value"] == pytest.approx(fmean(measured(run, metric) for run in runs[:3]))
        assert row["reference"] == pytest.approx(fmean(measured(run, metric) for run in runs[3:6]))
        assert (row["n"], row["over"]) == (3, SEEDS)
    assert table.loc[(METHOD, "nDCG@5"), "verdict"] == BETTER
    assert table.loc[(METHOD, "hamming_loss"), "difference"] < 0  # fewer errors, and so better
    assert table.loc[(METHOD, "hamming_loss"), "verdict"] == BETTER


def test_with_one_seed_it_is_the_bootstrap_over_documents_of_that_seed(runs: list[Run]):
    (mixture,) = find_mixtures(runs, terms_of)
    row = compare_mixture(mixture, ["nDCG@5"]).set_index("role").loc[LENDER]
    expected = compare_runs([runs[6], runs[1]], ["nDCG@5"])[0].differences.iloc[0]
    for name in ("value", "reference", "difference", "low", "high", "p"):
        assert row[name] == expected[name]
    assert (row["n"], row["over"]) == (1, DOCUMENTS)


def test_a_verdict_is_what_the_interval_carries():
    assert verdict_of(0.01, 0.02, 3, higher=True) == BETTER
    assert verdict_of(0.01, 0.02, 3, higher=False) == WORSE
    assert verdict_of(-0.02, -0.01, 3, higher=True) == WORSE
    assert verdict_of(-0.02, 0.01, 3, higher=True) == NONE
    assert verdict_of(0.0, 0.01, 3, higher=True) == NONE
    assert verdict_of(float("nan"), float("nan"), 1, higher=True) == NONE
    assert verdict_of(0.01, 0.02, 1, higher=True) == "better with this one seed"
    assert verdict_of(-0.02, -0.01, 1, higher=True) == "worse with this one seed"


def test_holm_is_over_the_rows_over_seeds_alone(runs: list[Run]):
    (mixture,) = find_mixtures(runs, terms_of)
    table = with_holm(compare_mixture(mixture, ["P@1", "nDCG@5", "macro_F1"]))
    over_seeds = table[table["over"] == SEEDS]
    ranked = sorted(over_seeds["p"])
    largest, expected = 0.0, {}
    for place, p in enumerate(ranked):
        largest = max(largest, min(1.0, (len(ranked) - place) * p))
        expected[p] = largest
    assert over_seeds["p_holm"].tolist() == pytest.approx([expected[p] for p in over_seeds["p"]])
    assert table.loc[table["over"] == DOCUMENTS, "p_holm"].isna().all()


def test_without_a_seed_in_common_there_is_no_row(tmp_path: Path):
    runs = [mixed_run(tmp_path, "m-0", "mix", (TERM,)), mixed_run(tmp_path, "mix-4", "mix", seed=4)]
    (mixture,) = find_mixtures(runs, terms_of)
    table = compare_mixture(mixture, ["P@1"])
    assert table.empty
    assert list(table.columns) == COLUMNS
    assert list(compare_mixtures(runs[:1]).columns) == [*COLUMNS, "p_holm"]
    assert compare_mixtures([]).empty


def test_a_metric_that_a_run_lacks_has_no_row_and_an_unknown_one_is_an_error(runs: list[Run]):
    (mixture,) = find_mixtures(runs[:6], terms_of)
    assert compare_mixture(mixture, ["P@50"]).empty
    with pytest.raises(WorkbenchError, match="Unknown metric 'nDGC@5'"):
        compare_mixture(mixture, ["nDGC@5"])


def test_runs_of_other_documents_under_one_split_are_refused(tmp_path: Path):
    ids = [f"other{row}" for row in range(50)]
    runs = [mixed_run(tmp_path, "m-0", "mix", (TERM,)), mixed_run(tmp_path, "mix-0", "mix", ids=ids)]
    with pytest.raises(WorkbenchError, match="different documents"):
        compare_mixtures(runs)


def test_a_run_that_does_not_name_its_corpus_is_compared_all_the_same(tmp_path: Path):
    corpus = {"split_id": "toy/1", "fingerprint": "f" * 64, "n_train": 100}
    runs = [mixed_run(tmp_path, "m-0", "mix", (TERM,), corpus=corpus)]
    runs.append(mixed_run(tmp_path, "mix-0", "mix", corpus=corpus))
    table = compare_mixtures(runs, ["P@1"])
    assert table["corpus"].tolist() == ["?"]
    assert np.isfinite(table["difference"]).all()


def test_names_are_text_wherever_they_are_shown(tmp_path: Path):
    runs = [mixed_run(tmp_path, "m-0", "mix", ("<b>x.y</b>",)), mixed_run(tmp_path, "mix-0", "mix")]
    table = compare_mixtures(runs, ["P@1"])
    assert "<b>" not in str(table["mixture"].iloc[0])
    assert "x.y" in str(table["mixture"].iloc[0])
