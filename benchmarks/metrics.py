"""P@k, nDCG@k and PSP@k against torchmetrics and scikit-learn, at the sizes of RCV1 and EURLEX57K.

    python benchmarks/metrics.py [--small] [--repeats 3] [--out FILE]

Both sides compute the same nine numbers (k = 1, 3, 5), which must agree; the ratio is their time over
ours in one run. Neither library has all three metrics, so the opponent is the quickest straightforward
use of each:

- P@k and PSP@k: true positives of each label from torchmetrics' `multilabel_stat_scores` of its
  `select_topk`, counted once for both: their sum gives P@k; weighted by 1 / propensity, over the same for
  the best ranking, they give PSP@k, which neither library has. (Its RetrievalPrecision gives the same P@k
  with a Python loop over documents, and is far slower.)
- nDCG@k: scikit-learn's `ndcg_score` with `ignore_ties=True`, its quick path. (torchmetrics'
  RetrievalNormalizedDCG loops over documents as well.)

The opponent is given dense gold in the type it wants, for which no time is counted, and as many threads
as torch takes. Ours is given the sparse gold of a corpus; "dense" is the same with dense gold. "One by
one" calls the nine functions each by itself, "shared" ranks once for all nine, as `evaluate` does. Memory
is what a side takes at its peak beside scores and gold, by the resident set of a process of its own.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import platform
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import psutil
from scipy import sparse

from workbench import metrics
from workbench.files import write_json

KS = (1, 3, 5)
SIZES = {
    "rcv1": (781_265, 103, 3.2),
    "eurlex57k": (6_000, 4_271, 5.1),
}  # documents, labels, labels a document
Numbers = dict[str, float]


def make(n: int, n_labels: int, per_document: float) -> tuple[np.ndarray, Any]:
    """Scores (N, L) float32 as of a sigmoid, and sparse gold of Zipf-like frequency that they often find."""
    rng = np.random.default_rng(0)
    frequency = 1.0 / np.arange(1, n_labels + 1) ** 0.9
    sizes = np.maximum(rng.poisson(per_document, n), 1)
    rows = np.repeat(np.arange(n), sizes)
    labels = rng.choice(n_labels, len(rows), p=frequency / frequency.sum())
    gold = sparse.csr_array((np.ones(len(rows), dtype=bool), (rows, labels)), shape=(n, n_labels))
    gold.sum_duplicates()
    scores = rng.standard_normal((n, n_labels), dtype=np.float32)
    scores *= 1.5
    scores -= 4.0
    scores[rows, labels] += 4.0
    np.negative(scores, out=scores)
    np.exp(scores, out=scores)
    scores += 1.0
    np.reciprocal(scores, out=scores)
    return scores, gold.astype(np.uint8)


def one_by_one(scores: np.ndarray, gold: Any, propensities: np.ndarray) -> Numbers:
    numbers: Numbers = {}
    for k in KS:
        numbers[f"P@{k}"] = metrics.precision_at_k(scores, gold, k)
        numbers[f"nDCG@{k}"] = metrics.ndcg_at_k(scores, gold, k)
        numbers[f"PSP@{k}"] = metrics.psp_at_k(scores, gold, propensities, k)
    return numbers


def shared(scores: np.ndarray, gold: Any, propensities: np.ndarray) -> Numbers:
    ranking, numbers = metrics.rank(scores, gold, max(KS)), {}
    for k in KS:
        numbers[f"P@{k}"] = ranking.mean(ranking.precision_per_document(k))
        numbers[f"nDCG@{k}"] = ranking.mean(ranking.ndcg_per_document(k))
        numbers[f"PSP@{k}"] = ranking.psp(propensities, k)
    return numbers


def opponent(scores: np.ndarray, gold: np.ndarray, propensities: np.ndarray) -> Numbers:
    import torch
    from sklearn.metrics import ndcg_score
    from torchmetrics.functional.classification import multilabel_stat_scores
    from torchmetrics.utilities.data import select_topk

    table, targets = torch.from_numpy(scores), torch.from_numpy(gold)
    n_labels, inverse = scores.shape[1], torch.from_numpy(1.0 / propensities)

    def true_positives(ranked_by: torch.Tensor, k: int) -> torch.Tensor:
        chosen = select_topk(ranked_by, k)
        return multilabel_stat_scores(chosen, targets, n_labels, average=None, validate_args=False)[:, 0]

    numbers: Numbers = {}
    for k in KS:
        found, best = true_positives(table, k), true_positives((targets * inverse).float(), k)
        numbers[f"P@{k}"] = float(found.sum()) / (k * len(scores))
        numbers[f"nDCG@{k}"] = float(ndcg_score(gold, scores, k=k, ignore_ties=True))
        numbers[f"PSP@{k}"] = float((found * inverse).sum() / (best * inverse).sum())
    return numbers


SIDES: dict[str, tuple[Callable[..., Numbers], bool]] = {  # what computes, and whether its gold is dense
    "torchmetrics + scikit-learn": (opponent, True),
    "workbench, one by one": (one_by_one, False),
    "workbench, one by one, dense": (one_by_one, True),
    "workbench, shared": (shared, False),
}


def evaluate_all(scores: np.ndarray, gold: Any, propensities: np.ndarray) -> Numbers:
    del propensities
    return dict(metrics.evaluate(scores, gold, train_targets=gold)["overall"])


def tune_one(scores: np.ndarray, gold: Any, propensities: np.ndarray) -> Numbers:
    del propensities
    return {"threshold": metrics.tune_threshold(scores, gold)}


def tune_each_label(scores: np.ndarray, gold: Any, propensities: np.ndarray) -> Numbers:
    del propensities
    return {"mean threshold": float(metrics.tune_label_thresholds(scores, gold).mean())}


# Without an opponent: measured for their memory, which must stay within three times the scores' own.
OTHERS: dict[str, tuple[Callable[..., Numbers], bool]] = {
    "evaluate": (evaluate_all, False),
    "tune_threshold": (tune_one, False),
    "tune_label_thresholds": (tune_each_label, False),
}


class PeakMemory:
    """The highest resident set of this process while the block runs, in bytes above its start."""

    def __enter__(self) -> PeakMemory:
        self._process = psutil.Process()
        self._start = self._peak = self._process.memory_info().rss
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def _watch(self) -> None:
        while not self._done.wait(0.002):
            self._peak = max(self._peak, self._process.memory_info().rss)

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    @property
    def bytes(self) -> int:
        """The peak so far."""
        return self._peak - self._start


def measure(side: str, shape: tuple[int, int, float], repeats: int) -> dict[str, Any]:
    """Seconds (the best of the repeats), peak memory over the scores' own, and the numbers of one side."""
    compute, dense = (SIDES | OTHERS)[side]
    scores, gold = make(*shape)
    propensities = metrics.propensities(gold)
    given = gold.toarray().astype(np.int64 if compute is opponent else np.bool_) if dense else gold
    compute(scores[:512], given[:512], propensities)  # imports and first-use costs are not measured
    seconds = []
    with PeakMemory() as memory:
        for _ in range(repeats):
            start = time.perf_counter()
            numbers = compute(scores, given, propensities)
            seconds.append(time.perf_counter() - start)
    return {"seconds": min(seconds), "memory_over_scores": memory.bytes / scores.nbytes, "numbers": numbers}


