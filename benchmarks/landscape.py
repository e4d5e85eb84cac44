"""Loss landscapes: the probe against one full float32 forward pass over the documents per grid point.

    python benchmarks/landscape.py --out results/benchmarks/landscape.json

Both sides see the same model, documents and batches (of like length) in one process. The plain side puts a
point's weights into the model and runs it in float32; a few points are timed, and the grid is so many times
as long. The probe is timed on the whole grid where it has a short cut, else on the same few points. Weights
are untrained: what takes time does not depend on them.

A frozen encoder has two plain sides: texts go through the whole encoder at each point ("encoder"), or its
states are kept and only the trained layers run ("states").
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch

from workbench.data.corpus import Corpus
from workbench.data.library import load_corpus
from workbench.exhibits.budgets import QUICK_CNN
from workbench.files import write_json
from workbench.methods.base import Method
from workbench.methods.protomix_equations import classification_loss
from workbench.methods.storage import trained_weights
from workbench.probes.at_once import find_head
from workbench.probes.directions import Plane, random_direction
from workbench.probes.documents import Sample, sample_documents
from workbench.probes.plane import plane_losses
from workbench.probes.vectors import vectors_of
from workbench.training.config import TrainingConfig
from workbench.training.devices import choose_device, describe_device
from workbench.training.job import build_method
from workbench.training.spec import Recipe
from workbench.workspace import Workspace

CASES: dict[str, tuple[str, bool, dict[str, Any], int]] = {
    "cnn of the demo": ("cnn", False, dict(QUICK_CNN), 12),
    "cnn": ("cnn", False, {}, 6),
    "minilm frozen": ("minilm", True, {}, 40),
    "bilstm": ("bilstm", False, {}, 1),
    "minilm": ("minilm", False, {}, 1),
}
"""Name -> encoder, whether frozen, settings, and the points that the plain side is timed on."""


def main() -> None:
    """Measure the cases asked for and print seconds for a grid, and the ratio."""
    arguments = _arguments()
    torch.set_num_threads(arguments.threads or torch.get_num_threads())
    workspace = Workspace.current()
    corpus = load_corpus(arguments.corpus, workspace)
    rows = [_measure(name, corpus, arguments, workspace) for name in arguments.cases]
    report = {
        "device": describe_device(choose_device(TrainingConfig())),
        "threads": torch.get_num_threads(),
        "torch": torch.__version__,
        "corpus": corpus.split_id,
        "documents": arguments.documents,
        "grid": arguments.grid,
        "rows": rows,
    }
    print(json.dumps(report["device"]))
    for row in rows:
        ratios = ", ".join(f"{name} {value:.1f}" for name, value in row["ratio"].items())
        print(f"{row['case']:16} {row['probe_s']:8.1f} s for {arguments.grid}², ratio {ratios}")
    if arguments.out:
        write_json(arguments.out, report)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cases", nargs="+", default=list(CASES), choices=list(CASES))
    parser.add_argument("--corpus", default="demo")
    parser.add_argument("--documents", type=int, default=256)
    parser.add_argument("--grid", type=int, default=19)
    parser.add_argument("--threads", type=int)
    parser.add_argument("--out", type=Path)
    return parser.parse_args()


def _measure(
    name: str, corpus: Corpus, arguments: argparse.Namespace, workspace: Workspace
) -> dict[str, Any]:
    encoder, frozen, settings, few = CASES[name]
    method = _method(encoder, frozen, settings, corpus, workspace)
    sample = sample_documents(method, corpus.train, arguments.documents, 0)
    weights = trained_weights(method)
    plane = Plane(weights, random_direction(weights, 0, 0), random_direction(weights, 0, 1))
    axis = np.linspace(-1, 1, arguments.grid)
    points = np.array([[x, y] for y in axis for x in axis])
    some = points[:: max(1, len(points) // few)][:few]
    has_short_cut = bool(find_head(method, sample.batches[0], plane) and vectors_of(method.encoder, plane))
    asked = points if has_short_cut else some
    plain = {"states" if frozen else "forward": _plain(method, sample, plane, some)}
    if frozen:
        whole = _method(encoder, False, {}, corpus, workspace)
        texts = sample_documents(whole, corpus.train, arguments.documents, 0)
        plain["encoder"] = _seconds(lambda: _forward(whole, texts))
    ours = _seconds(lambda: plane_losses(method, sample, plane, asked)) / len(asked)
    return {
        "case": name,
        "tokens": int(sum(_tokens(batch.inputs) for batch in sample.batches)),
        "has_short_cut": has_short_cut,
        "timed_points": {"plain": few, "probe": len(asked)},
        "plain_s_per_point": {side: round(seconds, 5) for side, seconds in plain.items()},
        "probe_s_per_point": round(ours, 6),
        "probe_s": round(ours * len(points), 2),
        "ratio": {side: round(seconds / ours, 2) for side, seconds in plain.items()},
    }


def _method(
    encoder: str, frozen: bool, settings: dict[str, Any], corpus: Corpus, workspace: Workspace
) -> Method:
    recipe = Recipe("base", corpus.name, encoder, frozen, 0, settings)
    return build_method(recipe, recipe.resolve(), corpus, workspace.cache).eval()


def _plain(method: Method, sample: Sample, plane: Plane, points: np.ndarray) -> float:
    """Seconds a point: weights into the model, all documents through it."""
    parameters = dict(method.named_parameters())
    before = {name: tensor.clone() for name, tensor in plane.origin.items()}

    def grid() -> None:
        for x, y in points:
            with torch.no_grad():
                for name in before:
                    moved = before[name] + x * plane.first[name] + y * plane.second[name]
                    parameters[name].copy_(moved)
            _forward(method, sample)

    seconds = _seconds(grid) / len(points)
    with torch.no_grad():
        for name, tensor in before.items():
            parameters[name].copy_(tensor)
    return seconds


def _forward(method: Method, sample: Sample) -> None:
    with torch.inference_mode():
        for batch in sample.batches:
            float(classification_loss(method(batch).logits, batch.targets))


def _seconds(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _tokens(inputs: dict[str, torch.Tensor]) -> int:
    return int(inputs["attention_mask"].sum()) if "attention_mask" in inputs else 0


if __name__ == "__main__":
    main()
