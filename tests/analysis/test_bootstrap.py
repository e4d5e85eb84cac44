from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse, stats
from sklearn.metrics import f1_score

from workbench.analysis import bootstrap
from workbench.analysis.bootstrap import difference_of, paired_bootstrap, resampled
from workbench.analysis.document_statistics import MacroShare, Share, mean_of
from workbench.errors import WorkbenchError


def draws(documents: int, n: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(documents, size=(n, documents))


def test_the_interval_is_that_of_a_plain_loop():
    one, other = np.random.default_rng(0).random((2, 40))
    found = paired_bootstrap(one, other, n=200, seed=5)
    looped = np.array([np.mean(one[rows]) - np.mean(other[rows]) for rows in draws(40, 200, 5)])
    assert found.difference == pytest.approx(one.mean() - other.mean())
    looped += found.difference - looped.mean()
    assert (found.low, found.high) == pytest.approx(tuple(np.quantile(looped, [0.025, 0.975])))
    smaller = min((looped <= 0).sum(), (looped >= 0).sum())
    assert found.p == pytest.approx(min(1, 2 * (1 + smaller) / 201))
    assert (found.first, found.second) == pytest.approx((one.mean(), other.mean()))
    assert found.resamples == 200


def test_scipy_draws_about_the_same_interval():
    one = np.random.default_rng(0).normal(size=300)
    other = one + np.random.default_rng(1).normal(0.1, 0.5, size=300)
    found = paired_bootstrap(one, other, n=5000)
    oracle = stats.bootstrap(
        (one - other,), np.mean, n_resamples=5000, method="percentile", rng=np.random.default_rng(3)
    ).confidence_interval
    assert (found.low, found.high) == pytest.approx(tuple(oracle), abs=0.005)
    assert found.p == pytest.approx(stats.ttest_rel(one, other).pvalue, abs=0.01)


def test_micro_and_macro_f1_are_counted_anew_in_every_draw():
    generator = np.random.default_rng(4)
    gold, sets = generator.random((30, 6)) < 0.3, generator.random((30, 6)) < 0.4
    correct, whole = (sets & gold).astype(float), sets.astype(float) + gold
    drawn = resampled(
        {
            "micro": Share(2 * correct.sum(axis=1), whole.sum(axis=1)),
            "macro": MacroShare(sparse.csr_array(2 * correct), sparse.csr_array(whole)),
        },
        n=25,
        seed=1,
    )
    for place, rows in enumerate(draws(30, 25, 1)):
        for average in ("micro", "macro"):
            expected = f1_score(gold[rows], sets[rows], average=average, zero_division=0)
            assert drawn[average][place] == pytest.approx(expected)


def test_identical_runs_do_not_differ():
    values = np.random.default_rng(0).random(50)
    found = paired_bootstrap(values, values.copy())
    assert (found.difference, found.low, found.high, found.p) == (0, 0, 0, 1)


def test_one_document_has_no_spread():
    found = paired_bootstrap([1.0], [0.25], n=99)
    assert (found.difference, found.low, found.high) == (0.75, 0.75, 0.75)
    assert found.p == 0.02  # as small as 99 resamples can tell


def test_a_clear_difference_and_its_mirror():
    one, other = np.full(100, 0.6), np.random.default_rng(0).normal(0.5, 0.1, 100)
    found, mirror = paired_bootstrap(one, other), paired_bootstrap(other, one)
    assert found.low > 0
    assert found.p == pytest.approx(2 / 1001)
    assert (mirror.low, mirror.high, mirror.p) == (
        pytest.approx(-found.high),
        pytest.approx(-found.low),
        found.p,
    )


def test_blocks_change_nothing(monkeypatch):
    one, other = np.random.default_rng(0).random((2, 40))
    whole = paired_bootstrap(one, other, n=50)
    monkeypatch.setattr(bootstrap, "_WEIGHTS_AT_ONCE", 7 * 40)
    assert vars(paired_bootstrap(one, other, n=50)) == pytest.approx(vars(whole))


def test_resamples_without_a_value_are_left_out():
    found = paired_bootstrap([np.nan, 1.0], [np.nan, 0.0], n=400)
    assert (found.difference, found.low, found.high) == (1, 1, 1)
    assert 250 < found.resamples < 350  # three in four draw the second document
    nothing = paired_bootstrap([np.nan], [np.nan])
    assert nothing.resamples == 0
    assert np.isnan([nothing.difference, nothing.low, nothing.high, nothing.p]).all()


def test_zero_lies_on_both_sides():
    assert difference_of(1, 1, np.zeros(9)).p == 1.0
    assert difference_of(1, 0, np.array([2.0, 1, 1, 0])).p == pytest.approx(2 * 2 / 5)


def test_what_every_draw_loses_is_no_difference():
    # the first run is right about 30 labels of one document each, of which a draw holds some 19
    right = sparse.csr_array(np.eye(30))
    found = paired_bootstrap(MacroShare(right, right), MacroShare(0 * right, right))
    assert found.difference == 1.0
    assert (found.low + found.high) / 2 == pytest.approx(1.0, abs=0.05)


def test_mistakes_say_what_was_given():
    with pytest.raises(WorkbenchError, match="first: 2, second: 3"):
        paired_bootstrap([1.0, 2], [1.0, 2, 3])
    with pytest.raises(WorkbenchError, match="at least one"):
        paired_bootstrap([], [])
    with pytest.raises(WorkbenchError, match="0 resamples"):
        paired_bootstrap([1.0], [2.0], n=0)
    assert mean_of([1.0]).documents == 1
