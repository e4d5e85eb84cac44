"""Memory and time of one training step of label-wise attention with thousands of labels.

Usage: python benchmarks/label_attention.py [--labels 4108] [--documents 32] [--tokens 256] [--hidden 512]
[--projection 300]. In float32 on the CPU, in one process of its own, so that its peak is this step's.
"""

from __future__ import annotations

import argparse
import json
import resource
import time

import torch
from torch.nn import functional

from workbench.methods.label_attention import LabelAttention


def step(labels: int, documents: int, tokens: int, hidden: int, projection: int) -> float:
    """Seconds of one forward and backward pass, scores and cross entropy among them, and an AdamW step."""
    torch.manual_seed(0)
    states = torch.randn(documents, tokens, hidden, requires_grad=True)
    mask = torch.ones(documents, tokens, dtype=torch.bool)
    targets = (torch.rand(documents, labels) < 5 / labels).float()
    attention = LabelAttention(labels, hidden, projection)
    classifier = torch.nn.Linear(attention.feature_size, labels, bias=False)
    optimizer = torch.optim.AdamW([*attention.parameters(), *classifier.parameters()])
    begun = time.perf_counter()
    features = attention(states, mask)
    logits = torch.einsum("blv,lv->bl", features, classifier.weight)
    functional.binary_cross_entropy_with_logits(logits, targets).backward()
    optimizer.step()
    return time.perf_counter() - begun


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for name, size in (
        ("labels", 4108),
        ("documents", 32),
        ("tokens", 256),
        ("hidden", 512),
        ("projection", 300),
    ):
        parser.add_argument(f"--{name}", type=int, default=size)
    sizes = vars(parser.parse_args())
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    seconds = step(**sizes)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    whole = 4 * sizes["documents"] * sizes["labels"] * sizes["tokens"] * sizes["hidden"]
    found = {
        "peak_gb": round(peak * 1024 / 1e9, 2),
        "before_gb": round(before * 1024 / 1e9, 2),
        "seconds": round(seconds, 1),
        "a_tensor_of_all_four_sizes_gb": round(whole / 1e9, 1),
    }
    print(json.dumps(sizes | found))


if __name__ == "__main__":
    main()
