"""HTTN and EHTTN: classifiers of rare labels are carried over from prototypes, as frequent labels teach it.

Paper: "Does Head Label Help for Long-Tailed Multi-Label Text Classification" (AAAI 2021). Where the authors'
code fixes the number of head labels, the smallest set that covers a share of all label occurrences is taken
here, whatever the labels' order.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, cast

import numpy as np
import torch
from numpy.typing import NDArray
from pydantic import Field
from scipy import sparse
from torch import Tensor, nn
from torch.nn import functional

from workbench.cards.httn import CARD
from workbench.encoders.base import Encoded, Encoder
from workbench.errors import WorkbenchError
from workbench.memory import free_main_memory
from workbench.methods.base import (
    Batch,
    Examples,
    Forward,
    LabelSpace,
    Material,
    Method,
    MethodConfig,
    Objective,
    Stage,
    require_tokens,
)
from workbench.methods.classification import Classification
from workbench.methods.cross_attention import weighted_document
from workbench.methods.label_attention import masked_softmax
from workbench.methods.registry import register
from workbench.methods.stored_examples import StoredExamples
from workbench.methods.vectors import to_unit_length

NEVER = -30.0
"""The logit of a label that has no classifier: none was made yet, or it has no training document."""


class HTTNConfig(MethodConfig):
    """Hyper-parameters of HTTN; those of the authors' code, where it has them."""

    variant: Literal["httn", "ehttn"] = Field("httn", description="one classifier a tail label, or many")
    head_share: float = Field(
        0.9, gt=0, le=1, description="head labels: the fewest that have this share of label occurrences"
    )
    size: int = Field(128, ge=1, description="numbers of a feature, prototype and classifier")
    scale: float = Field(10.0, gt=0, description="what features of unit length are multiplied by, at first")
    k: int = Field(5, ge=1, description="documents that make a prototype; with fewer, some count twice")
    draws: int = Field(30, ge=1, description="prototypes of each head label; the authors' 60 for ehttn")
    ensemble: int = Field(30, ge=1, description="prototypes of each tail label whose scores ehttn averages")
    transfer_epochs: int = Field(8, ge=1, description="passes over the head labels' prototypes")
    transfer_rate: float = Field(0.01, gt=0, description="learning rate of the map from prototypes")


@dataclass(kw_only=True)
class Featured(Forward):
    """Features of unit length (B, V) beside the logits."""

    features: Tensor


@dataclass(kw_only=True)
class Transferred(Forward):
    """Classifiers (P, V) that were made of prototypes, and those that they should be; logits are (P, 0)."""

    made: Tensor
    wanted: Tensor


class HeadClassification(Objective):
    """Binary cross entropy of the head labels alone, the mean over them and the documents."""

    name = "classification"

    def __init__(self, head: Callable[[], Tensor]) -> None:
        super().__init__()
        self._head = head

    def __call__(self, forward: Forward, batch: Batch) -> Tensor:
        """The loss of the head labels' columns."""
        head = self._head()
        logits, targets = forward.logits[:, head].float(), batch.targets[:, head].float()
        return functional.binary_cross_entropy_with_logits(logits, targets)


class TransferError(Objective):
    """The mean squared difference of classifiers and what their labels' prototypes are mapped to."""

    name = "transfer"

    def __call__(self, forward: Forward, batch: Batch) -> Tensor:
        """The loss of a batch of prototypes."""
        transferred = cast(Transferred, forward)
        return functional.mse_loss(transferred.made.float(), transferred.wanted.float())


