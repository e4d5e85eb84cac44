"""Hyper-parameters of LSFA; the paper is named in lsfa.py."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from pydantic import Field

from workbench.errors import WorkbenchError
from workbench.methods.base import LabelSpace, MethodConfig

Reading = Literal["default", "paper", "code"]

_MEAN, _THRESHOLD, _TIMES = 15.59, (50, 0.59), (10, 0.77)
"""Documents a label in EUR-Lex (Table 1), and the power laws through the paper's choices for its three
corpora: N_t = 50, 500, 1000 and N_a = 10, 200, 500 at 15.59, 729.67 and 2444.04 documents a label."""


_HEADS = 25
"""About as many head labels as the paper's N_t leaves in the corpus with fewest labels: from few prototypes a
generator does not learn what to make of another."""


class LSFAConfig(MethodConfig):
    """Hyper-parameters of LSFA; what the paper used is given with each."""

    variant: Literal["lsfa", "lsfa-augment", "lsfa-attention", "lsfa-pooled", "lsfa-sample"] = Field(
        "lsfa", description="the paper's A, B, C and D, and C with repeated documents"
    )
    head_threshold: int | None = Field(
        None,
        ge=1,
        description="N_t: labels with fewer training documents are tail labels; unset: by the documents a "
        "label has on average; paper: 50 to 1000",
    )
    augment_times: int | None = Field(
        None,
        ge=1,
        description="N_a: generated features (or repeated documents) for each tail label, at least 1 (for "
        "none train lsfa-attention); unset: by the documents a label has on average; paper: 10 to 500",
    )
    alpha: float = Field(0.1, ge=0, description="weight of the prototypical contrast, Eq. 9; paper: 0.1")
    gamma: float = Field(1.0, ge=0, description="weight of the generated features, Eq. 19; paper: 1")
    balance: Literal["default", "paper", "mean"] = Field(
        "default",
        description="how Eq. 9 and 19 stand beside Eq. 6: their means over pairs and generated features "
        "beside a document's sum over labels; sums of all three, as printed; or means of all three, under "
        "which they weigh hundreds of times more where labels are many",
    )
    adjust_rate: float | None = Field(
        None, gt=0, description="learning rate of the adjustment; unset: that of the features"
    )
    temperature: float = Field(0.07, gt=0, description="tau of Eq. 8 and 9, on unit vectors")
    contrast_after: int = Field(
        1, ge=0, description="epochs before the prototypical contrast sets in; prototypes are noise at first"
    )
    contrast: Reading = Field(
        "default", description="denominator of Eq. 9: all prototypes, without the own one, or with it twice"
    )
    projection: int = Field(
        300, ge=0, description="size of the layer shared by all labels behind the attention; 0 for none"
    )
    classifier: Literal["per-label", "shared"] = Field(
        "per-label", description="Eq. 5: one vector for each label, or one for all, as in the released code"
    )
    bias: bool = Field(False, description="give the classifiers a bias; Eq. 5 has none")
    generator: Literal["default", "code"] = Field(
        "default", description="Eq. 11-15: linear ends, or ReLU on them and BatchNorm on the output"
    )
    generator_hidden: int = Field(512, ge=1, description="width of the generator's layers")
    latent: int = Field(300, ge=1, description="size of the variation z, Eq. 14")
    kl_weight: float = Field(0.005, ge=0, description="weight of the divergence, Eq. 16")
    generator_epochs: int = Field(20, ge=1, description="passes over the head labels' features")
    generator_rate: float = Field(1e-3, gt=0, description="learning rate of the generator")
    adjust_epochs: int = Field(5, ge=1, description="epochs in which the classifiers are adjusted, at most")

    @property
    def augments_features(self) -> bool:
        """Whether a generator is trained and the classifiers are adjusted."""
        return self.variant in ("lsfa", "lsfa-augment")

    @property
    def needs_tail(self) -> bool:
        """Whether labels are divided into head and tail."""
        return self.augments_features or self.variant == "lsfa-sample"

    def notes(self, epochs: int, labels: LabelSpace) -> Sequence[str]:
        """One where the contrast never sets in, so that the variant with it trains as the one without."""
        if self.variant != "lsfa" or self.alpha == 0 or self.contrast_after < epochs:
            return ()
        return (
            f"With contrast_after={self.contrast_after} and epochs={epochs} the prototypical contrast never "
            "sets in: lsfa trains as lsfa-augment does. For the contrast say "
            f"--set contrast_after={min(1, epochs - 1)}",
        )

    def completed(self, labels: LabelSpace) -> LSFAConfig:
        """The same with N_t and N_a filled in where they are not given.

        Raises:
            WorkbenchError: when the variant augments and the threshold leaves no head or no tail label.
        """
        counts = labels.train_counts[labels.train_counts > 0]
        mean = float(counts.mean()) if len(counts) else 0.0
        threshold = self.head_threshold or _divides(
            min(_by_size(mean, *_THRESHOLD), _with_enough_heads(counts)), counts
        )
        times = self.augment_times or _by_size(mean, *_TIMES)
        completed = self.model_copy(update={"head_threshold": threshold, "augment_times": times})
        if self.needs_tail:
            _check_division(counts, threshold)
        return completed


def _by_size(mean: float, least: int, power: float) -> int:
    """`least` at the mean of EUR-Lex, more for more documents a label, to two digits."""
    return max(1, int(float(f"{least * (max(mean, 1.0) / _MEAN) ** power:.2g}")))


def _with_enough_heads(counts: np.ndarray) -> int:
    """The highest threshold with `_HEADS` head labels, half of the labels where there are not as many."""
    ranked = np.sort(counts)[::-1]
    return int(ranked[min(_HEADS, -(-len(ranked) // 2)) - 1]) if len(ranked) else 1


def _divides(threshold: int, counts: np.ndarray) -> int:
    """The nearest threshold that leaves a head and a tail label, where labels differ at all."""
    least, most = _range(counts)
    return max(1, min(max(threshold, least + 1), most))


def _range(counts: np.ndarray) -> tuple[int, int]:
    return (int(counts.min()), int(counts.max())) if len(counts) else (0, 0)


def _check_division(counts: np.ndarray, threshold: int) -> None:
    least, most = _range(counts)
    if least < threshold <= most:
        return
    if least == most:
        raise WorkbenchError(
            f"Every label has {most} training documents, so there is no head and no tail. Train "
            "lsfa-attention, which augments nothing."
        )
    nothing = "head label to learn from" if threshold > most else "tail label to augment"
    raise WorkbenchError(
        f"With head_threshold={threshold} there is no {nothing}: labels have {least} to {most} training "
        f"documents. Say --set head_threshold={_divides(int(np.median(counts)), counts)}, or train "
        "lsfa-attention, which augments nothing."
    )
