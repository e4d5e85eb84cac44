from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from workbench.analysis.claims import (
    HELD,
    NOT_HELD,
    UNDECIDED,
    Claim,
    holm,
    judge,
    paired_difference,
    together,
)
from workbench.errors import WorkbenchError

PROTO, BASE = {"method": "proto"}, {"method": "base"}


def table(**values: list[float]) -> pd.DataFrame:
    """One row a method and seed, seeds from 0."""
    return pd.DataFrame(
        [
            {"run": f"{method}-{seed}", "method": method, "seed": seed, "value": value}
            for method, measured in values.items()
            for seed, value in enumerate(measured)
        ]
    )


def test_a_difference_worked_out_by_hand():
    # differences 1, 2, 3: mean 2, standard deviation 1, t(2) at 97.5 % 4.30265, so 2 ± 4.30265 / sqrt(3)
    found = paired_difference(table(base=[10, 20, 30], proto=[11, 22, 33]), PROTO, BASE)
    assert (found.n, found.seeds, found.differences) == (3, (0, 1, 2), (1.0, 2.0, 3.0))
    assert (found.mean, found.std) == (pytest.approx(2), pytest.approx(1))
    assert (found.low, found.high) == (pytest.approx(-0.48414, abs=1e-5), pytest.approx(4.48414, abs=1e-5))
    assert found.verdict == UNDECIDED


@given(
    st.lists(st.tuples(st.integers(-1000, 1000), st.integers(-1000, 1000)), min_size=2, max_size=8).filter(
        lambda pairs: len({one - other for one, other in pairs}) > 1
    )
)
def test_interval_and_p_are_those_of_scipy(pairs: list[tuple[int, int]]):
    one, other = np.array(pairs, dtype=np.float64).T / 8
    found = paired_difference(table(proto=one.tolist(), base=other.tolist()), PROTO, BASE)
    oracle = stats.ttest_rel(one, other)
    interval = oracle.confidence_interval(0.95)
    assert (found.low, found.high) == pytest.approx((interval.low, interval.high))
    assert found.p == pytest.approx(oracle.pvalue)
    assert (found.verdict != UNDECIDED) == (oracle.pvalue < 0.05)


@pytest.mark.parametrize(
    "proto, higher, verdict",
    [
        ([2.0, 2.1, 2.2], True, HELD),
        ([2.0, 2.1, 2.2], False, NOT_HELD),
        ([0.0, 0.1, 0.2], True, NOT_HELD),
        ([0.0, 0.1, 0.2], False, HELD),
        ([0.0, 1.0, 2.5], True, UNDECIDED),
        ([0.0, 1.0, 2.5], False, UNDECIDED),
    ],
)
def test_the_verdict_is_about_the_claimed_side(proto: list[float], higher: bool, verdict: str):
    assert (
        paired_difference(table(proto=proto, base=[1, 1, 1]), PROTO, BASE, higher=higher).verdict == verdict
    )


def test_seeds_are_paired_whatever_their_order():
    shuffled = table(base=[10, 20, 30], proto=[11, 22, 33]).iloc[[4, 0, 5, 2, 3, 1]]
    assert paired_difference(shuffled, PROTO, BASE).differences == (1.0, 2.0, 3.0)


@pytest.mark.parametrize("missing", [None, math.nan, math.inf])
def test_a_seed_without_a_partner_is_left_out(missing: float | None):
    rows = table(base=[1, 2, 3, 4], proto=[2, 4, 7])
    if missing is not None:
        rows = table(base=[1, 2, 3, 4], proto=[2, 4, 7, missing])
    assert paired_difference(rows, PROTO, BASE).seeds == (0, 1, 2)


def test_one_pair_has_a_difference_and_no_interval():
    found = paired_difference(table(base=[1], proto=[2, 5]), PROTO, BASE)
    assert (found.n, found.mean, found.verdict) == (1, 1.0, UNDECIDED)
    assert np.isnan([found.std, found.low, found.high, found.p]).all()


@pytest.mark.parametrize("rows", [table(base=[1, 2]), table(base=[1, 2]).iloc[:0]])
def test_no_pair_has_nothing(rows: pd.DataFrame):
    found = paired_difference(rows, PROTO, BASE)
    assert (found.n, found.verdict) == (0, UNDECIDED)
    assert math.isnan(found.mean)


def test_equal_values_are_undecided_and_equal_differences_decide():
    same = paired_difference(table(base=[1, 2, 3], proto=[1, 2, 3]), PROTO, BASE)
    assert (same.low, same.high, same.p, same.verdict) == (0, 0, 1, UNDECIDED)
    shifted = paired_difference(table(base=[1, 2, 3], proto=[3, 4, 5]), PROTO, BASE)
    assert (shifted.low, shifted.high, shifted.p, shifted.verdict) == (2, 2, 0, HELD)


def test_rounding_is_no_difference():
    one, other = [0.1 + 0.2, 0.7 + 0.1], [0.3, 0.8]
    assert one != other
    assert paired_difference(table(proto=one, base=other), PROTO, BASE).verdict == UNDECIDED


def test_a_seed_that_occurs_twice_is_refused():
    twice = pd.concat([table(base=[1, 2], proto=[1, 2]), table(proto=[3])])
    with pytest.raises(WorkbenchError, match=r"Seed 0 occurs more than once .*'proto-0', 'proto-0'"):
        paired_difference(twice, PROTO, BASE)


def test_claims_are_judged_in_each_group_and_measure():
    good, bad = table(base=[1, 2, 3], proto=[2, 3.1, 4]), table(base=[2, 3.1, 4], proto=[1, 2, 3])
    rows = pd.concat(
        [
            good.assign(corpus="a", measure="P@1"),
            good.assign(corpus="a", measure="loss"),
            bad.assign(corpus="b", measure="P@1"),
        ]
    )
    claims = [
        Claim("proto beats base", "P@1", PROTO, BASE, at="P@1"),
        Claim("proto loses less", "loss", PROTO, BASE, higher=False),
    ]
    judged = judge(rows, claims, ["corpus"])
    assert judged[["corpus", "claim", "at", "n", "verdict"]].to_numpy().tolist() == [
        ["a", "proto beats base", "P@1", 3, HELD],
        ["a", "proto loses less", "", 3, NOT_HELD],
        ["b", "proto beats base", "P@1", 3, NOT_HELD],
        ["b", "proto loses less", "", 0, UNDECIDED],
    ]
    assert judged["seeds"][0] == (0, 1, 2)
    assert judge(rows.iloc[:0], claims, ["corpus"]).empty


def test_claims_hold_together_when_all_do():
    assert together([HELD, HELD]) == HELD
    assert together([HELD, UNDECIDED]) == UNDECIDED
    assert together([HELD, UNDECIDED, NOT_HELD]) == NOT_HELD
    assert together([]) == UNDECIDED


def test_holm_by_hand():
    # sorted 0.01, 0.02, 0.04 times 3, 2, 1 are 0.03, 0.04, 0.04; the last must not fall below the one before
    assert holm([0.04, 0.01, np.nan, 0.02]) == pytest.approx([0.04, 0.03, np.nan, 0.04], nan_ok=True)
    assert holm([0.5, 0.011, 0.01]) == pytest.approx([0.5, 0.03, 0.03])
    assert holm([0.9, 0.8]) == pytest.approx([1.0, 1.0])
    assert holm([]).size == 0
