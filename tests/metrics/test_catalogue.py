import numpy as np
import pytest

from workbench.errors import WorkbenchError
from workbench.metrics import METRIC_NAMES, describe, evaluate, higher_is_better


def test_every_metric_of_a_report_is_described():
    gold = np.eye(4, dtype=bool)
    report = evaluate(gold.astype(float), gold, train_targets=gold, ks=(1, 3))
    described = {name.replace("@1", "@k").replace("@3", "@k") for name in report["overall"]}
    assert described == set(METRIC_NAMES)
    assert all(describe(name).endswith("is better).") for name in report["overall"])


def test_ranks_are_spelled_out():
    assert (
        describe("P@3")
        == "Precision at 3: mean share of right labels among a document's first 3 (higher is better)."
    )


def test_recall_of_a_group_is_told_from_that_of_documents():
    gold = np.array([[1, 0, 0], [1, 1, 0], [1, 1, 1]], dtype=bool)
    report = evaluate(np.array([[3.0, 2.0, 1.0]] * 3), gold, train_targets=gold, ks=(1,))
    assert report["overall"]["R@1"] == pytest.approx((1 + 1 / 2 + 1 / 3) / 3)  # a mean over documents
    assert report["groups"]["tail"]["R@1"] == pytest.approx(3 / 6)  # a share of pairs
    assert "mean share of a document's gold labels" in describe("R@1")
    assert "of a label group, the share of its gold (document, label) pairs" in describe("R@1")


def test_only_a_loss_falls():
    assert [name for name in METRIC_NAMES if not higher_is_better(name)] == ["hamming_loss"]
    assert "lower is better" in describe("hamming_loss")


@pytest.mark.parametrize(("name", "hint"), [("micro_f1", "micro_F1"), ("NDCG@5", "nDCG@k"), ("P@0", "P@k")])
def test_an_unknown_name_gets_the_nearest(name, hint):
    with pytest.raises(WorkbenchError, match=f"Did you mean '{hint}'"):
        describe(name)
