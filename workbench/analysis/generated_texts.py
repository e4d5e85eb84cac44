"""Generated documents beside real ones: how much they vary, what they are like, and what was struck.

Distinct-n is from "A Diversity-Promoting Objective Function for Neural Conversation Models" (Li et al.,
2016), self-BLEU from "Texygen" (Zhu et al., 2018): of two sets of texts the one with the smaller self-BLEU
and the larger distinct-n says more different things. Both depend on how many texts there are, so that real
and generated ones are compared in equal numbers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.analysis.label_order import label_names
from workbench.data.corpus import Corpus

MOST = 50
"""Texts of a kind that are compared with each other; more are drawn from."""
REAL, GENERATED = "real", "generated"
_AT_ONCE = 2_000
_WORD = re.compile(r"\w+")


def distinct_n(texts: Sequence[str], n: int) -> float:
    """Different n-grams of words (lower case) over all n-grams, in (0, 1]; NaN where there is none."""
    counted, different = 0, set()
    for text in texts:
        words = _WORD.findall(text.lower())
        grams = list(zip(*(words[start:] for start in range(n)), strict=False))
        counted += len(grams)
        different.update(grams)
    return len(different) / counted if counted else float("nan")


def self_bleu(texts: Sequence[str]) -> float:
    """Mean BLEU (0 to 1) of each text against all others as its references; NaN with fewer than two.

    BLEU is sacrebleu's for single sentences: up to 4-grams, exponential smoothing.
    """
    if len(texts) < 2:
        return float("nan")
    from sacrebleu import sentence_bleu

    scores = [
        sentence_bleu(text, [*texts[:row], *texts[row + 1 :]]).score / 100 for row, text in enumerate(texts)
    ]
    return float(np.mean(scores))


def variety(real: Sequence[str], generated: Sequence[str], seed: int = 0) -> pd.DataFrame:
    """How varied real and generated texts are, as many of either as there are of both, at most `MOST`.

    Columns: texts ("real", "generated"), documents (how many were compared), distinct-1, distinct-2,
    self-BLEU (fractions; NaN where not defined).
    """
    n = min(len(real), len(generated), MOST)
    rows = []
    for name, texts in ((REAL, real), (GENERATED, generated)):
        drawn = np.sort(np.random.default_rng(seed).permutation(len(texts))[:n])
        some = [texts[int(row)] for row in drawn]
        measured = {f"distinct-{size}": distinct_n(some, size) for size in (1, 2)}
        rows.append({"texts": name, "documents": n, **measured, "self-BLEU": self_bleu(some)})
    return pd.DataFrame(rows)


def nearest_texts(
    texts: Sequence[str], among: Sequence[str]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """For each text the most similar one of `among`, by the cosine of TF-IDF vectors fitted to the latter.

    Shapes: N texts -> rows (N,) in `among` and cosines (N,); of equally similar ones the first. A text
    without a word that `among` has is at cosine 0.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer

    if not len(texts) or not len(among):
        return np.full(len(texts), -1, dtype=np.int64), np.zeros(len(texts))
    vectorizer = TfidfVectorizer(sublinear_tf=True, token_pattern=r"(?u)\b\w+\b")
    known = vectorizer.fit_transform(among)
    rows, cosines = [], []
    for start in range(0, len(texts), _AT_ONCE):
        products = vectorizer.transform(texts[start : start + _AT_ONCE]) @ known.T
        dense = products.toarray()
        rows.append(dense.argmax(axis=1))
        cosines.append(dense.max(axis=1))
    return np.concatenate(rows).astype(np.int64), np.concatenate(cosines).astype(np.float64)


def described_labels(corpus: Corpus, report: Mapping[str, Any] | None = None) -> pd.DataFrame:
    """One row a label: what it is called, what was written about it, and its training documents.

    Columns: label (code), name, description ("" without one), struck (why an answer was not used, or ""),
    documents, generated (training documents, real and generated ones).
    """
    train, size = corpus.train, len(corpus.labels)
    described = corpus.descriptions or ("",) * size
    struck = {one["label"]: one["reason"] for one in _struck(report, "describe")}
    real = np.asarray(train.real_targets.sum(axis=0, dtype=np.int64)).ravel()
    every = np.asarray(train.targets.sum(axis=0, dtype=np.int64)).ravel()
    return pd.DataFrame(
        {
            "label": corpus.labels,
            "name": label_names(corpus.labels, corpus.label_texts),
            "description": described,
            "struck": [struck.get(label, "") for label in corpus.labels],
            "documents": real,
            "generated": every - real,
        }
    )


def struck_answers(report: Mapping[str, Any] | None) -> pd.DataFrame:
    """One row an answer that was not used: job, reason, about (labels), text."""
    rows = [
        {"job": job, "reason": one["reason"], "about": _about(one), "text": one["text"]}
        for job in ("describe", "generate")
        for one in _struck(report, job)
    ]
    return pd.DataFrame(rows, columns=["job", "reason", "about", "text"])


def rows_of_labels(corpus: Corpus, labels: Sequence[int]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows of the training split that have one of these labels: real ones, and generated ones."""
    train = corpus.train
    rows = np.unique(train.targets[:, list(labels)].nonzero()[0]).astype(np.int64)
    if train.generated is None:
        return rows, np.empty(0, dtype=np.int64)
    made = train.generated[rows]
    return rows[~made], rows[made]


def _struck(report: Mapping[str, Any] | None, job: str) -> list[dict[str, Any]]:
    return list(((report or {}).get(job) or {}).get("struck", []))


def _about(one: Mapping[str, Any]) -> str:
    return str(one.get("label") or one.get("for") or "")
