"""Hyper-parameters of SEP-MLDC; the paper is named in sep_mldc.py."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pydantic import Field

from workbench.methods.base import LabelSpace, MethodConfig

Variant = Literal["sep-mldc", "sep-mldc-no-lse", "sep-mldc-no-datc", "sep-mldc-no-smcl", "sep-mldc-no-lgfs"]
Reading = Literal["default", "paper"]


class SEPMLDCConfig(MethodConfig):
    """Hyper-parameters of SEP-MLDC; the paper trains with AdamW at a rate of 5e-5."""

    variant: Variant = Field("sep-mldc", description="all of it, or which part is left out (Table 5)")
    beta: float = Field(0.01, ge=0, description="weight of the contrast of labels, Eq. 21; paper: 0.01")
    gamma: float = Field(0.01, ge=0, description="weight of the contrast of documents, Eq. 21; paper: 0.01")
    temperature: float = Field(
        0.1, gt=0, description="tau of Eq. 9 and 14, on vectors of unit length; paper: 0.1"
    )
    label_contrast: Reading = Field(
        "default",
        description="Eq. 9: labels that share documents are pushed apart least (1 - W), or most (W, paper)",
    )
    document_contrast: Reading = Field(
        "default",
        description="Eq. 14: mean over positives, all others in the denominator, negatives weighed by 1 - W; "
        "or as printed: sum, negatives alone, weighed by W (paper)",
    )
    classification: Reading = Field(
        "default", description="Eq. 19: binary cross entropy, or positives of a softmax alone (paper)"
    )
    scale: Literal["none", "sqrt"] = Field(
        "none", description="Eq. 17: dot products as they are (paper), or divided by the root of H"
    )
    classifier_units: int | None = Field(
        None,
        ge=1,
        description="hidden units of the classifier behind Eq. 18; the paper does not say; unset: H, the "
        "encoder's",
    )
    dropout: float = Field(0.5, ge=0, lt=1, description="dropout in the classifier; paper: 0.5")
    labels_at_once: int = Field(
        128,
        ge=1,
        description="labels that a step encodes, at most: those of its documents, then others; the rest are "
        "taken as they were at the beginning of the epoch",
    )

    @property
    def describes_labels(self) -> bool:
        """Whether descriptions of labels are read (Eq. 2)."""
        return self.variant != "sep-mldc-no-lse"

    @property
    def contrasts(self) -> bool:
        """Whether labels and documents are contrasted (Eq. 9 and 15)."""
        return self.variant != "sep-mldc-no-smcl"

    @property
    def guides(self) -> bool:
        """Whether labels stand beside the document that is classified (Eq. 16-18)."""
        return self.variant != "sep-mldc-no-lgfs"

    def notes(self, epochs: int, labels: LabelSpace) -> Sequence[str]:
        """One for each part of the variant that the corpus has nothing for."""
        said = []
        if self.describes_labels and not any(text.strip() for text in labels.descriptions):
            said.append(
                "No label of the corpus has a description: labels are read by their names, as in "
                "sep-mldc-no-lse."
            )
        if self.variant != "sep-mldc-no-datc" and not labels.n_generated:
            said.append(
                "The corpus has no generated documents for labels with few: training is that of "
                "sep-mldc-no-datc."
            )
        return said
