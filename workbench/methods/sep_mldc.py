"""SEP-MLDC: labels are read with what describes them, and stand beside the document that is classified.

Paper: "SEP-MLDC: A Simple and Effective Paradigm for Multi-Label Document Classification". One encoder reads
documents and labels; both are contrasted, weighed by how alike labels are in their documents and documents in
their labels; the labels that a document is like are averaged and classified with it. Descriptions of labels
and generated documents for labels with few of them come with the corpus.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from torch import Tensor, nn

from workbench.cards.sep_mldc import CARD
from workbench.encoders.base import Encoder
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
from workbench.methods.registry import register
from workbench.methods.sep_mldc_equations import (
    classification_loss,
    document_contrastive_loss,
    document_similarity,
    label_contrastive_loss,
    label_guided_features,
    label_similarity,
)
from workbench.methods.sep_mldc_labels import LabelVectors, described_labels, unknown_labels_note
from workbench.methods.sep_mldc_objectives import (
    Classification,
    ClassificationSettings,
    DocumentContrast,
    DocumentContrastSettings,
    LabelContrast,
    LabelContrastSettings,
)
from workbench.methods.sep_mldc_settings import SEPMLDCConfig

__all__ = [
    "SEPMLDC",
    "SEPMLDCConfig",
    "classification_loss",
    "document_contrastive_loss",
    "document_similarity",
    "label_contrastive_loss",
    "label_guided_features",
    "label_similarity",
]


@register
class SEPMLDC(Method):
    """SEP-MLDC on any encoder that gives a document vector.

    Where there are more labels than `labels_at_once`, a step takes the others as the epoch began with them.
    What perturbs a trained model's weights, such as the loss landscape, leaves the label vectors as they are.
    """

    name = "sep-mldc"
    variants: ClassVar[dict[str, str]] = {
        "sep-mldc": "labels read with descriptions, contrasted like documents, beside the document (Eq. 21)",
        "sep-mldc-no-lse": "the same with labels read by their names alone (Table 5)",
        "sep-mldc-no-datc": "the same without generated documents (Table 5)",
        "sep-mldc-no-smcl": "the same without contrast of labels and documents (Table 5)",
        "sep-mldc-no-lgfs": "the same with the document alone classified (Table 5)",
    }
    card = CARD
    Config = SEPMLDCConfig
    default_encoder = "minilm"

    def __init__(self, encoder: Encoder, labels: LabelSpace, config: MethodConfig) -> None:
        assert isinstance(config, SEPMLDCConfig)
        size = encoder.hidden_size
        config = config.model_copy(update={"classifier_units": config.classifier_units or size})
        super().__init__(encoder, labels, config)
        texts = described_labels(labels) if config.describes_labels else labels.texts
        self.label_vectors = LabelVectors(texts, size, config.labels_at_once)
        self.classifier = nn.Sequential(  # f_mu of Eq. 18
            nn.Linear(2 * size if config.guides else size, self.config.classifier_units),
            nn.ReLU(),
            nn.Dropout(config.dropout),
            nn.Linear(self.config.classifier_units, len(labels)),
        )

    @classmethod
    def reads_generated(cls, variant: str) -> bool:
        """All variants but sep-mldc-no-datc are."""
        return variant != "sep-mldc-no-datc"

    def notes(self, epochs: int) -> Sequence[str]:
        """Besides what settings and corpus say: labels that the encoder cannot tell apart."""
        return (*super().notes(epochs), *unknown_labels_note(self.encoder, self.label_vectors.texts))

    def forward(self, batch: Batch) -> Forward:
        """Encode documents and labels, let labels guide, classify (Eq. 16-18)."""
        encoded = self.encoder(batch.inputs)
        labels = self._labels(batch)

        def classify(documents: Tensor) -> Tensor:
            features = documents
            if self.config.guides:
                features = label_guided_features(documents, labels, self._scale).features
            logits: Tensor = self.classifier(features)
            return logits

        return Forward(classify(encoded.document), labels=labels, encoded=encoded, classify=classify)

    def probabilities(self, forward: Forward) -> Tensor:
        """Of a sigmoid; with Eq. 19 as printed of its softmax."""
        if self.config.classification == "paper":
            return forward.logits.float().softmax(dim=-1)
        return super().probabilities(forward)

    def label_embeddings(self) -> Tensor:
        """e_y, the optimised label vectors (L, H)."""
        return self.label_vectors.current(self.encoder)

    def stages(self) -> Sequence[Stage]:
        """One stage: classification, with both contrasts where the variant has them (Eq. 21)."""
        config = self.config
        objectives: list[Objective] = [Classification(ClassificationSettings(reading=config.classification))]
        if config.contrasts:
            of_labels = LabelContrastSettings(
                weight=config.beta, temperature=config.temperature, reading=config.label_contrast
            )
            of_documents = DocumentContrastSettings(
                weight=config.gamma, temperature=config.temperature, reading=config.document_contrast
            )
            objectives += [LabelContrast(of_labels), DocumentContrast(of_documents)]
        return [Stage("classification", objectives)]

    def begin_epoch(self, stage: Stage, epoch: int, material: Material) -> None:
        """Encode all labels anew: a step takes those that it does not encode as they are then."""
        self.label_vectors.refresh(self.encoder)

    @property
    def _scale(self) -> float:
        return 1.0 if self.config.scale == "none" else float(self.encoder.hidden_size**-0.5)

    def _labels(self, batch: Batch) -> Tensor:
        if self.training:
            fresh: Tensor = self.label_vectors(self.encoder, batch.targets)
            return fresh
        return self.label_vectors.current(self.encoder)
