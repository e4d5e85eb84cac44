"""Bags of weighted words: TF-IDF of terms that the training texts have, for linear classifiers."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar, Self, cast

import numpy as np
import torch
from numpy.typing import NDArray
from pydantic import Field
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer
from torch import Tensor

from workbench.config import Config
from workbench.encoders.bags import Bags
from workbench.encoders.base import Encoded, Encoder, Inputs
from workbench.encoders.description import write_description
from workbench.encoders.tokens import encodable
from workbench.errors import WorkbenchError
from workbench.files import write_json

MOST_DENSE = 2**15
"""Terms up to which documents are given as dense vectors; a run keeps those of thousands of documents."""

_TERMS = "terms.json"
_WORD = re.compile(r"(?u)\b\w\w+\b")  # scikit-learn's: two letters or more


class TfidfSettings(Config):
    """Which terms a document is counted in."""

    ngrams: int = Field(2, ge=1, description="words of the longest term; 1 for single words alone")
    min_df: int = Field(2, ge=1, description="training documents that a term must be in")
    max_terms: int | None = Field(
        None, ge=1, description="only so many terms, the most frequent; unset: no limit"
    )
    sublinear: bool = Field(True, description="count a term n times as 1 + ln n instead of n")
    max_length: int | None = Field(None, ge=1, description="words of a document that are read; unset: all")


class TfidfEncoder(Encoder):
    """A document as its terms' counts times ln((1 + N) / (1 + df)) + 1, brought to unit length.

    N and df, the training documents and those with the term, come from the training texts alone.
    `hidden_size` is the number of terms V. `forward` gives dense documents (B, V) for up to `MOST_DENSE`
    terms; linear classifiers read the bags themselves (`terms` and `weights` of the inputs, both (B, T)).
    """

    kind = "tfidf"
    Settings: ClassVar[type[Config]] = TfidfSettings
    prefers_bfloat16 = False
    gives_tokens = False
    settings: TfidfSettings
    idf: Tensor

    def __init__(self, settings: TfidfSettings, terms: Sequence[str]) -> None:
        super().__init__()
        self.name = self.kind
        self.settings = settings
        self.terms = tuple(terms)
        self.hidden_size = len(self.terms)
        self.register_buffer("idf", torch.ones(len(self.terms), dtype=torch.float64))
        self._counter = _counter(settings, vocabulary=self.terms)

    @classmethod
    def build(cls, settings: dict[str, Any], train_texts: Sequence[str]) -> Self:
        """Fit the terms and their weights on `train_texts`.

        Raises:
            WorkbenchError: when no term is left.
        """
        parsed = cast(TfidfSettings, cls.Settings.parse(settings))
        counter = _counter(parsed, min_df=parsed.min_df, max_features=parsed.max_terms)
        try:
            counts = counter.fit_transform(_readable(text, parsed.max_length) for text in train_texts)
        except ValueError:  # so scikit-learn says that the vocabulary is empty
            raise WorkbenchError(
                f"No term is in {parsed.min_df} of the {len(train_texts)} training texts, so that documents "
                f"cannot be told apart. Lower min_df (--set min_df={max(1, parsed.min_df - 1)})."
            ) from None
        encoder = cls(parsed, counter.get_feature_names_out().tolist())
        present = np.bincount(counts.indices, minlength=counts.shape[1])
        encoder.idf.copy_(torch.from_numpy(np.log((1 + len(train_texts)) / (1 + present)) + 1))
        return encoder

    def prepare(self, texts: Sequence[str]) -> Bags:
        """The weighted terms of each text; a text without any known term is an empty bag."""
        if not len(texts):
            return Bags(cast(Any, sparse.csr_array((0, self.hidden_size), dtype=np.float32)))
        read = (_readable(text, self.settings.max_length) for text in texts)
        counts = sparse.csr_array(self._counter.transform(read), dtype=np.float64)
        values = 1 + np.log(counts.data) if self.settings.sublinear else counts.data
        values = values * self.idf.cpu().numpy()[counts.indices]
        weighted = sparse.csr_array((values, counts.indices, counts.indptr), shape=counts.shape)
        norms = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
        weighted.data /= np.repeat(norms, np.diff(weighted.indptr))
        return Bags(weighted.astype(np.float32))

    def token_spans(self, texts: Sequence[str]) -> list[NDArray[np.int64]]:
        """Where the words of each text stand in it, (T, 2)."""
        places = [[found.span() for found in _WORD.finditer(text)] for text in texts]
        most = self.settings.max_length
        return [np.array(spans[:most] or [(0, 0)], dtype=np.int64) for spans in places]

    def knows_any_word(self, text: str) -> bool:
        """Whether any term of a text is known."""
        return bool(self.prepare([text]).matrix.nnz)

    def embed(self, inputs: Inputs) -> Tensor:
        """Not possible: a bag has no words in a row."""
        raise WorkbenchError(
            "tfidf counts words and has no word embeddings to mix. Mix document vectors, or take another "
            "encoder (--encoder cnn)."
        )

    def forward(self, inputs: Inputs, embeddings: Tensor | None = None) -> Encoded:
        """Dense documents (B, V), made when they are read."""
        if embeddings is not None:
            self.embed(inputs)
        return Encoded(lambda: self._dense(inputs))

    def _dense(self, inputs: Inputs) -> Tensor:
        if self.hidden_size > MOST_DENSE:
            raise WorkbenchError(
                f"Dense document vectors of {self.hidden_size:,} terms are too large; this encoder gives "
                f"them for up to {MOST_DENSE:,}. Say --set max_terms={MOST_DENSE}, or take a method that "
                "reads bags (binary-relevance) or another encoder."
            )
        weights = inputs["weights"]
        dense = weights.new_zeros(len(weights), self.hidden_size)
        return dense.scatter_add(1, inputs["terms"], weights)

    def save(self, folder: Path) -> None:
        """Write `encoder.json` and `terms.json`; the terms' weights are a buffer, kept by the method."""
        write_json(folder / _TERMS, list(self.terms))
        write_description(folder, self)

    @classmethod
    def load(cls, folder: Path, description: dict[str, Any]) -> Self:
        """Rebuild with the saved terms, for the run's own weights to fill in theirs."""
        settings = cast(TfidfSettings, cls.Settings.parse(description["settings"]))
        return cls(settings, _read_terms(folder / _TERMS))


def _counter(settings: TfidfSettings, **options: Any) -> CountVectorizer:
    return CountVectorizer(ngram_range=(1, settings.ngrams), token_pattern=_WORD.pattern, **options)


def _readable(text: str, most: int | None) -> str:
    """The text up to its `most`-th word, in characters that can be written."""
    readable = encodable(text)
    if most is None:
        return readable
    ends = [found.end() for found in _WORD.finditer(readable)]
    return readable[: ends[most - 1]] if len(ends) > most else readable


def _read_terms(path: Path) -> list[str]:
    try:
        terms = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise WorkbenchError(f"Cannot read {path}: {error}. Train or copy the run again.") from None
    if not isinstance(terms, list) or not terms or not all(isinstance(term, str) for term in terms):
        raise WorkbenchError(f"{path} is damaged: expected a list of terms. Train or copy the run again.")
    return terms
