"""Answers kept on disk, one JSON line each, written as they come: what was paid for is asked once."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from workbench.files import writing
from workbench.llm.base import Completion, Prompt, Provider

_FIELDS = frozenset(Completion.__dataclass_fields__)


def answer_key(prompt: Prompt, provider: Provider) -> str:
    """SHA-256 (hex) of all that decides an answer: prompt, provider, model, settings, repetition.

    A provider that is no language model reads not the text but what it is about, which stands in its place.
    """
    asked: Any = prompt.text if provider.is_language_model else asdict(prompt.about)
    decides = [
        provider.name,
        provider.model,
        dict(provider.settings),
        asked,
        prompt.max_tokens,
        prompt.about.repetition,
    ]
    return hashlib.sha256(json.dumps(decides, sort_keys=True).encode()).hexdigest()


class Answers:
    """The kept answers of one provider and model; use it as a context manager.

    Only keys and places stay in memory. Lines that cannot be read, such as the torn last one of a process
    that was killed, count as not there.
    """

    def __init__(self, folder: Path, provider: Provider) -> None:
        model = re.sub(r"[^A-Za-z0-9._-]+", "-", provider.model).strip("-.")[-80:]
        self.path = folder / f"{provider.name}-{model}.jsonl"
        with writing(self.path):
            folder.mkdir(parents=True, exist_ok=True)
            self._writing = self.path.open("ab", buffering=0)
            self._reading = self.path.open("rb")
        self._places = self._find()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._writing.close()
        self._reading.close()

    def __len__(self) -> int:
        return len(self._places)

    def __contains__(self, key: str) -> bool:
        return key in self._places

    def __getitem__(self, key: str) -> Completion:
        self._reading.seek(self._places[key])
        line = json.loads(self._reading.readline())
        return Completion(**{name: line[name] for name in _FIELDS})

    def keep(self, key: str, answer: Completion) -> None:
        """Append an answer in one write, so that it is with the system before this returns."""
        line = json.dumps({"key": key, **asdict(answer)}).encode() + b"\n"
        with writing(self.path):
            self._writing.write(line)
        self._places[key] = self._writing.tell() - len(line)

    def _find(self) -> dict[str, int]:
        places: dict[str, int] = {}
        place, line = 0, b""
        for line in self._reading:
            key = _key(line)
            if key is not None:
                places[key] = place
            place += len(line)
        if line and not line.endswith(b"\n"):
            self._writing.write(b"\n")
        return places


def _key(line: bytes) -> str | None:
    try:
        answer = json.loads(line)
        whole = isinstance(answer, dict) and answer.keys() >= _FIELDS | {"key"} and line.endswith(b"\n")
    except ValueError:
        return None
    return str(answer["key"]) if whole else None
