"""CL-MIL's hyper-parameters, and what is filled in where none is given; the paper is named in cl_mil.py."""

from __future__ import annotations

from typing import Literal

import numpy as np
from pydantic import Field

from workbench.data.oversampling import is_tail
from workbench.errors import WorkbenchError
from workbench.methods.base import LabelSpace, MethodConfig

Variant = Literal[
    "cl-mil",
    "mil",
    "cl-dil",
    "dil",
    "cil",
    "fil",
    "cl-joint-bert",
    "joint-bert",
    "joint-bert+clrl",
]
_TAIL, _DOCUMENTS = 1_000, 53_840
"""Table 6: labels of the tail have fewer than 1,000 of AAPD's training documents."""


class CLMILConfig(MethodConfig):
    """Hyper-parameters of CL-MIL."""

    variant: Variant = Field("cl-mil", description="which parts are there")
    alpha: float = Field(1.0, ge=0, description="weight of the coarse-grained head's loss (Eq. 13)")
    beta: float = Field(1.0, ge=0, description="weight of the fine-grained head's loss (Eq. 13)")
    clrl_weight: float = Field(
        0.35, ge=0, description="lambda, weight of the relations between labels (Eq. 13)"
    )
    gamma: float = Field(0.5, ge=0, le=1, description="share of the fine-grained head in the final scores")
    window: int = Field(10, ge=1, description="words and labels that the convolution over Eq. 4 sees at once")
    window_filters: int = Field(8, ge=1, description="filters of that convolution; the paper does not say")
    attention_heads: int = Field(
        8, ge=1, description="heads of the attention of Eq. 7; the paper does not say"
    )
    relations: Literal["default", "anchor"] = Field(
        "default",
        description="Table 1: labels are weakly related to any of a document's labels, or to A alone",
    )
    partner: Literal["balanced", "paper"] = Field(
        "balanced", description="label B: the three relations equally often, or any label but A (paper)"
    )
    contrast: Literal["default", "code", "paper"] = Field(
        "default",
        description="Eq. 1: cosines times the temperature, or divided by it and the positive N times (paper)",
    )
    temperature: float = Field(20.0, gt=0, description="tau of Eq. 1")
    low_frequency: int | None = Field(
        None,
        ge=2,
        description="the first stage is about documents with a label of fewer training documents; unset: "
        "1,000 of AAPD's 53,840, as many of this corpus, but at least the rarest label",
    )
    contrast_targets: int = Field(
        16, ge=1, description="such documents in a batch of the first stage; 1 in the paper"
    )
    negatives: int = Field(
        2, ge=1, description="drawn for each of them, negatives of all with other labels; 31 in the paper"
    )
    contrast_epochs: int = Field(3, ge=1, description="passes over these documents")
    contrast_rate: float | None = Field(
        None, gt=0, description="learning rate of the first stage; unset: that of the encoder"
    )

    @property
    def contrasts(self) -> bool:
        """Whether there is a first stage."""
        return self.variant.startswith("cl-")

    @property
    def compares(self) -> bool:
        """Whether relations between labels are learned."""
        return self.variant in ("cl-mil", "mil", "joint-bert+clrl")

    @property
    def heads(self) -> tuple[str, ...]:
        """Which of the two interactions there are."""
        plain = self.variant.removeprefix("cl-")
        return {"mil": ("cil", "fil"), "dil": ("cil", "fil"), "cil": ("cil",), "fil": ("fil",)}.get(plain, ())

    def completed(self, labels: LabelSpace) -> CLMILConfig:
        """The same with `low_frequency` filled in where the variant needs it and it is not given.

        Raises:
            WorkbenchError: when it leaves no label.
        """
        if not self.contrasts:
            return self
        counts = labels.train_counts[labels.train_counts > 0]
        least, most = (int(counts.min()), int(counts.max())) if len(counts) else (0, 0)
        threshold = self.low_frequency or max(round(_TAIL * labels.n_train / _DOCUMENTS), least + 1)
        if not is_tail(labels.train_counts, threshold).any():
            enough = f"Say --set low_frequency={int(np.median(counts)) + 1}, or leave" if least else "Leave"
            raise WorkbenchError(
                f"No label has fewer than low_frequency={threshold:,} training documents: labels have "
                f"{least:,} to {most:,}. {enough} out the first stage, which is about documents with rare "
                f"labels: train {self.variant.removeprefix('cl-')}."
            )
        return self.model_copy(update={"low_frequency": threshold})