def compare(name: str, shape: tuple[int, int, float], repeats: int) -> dict[str, Any]:
    """Every side in a fresh process, its numbers checked against the opponent's."""
    results: dict[str, Any] = {}
    for side in SIDES | OTHERS:
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            results[side] = pool.apply(measure, (side, shape, repeats))
    reference = results["torchmetrics + scikit-learn"]
    print(f"\n{name}: {shape[0]:,} documents x {shape[1]:,} labels, float32")
    print(f"  {'':30}{'seconds':>9}{'ratio':>8}{'memory / scores':>18}")
    for side in SIDES:
        result = results[side]
        result["ratio"] = reference["seconds"] / result["seconds"]
        for metric, value in result["numbers"].items():
            np.testing.assert_allclose(
                value, reference["numbers"][metric], rtol=2e-5, err_msg=f"{side} {metric}"
            )
        print(
            f"  {side:30}{result['seconds']:9.3f}{result['ratio']:7.1f}x{result['memory_over_scores']:17.2f}x"
        )
    for side in OTHERS:
        result = results[side]
        print(f"  {side:30}{result['seconds']:9.3f}{'':8}{result['memory_over_scores']:17.2f}x")
    print("  " + "  ".join(f"{metric} {value:.4f}" for metric, value in reference["numbers"].items()))
    return {"documents": shape[0], "labels": shape[1], "sides": results}


def versions() -> dict[str, Any]:
    from importlib.metadata import version

    packages = ("numpy", "scipy", "scikit-learn", "torch", "torchmetrics")
    return {
        "python": platform.python_version(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "processor": platform.processor() or platform.machine(),
        **{package: version(package) for package in packages},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="P@k + nDCG@k + PSP@k against torchmetrics and scikit-learn")
    parser.add_argument("--small", action="store_true", help="a tenth of the documents: a quick look")
    parser.add_argument(
        "--repeats", type=int, default=3, help="runs of each side; the best counts (default 3)"
    )
    parser.add_argument("--out", type=Path, help="write the measurements to this JSON file")
    options = parser.parse_args()
    report: dict[str, Any] = {"benchmark": "metrics", "small": options.small, "versions": versions()}
    for name, (n, n_labels, per_document) in SIZES.items():
        n_documents = n // 10 if options.small else n
        report[name] = compare(name, (n_documents, n_labels, per_document), options.repeats)
    print("\n" + json.dumps(report["versions"]))
    if options.out:
        write_json(options.out, report)


if __name__ == "__main__":
    main()
