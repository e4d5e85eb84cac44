"""Methods around another method, the base: it is trained as ever, then something is put on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from pydantic import Field
from torch import Tensor

from workbench.encoders.base import Encoder
from workbench.errors import WorkbenchError
from workbench.methods.base import Batch, Forward, LabelSpace, Material, Method, MethodConfig, Stage
from workbench.methods.registry import find_method

_PREFIX = "base."


class WrapperConfig(MethodConfig):
    """Which method is inside, with its settings."""

    base: str = Field(
        "base",
        description="the method inside, with settings of its own: protomix, or protomix:beta=0.01,alpha=1; "
        "it reads with this run's encoder, not with the one of its own paper",
    )


class Wrapper(Method):
    """A method with a whole other method in `base`, on the same encoder.

    That encoder is the run's, or the wrapper's own `default_encoder` with that encoder's own sizes, never the
    base's: a base whose paper has another encoder or other sizes gets them where the run names them.
    The base's stages come first, and while they are trained it is the base that answers.
    """

    def __init__(self, encoder: Encoder, labels: LabelSpace, config: MethodConfig) -> None:
        super().__init__(encoder, labels, config)
        method_class, base_config = parse_base(self.config.base)
        self._check(method_class, base_config, labels)
        self.base = method_class(encoder, labels, base_config)
        # The encoder is the wrapper's; once more below `base` it would be saved twice.
        del self.base._modules["encoder"]
        self.base.__dict__["encoder"] = encoder

    def _check(self, method_class: type[Method], config: MethodConfig, labels: LabelSpace) -> None:
        problem = ""
        if issubclass(method_class, Wrapper):
            problem = "is put around methods itself"
        elif method_class.reads_labels(config.variant):
            problem = "reads labels behind each document, with an encoder made for it"
        elif labels.n_generated and not method_class.reads_generated(config.variant):
            problem = "takes no generated documents, which this corpus has"
        if problem:
            raise WorkbenchError(
                f"{self.name} cannot be put around {config.variant or method_class.name}, which {problem}. "
                "Take another base, such as --set base=protomix or --set base=lsfa."
            )

    def notes(self, epochs: int) -> Sequence[str]:
        """What the base has to say."""
        return self.base.notes(epochs)

    def forward(self, batch: Batch) -> Forward:
        """What the base gives."""
        found: Forward = self.base(batch)
        return found

    def probabilities(self, forward: Forward) -> Tensor:
        """The base's scores (B, L)."""
        return self.base.probabilities(forward)

    @property
    def attends_by_label(self) -> bool:
        """Whether the base does."""
        return self.base.attends_by_label

    @property
    def compares_tokens(self) -> bool:
        """Whether the base does."""
        return self.base.compares_tokens

    def label_embeddings(self) -> Tensor | None:
        """The base's."""
        return self.base.label_embeddings()

    def base_stages(self) -> list[Stage]:
        """The base's stages, which train its parameters and the encoder's by their names here."""
        return [replace(stage, trains=_of_base(stage)) for stage in self.base.stages()]

    def begin_epoch(self, stage: Stage, epoch: int, material: Material) -> None:
        """The base's own hook, in its stages."""
        if any(stage.name == other.name for other in self.base.stages()):
            self.base.begin_epoch(stage, epoch, material)

    def arrays(self, material: Material) -> dict[str, np.ndarray]:
        """The base's."""
        return self.base.arrays(material)


def parse_base(text: str) -> tuple[type[Method], MethodConfig]:
    """The method and its settings behind `name` or `name:key=value,key=value`.

    Raises:
        WorkbenchError: for an unknown method or setting, or a part that is not key=value.
    """
    name, _, rest = text.partition(":")
    method_class, variant = find_method(name.strip())
    settings: dict[str, Any] = {"variant": variant}
    for part in filter(None, rest.split(",")):
        key, equals, value = part.partition("=")
        if not equals:
            raise WorkbenchError(
                f"In base={text!r}: {part!r} is not key=value. Write for example base=protomix:beta=0.01"
            )
        settings[key.strip()] = value.strip()
    return method_class, method_class.Config.parse(settings)


def _of_base(stage: Stage) -> Any:
    def trains(name: str) -> bool:
        is_inside = name.startswith((_PREFIX, "encoder."))
        return is_inside and stage.trains(name.removeprefix(_PREFIX))

    return trains
