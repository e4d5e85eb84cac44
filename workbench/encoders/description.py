"""What an encoder's folder holds: encoder.json, which says what it is, and tokenizer.json."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

from workbench.encoders.base import Encoder
from workbench.errors import WorkbenchError
from workbench.files import write_json, write_text

SCHEMA = 1
DESCRIPTION, TOKENIZER = "encoder.json", "tokenizer.json"


def write_description(folder: Path, encoder: Encoder, **more: Any) -> None:
    """Write the encoder's kind, name, settings and size, and whatever `more` its kind needs for loading."""
    settings = encoder.settings.model_dump(mode="json")
    sizes = {"hidden_size": encoder.hidden_size}
    about = {"schema": SCHEMA, "kind": encoder.kind, "name": encoder.name, "settings": settings}
    write_json(folder / DESCRIPTION, about | sizes | more)


def read_description(folder: Path) -> dict[str, Any]:
    """The description in `folder`.

    Raises:
        WorkbenchError: when it is missing, damaged, or written by a newer version.
    """
    path = folder / DESCRIPTION
    try:
        description = json.loads(path.read_text(encoding="utf-8"))
    except OSError:
        raise WorkbenchError(f"{folder} holds no encoder: {DESCRIPTION} is missing.") from None
    except ValueError as error:
        raise WorkbenchError(f"{path} is damaged ({error}). Train or copy the run again.") from None
    if not isinstance(description, dict) or not {"kind", "name", "settings"} <= description.keys():
        raise WorkbenchError(
            f"{path} is damaged: kind, name or settings are missing. Train or copy the run again."
        )
    if description.get("schema") != SCHEMA:
        raise WorkbenchError(
            f"{path} has schema {description.get('schema')!r}; this version reads {SCHEMA}."
            " Update the workbench."
        )
    return description


def write_tokenizer(folder: Path, tokenizer: Tokenizer) -> None:
    """Write `tokenizer.json`."""
    write_text(folder / TOKENIZER, tokenizer.to_str())


def read_tokenizer(folder: Path) -> Tokenizer:
    """The tokenizer in `folder`.

    Raises:
        WorkbenchError: when it is missing or damaged.
    """
    path = folder / TOKENIZER
    try:
        return Tokenizer.from_str(path.read_text(encoding="utf-8"))
    except OSError:
        raise WorkbenchError(f"{folder} holds no tokenizer: {TOKENIZER} is missing.") from None
    except Exception as error:  # the library raises bare Exception for a damaged file
        raise WorkbenchError(f"{path} is damaged ({error}). Train or copy the run again.") from None
