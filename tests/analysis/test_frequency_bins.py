from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from workbench.analysis.frequency_bins import (
    augmented_counts,
    bin_table,
    bins_of_runs,
    bins_over_seeds,
    frequency_bins,
    imbalance,
    macro_precision,
)
from workbench.errors import WorkbenchError
from workbench.metrics import macro_precision_at_k, propensities_from_counts, psp_at_k
from workbench.runs.store import Run


def test_bins_are_of_like_size_from_the_most_frequent_label():
    bins = frequency_bins(np.array([1, 9, 3, 9, 0]), 2)
    assert [part.tolist() for part in bins] == [[1, 3, 2], [0, 4]]
    assert [len(part) for part in frequency_bins(np.arange(3), 10)] == [1, 1, 1]
    with pytest.raises(WorkbenchError, match="0 bins hold no labels"):
        frequency_bins(np.arange(3), 0)


def test_one_bin_is_the_metric_of_all_labels(run_factory):
    run = Run.load(run_factory("base-0"))
    gold = np.zeros(run.scores.shape, dtype=np.uint8)
    for row, labels in enumerate(run.predictions["gold_labels"]):
        gold[row, labels] = 1
    (row,) = bin_table(run, 1, 3).to_dict("records")
    assert row["macro_P"] == pytest.approx(macro_precision_at_k(run.scores, gold, 3))
    propensities = propensities_from_counts(run.train_counts, 240)
    assert row["PSP"] == pytest.approx(psp_at_k(run.scores, gold, propensities, 3))


def test_bins_are_what_plain_loops_give(run_factory):
    run = Run.load(run_factory("base-0"))
    gold = [set(labels.tolist()) for labels in run.predictions["gold_labels"]]
    first = [set(np.argsort(-scores, kind="stable")[:3].tolist()) for scores in run.scores]
    weight = 1 / propensities_from_counts(run.train_counts, 240)
    documents = [n for n in range(len(gold)) if gold[n]]
    table = bin_table(run, 4, 3)
    for number, labels in enumerate(frequency_bins(run.train_counts, 4)):
        row = table.iloc[number]
        held = {int(k): [n for n in documents if k in first[n]] for k in labels}
        right = {k: sum(k in gold[n] for n in where) for k, where in held.items()}
        precisions = [right[k] / len(held[k]) if held[k] else 0.0 for k in held]
        assert row["macro_P"] == pytest.approx(np.mean(precisions))
        assert row["P"] == pytest.approx(sum(right.values()) / sum(map(len, held.values())))
        assert row["R"] == pytest.approx(
            sum(right.values()) / sum(k in gold[n] for n in documents for k in held)
        )
        best = sum(
            sum(sorted((weight[k] for k in held if k in gold[n]), reverse=True)[:3]) for n in documents
        )
        assert row["PSP"] == pytest.approx(sum(weight[k] * right[k] for k in held) / best)
        assert (row["most"], row["least"]) == (run.train_counts[labels].max(), run.train_counts[labels].min())


def test_macro_precision_of_chosen_labels_is_that_of_their_bin(run_factory):
    run = Run.load(run_factory("base-0"))
    first, *_ = frequency_bins(run.train_counts, 4)
    chosen = np.isin(np.arange(len(run.labels)), first)
    assert macro_precision(run, chosen, 3) == pytest.approx(bin_table(run, 4, 3)["macro_P"].iloc[0])
    assert np.isnan(macro_precision(run, np.zeros_like(chosen), 3))


def test_seeds_of_a_setting_are_one_line_with_a_spread(run_factory):
    runs = [Run.load(run_factory(f"base-{seed}", method="base", seed=seed)) for seed in range(3)]
    table = bins_of_runs(runs, 3, 5)
    assert len(table) == 9
    over = bins_over_seeds(table)
    assert len(over) == 3
    assert over["n"].tolist() == [3, 3, 3]
    values = table[table["bin"] == 2]["value"]
    assert over.loc[1, "mean"] == pytest.approx(values.mean())
    assert over.loc[1, "std"] == pytest.approx(values.std())
    assert bins_of_runs([], 3, 5).empty


def test_repeating_documents_feeds_the_head_and_adding_features_does_not():
    targets = sparse.csr_array(np.array([[1, 1, 0], [1, 0, 0], [1, 0, 0]], dtype=np.uint8))
    table = augmented_counts(targets, np.array([False, True, True]), 10).set_index("label")
    assert table["original"].tolist() == [3, 1, 0]
    assert table["sample_level"].tolist() == [13, 11, 0]  # the head label came along ten times
    assert table["pair_level"].tolist() == [3, 11, 0]  # a label without documents gets nothing
    assert table["rank"].tolist() == [1, 2, 3]
    fewer = augmented_counts(targets, np.array([False, True, True]), 2)
    assert imbalance(fewer["pair_level"]) < imbalance(fewer["sample_level"]) < imbalance(fewer["original"])


def test_the_gini_coefficient_by_hand():
    import pandas as pd

    assert imbalance(pd.Series([4, 4, 4])) == pytest.approx(0)
    assert imbalance(pd.Series([0, 0, 0, 8])) == pytest.approx(0.75)
    assert imbalance(pd.Series([1, 3])) == pytest.approx(0.25)
    assert imbalance(pd.Series([0, 0])) == 0
