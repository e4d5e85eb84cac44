"""What an exhibit is made of: on which corpus, with which encoders, seeds and settings, from which runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self

from workbench.data.corpus import Corpus
from workbench.exhibits.budgets import budget_settings
from workbench.runs.store import Run

TRAIN_SIZE = "train_size"
"""The setting that draws a part of the training documents."""


@dataclass(frozen=True)
class CorpusFacts:
    """What must be known of a corpus to name runs on it; `split_id` and `n_train` are those of the whole.

    `versions` are other corpora with the same split id, such as those with augmented texts: fingerprints by
    name.
    """

    name: str
    fingerprint: str
    split_id: str
    n_train: int
    versions: Mapping[str, str] = field(default_factory=dict, compare=False)

    @classmethod
    def of(cls, corpus: Corpus) -> Self:
        """The facts of an opened corpus."""
        return cls(corpus.name, corpus.fingerprint, corpus.split_id, len(corpus.train))

    @classmethod
    def of_run(cls, run: Run) -> Self:
        """The facts that a run keeps of its corpus, of the whole one where it trained on a part."""
        about = run.manifest.get("corpus") or {}
        whole = about.get("drawn_from") or about
        return cls(
            str(about.get("name", "?")),
            str(whole.get("fingerprint", "")),
            str(whole.get("split_id", "?")),
            int(whole.get("n_train", 0)),
        )

    def with_versions(self, others: Iterable[tuple[str, str, str]]) -> Self:
        """The same, with the versions among (name, fingerprint, split id); the first of a name counts."""
        found: dict[str, str] = {}
        for name, fingerprint, split_id in others:
            if split_id == self.split_id and name != self.name:
                found.setdefault(name, fingerprint)
        return replace(self, versions=found)

    def fingerprint_of(self, version: str) -> str:
        """The fingerprint of a version by its name; "" is the corpus itself."""
        return self.versions[version] if version else self.fingerprint


@dataclass(frozen=True)
class Scope:
    """Where and how thoroughly an exhibit is made.

    Attributes:
        budget: "quick" or "full" (see `budgets`), or "" for no settings but the further ones.
        settings: further settings of every run, over those of the budget.
    """

    corpus: CorpusFacts
    encoders: tuple[str, ...] = ("cnn",)
    seeds: tuple[int, ...] = (0,)
    budget: str = "quick"
    frozen: bool = False
    settings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def n_train(self) -> int:
        """Documents that its runs train on, but where the exhibit varies their number."""
        sizes = [value for key, value in self.settings.items() if key.rpartition(".")[2] == TRAIN_SIZE]
        return min([self.corpus.n_train, *(size for size in sizes if size)])

    def settings_for(self, encoder: str) -> dict[str, Any]:
        """The settings of a run with this encoder, before what its cell of the grid varies."""
        return budget_settings(self.budget, encoder, frozen=self.frozen) | dict(self.settings)


@dataclass(frozen=True)
class Need:
    """One run of an exhibit's grid: what `fit` takes, and the value `at` of what the exhibit varies.

    `corpus` names the version that the run is trained on; "" is the corpus that the exhibit is made on.
    """

    method: str
    encoder: str
    seed: int
    frozen: bool
    settings: Mapping[str, Any]
    at: float | None = None
    corpus: str = ""

    def recipe(self, corpus: str) -> dict[str, Any]:
        """As run.json keeps a recipe."""
        return {
            "method": self.method,
            "corpus": self.corpus or corpus,
            "encoder": self.encoder,
            "frozen": self.frozen,
            "seed": self.seed,
            "settings": dict(self.settings),
        }


@dataclass(frozen=True)
class Made:
    """A finished run and the need that it answers."""

    need: Need
    run: Run

    @property
    def encoder(self) -> str:
        """The encoder as it is called in tables."""
        return str(self.run.manifest.get("encoder", self.need.encoder))


def made_of(made: Sequence[Made], method: str) -> list[Made]:
    """Those of one method, in their order."""
    return [one for one in made if one.need.method == method]
