"""What a run keeps beside its test documents: a validation curve of micro-F1, and label sets of training."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from workbench.runs.layout import Layout
from workbench.runs.writer import write_probe


def give_micro_f1(run: Path) -> None:
    """Micro-F1 after each epoch, as training writes it."""
    history = Layout(run).history
    table = pd.read_parquet(history)
    table.assign(micro_F1=table["nDCG@5"]).to_parquet(history)


def give_gold(run: Path, labels: int = 12) -> None:
    """The same gold labels for every run, as of one corpus."""
    predictions = Layout(run).predictions
    table = pd.read_parquet(predictions)
    table["gold_labels"] = [[row % labels, (row * 5 + 1) % labels] for row in range(len(table))]
    table.to_parquet(predictions)


def give_training_sets(
    run: Path,
    gold: tuple[tuple[int, int], ...] = ((0, 0), (0, 1), (1, 0)),
    predicted: tuple[tuple[int, int], ...] = ((0, 0), (0, 1), (1, 1)),
    documents: int = 2,
) -> None:
    """Pairs of document and label, as the probe would have written them."""
    arrays = {
        name: np.array(pairs, dtype=np.int32).reshape(-1, 2)
        for name, pairs in (("training_gold", gold), ("training_predicted", predicted))
    }
    write_probe(run, "training-sets", {"schema": 1, "documents": documents, "seconds": 0.1}, arrays)
