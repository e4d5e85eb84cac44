"""All that a training can be told, as data: for readers that must not wait for torch, such as the pages."""

from __future__ import annotations

from itertools import product
from typing import Any

from workbench.encoders import encoder_names
from workbench.encoders.registry import encoder_kind, kinds_of_encoders, settings_class_of
from workbench.errors import WorkbenchError
from workbench.methods.base import Method
from workbench.methods.registry import method_classes, objective_names
from workbench.training.config import TrainingConfig


def describe_settings() -> dict[str, Any]:
    """Methods with their variants, encoders and training, each with its settings as a JSON schema.

    The schemas are those of the pydantic models, so that nothing is written down a second time. `encoders`
    says for each known name which kind it is, by whether it is frozen and reads labels (joint), or why
    it cannot be so.
    """
    return {
        "methods": [_method(method) for method in method_classes()],
        "training": TrainingConfig.model_json_schema(),
        "encoders": {name: _kinds(name) for name in encoder_names()},
        "kinds": {kind: settings_class_of(kind).model_json_schema() for kind in kinds_of_encoders()},
        "objectives": objective_names(),
    }


def _method(method: type[Method]) -> dict[str, Any]:
    return {
        "name": method.name,
        "variants": dict(method.variants),
        "joint": [variant for variant in method.variants if method.reads_labels(variant)],
        "default_encoder": method.default_encoder,
        "encoder_settings": dict(method.encoder_settings),
        "settings": method.Config.model_json_schema(),
    }


def _kinds(name: str) -> list[dict[str, Any]]:
    found = []
    for frozen, joint in product((False, True), repeat=2):
        how: dict[str, Any] = {"frozen": frozen, "joint": joint}
        try:
            how["kind"] = encoder_kind(name, frozen, joint)
        except WorkbenchError as error:
            how["problem"] = str(error)
        found.append(how)
    return found
