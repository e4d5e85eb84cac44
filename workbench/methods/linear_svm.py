"""Linear support vector machines on bags of terms: what binary relevance and classifier chains share."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from pydantic import Field
from scipy import sparse
from sklearn.exceptions import ConvergenceWarning
from sklearn.svm import LinearSVC
from torch import Tensor
from torch.nn import functional

from workbench.encoders.base import Encoder, Inputs
from workbench.errors import WorkbenchError
from workbench.memory import free_main_memory
from workbench.methods.base import Batch, Forward, LabelSpace, Material, MethodConfig, Objective

CERTAIN = 30.0
"""The decision on a label that all training documents have, or (minus) none: there are no two sides."""

MOST_EMBEDDED = 2**24
"""Weights up to which a run keeps each label's beside its model, for looking at them."""

_COPIES = 3  # of the weights: the method's own, the solver's, and the one on its way to disk
_AT_ONCE = 1024

_LOG = logging.getLogger("workbench")


class SVMConfig(MethodConfig):
    """Hyper-parameters of the SVMs; which terms there are is the encoder's (ngrams, min_df)."""

    C: float = Field(1.0, gt=0, description="weight of the squared hinge loss beside the squared norm")
    most_steps: int = Field(10_000, ge=1, description="passes of the solver over the documents, at most")

    def notes(self, epochs: int, labels: LabelSpace) -> Sequence[str]:
        """That what is said of epochs means nothing here."""
        return ("Linear SVMs are solved, not trained by epochs: epochs, batch size and rates do nothing.",)


class SquaredHinge(Objective):
    """What a linear SVM minimises beside half its squared norm, the mean over labels and documents."""

    name = "squared_hinge"

    def __call__(self, forward: Forward, batch: Batch) -> Tensor:
        """max(0, 1 - y f)^2 with y of -1 and 1 and f the logits."""
        signs = 2 * batch.targets.float() - 1
        return functional.relu(1 - signs * forward.logits.float()).square().mean()


def require_tfidf(encoder: Encoder, method: str) -> None:
    """Raise WorkbenchError when the encoder gives no bags of weighted words."""
    if encoder.kind != "tfidf":
        raise WorkbenchError(
            f"{method} takes bags of weighted words, which the encoder {encoder.name!r} does not give. Leave "
            "--encoder out, or say --encoder tfidf."
        )


def require_bags(encoder: Encoder, labels: LabelSpace, method: str) -> None:
    """Raise WorkbenchError when the encoder gives no bags, or the memory has no room for dense weights."""
    require_tfidf(encoder, method)
    needed = _COPIES * 4 * encoder.hidden_size * len(labels)
    free = free_main_memory()
    if needed > free:
        fits = max(1, int(free / (_COPIES * 4 * len(labels))))
        raise WorkbenchError(
            f"A weight for each of {encoder.hidden_size:,} terms and {len(labels):,} labels needs about "
            f"{needed / 2**30:.1f} GB, and {free / 2**30:.1f} GB are free. Say --set max_terms={fits} or "
            "less, raise min_df, or keep fewer labels."
        )


def bag_products(inputs: Inputs, weight: Tensor) -> Tensor:
    """Bags (B, V) times weight (V, L), without making either dense or whole: (B, L).

    It can be differentiated by the weight any number of times, which torch's own sums of bags cannot.
    """
    products: Tensor = _BagProducts.apply(weight, inputs["terms"], inputs["weights"].to(weight.dtype))
    return products


class _BagProducts(torch.autograd.Function):
    """X W, and on the way back the transposed X times the gradient."""

    @staticmethod
    def forward(ctx: Any, weight: Tensor, terms: Tensor, factors: Tensor) -> Tensor:
        ctx.save_for_backward(weight, terms, factors)
        return functional.embedding_bag(terms, weight, mode="sum", per_sample_weights=factors)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, None, Tensor | None]:
        weight, terms, factors = ctx.saved_tensors
        needs_weight, _, needs_factors = ctx.needs_input_grad
        return (
            _transposed(terms, factors, len(weight)) @ gradient if needs_weight else None,
            None,
            (weight[terms] @ gradient.unsqueeze(2)).squeeze(2) if needs_factors else None,
        )


def _transposed(terms: Tensor, factors: Tensor, n_terms: int) -> Tensor:
    """Bags as a sparse matrix (V, B)."""
    documents = torch.arange(len(terms), device=terms.device).unsqueeze(1).expand_as(terms)
    places = torch.stack([terms.flatten(), documents.flatten()])
    size = n_terms, len(terms)
    return torch.sparse_coo_tensor(places, factors.flatten(), size, check_invariants=False)


def gathered_bags(material: Material, n_terms: int) -> sparse.csr_array:
    """The training documents (N, V) in float64, as the solver takes them."""
    parts = []
    for start in range(0, len(material.documents), _AT_ONCE):
        rows = np.arange(start, min(start + _AT_ONCE, len(material.documents)))
        inputs = material.documents[rows].inputs
        terms, weights = inputs["terms"].numpy(), inputs["weights"].numpy().astype(np.float64)
        row, place = np.nonzero(weights)
        cells = (weights[row, place], (row, terms[row, place]))
        parts.append(sparse.csr_array(cells, shape=(len(rows), n_terms)))
    return sparse.csr_array(sparse.vstack(parts, format="csr"))


def solved_svm(
    documents: sparse.csr_array, positive: np.ndarray, config: SVMConfig, seed: int
) -> tuple[np.ndarray, float, bool]:
    """One label's weights (V,), its bias, and whether the solver came to an end.

    Shapes: documents (N, V), positive (N,) of 0 and 1. With one side alone: no weights, and a bias of
    `CERTAIN` to that side.
    """
    sides = np.unique(positive)
    if len(sides) < 2:
        return np.zeros(documents.shape[1]), CERTAIN if sides.any() else -CERTAIN, True
    places = (each.astype(np.int32, copy=False) for each in (documents.indices, documents.indptr))
    short = sparse.csr_array((documents.data, *places), shape=documents.shape)  # all that liblinear takes
    svm = LinearSVC(C=config.C, max_iter=config.most_steps, random_state=seed % 2**32)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # told once for all labels
        svm.fit(short, positive)
    return svm.coef_[0], float(svm.intercept_[0]), int(np.max(svm.n_iter_)) < config.most_steps


def tell_unfinished(unfinished: int, labels: int, config: SVMConfig) -> None:
    """Say for how many labels the solver was cut off, if it was."""
    if unfinished:
        _LOG.warning(
            "Note: for %s of %s labels the solver was still moving after %s steps. Raise most_steps, or "
            "lower C (now %g).",
            f"{unfinished:,}",
            f"{labels:,}",
            f"{config.most_steps:,}",
            config.C,
        )


def by_column(targets: sparse.csr_array) -> sparse.csc_array:
    """Targets (N, L), quick to read label by label."""
    return sparse.csc_array(targets)


def of_label(columns: sparse.csc_array, label: int) -> np.ndarray:
    """(N,) of 0 and 1: which documents have the label."""
    has = np.zeros(columns.shape[0], dtype=np.int64)
    start, end = columns.indptr[label : label + 2]
    has[columns.indices[start:end]] = columns.data[start:end] != 0
    return has


def shown_weights(weight: Tensor) -> Tensor | None:
    """The weights (V, L) by label, (L, V), unless they are too many to keep twice."""
    return weight.T if weight.numel() <= MOST_EMBEDDED else None


def put(parameter: Tensor, label: int, values: np.ndarray) -> None:
    """Write a label's weights into its column."""
    parameter[:, label] = torch.from_numpy(values).to(parameter)
