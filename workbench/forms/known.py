"""What there is to train, described by a command that knows torch, kept until the sources change."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import workbench
from workbench.errors import WorkbenchError
from workbench.forms.settings import Section
from workbench.runs.reading import read_json
from workbench.workspace import Workspace

_SOURCES = ("config.py", "methods", "encoders", "training")
_LIKE_OTHERS = "minilm"
"""Names of models that are not known here are of pre-trained transformers, as this one is."""


@dataclass(frozen=True)
class KnownMethod:
    """A method as it is described: its variants by name, and what else a form must know."""

    name: str
    variants: Mapping[str, str]
    joint: tuple[str, ...]
    default_encoder: str
    encoder_settings: Mapping[str, Any]
    section: Section

    def encoder(self, known: Known, name: str, *, frozen: bool, variant: str) -> Section:
        """The settings of an encoder below this method, with the defaults that they have there.

        Raises:
            WorkbenchError: where it cannot be frozen, or cannot read labels.
        """
        section = known.encoder(name, frozen=frozen, joint=variant in self.joint)
        if name != self.default_encoder or frozen or not self.encoder_settings:
            return section
        return section.with_defaults(self.name, self.encoder_settings)


@dataclass(frozen=True, eq=False)
class Known:
    """Methods, encoders and training as `workbench methods --json` describes them."""

    content: Mapping[str, Any]

    @classmethod
    def read(cls, path: Path) -> Known:
        """What the file at `path` says.

        Raises:
            WorkbenchError: when it is missing or damaged.
        """
        return cls(read_json(path, f"Write it again: workbench methods --json {path}"))

    @cached_property
    def methods(self) -> dict[str, KnownMethod]:
        """By name, in alphabetical order."""
        return {
            one["name"]: KnownMethod(
                one["name"],
                one["variants"],
                tuple(one["joint"]),
                one["default_encoder"],
                one["encoder_settings"],
                Section("method", one["settings"]),
            )
            for one in self.content["methods"]
        }

    def method_of(self, variant: str) -> KnownMethod:
        """The method that a variant is of.

        Raises:
            WorkbenchError: for one that is not known.
        """
        for method in self.methods.values():
            if variant in method.variants:
                return method
        raise WorkbenchError(f"Unknown method {variant!r}.")

    @cached_property
    def training(self) -> Section:
        """The settings of training."""
        return Section("training", self.content["training"])

    @property
    def encoders(self) -> list[str]:
        """The names that need no network."""
        return list(self.content["encoders"])

    @property
    def objectives(self) -> list[str]:
        """The names that `--add` takes."""
        return list(self.content["objectives"])

    def encoder(self, name: str, *, frozen: bool, joint: bool) -> Section:
        """The settings of an encoder, by its name or as the only source of it that can be known here.

        Raises:
            WorkbenchError: where it cannot be frozen, or cannot read labels.
        """
        if name.startswith("causal:") and not frozen and not joint:
            return self._kind("causal_lm")
        known = self.content["encoders"]
        how = next(
            one
            for one in known.get(name, known[_LIKE_OTHERS])
            if (one["frozen"], one["joint"]) == (frozen, joint)
        )
        if "problem" in how:
            raise WorkbenchError(how["problem"])
        return self._kind(how["kind"])

    def _kind(self, kind: str) -> Section:
        return Section("encoder", self.content["kinds"][kind])


def place_of_description(workspace: Workspace) -> Path:
    """The file that describes what this very workbench knows; another version has another."""
    return workspace.cache / "settings" / f"{workbench.__version__}-{_digest()}.json"


@cache
def _digest() -> str:
    """A digest of the sources that methods, encoders and their settings come from."""
    package = Path(workbench.__file__).parent
    digest = hashlib.sha256()
    for source in (package / name for name in _SOURCES):
        for path in sorted(source.rglob("*.py")) if source.is_dir() else [source]:
            digest.update(path.relative_to(package).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]
