from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from scikit_posthocs import posthoc_nemenyi_friedman
from scipy import sparse, stats

from workbench.analysis.claims import holm
from workbench.analysis.significance import compare_ranks, iman_davenport, mcnemar
from workbench.errors import WorkbenchError


@pytest.mark.parametrize("form", [np.asarray, sparse.csr_array])
def test_mcnemar_is_a_binomial_test_of_each_label(form):
    generator = np.random.default_rng(0)
    gold = generator.random((200, 7)) < 0.3
    first, second = gold ^ (generator.random((200, 7)) < 0.1), gold ^ (generator.random((200, 7)) < 0.2)
    second[:, 4] = first[:, 4]
    table = mcnemar(form(first), form(second), form(gold)).set_index("label").sort_index()
    for label in range(7):
        right = [int(((one == gold) & (other != gold))[:, label].sum()) for one, other in
                 ((first, second), (second, first))]  # fmt: skip
        row = table.loc[label]
        assert [row["first_right"], row["second_right"]] == right
        expected = stats.binomtest(right[0], sum(right)).pvalue if sum(right) else 1.0
        assert row["p"] == pytest.approx(expected)
    tested = table.drop(index=4)
    assert tested["p_holm"].to_numpy() == pytest.approx(holm(tested["p"]))
    assert table.loc[4, ["first_right", "p", "p_holm"]].tolist() == [0, 1, 1]


def test_the_clearest_label_comes_first():
    gold = np.ones((12, 3))
    first, second = gold.copy(), gold.copy()
    second[:10, 1] = second[:2, 2] = 0  # wrong about ten documents, and about two
    table = mcnemar(first, second, gold)
    assert table["label"].tolist() == [1, 2, 0]
    assert table[["first_right", "second_right"]].to_numpy().tolist() == [[10, 0], [2, 0], [0, 0]]
    assert table["p"].tolist() == pytest.approx([2 / 1024, 0.5, 1.0])
    assert table["p_holm"].tolist() == pytest.approx([4 / 1024, 0.5, 1.0])


@pytest.mark.parametrize("gold", [np.zeros((3, 2)), np.ones((1, 1))])
def test_identical_runs_do_not_differ_on_any_label(gold):
    table = mcnemar(gold, gold, gold)
    assert table["p_holm"].tolist() == [1.0] * gold.shape[1]


def test_mcnemar_refuses_other_shapes():
    with pytest.raises(WorkbenchError, match=r"second have shape \(2, 2\) but gold have shape \(2, 3\)"):
        mcnemar(np.ones((2, 3)), np.ones((2, 2)), np.ones((2, 3)))


def measured(blocks: int, methods: int, seed: int = 0) -> pd.DataFrame:
    values = np.random.default_rng(seed).random((blocks, methods)) + 0.2 * np.arange(methods)
    names = [f"m{number}" for number in range(methods)]
    return pd.DataFrame(values, index=[f"corpus{number}" for number in range(blocks)], columns=names)


@pytest.mark.parametrize("blocks, methods", [(2, 3), (6, 4), (14, 12)])
def test_ranks_and_p_values_are_those_of_scipy_and_posthocs(blocks, methods):
    values = measured(blocks, methods)
    found = compare_ranks(values)
    ranks = values.rank(axis=1, ascending=False).mean()
    assert dict(found.ranks.to_numpy().tolist()) == pytest.approx(ranks.to_dict())
    assert found.ranks["rank"].is_monotonic_increasing
    oracle = stats.friedmanchisquare(*values.to_numpy().T)
    assert (found.statistic, found.p) == pytest.approx((oracle.statistic, oracle.pvalue))
    pairwise = posthoc_nemenyi_friedman(values)
    for one in values:
        for other in values:
            assert found.pairwise.loc[one, other] == pytest.approx(pairwise.loc[one, other])


def test_the_critical_difference_is_the_one_of_the_table():
    # Demšar (2006), Table 5 (a): q at 0.05 is 2.569 for 4 methods; his example has 14 corpora
    assert compare_ranks(measured(14, 4)).critical_difference == pytest.approx(
        2.569 * np.sqrt(4 * 5 / (6 * 14)), abs=1e-3
    )


def test_two_methods_are_joined_exactly_when_nemenyi_does_not_tell_them_apart():
    found = compare_ranks(measured(9, 6))
    names = found.ranks["method"].tolist()
    for one in names:
        for other in names:
            joined = one == other or any({one, other} <= set(group) for group in found.groups)
            assert joined == (found.pairwise.loc[one, other] > 0.05)


def test_groups_by_hand():
    # three methods always in one order on 12 corpora: ranks 1, 2, 3, critical difference 0.956
    ordered = pd.DataFrame([[3.0, 2.0, 1.0]] * 12, columns=["a", "b", "c"])
    assert compare_ranks(ordered).groups == ()
    assert compare_ranks(ordered.iloc[:8]).groups == (("a", "b"), ("b", "c"))
    assert compare_ranks(ordered.iloc[:2]).groups == (("a", "b", "c"),)


def test_lower_can_be_better():
    values = measured(5, 3)
    found, mirror = compare_ranks(values), compare_ranks(-values, higher=False)
    pd.testing.assert_frame_equal(found.ranks, mirror.ranks)
    assert (
        compare_ranks(values, higher=False).ranks["method"].tolist() == found.ranks["method"].tolist()[::-1]
    )


def test_methods_that_always_tie_do_not_differ():
    found = compare_ranks(pd.DataFrame(np.full((3, 4), 0.5), columns=list("abcd")))
    assert found.p == 1.0
    assert np.isnan(found.statistic)
    assert found.ranks["rank"].tolist() == [2.5] * 4
    assert found.groups == (("a", "b", "c", "d"),)


@pytest.mark.parametrize("blocks, methods", [(5, 2), (1, 3), (0, 0)])
def test_too_little_to_rank_is_refused(blocks, methods):
    with pytest.raises(WorkbenchError, match=f"{methods} methods in {blocks} blocks.*at least 3 methods"):
        compare_ranks(measured(blocks, methods))


def test_a_missing_value_is_named():
    values = measured(3, 3)
    values.loc["corpus1", "m2"] = np.nan
    with pytest.raises(WorkbenchError, match="'m2' has no value in 'corpus1'"):
        compare_ranks(values)


def test_iman_and_davenport_by_hand():
    """Four methods in three blocks: chi² = 7.4, so F_F = 2 * 7.4 / (3 * 3 - 7.4)."""
    values = pd.DataFrame([[4.0, 3, 2, 1], [4, 3, 1, 2], [3, 4, 1, 2]], columns=list("abcd"))
    found = compare_ranks(values)
    assert found.statistic == pytest.approx(7.4)
    statistic, p, critical = iman_davenport(found)
    assert statistic == pytest.approx(9.25)
    assert critical == pytest.approx(4.757, abs=1e-3)  # F with 3 and 6 degrees of freedom
    assert p == pytest.approx(stats.f.sf(9.25, 3, 6))


def test_iman_and_davenport_where_blocks_agree_or_methods_tie():
    agreed = compare_ranks(pd.DataFrame([[3.0, 2, 1]] * 2, columns=list("abc")))
    assert iman_davenport(agreed)[:2] == (math.inf, 0.0)
    tied = compare_ranks(pd.DataFrame([[1.0, 1, 1]] * 2, columns=list("abc")))
    assert math.isnan(iman_davenport(tied)[0]) and iman_davenport(tied)[1] == 1
