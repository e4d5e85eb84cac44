from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import f1_score, precision_score, recall_score

from tests.heads import give_heads
from workbench.analysis.gamma_sweep import GAMMAS, METRICS, TwoHeads, gamma_table, run_gamma_table
from workbench.analysis.heads import score_array
from workbench.errors import WorkbenchError
from workbench.metrics import choose_threshold, tune_label_thresholds, tune_threshold
from workbench.runs.store import Run


def heads(seed: int, documents: int = 40, labels: int = 6) -> TwoHeads:
    generator = np.random.default_rng(seed)
    gold = (generator.random((documents, labels)) < 0.3).astype(np.uint8)
    gold[0, 0] = 1
    fine, coarse = ((0.5 * gold + 0.5 * generator.random(gold.shape)).astype(np.float32) for _ in range(2))
    return TwoHeads(fine, coarse, gold)


def test_scores_are_mixed_by_hand():
    two = TwoHeads(np.array([[0.8, 0.2]]), np.array([[0.4, 0.6]]), np.array([[1, 0]]))
    assert two.mixed(0.25) == pytest.approx(np.array([[0.5, 0.5]]))
    assert two.mixed(1) == pytest.approx(two.fine)
    assert two.mixed(0) == pytest.approx(two.coarse)


@pytest.mark.parametrize("gamma", [-0.1, 1.1, float("nan")])
def test_a_gamma_that_is_no_share_is_refused(gamma):
    with pytest.raises(WorkbenchError, match="expected a share from 0 to 1"):
        heads(0).mixed(gamma)


@pytest.mark.parametrize("kind", ["fixed", "tuned", "per_label"])
def test_each_gamma_is_as_sklearn_has_it_at_the_threshold_of_its_own_validation_scores(kind):
    valid, test = heads(1), heads(2)
    table = gamma_table(valid, test, (0.0, 0.3, 1.0), kind).set_index("gamma")
    assert list(table.columns) == ["threshold", *METRICS]
    for gamma, row in table.iterrows():
        limits = {
            "fixed": 0.5,
            "tuned": tune_threshold(valid.mixed(gamma), valid.gold),
            "per_label": tune_label_thresholds(valid.mixed(gamma), valid.gold),
        }[kind]
        predicted = (test.mixed(gamma) >= limits).astype(int)
        assert row["threshold"] == pytest.approx(np.mean(limits))
        for name, score in zip(METRICS, (precision_score, recall_score, f1_score), strict=True):
            assert row[name] == pytest.approx(score(test.gold, predicted, average="micro", zero_division=0))


def test_a_threshold_is_chosen_as_the_setting_says():
    valid = heads(1)
    assert choose_threshold("fixed", valid.fine, valid.gold) == 0.5
    assert choose_threshold("tuned", valid.fine, valid.gold) == tune_threshold(valid.fine, valid.gold)
    each = choose_threshold("per_label", valid.fine, valid.gold)
    assert np.array_equal(each, tune_label_thresholds(valid.fine, valid.gold))


def test_a_run_is_swept_with_its_own_kind_of_threshold(run_factory):
    config = {"method": {}, "training": {"threshold": "fixed"}, "encoder": {}}
    run = Run.load(give_heads(run_factory("dil-0", config=config)))
    table = run_gamma_table(run)
    assert table["gamma"].tolist() == list(GAMMAS)
    assert (table["threshold"] == 0.5).all()
    tuned = Run.load(give_heads(run_factory("dil-1")))
    assert (run_gamma_table(tuned, (0.5,))["threshold"] != 0.5).all()


def test_runs_without_the_two_heads_say_what_to_do(run_factory):
    bare = Run.load(run_factory("a"))
    with pytest.raises(WorkbenchError, match="workbench probe heads a"):
        run_gamma_table(bare)
    other = Run.load(give_heads(run_factory("b"), heads=("one", "two")))
    with pytest.raises(WorkbenchError, match=r"b has the heads one, two; .* Take a run of cl-mil"):
        run_gamma_table(other)


def test_scores_of_another_shape_are_refused(run_factory):
    run = Run.load(give_heads(run_factory("a")))
    np.save(run.path / "arrays" / f"{score_array('test', 'fil')}.npy", np.zeros((3, 12), dtype=np.float32))
    with pytest.raises(WorkbenchError, match=r"head fil have shape \(3, 12\); expected \(30, 12\)"):
        run_gamma_table(run)
