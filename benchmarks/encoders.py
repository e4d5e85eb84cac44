"""Documents a second through each encoder, forward and backward, in float32 and under bfloat16 autocast.

Run: python benchmarks/encoders.py [cnn bilstm minilm] [--batch 32] [--length 150] [--steps 8]
On a busy machine: --cpu-time, which computes on one thread and counts its own seconds only.
"""

from __future__ import annotations

import argparse
import json
import time

import numpy as np
import torch

from workbench.encoders import Encoder, build_encoder, supports_bfloat16

WORDS = [f"w{number}" for number in range(40_000)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("encoders", nargs="*", default=["cnn", "bilstm", "minilm"])
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--length", type=int, default=150)
    parser.add_argument("--steps", type=int, default=8)
    parser.add_argument("--cpu-time", action="store_true")
    options = parser.parse_args()
    if options.cpu_time:
        torch.set_num_threads(1)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    for name in options.encoders:
        settings = {} if name in ("cnn", "bilstm") else {"max_length": options.length}
        encoder = build_encoder(name, settings=settings, train_texts=[" ".join(WORDS)] * 2).to(device).train()
        for bfloat16 in (False, True):
            print(
                json.dumps(
                    {"encoder": name, "bfloat16": bfloat16} | measure(encoder, options, device, bfloat16)
                )
            )
    print(json.dumps({"device": str(device), "supports_bfloat16": supports_bfloat16(device)}))


def measure(
    encoder: Encoder, options: argparse.Namespace, device: torch.device, bfloat16: bool
) -> dict[str, float]:
    """Documents per second of a training step without the optimiser, and of a forward pass alone."""
    random = np.random.default_rng(0)
    lengths = np.clip(random.normal(options.length, options.length / 5, options.batch), 8, 2 * options.length)
    texts = [" ".join(random.choice(WORDS, int(length))) for length in lengths]
    inputs = {
        key: value.to(device) for key, value in encoder.prepare(texts).batch(range(options.batch)).items()
    }

    def step(train: bool) -> None:
        with torch.set_grad_enabled(train), torch.autocast(device.type, torch.bfloat16, enabled=bfloat16):
            loss = encoder(inputs).document.float().square().mean()
        if train:
            encoder.zero_grad()
            loss.backward()
        if device.type == "cuda":
            torch.cuda.synchronize()

    clock = time.process_time if options.cpu_time else time.perf_counter
    rates = {}
    for name, train in (("train_documents_per_s", True), ("forward_documents_per_s", False)):
        step(train)
        seconds = []
        for _ in range(options.steps):
            start = clock()
            step(train)
            seconds.append(clock() - start)
        rates[name] = round(options.batch / float(np.median(seconds)), 1)
    return rates


if __name__ == "__main__":
    main()
