"""A finished run on new text: scores, predicted labels and metrics from the run's folder alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse

from workbench.analysis.predicted_sets import threshold_of
from workbench.data.corpus import Corpus
from workbench.errors import WorkbenchError
from workbench.methods.base import Method
from workbench.methods.storage import import_encoder, load_method
from workbench.metrics import TrainCounts, evaluate, threshold_scores, top_k
from workbench.metrics.indicator import Indicator, as_indicator
from workbench.runs.store import Run
from workbench.training.config import TrainingConfig
from workbench.training.devices import choose_device, choose_precision
from workbench.training.inference import Advance, score_and_decide


@dataclass(frozen=True)
class Predictor:
    """A run's model with the thresholds that were chosen on its validation documents, NaN where none is."""

    run: Run
    method: Method
    threshold: np.ndarray

    @classmethod
    def load(cls, run: Run, cache: Path | None = None) -> Predictor:
        """Load weights, tokenizer and thresholds.

        Raises:
            WorkbenchError: when the run is not done, or a file of it is damaged.
        """
        if not isinstance(run, Run):
            raise WorkbenchError(f"{run!r} is no run: load it first, with load_run(NAME).")
        run.require_done("predicts")
        return cls(run, load_method(run.model_dir, cache), np.asarray(threshold_of(run)))

    def scores(
        self, texts: Sequence[str], batch_size: int = 64, advance: Advance | None = None
    ) -> np.ndarray:
        """Probabilities (N, L) in the order of `run.labels`.

        Raises:
            WorkbenchError: for no text, or what is no list of texts.
        """
        return self.decide(_checked(texts), batch_size, advance)[0]

    def decide(
        self, texts: Sequence[str], batch_size: int = 64, advance: Advance | None = None
    ) -> tuple[np.ndarray, Indicator]:
        """Probabilities (N, L), and the sets (N, L) that are predicted, both in the order of `run.labels`."""
        prepared = self.method.encoder.prepare(texts)
        how = self.how | {"batch_size": batch_size}
        scores, said, _ = score_and_decide(self.method, prepared, {}, advance, **how)
        if said is not None:
            return scores, as_indicator(said, "predictions")
        return scores, threshold_scores(scores, self.threshold)

    @property
    def how(self) -> dict[str, Any]:
        """On which device and in which precision documents are read: as the run's thresholds were chosen."""
        training = TrainingConfig()
        device = choose_device(training)
        precision = choose_precision(training, self.method.encoder, device)
        was_exact = self.run.manifest.get("precision") == "32-true"  # its scores and thresholds were, too
        return {"device": device, "bfloat16": precision == "bf16-mixed" and not was_exact}

    def predict(self, texts: Sequence[str], top: int = 5) -> pd.DataFrame:
        """A row for each of a text's `top` labels: document, rank, label, label_text, score, is_predicted.

        Raises:
            WorkbenchError: for no text, or what is no list of texts.
        """
        scores, sets = self.decide(_checked(texts))
        order = top_k(scores, top)
        document, rank = np.indices(order.shape)
        flat = order.ravel()
        values = scores[document.ravel(), flat]
        return pd.DataFrame(
            {
                "document": document.ravel(),
                "rank": rank.ravel() + 1,
                "label": np.asarray(self.run.labels, dtype=object)[flat],
                "label_text": np.asarray(self.run.label_texts, dtype=object)[flat],
                "score": values,
                "is_predicted": sets.mask(0, len(scores))[document.ravel(), flat],
            }
        )

    def evaluate(self, corpus: Corpus, split: str = "test", advance: Advance | None = None) -> dict[str, Any]:
        """Metrics on a split of a corpus, as `workbench.metrics.evaluate` gives them.

        The columns are matched by label code. Gold labels that the run does not know cannot be predicted:
        their number is given as "unknown_gold_labels" and they are left out.
        """
        if split not in corpus.splits:
            raise WorkbenchError(f"Unknown split {split!r}; known splits: {', '.join(corpus.splits)}.")
        documents = corpus.splits[split]
        targets, unknown = match_labels(documents.targets, corpus.labels, self.run.labels)
        scores, sets = self.decide(documents.texts, advance=advance)
        report = evaluate(
            scores,
            targets,
            train_targets=TrainCounts(self.run.train_counts, self.run.n_train),
            predicted=sets,
        )
        return {**report, "unknown_gold_labels": unknown, "split_id": corpus.split_id, "split": split}


def import_what_runs(run: Run) -> None:
    """Import what `Predictor.load` of this run needs beside this module: seconds, where it is transformers.

    Raises:
        WorkbenchError: when the run's encoder is missing or damaged.
    """
    import_encoder(run.model_dir)


def predict(run: Run, texts: Sequence[str], top: int = 5) -> pd.DataFrame:
    """Score new documents with a finished run; several calls on one run go faster with one `Predictor`.

    Args:
        run: a finished run.
        texts: N documents.
        top: labels told of each document, the best first.

    Returns:
        N * top rows; columns: document (from 0), rank (from 1), label (code), label_text, score (a
        probability in [0, 1]), is_predicted (whether the score reaches the run's threshold, or the method
        says so where it says sets).

    Raises:
        WorkbenchError: when the run is not done, or a file of it is damaged; for no text, or what is no list
            of texts.
    """
    return Predictor.load(run).predict(texts, top)


def _checked(texts: Sequence[str]) -> Sequence[str]:
    if isinstance(texts, str):
        raise WorkbenchError("This is a single text: give a list of texts, such as [text].")
    if len(texts) == 0:
        raise WorkbenchError("There is no text to score: give at least one.")
    for number, text in enumerate(texts):
        if not isinstance(text, str):
            raise WorkbenchError(f"Text {number} (from 0) is no text but {text!r}.")
    return texts


def match_labels(
    targets: sparse.csr_array, given: Sequence[str], wanted: Sequence[str]
) -> tuple[sparse.csr_array, int]:
    """The columns of `targets` (N, len(given)) in the order `wanted`, and how many gold entries were lost.

    Raises:
        WorkbenchError: when no label is shared.
    """
    place = {label: index for index, label in enumerate(given)}
    known = [place[label] for label in wanted if label in place]
    if not known:
        raise WorkbenchError(
            f"The corpus and the run share no label: the corpus has {given[0]!r}, …, the run {wanted[0]!r}, …"
        )
    chosen = sparse.csc_array(targets)
    empty = sparse.csc_array((targets.shape[0], 1), dtype=targets.dtype)
    padded = sparse.hstack([chosen, empty], format="csc")
    columns = [place.get(label, len(given)) for label in wanted]
    matched = sparse.csr_array(padded[:, columns])
    return matched, int(targets.sum()) - int(matched.sum())
