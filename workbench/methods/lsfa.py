"""LSFA: label-specific features, drawn to prototypes, and generated ones for labels with few documents.

Paper: "Label-Specific Feature Augmentation for Long-Tailed Multi-Label Text Classification" (AAAI 2023).
Each label attends to the tokens for itself, so that a document has one feature for each of its labels. A
variational autoencoder learns from frequent labels how features vary around their label's prototype, and
generates features around the prototypes of rare ones; these adjust the rare labels' classifiers alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import numpy as np
import torch
from torch import Tensor, nn

from workbench.cards.lsfa import CARD
from workbench.data.oversampling import check_repetitions, is_tail, oversampled_rows
from workbench.encoders.base import Encoder
from workbench.errors import WorkbenchError
from workbench.methods.base import (
    Batch,
    Examples,
    Forward,
    LabelSpace,
    Material,
    Method,
    MethodConfig,
    Stage,
    require_tokens,
)
from workbench.methods.label_attention import LabelAttention, label_attention
from workbench.methods.lsfa_arrays import feature_arrays
from workbench.methods.lsfa_equations import (
    augmented_positive_loss,
    label_prototypes,
    prototypical_contrastive_loss,
    supervised_contrastive_loss,
    vae_loss,
)
from workbench.methods.lsfa_generator import PrototypeVAE, Reconstructed
from workbench.methods.lsfa_objectives import PrototypicalContrast
from workbench.methods.lsfa_settings import LSFAConfig
from workbench.methods.lsfa_stages import Sizes, classifiers_stage, features_stage, generator_stage
from workbench.methods.memory import free_memory
from workbench.methods.pair_features import PairFeatures, PairWriter, RunningPrototypes
from workbench.methods.registry import register
from workbench.methods.repeated import Repeated

__all__ = [
    "LSFA",
    "LSFAConfig",
    "augmented_positive_loss",
    "label_attention",
    "label_prototypes",
    "prototypical_contrastive_loss",
    "supervised_contrastive_loss",
    "vae_loss",
]

_COLLAPSED = 1e-6
"""Share of variance below which the features of a label count as one and the same vector."""

_AT_ONCE = 1 << 14
"""Features that are generated at once."""


@register
class LSFA(Method):
    """LSFA on any encoder that gives tokens; variant lsfa-pooled on any."""

    name = "lsfa"
    variants: ClassVar[dict[str, str]] = {
        "lsfa": "label-specific features drawn to prototypes, tail features generated (the paper's A)",
        "lsfa-augment": "the same without the contrast with prototypes (B)",
        "lsfa-attention": "label-specific features alone: no contrast, nothing generated (C)",
        "lsfa-pooled": "one document vector for all labels, with a linear layer (D)",
        "lsfa-sample": "label-specific features; documents of tail labels repeated instead (Figure 1)",
    }
    card = CARD
    Config = LSFAConfig

    prototypes: Tensor
    prototype_counts: Tensor

    def __init__(self, encoder: Encoder, labels: LabelSpace, config: MethodConfig) -> None:
        assert isinstance(config, LSFAConfig)
        config = config.completed(labels)
        super().__init__(encoder, labels, config)
        self.attention: LabelAttention | None = None
        size = encoder.hidden_size
        if config.variant != "lsfa-pooled":
            require_tokens(encoder, config.variant)
            self.attention = LabelAttention(len(labels), size, config.projection)
            size = self.attention.feature_size
        self.classifier = nn.Linear(size, 1 if self._is_shared else len(labels), bias=config.bias)  # Eq. 5
        self.register_buffer("prototypes", torch.zeros(len(labels), size))
        self.register_buffer("prototype_counts", torch.zeros(len(labels), dtype=torch.int64))
        if config.augments_features:
            self.generator = PrototypeVAE(size, config.generator_hidden, config.latent, config.generator)
        self._made: tuple[Tensor, Tensor] | None = None

    @property
    def attends_by_label(self) -> bool:
        """All variants but lsfa-pooled do."""
        return self.attention is not None

    @property
    def is_tail(self) -> np.ndarray:
        """Which labels are tail labels, (L,)."""
        return is_tail(self.label_space.train_counts, self.config.head_threshold)

    @property
    def _is_shared(self) -> bool:
        return self.config.classifier == "shared" and self.config.variant != "lsfa-pooled"

    def forward(self, batch: Batch) -> Forward:
        """Encode, attend label by label, score each label by its own feature (Eq. 1-5)."""
        encoded = self.encoder(batch.inputs)
        attention = self.attention
        if attention is None:
            logits = self.classifier(encoded.document)
            labels, classify = self.classifier.weight, self.classifier
            return Forward(logits, labels=labels, encoded=encoded, classify=classify)
        tokens, mask = encoded.tokens, encoded.mask
        features = attention(tokens, mask)  # (B, L, V)
        return Forward(
            logits=self._scores(features),
            labels=attention.embeddings,
            encoded=encoded,
            label_features=features,
            prototypes=self.prototypes,
            prototype_counts=self.prototype_counts,
            attend=lambda: attention.attention(tokens, mask),
        )

    def label_embeddings(self) -> Tensor:
        """e_l of Eq. 4, (L, H); without attention the classifiers' vectors."""
        found: Tensor = self.classifier.weight if self.attention is None else self.attention.embeddings
        return found

    def stages(self) -> Sequence[Stage]:
        """Features; then the generator and the adjustment of the classifiers, where the variant has them."""
        config, space, tail = self.config, self.label_space, int(self.is_tail.sum())
        made = tail * config.augment_times
        sizes = Sizes(space.n_train, len(space), int(space.train_counts.sum()), made)
        if config.variant == "lsfa-sample":
            check_repetitions(space.n_train, tail, config.augment_times)
        found = [features_stage(config, self._repeated, sizes)]
        if config.augments_features:
            self._check_memory()
            found.append(generator_stage(config, self._head_features, self._reconstruct))
            found.append(classifiers_stage(config, self._generated, self._classifiers, sizes))
        return found

    def begin_epoch(self, stage: Stage, epoch: int, material: Material) -> None:
        """Compute the prototypes anew where the contrast needs them; generate before classifiers adjust."""
        contrasts = any(
            isinstance(term, PrototypicalContrast) and term.weight > 0 for term in stage.objectives
        )
        if stage.name == "features" and contrasts and epoch >= self.config.contrast_after:
            self._keep(self._average(material))
        if stage.name == "classifiers":
            self._generate(material.seed)

    def arrays(self, material: Material) -> dict[str, np.ndarray]:
        """A sample of features, the prototypes and what was generated; see `feature_arrays`."""
        if self.attention is None:
            return {}
        self._keep(self._average(material))
        if self.config.augments_features:
            self._generate(material.seed)
        pairs = {split: map(self._pairs_with_rows, material.batches(split)) for split in ("train", "test")}
        found = feature_arrays(pairs, self._made, self.label_space.train_counts, material.seed)
        return found | {
            "prototypes": self.prototypes.cpu().numpy(),
            "label_is_tail": self.is_tail,
        }

    def _scores(self, features: Tensor) -> Tensor:
        if self._is_shared:
            shared: Tensor = self.classifier(features).squeeze(-1)
            return shared
        scores = torch.einsum("blv,lv->bl", features, self.classifier.weight)
        return scores if self.classifier.bias is None else scores + self.classifier.bias

    def _classifiers(self) -> tuple[Tensor, Tensor | None]:
        weight, bias, n_labels = self.classifier.weight, self.classifier.bias, len(self.label_space)
        if self._is_shared:
            return weight.expand(n_labels, -1), None if bias is None else bias.expand(n_labels)
        return weight, bias

    def _pairs(self, batch: Batch) -> tuple[Tensor, Tensor]:
        features, label, _ = self._pairs_with_rows(batch)
        return features, label

    def _pairs_with_rows(self, batch: Batch) -> tuple[Tensor, Tensor, Tensor]:
        """Features (P, V), labels (P,) and documents' rows (P,) of a batch's positive pairs."""
        assert self.attention is not None
        encoded = self.encoder(batch.inputs)
        document, label = batch.targets.nonzero(as_tuple=True)
        return (
            self.attention.of_pairs(encoded.tokens, encoded.mask, document, label),
            label,
            batch.rows[document],
        )

    def _average(self, material: Material, writer: PairWriter | None = None) -> RunningPrototypes:
        """Eq. 10 over all training documents; head labels' features go to the writer on the way."""
        device = self.prototypes.device
        running = RunningPrototypes(len(self.label_space), self.prototypes.shape[1], device)
        is_head = torch.from_numpy(self._is_head).to(device)
        for batch in material.batches("train"):
            features, label = self._pairs(batch)
            running.add(features, label)
            if writer is not None:
                writer.add(features[is_head[label]], label[is_head[label]])
        return running

    @property
    def _is_head(self) -> np.ndarray:
        found: np.ndarray = self.label_space.train_counts >= self.config.head_threshold
        return found

    def _keep(self, found: RunningPrototypes) -> None:
        self.prototypes.copy_(found.prototypes)
        self.prototype_counts.copy_(found.counts)

    def _head_features(self, material: Material) -> Examples:
        """The features of head labels, written once; prototypes become those of the trained encoder."""
        folder = material.folder / "features"
        kept = PairFeatures.open(folder)
        if kept is None:
            pairs = int(self.label_space.train_counts[self._is_head].sum())
            writer = PairWriter(folder, pairs, self.prototypes.shape[1])
            found = self._average(material, writer)
            _require_variation(found)
            kept = writer.finish(found.prototypes, found.counts)
        self.prototypes.copy_(torch.from_numpy(kept.prototypes))
        self.prototype_counts.copy_(torch.from_numpy(kept.counts))
        return kept

    def _reconstruct(self, batch: Batch) -> Reconstructed:
        prototypes = self.prototypes[batch.inputs["label_index"]]
        reconstructed: Reconstructed = self.generator(batch.inputs["features"], prototypes)
        return reconstructed

    def _repeated(self, material: Material) -> Examples:
        tail, times = np.flatnonzero(self.is_tail), self.config.augment_times
        rows = oversampled_rows(material.targets, tail, times, material.seed)
        return Repeated(material.documents, rows)

    def _generate(self, seed: int) -> None:
        """N_a features for each tail label, from its prototype and noise (Eq. 18); the same for a seed."""
        if self._made is not None:
            return
        self._check_memory()
        label = torch.from_numpy(np.repeat(np.flatnonzero(self.is_tail), self.config.augment_times))
        noise = torch.randn(len(label), self.config.latent, generator=torch.Generator().manual_seed(seed))
        label = label.to(self.prototypes.device)
        parts = [
            self.generator.decode(some.to(label.device), self.prototypes[of]).detach().float()
            for some, of in zip(noise.split(_AT_ONCE), label.split(_AT_ONCE), strict=True)
        ]
        self._made = torch.cat(parts), label

    def _generated(self) -> tuple[Tensor, Tensor]:
        assert self._made is not None
        return self._made

    def _check_memory(self) -> None:
        tail, times = int(self.is_tail.sum()), self.config.augment_times
        each = 4 * (self.prototypes.shape[1] + self.config.latent)  # of a feature and its noise, in bytes
        needed, free = tail * times * each, free_memory(self.prototypes.device)
        if needed > free:
            most = max(1, int(free / 2 / (tail * each)))
            raise WorkbenchError(
                f"augment_times={times} for {tail:,} tail labels needs {needed / 1e9:.1f} GB, and "
                f"{free / 1e9:.1f} GB are free. Generate fewer: --set augment_times={most}"
            )


def _require_variation(found: RunningPrototypes) -> None:
    if not found.spread >= _COLLAPSED:
        raise WorkbenchError(
            "The features of each label are one and the same vector in all documents, so there is no "
            "variation to learn. Lower the learning rate (--set learning_rate=… --set head_learning_rate=…), "
            "train the features longer (--set epochs=…), or leave out the shared layer (--set projection=0)."
        )
