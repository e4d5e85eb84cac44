"""CL-MIL: documents with rare labels are pushed apart; then words and the whole text are related to labels.

Paper: "Towards Better Representations for Multi-Label Text Classification with Multi-granularity Information"
(Findings of EMNLP 2023). A first stage of contrastive learning sees the text alone. In the second a
transformer reads each document with all labels behind it; one head weighs single words by what they have to
do with labels (FIL), one reads all of them through gated dilated convolutions (CIL), and a task tells which
labels are related (CLRL). The two heads' probabilities are averaged.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, cast

import torch
from torch import Tensor, nn

from workbench.cards.cl_mil import CARD
from workbench.data.oversampling import is_tail
from workbench.encoders.base import Encoded, Encoder
from workbench.methods.base import (
    Batch,
    Forward,
    LabelSpace,
    Material,
    Method,
    MethodConfig,
    Objective,
    Stage,
)
from workbench.methods.cl_mil_contrast import ContrastiveDocuments
from workbench.methods.cl_mil_equations import (
    constraint_classes,
    contrastive_loss,
    fine_grained,
    mixed_logits,
    receptive_field,
    relation_features,
    relation_loss,
    sample_relations,
)
from workbench.methods.cl_mil_modules import (
    CoarseInteraction,
    FineInteraction,
    GatedDilatedConvolution,
)
from workbench.methods.cl_mil_objectives import (
    CoarseClassification,
    Contrast,
    ContrastSettings,
    FineClassification,
    LabelRelations,
    RelationSettings,
)
from workbench.methods.cl_mil_settings import CLMILConfig
from workbench.methods.classification import Classification
from workbench.methods.registry import register
from workbench.metrics.label_relations import constraint_sets, frequent_partners, label_relations

if TYPE_CHECKING:
    from workbench.encoders.joint import JointEncoder

__all__ = [
    "CLMIL",
    "CLMILConfig",
    "GatedDilatedConvolution",
    "constraint_classes",
    "constraint_sets",
    "contrastive_loss",
    "fine_grained",
    "label_relations",
    "mixed_logits",
    "receptive_field",
    "relation_features",
    "relation_loss",
    "sample_relations",
]


@register
class CLMIL(Method):
    """CL-MIL on a BERT-like encoder that reads documents and labels in one sequence."""

    name = "cl-mil"
    variants: ClassVar[dict[str, str]] = {
        "cl-mil": "contrast of documents with rare labels first (Eq. 1), then all of mil (Eq. 13)",
        "mil": "words and the whole text related to labels, and labels to each other (Eq. 2-13)",
        "cl-dil": "contrast first, then dil (Table 4)",
        "dil": "words and the whole text related to labels (Eq. 2-8)",
        "cil": "the whole text alone, through gated dilated convolutions (Eq. 6-7)",
        "fil": "single words alone, weighed by what they have to do with labels (Eq. 2-5)",
        "cl-joint-bert": "contrast first, then joint-bert (Table 4)",
        "joint-bert": "document and labels in one sequence, the state of [CLS] classified (Table 4)",
        "joint-bert+clrl": "the same, and which labels are related (Figure 6)",
    }
    card = CARD
    Config = CLMILConfig
    default_encoder = "minilm"

    frequent: Tensor

    def __init__(self, encoder: Encoder, labels: LabelSpace, config: MethodConfig) -> None:
        assert isinstance(config, CLMILConfig)
        config = config.completed(labels)
        super().__init__(encoder, labels, config)
        size, count = encoder.hidden_size, len(labels)
        self.fine = FineInteraction(config.window, config.window_filters) if "fil" in config.heads else None
        self.coarse = CoarseInteraction(size, config.attention_heads) if "cil" in config.heads else None
        self.classifiers = nn.ModuleDict({name: nn.Linear(size, count) for name in config.heads or ("cls",)})
        if config.compares:
            self.relation_head = nn.Linear(3 * size, 3)
            self.register_buffer("frequent", torch.zeros(count, count, dtype=torch.bool), persistent=False)
        self._has_counted = False

    @classmethod
    def reads_labels(cls, variant: str) -> bool:
        """All variants do."""
        return True

    def forward(self, batch: Batch) -> Forward:
        """Encode, relate words and text to labels, classify each and average (Eq. 2-8)."""
        encoded = self.encoder(batch.inputs)
        tokens, labels = cast(Tensor, encoded.tokens), encoded.labels
        if not self.config.heads:
            encoded = Encoded(tokens[:, 0], tokens, encoded.mask, labels)
            return Forward(self.classifiers["cls"](encoded.document), labels=labels, encoded=encoded)
        words = self.encoder.words(batch.inputs)
        heads: dict[str, Tensor] = {}
        correlation = weights = None
        if self.coarse is not None:
            heads["cil"] = self.classifiers["cil"](self.coarse(tokens, words))
        if self.fine is not None:
            document, correlation, weights = self.fine(tokens, cast(Tensor, labels), words)
            as_long = document.to(tokens.dtype) * tokens.shape[-1] ** 0.5  # numbers of unit vectors are small
            heads["fil"] = self.classifiers["fil"](as_long)
        return Forward(
            logits=self._joined(heads),
            labels=labels,
            encoded=encoded,
            correlation=correlation,
            token_weights=weights,
            heads=heads if len(heads) > 1 else None,
        )

    @property
    def compares_tokens(self) -> bool:
        """All variants with fine-grained interaction do."""
        return self.fine is not None

    def label_embeddings(self) -> Tensor:
        """What stands for a label in the input (L, H)."""
        return cast("JointEncoder", self.encoder).label_embeddings()

    def stages(self) -> Sequence[Stage]:
        """The contrast, where the variant has it; classification with its tasks (Eq. 13)."""
        config = self.config
        objectives: list[Objective] = [Classification()]
        if len(config.heads) > 1:
            weights = (Objective.Settings(weight=weight) for weight in (config.alpha, config.beta))
            objectives = [CoarseClassification(next(weights)), FineClassification(next(weights))]
        if config.compares:
            settings = RelationSettings(
                weight=config.clrl_weight, reading=config.relations, partner=config.partner
            )
            objectives.append(LabelRelations(settings, self.relation_head, lambda: self.frequent))
        classification = Stage("classification", objectives)
        return [self._contrast(), classification] if config.contrasts else [classification]

    def begin_epoch(self, stage: Stage, epoch: int, material: Material) -> None:
        """Count once which labels come together (Eq. 9-10)."""
        if self.config.compares and stage.is_classifier and not self._has_counted:
            partners = frequent_partners(label_relations(material.targets))
            self.frequent.copy_(torch.from_numpy(partners))
            self._has_counted = True

    def _joined(self, heads: dict[str, Tensor]) -> Tensor:
        if len(heads) == 1:
            return next(iter(heads.values()))
        return mixed_logits(heads["fil"], heads["cil"], self.config.gamma)

    def _contrast(self) -> Stage:
        """The first stage: the encoder alone, on documents with a label of low frequency (Eq. 1)."""
        config = self.config
        is_low = is_tail(self.label_space.train_counts, config.low_frequency)
        documents = ContrastiveDocuments(self.encoder.read_alone, is_low, config.negatives)
        settings = ContrastSettings(temperature=config.temperature, reading=config.contrast)
        return Stage(
            "contrast",
            [Contrast(settings)],
            epochs=config.contrast_epochs,
            learning_rate=config.contrast_rate,
            rate_setting="contrast_rate" if config.contrast_rate else None,
            batch_size=config.contrast_targets,
            trains=lambda name: name.startswith("encoder."),
            is_classifier=False,
            examples=documents.examples,
            forward=documents.forward,
        )
