"""Scores of the shapes of RCV1 and EURLEX57K, smaller: nothing may take more than 3 times their memory."""

import tracemalloc

import numpy as np
import pytest
from scipy import sparse

from workbench import metrics as m
from workbench.metrics import blocks


@pytest.fixture(scope="module", autouse=True)
def block_elements():
    """Blocks of the real size: the other tests make them tiny."""
    return blocks.BLOCK_ELEMENTS


@pytest.fixture(scope="module", params=[(78_000, 103), (2_000, 4_271)], ids=["long", "wide"])
def table(request):
    n, n_labels = request.param
    rng = np.random.default_rng(0)
    scores = rng.random((n, n_labels), dtype=np.float32)
    return scores, scores > 1 - 4 / n_labels


def peak_bytes(work):
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


CALLS = {
    "precision_at_k": lambda s, t: m.precision_at_k(s, t, 5),
    "recall_at_k": lambda s, t: m.recall_at_k(s, t, 50),
    "ndcg_at_k": lambda s, t: m.ndcg_at_k(s, t, 5),
    "psp_at_k": lambda s, t: m.psp_at_k(s, t, m.propensities(t), 5),
    "macro_precision_at_k": lambda s, t: m.macro_precision_at_k(s, t, 5),
    "hamming_loss": lambda s, t: m.hamming_loss(m.apply_threshold(s, 0.9), t),
    "macro_prf": lambda s, t: m.macro_prf(m.threshold_scores(s, 0.9), t),
    "evaluate": lambda s, t: m.evaluate(s, t, train_targets=t, threshold=0.9),
    "tune_threshold": m.tune_threshold,
    "tune_label_thresholds": m.tune_label_thresholds,
}


@pytest.mark.parametrize("threads", [2, 8])
@pytest.mark.parametrize("form", [np.asarray, sparse.csr_array], ids=["dense", "sparse"])
@pytest.mark.parametrize("name", CALLS)
def test_memory_beside_the_scores(name, form, threads, table, monkeypatch):
    monkeypatch.setattr(blocks, "_cores", lambda: threads)
    scores, gold = table[0], form(table[1])
    assert peak_bytes(lambda: CALLS[name](scores, gold)) <= 2 * scores.nbytes  # with the scores: 3 times
