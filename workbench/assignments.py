"""Settings on a command line: `key=value`, the value as YAML reads it."""

from __future__ import annotations

from numbers import Integral
from typing import Any

import yaml

from workbench.errors import WorkbenchError


def parse_assignments(pairs: list[str]) -> dict[str, Any]:
    """Turn `key=value` texts into values as YAML reads them (`1e-3` too).

    Raises:
        WorkbenchError: for a text without `=`.
    """
    values: dict[str, Any] = {}
    for pair in pairs:
        key, equals, text = pair.partition("=")
        if not equals or not key.strip():
            raise WorkbenchError(f"--set {pair!r} is not key=value. Write for example --set epochs=5")
        values[key.strip()] = _scalar(text)
    return values


def check_seed(seed: object) -> None:
    """Raise WorkbenchError when it is no whole number from 0 to 2^63 - 1."""
    if not isinstance(seed, Integral) or not 0 <= int(seed) < 2**63:
        raise WorkbenchError(f"seed={seed!r} is no seed: give a whole number from 0 to 2^63 - 1.")


def _scalar(text: str) -> Any:
    try:
        return float(text) if "e" in text.lower() else yaml.safe_load(text)
    except (ValueError, yaml.YAMLError):
        try:
            return yaml.safe_load(text)
        except yaml.YAMLError:
            return text
