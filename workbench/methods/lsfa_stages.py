"""The stages of LSFA, each with its terms and what it trains; the paper is named in lsfa.py."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from torch import Tensor

from workbench.methods.base import Batch, Examples, Forward, Material, Objective, Stage
from workbench.methods.classification import Classification
from workbench.methods.lsfa_objectives import (
    AugmentedPositives,
    PrototypicalContrast,
    PrototypicalSettings,
    Reconstruction,
)
from workbench.methods.lsfa_settings import LSFAConfig

_FEATURES_AT_ONCE = 256


@dataclass(frozen=True)
class Sizes:
    """How many training documents, labels, positive pairs of both, and generated features there are."""

    documents: int
    labels: int
    pairs: int
    generated: int = 0


def term_weights(balance: str, sizes: Sizes) -> tuple[float, float]:
    """What the means of Eq. 9 (over pairs) and 19 (over generated features) weigh, save alpha and gamma.

    The stage adds them to the mean of Eq. 6 over documents and labels. Where Eq. 6 is a document's sum over
    labels, or all three are sums as printed, these weights of means amount to that, up to a common factor.
    """
    if balance == "mean":
        return 1.0, 1.0
    if balance == "paper":
        decisions = max(1, sizes.documents * sizes.labels)
        return sizes.pairs / decisions, sizes.generated / decisions
    return 1 / sizes.labels, 1 / sizes.labels


def features_stage(config: LSFAConfig, repeated: Callable[[Material], Examples], sizes: Sizes) -> Stage:
    """Encoder, attention and classifiers (Eq. 6), with the contrast (Eq. 9) where the variant has it."""
    objectives: list[Objective] = [Classification()]
    if config.variant == "lsfa":
        contrast = PrototypicalSettings(
            weight=config.alpha * term_weights(config.balance, sizes)[0],
            temperature=config.temperature,
            reading=config.contrast,
        )
        objectives.append(PrototypicalContrast(contrast))
    return Stage(
        "features",
        objectives,
        trains=lambda name: not name.startswith("generator."),
        examples=repeated if config.variant == "lsfa-sample" else None,
    )


def generator_stage(
    config: LSFAConfig,
    head_features: Callable[[Material], Examples],
    reconstruct: Callable[[Batch], Forward],
) -> Stage:
    """The generator alone, on features of head labels (Eq. 17)."""
    return Stage(
        "generator",
        [Reconstruction(Reconstruction.Settings(kl_weight=config.kl_weight))],
        epochs=config.generator_epochs,
        learning_rate=config.generator_rate,
        rate_setting="generator_rate",
        batch_size=_FEATURES_AT_ONCE,
        trains=lambda name: name.startswith("generator."),
        is_classifier=False,
        examples=head_features,
        forward=reconstruct,
    )


def classifiers_stage(
    config: LSFAConfig,
    generated: Callable[[], tuple[Tensor, Tensor]],
    classifiers: Callable[[], tuple[Tensor, Tensor | None]],
    sizes: Sizes,
) -> Stage:
    """The classifiers alone, on documents and generated features (Eq. 6 and 19)."""
    weight = config.gamma * term_weights(config.balance, sizes)[1]
    augmented = AugmentedPositives(Objective.Settings(weight=weight), generated, classifiers)
    return Stage(
        "classifiers",
        [Classification(), augmented],
        epochs=config.adjust_epochs,
        learning_rate=config.adjust_rate,
        rate_setting="adjust_rate",
        trains=lambda name: name.startswith("classifier."),
    )
