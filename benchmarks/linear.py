"""A linear baseline beside trained runs: one-vs-rest linear SVMs on TF-IDF, results/linear/CORPUS.json.

    python benchmarks/linear.py cooking

It is trained on all training documents, and its one threshold is chosen on the validation documents: its
numbers may stand beside those of runs of this split on all training documents. SVM scores are no
probabilities: they go through a sigmoid, which changes neither ranking nor choice of the threshold.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Any

import numpy as np
import sklearn
import torch
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.multiclass import OneVsRestClassifier
from sklearn.svm import LinearSVC

from workbench.data.corpus import Corpus, Split
from workbench.data.library import load_corpus
from workbench.errors import WorkbenchError
from workbench.files import write_json
from workbench.metrics import TrainCounts, evaluate, tune_threshold
from workbench.training.devices import describe_device

RESULTS = Path(__file__).resolve().parents[1] / "results" / "linear"
WORDS: dict[str, Any] = {"ngram_range": (1, 2), "sublinear_tf": True}


def main() -> None:
    """Train, choose the threshold, measure, write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", help="an imported corpus, or demo")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder of the JSON files")
    arguments = parser.parse_args()
    try:
        _measure(arguments.corpus, arguments.out)
    except WorkbenchError as error:
        raise SystemExit(str(error)) from None


def _measure(name: str, out: Path) -> None:
    corpus = load_corpus(name)
    started = time.perf_counter()
    vectorizer = TfidfVectorizer(**WORDS)
    model = OneVsRestClassifier(LinearSVC(random_state=0))
    seen = np.flatnonzero(np.asarray(corpus.train.targets.sum(axis=0)))  # no SVM without an example
    model.fit(vectorizer.fit_transform(corpus.train.texts), _of_seen(corpus, seen))
    seconds = time.perf_counter() - started
    valid, test = (_scores(model, vectorizer, split, seen) for split in (corpus.valid, corpus.test))
    threshold = tune_threshold(valid, corpus.valid.targets)
    known: dict[str, Any] = {"train_targets": TrainCounts.of(corpus.train.targets)}
    found = {
        kind: evaluate(test, corpus.test.targets, threshold=at, **known)["overall"]
        for kind, at in (("tuned", threshold), ("fixed", 0.5))
    }
    record = {
        "corpus": corpus.name,
        "split_id": corpus.split_id,
        "n_train": len(corpus.train),
        "n_test": len(corpus.test),
        "model": "one-vs-rest LinearSVC (C = 1) on TF-IDF of 1-2-grams, sublinear",
        "threshold": float(threshold),
        "test, threshold chosen on validation documents": found["tuned"],
        "test, threshold 0 of the SVM": found["fixed"],
        "train_s": round(seconds, 1),
        "scikit-learn": sklearn.__version__,
        "device": describe_device(torch.device("cpu")),
    }
    write_json(out / f"{corpus.name}.json", record)
    for kind, metrics in found.items():
        shown = ("P@1", "P@5", "nDCG@5", "PSP@1", "PSP@3", "PSP@5", "micro_F1", "macro_F1")
        print(f"{kind:6}", "  ".join(f"{metric} {100 * metrics[metric]:.1f}" for metric in shown))


def _of_seen(corpus: Corpus, seen: np.ndarray) -> sparse.csr_array:
    """The targets of seen labels; scikit-learn loses labels beyond 255 where they are bytes."""
    return sparse.csr_array(corpus.train.targets[:, seen], dtype=np.int64)


def _scores(model: Any, vectorizer: TfidfVectorizer, split: Split, seen: np.ndarray) -> np.ndarray:
    """Scores (N, L); 0 for labels without a training document."""
    scores = np.zeros(split.targets.shape)
    scores[:, seen] = 1 / (1 + np.exp(-model.decision_function(vectorizer.transform(split.texts))))
    return scores


if __name__ == "__main__":
    main()
