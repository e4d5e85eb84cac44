"""Training speed: the workbench's loop against a plain float32 loop with fixed padding, same model, one run.

    python benchmarks/train.py --encoders cnn bilstm minilm --out results/benchmarks/train.json

Each side trains two epochs on the same documents; the second is timed. The plain loop is what one writes
first: batches in random order, documents padded to `max_length`, float32, AdamW. Ours is `workbench.fit`:
batches of like length, padding to the longest, bfloat16 where the hardware and the encoder gain by it.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path
from typing import Any

import torch
from torch.nn.functional import pad

import workbench
from workbench.data.corpus import Corpus
from workbench.data.library import load_corpus
from workbench.files import write_json
from workbench.methods.base import Batch, Method
from workbench.methods.registry import complete_stages
from workbench.runs.store import Run
from workbench.training.batches import Documents
from workbench.training.devices import choose_device, describe_device
from workbench.training.job import build_method
from workbench.training.spec import Recipe
from workbench.workspace import Workspace

DOCUMENTS = {"cnn": 1000, "bilstm": 300, "minilm": 500}


def main() -> None:
    """Measure the encoders asked for and print documents per second and the ratio."""
    arguments = _arguments()
    torch.set_num_threads(arguments.threads or torch.get_num_threads())
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace(Path(folder))
        corpus = load_corpus(arguments.corpus, None if arguments.corpus != "demo" else workspace)
        for encoder in arguments.encoders:
            size = min(len(corpus.train), arguments.documents or DOCUMENTS.get(encoder, 500))
            rows.append(_measure(encoder, corpus.with_train_size(size), arguments, workspace))
    report = {
        "device": describe_device(choose_device(workbench.training.config.TrainingConfig())),
        "threads": torch.get_num_threads(),
        "torch": torch.__version__,
        "corpus": corpus.split_id,
        "max_length": arguments.max_length,
        "batch_size": arguments.batch_size,
        "rows": rows,
    }
    print(json.dumps(report["device"]))
    for row in rows:
        print(
            f"{row['encoder']:8} ours {row['ours']:8.1f} documents/s ({row['precision']}), "
            f"plain {row['plain']:8.1f}, ratio {row['ratio']:.2f}"
        )
    if arguments.out:
        write_json(arguments.out, report)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--encoders", nargs="+", default=["cnn", "bilstm", "minilm"])
    parser.add_argument("--corpus", default="demo")
    parser.add_argument("--documents", type=int, help="training documents; by default by encoder")
    parser.add_argument("--max-length", type=int, default=128)
    parser.add_argument("--batch-size", type=int, default=32)
    parser.add_argument("--threads", type=int)
    parser.add_argument("--out", type=Path)
    return parser.parse_args()


def _measure(
    encoder: str, corpus: Corpus, arguments: argparse.Namespace, workspace: Workspace
) -> dict[str, Any]:
    settings = {
        "epochs": 2,
        "patience": 0,
        "max_length": arguments.max_length,
        "batch_size": arguments.batch_size,
    }
    recipe = Recipe("base", corpus.name, encoder, False, 0, settings)
    run = workbench.fit("base", corpus, encoder, workspace=workspace, progress=False, **settings)
    method = build_method(recipe, recipe.resolve(), corpus, workspace.cache)
    plain = _plain_loop(method, corpus, arguments)
    ours = _documents_per_second(run, len(corpus.train))
    return {
        "encoder": encoder,
        "documents": len(corpus.train),
        "precision": run.manifest["precision"],
        "ours": round(ours, 1),
        "plain": round(plain, 1),
        "ratio": round(ours / plain, 2),
    }


def _documents_per_second(run: Run, documents: int) -> float:
    """Of the second epoch, from the end of the first validation to the last step."""
    history = run.history
    began = history[(history["phase"] == "valid") & (history["epoch"] == 0)]["wall_time_s"].max()
    ended = history[(history["phase"] == "train") & (history["epoch"] == 1)]["wall_time_s"].max()
    return documents / float(ended - began)


def _plain_loop(method: Method, corpus: Corpus, arguments: argparse.Namespace) -> float:
    documents = Documents(method.encoder.prepare(corpus.train.texts), corpus.train.targets)
    device = choose_device(workbench.training.config.TrainingConfig())
    method.to(device).train()
    optimizer = torch.optim.AdamW(method.parameters(), lr=1e-4)
    objective = complete_stages(method)[0].objectives[0]
    for epoch in range(2):
        if device.type == "cuda":
            torch.cuda.synchronize()
        began = time.perf_counter()
        for rows in torch.randperm(len(documents), generator=torch.Generator().manual_seed(epoch)).split(
            arguments.batch_size
        ):
            batch = _padded(documents[rows.numpy()], arguments.max_length).to(device)
            optimizer.zero_grad()
            objective(method(batch), batch).backward()
            torch.nn.utils.clip_grad_norm_(method.parameters(), 1.0)
            optimizer.step()
        if device.type == "cuda":
            torch.cuda.synchronize()
    return len(documents) / (time.perf_counter() - began)


def _padded(batch: Batch, length: int) -> Batch:
    padded = {name: pad(value, (0, max(0, length - value.shape[1]))) for name, value in batch.inputs.items()}
    return Batch(padded, batch.targets, batch.rows)


if __name__ == "__main__":
    main()
