"""One training step of the CNN: maxima trained through the windows that won, against the convolution's own.

    python benchmarks/maxima.py --out results/benchmarks/maxima.json

Both sides encode the same batch with the same weights, forward and backward, in turns; medians are compared.
"""

from __future__ import annotations

import argparse
import statistics
import time
from pathlib import Path

import torch

from workbench.encoders import build_encoder
from workbench.encoders.base import Encoder, Inputs
from workbench.files import write_json
from workbench.training.config import TrainingConfig
from workbench.training.devices import choose_device, describe_device

SIZES = {
    "full size": {},
    "as in the demo": {"filters": 128, "embedding_size": 64},
}


def main() -> None:
    """Print and record documents per second of both, and their ratio."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--documents", type=int, default=32)
    parser.add_argument("--length", type=int, default=150)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    rows = []
    for name, settings in SIZES.items():
        rows.append({"cnn": name, **settings, **measure(settings, arguments)})
        print("{cnn}: ours {ours} documents/s, plain {plain}, ratio {ratio}".format(**rows[-1]))
    if arguments.out:
        device = describe_device(choose_device(TrainingConfig(device="cpu")))
        sizes = {"documents": arguments.documents, "length": arguments.length, "rounds": arguments.rounds}
        write_json(arguments.out, {"device": device, "torch": torch.__version__, **sizes, "rows": rows})


def measure(settings: dict[str, int], arguments: argparse.Namespace) -> dict[str, float]:
    """Documents per second of a forward and a backward pass, medians over rounds taken in turns."""
    torch.manual_seed(0)
    words = [f"w{number}" for number in range(20_000)]
    encoder = build_encoder(
        "cnn", settings={**settings, "min_count": 1}, train_texts=[" ".join(words)]
    ).train()
    ids = torch.randint(5, len(words), (arguments.documents, arguments.length))
    inputs = {"input_ids": ids, "attention_mask": torch.ones_like(ids)}
    seconds: dict[bool, list[float]] = {True: [], False: []}
    for _ in range(arguments.rounds + 1):
        for ours, taken in seconds.items():
            encoder.zero_grad()
            began = time.perf_counter()
            (encoder(inputs).document if ours else _plain(encoder, inputs)).square().mean().backward()
            taken.append(time.perf_counter() - began)
    ours, plain = (arguments.documents / statistics.median(seconds[side][1:]) for side in (True, False))
    return {"ours": round(ours, 1), "plain": round(plain, 1), "ratio": round(ours / plain, 2)}


def _plain(encoder: Encoder, inputs: Inputs) -> torch.Tensor:
    """What one writes first, without token states: convolve, cut, take the maximum."""
    words = encoder.embedding_dropout(encoder.embed(inputs)).transpose(1, 2)
    return encoder.dropout(
        torch.cat([torch.relu(layer(words)).amax(dim=2) for layer in encoder.convolutions], dim=1)
    )


if __name__ == "__main__":
    main()
