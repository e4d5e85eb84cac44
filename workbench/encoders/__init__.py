"""Encoders: from texts to token states and document vectors."""

from workbench.encoders.base import Encoded, Encoder, Inputs, Prepared
from workbench.encoders.precision import supports_bfloat16
from workbench.encoders.registry import (
    build_encoder,
    encoder_class,
    encoder_names,
    load_encoder,
    settings_class,
)

__all__ = [
    "Encoded",
    "Encoder",
    "Inputs",
    "Prepared",
    "build_encoder",
    "encoder_class",
    "encoder_names",
    "load_encoder",
    "settings_class",
    "supports_bfloat16",
]