@register
class HTTN(Method):
    """HTTN on any encoder that gives tokens; the paper's is a BiLSTM."""

    name = "httn"
    variants: ClassVar[dict[str, str]] = {
        "httn": "classifiers of rare labels made of a prototype, as frequent labels teach it",
        "ehttn": "the same with many prototypes of each rare label, whose scores are averaged",
    }
    card = CARD
    Config = HTTNConfig
    default_encoder = "bilstm"
    encoder_settings: ClassVar[Mapping[str, Any]] = {"units": 150, "layers": 1}

    head: Tensor
    tail: Tensor
    tail_classifiers: Tensor
    is_filled: Tensor

    def __init__(self, encoder: Encoder, labels: LabelSpace, config: MethodConfig) -> None:
        super().__init__(encoder, labels, config)
        require_tokens(encoder, self.config.variant)
        is_head = head_labels(labels.train_counts, self.config.head_share)
        is_tail = ~is_head & (labels.train_counts > 0)
        self._require_room(int(is_head.sum()), int(is_tail.sum()))
        size = self.config.size
        self.attention = nn.Linear(encoder.hidden_size, 1)
        self.projection = nn.Linear(encoder.hidden_size, size)
        self.scale = nn.Parameter(torch.tensor(self.config.scale))
        self.classifier = nn.Linear(size, int(is_head.sum()), bias=False)
        self.transfer = nn.Linear(size, size, bias=False) if is_tail.any() else None
        self.register_buffer("head", torch.from_numpy(np.flatnonzero(is_head)))
        self.register_buffer("tail", torch.from_numpy(np.flatnonzero(is_tail)))
        self.register_buffer("tail_classifiers", torch.zeros(self._ensemble, int(is_tail.sum()), size))
        self.register_buffer("is_filled", torch.tensor(False))

    @property
    def _ensemble(self) -> int:
        return self.config.ensemble if self.config.variant == "ehttn" else 1

    def forward(self, batch: Batch) -> Featured:
        """Logits (B, L): of head labels, of tail labels once they have classifiers, `NEVER` of others."""
        encoded = self.encoder(batch.inputs)
        tokens, mask = cast(Tensor, encoded.tokens), cast(Tensor, encoded.mask).bool()
        weights = masked_softmax(self.attention(tokens).squeeze(-1).float(), mask)  # (B, T)
        document = weighted_document(weights.to(tokens.dtype), tokens, mask)
        features = to_unit_length(self.projection(document))
        logits = self._logits(self.scale * features)
        return Featured(logits, encoded=Encoded(document, tokens, encoded.mask), features=features)

    def _logits(self, features: Tensor) -> Tensor:
        known = features @ self.classifier.weight.T
        logits = known.new_full((len(features), len(self.label_space)), NEVER).index_copy(1, self.head, known)
        if not bool(self.is_filled):
            return logits
        made = averaged_logits(features, self.tail_classifiers)
        return logits.index_copy(1, self.tail, made.to(logits.dtype))

    def label_embeddings(self) -> Tensor:
        """The classifiers (L, V), of an ensemble their mean; zero where a label has none."""
        made = self.classifier.weight.new_zeros(len(self.label_space), self.config.size)
        made = made.index_copy(0, self.head, self.classifier.weight)
        return made.index_copy(0, self.tail, self.tail_classifiers.mean(dim=0))

    def stages(self) -> Sequence[Stage]:
        """Head labels; the map from prototypes to their classifiers; what it makes of tail labels."""
        head = Stage(
            "head",
            [HeadClassification(lambda: self.head)],
            trains=lambda name: not name.startswith("transfer."),
        )
        if self.transfer is None:
            return [head]
        transfer = Stage(
            "transfer",
            [TransferError()],
            epochs=self.config.transfer_epochs,
            learning_rate=self.config.transfer_rate,
            rate_setting="transfer_rate",
            trains=lambda name: name.startswith("transfer."),
            is_classifier=False,
            examples=self._head_prototypes,
            forward=self._transferred,
        )
        tail = Stage("tail", [Classification()], is_classifier=False, solve=self._make_tail)
        return [head, transfer, tail]

    def _transferred(self, batch: Batch) -> Transferred:
        prototypes = batch.inputs["prototype"]
        wanted = self.classifier.weight.detach()[batch.inputs["place"]]
        assert self.transfer is not None
        return Transferred(
            prototypes.new_zeros(len(prototypes), 0), made=self.transfer(prototypes), wanted=wanted
        )

    def _head_prototypes(self, material: Material) -> Examples:
        found = self._prototypes(material, self.head, self.config.draws).flatten(0, 1).numpy()
        place = np.tile(np.arange(len(self.head)), self.config.draws)
        return StoredExamples({"prototype": found, "place": place}, sparse.csr_array((len(found), 0)))

    def _make_tail(self, material: Material) -> None:
        assert self.transfer is not None
        prototypes = self._prototypes(material, self.tail, self._ensemble)
        self.tail_classifiers.copy_(self.transfer(prototypes.to(self.tail_classifiers.device)))
        self.is_filled.fill_(True)

    def _prototypes(self, material: Material, labels: Tensor, times: int) -> Tensor:
        """Prototypes (times, labels, V) on the CPU, of documents that the run's seed draws."""
        features = torch.empty(material.targets.shape[0], self.config.size)
        for batch in material.batches("train"):
            features[batch.rows.cpu()] = self(batch).features.float().cpu()
        rows = drawn_documents(material.targets, labels.cpu().numpy(), self.config.k, times, material.seed)
        return torch.stack([prototypes(features, torch.from_numpy(each)) for each in rows])

    def _require_room(self, head: int, tail: int) -> None:
        documents = self.label_space.n_train + self.label_space.n_generated
        vectors = documents + self.config.draws * head + 2 * self._ensemble * tail
        needed, free = 4 * self.config.size * vectors, free_main_memory()
        if needed > free:
            raise WorkbenchError(
                f"{self.config.variant} keeps {vectors:,} vectors of {self.config.size} numbers (documents, "
                f"{self.config.draws} prototypes of each head label, {self._ensemble} classifiers of each "
                f"tail label), which needs {needed / 1e9:.1f} GB, and {free / 1e9:.1f} GB are free. Draw "
                "fewer: --set draws=10 --set ensemble=10, or take httn."
            )


