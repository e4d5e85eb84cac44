"""The settings of methods, encoders and training, read from the JSON schemas of their config models."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, Union

from pydantic import Field, create_model

from workbench.assignments import parse_assignments
from workbench.config import Config
from workbench.errors import WorkbenchError

Kind = Literal["integer", "number", "boolean", "choice", "text"]
_TYPES = {"integer": int, "number": float, "boolean": bool, "string": str}
_BOUNDS = {
    "minimum": "ge",
    "exclusiveMinimum": "gt",
    "maximum": "le",
    "exclusiveMaximum": "lt",
    "minItems": "min_length",
}
_SAID = {
    "minimum": "at least",
    "exclusiveMinimum": "above",
    "maximum": "at most",
    "exclusiveMaximum": "below",
}


@dataclass(frozen=True)
class Setting:
    """One hyper-parameter; `schema` is what pydantic says of it."""

    name: str
    schema: Mapping[str, Any]

    @property
    def default(self) -> Any:
        """What it is when it is not given."""
        return self.schema.get("default")

    @property
    def description(self) -> str:
        """What it is, and which equation it belongs to."""
        return str(self.schema.get("description", ""))

    @property
    def kind(self) -> Kind:
        """What is asked for; lists and what has several types are texts, as `--set` takes them."""
        if len(self._parts) > 1 or (self._parts[0].get("type") in ("array", "string") and not self.choices):
            return "text"
        return "choice" if self.choices else self._parts[0]["type"]

    @property
    def choices(self) -> tuple[str, ...]:
        """The words it takes; none where it is no word, or any."""
        part = self._parts[0]
        if len(self._parts) > 1:
            return ()
        return tuple(part["enum"]) if "enum" in part else (part["const"],) if "const" in part else ()

    @property
    def may_be_unset(self) -> bool:
        """Whether nothing at all is a value."""
        return {"type": "null"} in self.schema.get("anyOf", ())

    @property
    def bounds(self) -> dict[str, Any]:
        """Its range by the words of JSON schemas, such as minimum and exclusiveMinimum."""
        return {key: value for part in self._parts for key, value in part.items() if key in _BOUNDS}

    @property
    def range(self) -> str:
        """Its range in words; empty where it has none."""
        return ", ".join(f"{said} {self.bounds[key]:g}" for key, said in _SAID.items() if key in self.bounds)

    @property
    def _parts(self) -> list[Mapping[str, Any]]:
        parts = self.schema.get("anyOf", [self.schema])
        return [part for part in parts if part.get("type") != "null"]

    def field(self) -> tuple[Any, Any]:
        """Its type and what is checked, for a model with this field."""
        types = [_type(part) for part in self._parts] + ([None] if self.may_be_unset else [])
        bounds = {_BOUNDS[key]: value for key, value in self.bounds.items()}
        # Of one type no union: Python takes Literals of the same words for one, in whatever order they came.
        known: Any = types[0] if len(types) == 1 else Union[tuple(types)]  # noqa: UP007
        return known, Field(self.default, description=self.description, **bounds)


@dataclass(frozen=True)
class Section:
    """The settings of a method, an encoder or training; `name` is what stands before the dot in `--set`."""

    name: str
    schema: Mapping[str, Any]

    @cached_property
    def settings(self) -> dict[str, Setting]:
        """By name, in the order in which they are written."""
        return {name: Setting(name, schema) for name, schema in self.schema["properties"].items()}

    def with_defaults(self, owner: str, values: Mapping[str, Any]) -> Section:
        """The same settings with other defaults for some, which `owner` has; it has another title."""
        known = self.schema["properties"]
        changed = {name: {**known[name], "default": value} for name, value in values.items()}
        title = f"{self.schema['title']} of {owner}"
        return Section(self.name, {**self.schema, "title": title, "properties": {**known, **changed}})

    def problem(self, setting: str, text: str) -> str:
        """What is wrong with this value, as the command line says it; empty for a sound one."""
        try:
            self._model.parse(parse_assignments([f"{setting}={text}"]))
        except WorkbenchError as error:
            return str(error)
        return ""

    @cached_property
    def _model(self) -> type[Config]:
        fields: dict[str, Any] = {name: setting.field() for name, setting in self.settings.items()}
        return create_model(str(self.schema["title"]), __base__=Config, **fields)


def _type(part: Mapping[str, Any]) -> Any:
    if "enum" in part or "const" in part:
        return Literal[tuple(part.get("enum", [part.get("const")]))]
    if part["type"] == "array":
        item: Any = _TYPES[part["items"]["type"]]
        return tuple[item, ...]
    return _TYPES[part["type"]]
