"""One t-SNE step: every pair of points summed, against openTSNE's tree and grid on the same map.

    python benchmarks/tsne.py --out results/benchmarks/tsne.json

Blobs of vectors are laid out once, over all pairs; each way then computes the gradient there, in turns;
medians are compared. All use one thread.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from openTSNE import TSNE
from openTSNE.affinity import PerplexityBasedNN
from openTSNE.tsne import kl_divergence_bh, kl_divergence_fft
from sklearn.datasets import make_blobs

from workbench.analysis.exact_tsne import exact_gradient
from workbench.files import write_json
from workbench.training.config import TrainingConfig
from workbench.training.devices import choose_device, describe_device

SIZES = (1_000, 5_000, 10_000, 15_000)

Gradient = Callable[..., tuple[float, np.ndarray]]
WAYS: dict[str, tuple[Gradient, dict[str, Any]]] = {
    "tree": (kl_divergence_bh, {"bh_params": {"theta": 0.5}}),
    "grid": (
        kl_divergence_fft,
        {"fft_params": {"n_interpolation_points": 3, "min_num_intervals": 50, "ints_in_interval": 1}},
    ),
    "all pairs": (exact_gradient, {}),
}


def main() -> None:
    """Print and record milliseconds of a step, and how many times as long the others take."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    rows = []
    for size in SIZES:
        rows.append({"points": size, **measure(size, arguments.rounds)})
        print(rows[-1], flush=True)
    if arguments.out:
        device = describe_device(choose_device(TrainingConfig(device="cpu")))
        write_json(
            arguments.out,
            {"device": device, "torch": torch.__version__, "rounds": arguments.rounds, "rows": rows},
        )


def measure(size: int, rounds: int) -> dict[str, float]:
    """Milliseconds by way, medians over rounds taken in turns, and the others' in the pairs' own."""
    vectors, _ = make_blobs(size, n_features=20, centers=30, random_state=0)
    affinities = PerplexityBasedNN(vectors, perplexity=30, n_jobs=1, random_state=0)
    laid_out = TSNE(n_jobs=1, random_state=0, negative_gradient_method=exact_gradient).fit(
        affinities=affinities, initialization=1e-4 * vectors[:, :2]
    )
    points = np.array(laid_out)
    seconds: dict[str, list[float]] = {name: [] for name in WAYS}
    for _ in range(rounds + 1):
        for name, (gradient, settings) in WAYS.items():
            begun = time.perf_counter()
            gradient(points, affinities.P, 1, n_jobs=1, **settings)
            seconds[name].append(time.perf_counter() - begun)
    median = {name: 1000 * statistics.median(taken[1:]) for name, taken in seconds.items()}
    found = {f"{name} ms": round(value, 1) for name, value in median.items()}
    ours = median["all pairs"]
    return found | {f"{name} / all pairs": round(median[name] / ours, 1) for name in ("tree", "grid")}


if __name__ == "__main__":
    main()
