"""From flat `key=value` settings to the configs of method, encoder and training, with helpful errors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from workbench.config import Config
from workbench.encoders import settings_class
from workbench.errors import WorkbenchError, nearest
from workbench.methods import find_method
from workbench.methods.base import Method, MethodConfig
from workbench.training.config import TrainingConfig


@dataclass(frozen=True)
class Settings:
    """The three configs of a run; `encoder` is what was given, which the encoder parses again itself."""

    method_class: type[Method]
    method: MethodConfig
    training: TrainingConfig
    encoder: dict[str, Any]
    encoder_config: Config


def resolve(method: str, encoder: str | None, frozen: bool, given: Mapping[str, Any]) -> Settings:
    """Sort flat settings into sections; `section.key` says the section where two share a key.

    Without an encoder, they are those of the method's own choice. On that encoder the sizes of the method's
    paper stand in for the encoder's own defaults.

    Raises:
        WorkbenchError: for unknown methods, encoders, keys (naming the nearest) and values out of range.
    """
    method_class, variant = find_method(method)
    variant = given.get("method.variant", given.get("variant", variant))
    encoder = encoder or method_class.default_encoder
    models: dict[str, type[Config]] = {
        "method": method_class.Config,
        "training": TrainingConfig,
        "encoder": settings_class(encoder, frozen=frozen, joint=method_class.reads_labels(variant)),
    }
    sections: dict[str, dict[str, Any]] = {name: {} for name in models}
    if encoder == method_class.default_encoder and not frozen:
        sections["encoder"].update(method_class.encoder_settings)
    for key, value in given.items():
        section, name = _section(key, models)
        sections[section][name] = value
    sections["method"].setdefault("variant", variant)
    return Settings(
        method_class,
        method_class.Config.parse(sections["method"]),
        TrainingConfig.parse(sections["training"]),
        sections["encoder"],
        models["encoder"].parse(sections["encoder"]),
    )


def _section(key: str, models: Mapping[str, type[Config]]) -> tuple[str, str]:
    prefix, dot, name = key.partition(".")
    if dot and prefix in models:
        return prefix, name
    owners = [section for section, model in models.items() if key in model.model_fields]
    if len(owners) > 1:
        choices = " or ".join(f"{owner}.{key}" for owner in owners)
        raise WorkbenchError(f"Setting {key!r} belongs to several parts: say {choices}.")
    if not owners:
        known = {name: section for section, model in models.items() for name in model.model_fields}
        by_section = "\n".join(
            f"  {section}: {', '.join(model.model_fields)}" for section, model in models.items()
        )
        raise WorkbenchError(f"Unknown setting {key!r}.{nearest(key, known)} Known settings:\n{by_section}")
    return owners[0], key


def read_settings_file(path: Path) -> dict[str, Any]:
    """Read settings from a YAML file: flat keys, or sections `method:`, `training:`, `encoder:`.

    Raises:
        WorkbenchError: when the file is missing, is no YAML (naming the line) or no mapping.
    """
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise WorkbenchError(f"Cannot read the settings file {path}: {error.strerror}.") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise WorkbenchError(f"{path} is not readable YAML: {error}") from None
    if content is None:
        return {}
    if not isinstance(content, dict):
        raise WorkbenchError(f"{path} holds {type(content).__name__}; expected `key: value` lines.")
    flat: dict[str, Any] = {}
    for key, value in content.items():
        if key in ("method", "training", "encoder") and isinstance(value, dict):
            flat.update({f"{key}.{name}": inner for name, inner in value.items()})
        else:
            flat[str(key)] = value
    return flat
