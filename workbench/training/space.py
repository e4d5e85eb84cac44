"""The space of a sweep: which settings take which values, read from YAML and checked before anything runs.

A list names the values themselves; `{low, high}` is a range, drawn evenly, by factors with `log: true`, or in
steps with `step`. Keys are settings of method, training or encoder, as `--set` takes them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import numpy as np
from pydantic import Field

from workbench.config import Config
from workbench.errors import WorkbenchError
from workbench.training.settings import Settings, read_settings_file, resolve

Scalar = str | int | float | bool | None
_NOT_SWEPT = {
    "select": "trials are compared by it. Fix it with --set select=METRIC",
    "devices": "a program trains on several devices only once. Leave it out",
    "logger": "it changes nothing that is learned. Fix it with --set logger=KIND",
}


class _GivenRange(Config):
    """A range as a file has it."""

    low: float = Field(description="smallest value")
    high: float = Field(description="largest value")
    log: bool = Field(False, description="whether values are drawn by factors instead of differences")
    step: float | None = Field(None, gt=0, description="distance of neighbouring values")


@dataclass(frozen=True)
class Values:
    """One of these values; a study keeps those that are no scalars as JSON."""

    given: tuple[Any, ...]

    @property
    def choices(self) -> list[Scalar]:
        """The values as a study keeps them."""
        return [value if isinstance(value, Scalar) else json.dumps(value) for value in self.given]

    def value_of(self, choice: Any) -> Any:
        """What a run is told."""
        return self.given[self.choices.index(choice)]


@dataclass(frozen=True)
class Range:
    """Every value from `low` to `high`, both included; `whole` numbers where the setting counts something."""

    low: float
    high: float
    log: bool = False
    step: float | None = None
    whole: bool = False

    @property
    def choices(self) -> list[Scalar] | None:
        """All values, where they can be counted."""
        if self.log or not (self.step or self.whole):
            return None
        points = np.arange(self.low, self.high + 1e-9, self.step or 1.0)
        return [self.value_of(point) for point in points]

    def value_of(self, choice: Any) -> Any:
        """What a run is told."""
        return int(choice) if self.whole else float(choice)


Space = dict[str, Values | Range]


def read_space(path: Path) -> dict[str, Any]:
    """The content of a space's file: flat keys, or sections `method:`, `training:`, `encoder:`.

    Raises:
        WorkbenchError: when it is missing, no YAML, or empty.
    """
    content = read_settings_file(path)
    if not content:
        raise WorkbenchError(
            f"{path} names no setting. Write for example: beta: {{low: 0.0001, high: 0.1, log: true}}"
        )
    return content


def check_space(
    content: Mapping[str, Any], method: str, encoder: str, frozen: bool, fixed: Mapping[str, Any]
) -> Space:
    """The space that `content` describes; its values are tried on the recipe that they would go into.

    Raises:
        WorkbenchError: for unknown keys (naming the nearest), values out of range, ranges that are none, and
            settings that are fixed as well.
    """
    resolve(method, encoder, frozen, fixed)
    taken = {key.rpartition(".")[2] for key in fixed}
    space: Space = {}
    for key, given in content.items():
        name = key.rpartition(".")[2]
        if name in _NOT_SWEPT:
            raise WorkbenchError(f"A sweep cannot vary {key}: {_NOT_SWEPT[name]}.")
        if name in taken:
            raise WorkbenchError(f"The space varies {key}, which --set fixes: leave it out in one place.")
        space[key] = _values(key, given) if isinstance(given, list) else _range(key, given)
        for value in _extremes(space[key]):
            settings = resolve(method, encoder, frozen, {**fixed, key: value})
        space[key] = _whole(key, space[key], _annotation(settings, key))
    return space


def _values(key: str, given: list[Any]) -> Values:
    if not given or len({repr(value) for value in given}) < len(given):
        raise WorkbenchError(f"The space gives {key} the values {given}: name at least one, and none twice.")
    return Values(tuple(given))


def _range(key: str, given: Any) -> Range:
    if not isinstance(given, Mapping):
        raise WorkbenchError(
            f"The space gives {key} the value {given!r}. Write a list of values, or a range: "
            "{low: …, high: …}, with log: true or step: … where wanted."
        )
    try:
        found = _GivenRange.parse(dict(given))
    except WorkbenchError as error:
        raise WorkbenchError(f"The range of {key} in the space: {error}") from None
    if found.low >= found.high or (found.log and (found.low <= 0 or found.step is not None)):
        raise WorkbenchError(
            f"The range of {key} in the space goes from {found.low:g} to {found.high:g}: low must be below "
            "high, and with log: true above 0 and without a step."
        )
    if found.step is None:
        return Range(found.low, found.high, found.log)
    steps = int((found.high - found.low) / found.step + 1e-9)
    return Range(found.low, found.low + steps * found.step, step=found.step)


def _extremes(dimension: Values | Range) -> tuple[Any, ...]:
    return dimension.given if isinstance(dimension, Values) else (dimension.low, dimension.high)


def _annotation(settings: Settings, key: str) -> Any:
    """The type of a setting, found where `resolve` found the setting."""
    section, _, name = key.rpartition(".")
    configs = {"method": settings.method, "training": settings.training, "encoder": settings.encoder_config}
    models = [configs[section]] if section else list(configs.values())
    return next(type(one).model_fields[name].annotation for one in models if name in type(one).model_fields)


def _whole(key: str, dimension: Values | Range, annotation: Any) -> Values | Range:
    """The dimension, in whole numbers if the setting is one."""
    kinds = {annotation, *get_args(annotation)}
    if isinstance(dimension, Values) or not kinds & {int, bool}:
        return dimension
    if bool in kinds or (dimension.step or 1) % 1:
        kind = (
            "yes or no: write [true, false]" if bool in kinds else "a whole number, and so must its step be"
        )
        raise WorkbenchError(f"The range of {key} in the space: {key} is {kind}.")
    return Range(dimension.low, dimension.high, dimension.log, dimension.step, whole=True)
