"""Config models: the one description of a hyper-parameter; flags, forms, files and errors follow."""

from __future__ import annotations

from typing import Any, Self

from pydantic import BaseModel, ConfigDict, ValidationError

from workbench.errors import WorkbenchError, nearest


class Config(BaseModel):
    """A set of hyper-parameters; unknown keys and values out of range are errors that say what is known."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True, allow_inf_nan=False)

    @classmethod
    def parse(cls, values: dict[str, Any]) -> Self:
        """Build from plain values, as from a command line or a YAML file.

        Raises:
            WorkbenchError: naming each wrong key with the nearest known one, each wrong value with its range.
        """
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            raise WorkbenchError("\n".join(cls._explain(detail) for detail in error.errors())) from None

    @classmethod
    def _explain(cls, detail: Any) -> str:
        key = ".".join(str(part) for part in detail["loc"])
        if detail["type"] == "extra_forbidden":
            known = list(cls.model_fields)
            return f"Unknown setting {key!r}.{nearest(key, known)} Known settings: {', '.join(known)}."
        field = cls.model_fields.get(key.split(".", maxsplit=1)[0])
        meaning = f" ({field.description})" if field and field.description else ""
        message = detail["msg"].removeprefix("Value error, ")  # pydantic's, before a validator's own words
        return f"Setting {key}={detail['input']!r}{meaning}: {message}."
