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


def test_only_a_loss_falls():
    assert [name for name in METRIC_NAMES if not higher_is_better(name)] == ["hamming_loss"]
    assert "lower is better" in describe("hamming_loss")


@pytest.mark.parametrize(("name", "hint"), [("micro_f1", "micro_F1"), ("NDCG@5", "nDCG@k"), ("P@0", "P@k")])
def test_an_unknown_name_gets_the_nearest(name, hint):
    with pytest.raises(WorkbenchError, match=f"Did you mean '{hint}'"):
        describe(name)