def head_labels(train_counts: np.ndarray, share: float) -> NDArray[np.bool_]:
    """Which labels are head labels, (L,): the fewest that have `share` of all occurrences, one at least.

    Labels may stand in any order; of equally frequent ones the first are taken.
    """
    counts = train_counts.astype(np.int64)
    order = np.argsort(-counts, kind="stable")
    covered = np.cumsum(counts[order])
    count = 1 + int(np.searchsorted(covered, share * covered[-1] * (1 - 1e-12)))
    is_head = np.zeros(len(counts), dtype=bool)
    is_head[order[:count]] = True
    return is_head


def drawn_documents(
    targets: sparse.csr_array, labels: NDArray[np.int64], k: int, times: int, seed: int
) -> NDArray[np.int64]:
    """Rows (times, labels, k) of documents that have each label, anew each time.

    Without replacement where a label has k documents, with it where it has fewer; it has one at least.
    """
    columns, generator = sparse.csc_array(targets), np.random.default_rng(seed)
    drawn = np.empty((times, len(labels), k), dtype=np.int64)
    for place, label in enumerate(labels):
        documents = columns.indices[columns.indptr[label] : columns.indptr[label + 1]]
        for time in range(times):
            drawn[time, place] = generator.choice(documents, size=k, replace=len(documents) < k)
    return drawn


def prototypes(features: Tensor, rows: Tensor) -> Tensor:
    """Means of documents' features, brought to unit length: features (N, V), rows (..., k) -> (..., V)."""
    return to_unit_length(features[rows].mean(dim=-2))


def averaged_logits(features: Tensor, classifiers: Tensor) -> Tensor:
    """The logit of the mean of several classifiers' probabilities: (B, V), (S, L, V) -> (B, L)."""
    scores = features @ classifiers[0].T
    if len(classifiers) == 1:
        return scores
    yes, no = functional.logsigmoid(scores), functional.logsigmoid(-scores)
    for weights in classifiers[1:]:
        scores = features @ weights.T
        yes, no = yes.logaddexp(functional.logsigmoid(scores)), no.logaddexp(functional.logsigmoid(-scores))
    return yes - no
