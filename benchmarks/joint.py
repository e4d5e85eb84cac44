"""What labels in the sequence cost: LACO's training step against the plain encoder's.

    python benchmarks/joint.py --out results/benchmarks/joint.json

Three steps take turns, forward and backward with gradients clipped, medians are compared: the encoder with a
linear layer on documents of T tokens; the same on documents of T + L + 1 tokens, which is what L labels and
their [SEP] cost at least; LACO with both tasks on T tokens and L labels.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch

from workbench.encoders import build_encoder
from workbench.files import write_json
from workbench.methods import Batch, LabelSpace, Method, find_method
from workbench.methods.registry import complete_stages
from workbench.training.config import TrainingConfig
from workbench.training.devices import choose_device, describe_device

SIZES = ((128, 21), (128, 54), (256, 54), (256, 200))
"""Tokens of a document, and labels."""


def main() -> None:
    """Print and record documents a second, and how many times the longer sequence LACO takes."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--encoder", default="minilm")
    parser.add_argument("--documents", type=int, default=16)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--device", default="auto")
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    device = choose_device(TrainingConfig(device=arguments.device))
    rows = []
    for tokens, labels in SIZES:
        rows.append({"tokens": tokens, "labels": labels, **measure(tokens, labels, arguments, device)})
        print(rows[-1], flush=True)
    if arguments.out:
        about = {"device": describe_device(device), "torch": torch.__version__}
        sizes = {name: getattr(arguments, name) for name in ("encoder", "documents", "rounds")}
        write_json(arguments.out, {**about, **sizes, "rows": rows})


def measure(
    tokens: int, labels: int, arguments: argparse.Namespace, device: torch.device
) -> dict[str, float]:
    """Documents a second of the three steps, and two ratios of seconds."""
    steps = {
        "document alone": _step("laco-no-je-ca", tokens, labels, arguments, device),
        "as many tokens": _step("laco-no-je-ca", tokens + labels + 1, labels, arguments, device),
        "with labels": _step("laco+both", tokens, labels, arguments, device),
    }
    seconds: dict[str, list[float]] = {name: [] for name in steps}
    for _ in range(arguments.rounds + 1):
        for name, step in steps.items():
            begun = time.perf_counter()
            step()
            if device.type == "cuda":
                torch.cuda.synchronize(device)
            seconds[name].append(time.perf_counter() - begun)
    median = {name: statistics.median(taken[1:]) for name, taken in seconds.items()}
    found = {f"{name}, documents/s": round(arguments.documents / value, 1) for name, value in median.items()}
    return found | {
        "with labels / document alone": round(median["with labels"] / median["document alone"], 2),
        "with labels / as many tokens": round(median["with labels"] / median["as many tokens"], 2),
    }


def _step(
    variant: str, tokens: int, labels: int, arguments: argparse.Namespace, device: torch.device
) -> Callable[[], None]:
    method = _method(variant, tokens, labels, arguments.encoder).to(device).train()
    text = "word " * tokens
    prepared = method.encoder.prepare([text] * arguments.documents)
    targets = torch.zeros(arguments.documents, labels, dtype=torch.uint8)
    targets[:, :3] = 1
    rows = np.arange(arguments.documents)
    batch = Batch(prepared.batch(rows), targets, torch.from_numpy(rows)).to(device)
    (stage,) = complete_stages(method)

    def step() -> None:
        method.zero_grad()
        forward = method(batch)
        torch.stack([term.weight * term(forward, batch) for term in stage.objectives]).sum().backward()
        torch.nn.utils.clip_grad_norm_(method.parameters(), 1.0)

    return step


def _method(variant: str, tokens: int, labels: int, encoder: str) -> Method:
    texts = tuple(f"label {number}" for number in range(labels))
    method_class, _ = find_method(variant)
    torch.manual_seed(0)
    built = build_encoder(
        encoder,
        settings={"max_length": tokens},
        train_texts=[],
        label_texts=texts if method_class.reads_labels(variant) else None,
    )
    space = LabelSpace(texts, texts, np.ones(labels, dtype=np.int64), 100)
    return method_class(built, space, method_class.Config.parse({"variant": variant}))


if __name__ == "__main__":
    main()
