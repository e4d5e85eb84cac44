"""Where things live: corpora, runs and caches under one folder, the current one unless told otherwise."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Workspace:
    """The folder that holds `corpora/`, `runs/`, `answers/`, `cache/` and more, created when needed."""

    root: Path

    @classmethod
    def current(cls) -> Workspace:
        """The folder named by the environment variable WORKBENCH_HOME, else the current folder."""
        return cls(Path(os.environ.get("WORKBENCH_HOME", ".")).expanduser().resolve())

    @property
    def corpora(self) -> Path:
        """Imported corpora, one folder each."""
        return self.root / "corpora"

    @property
    def runs(self) -> Path:
        """Trained runs, one folder each."""
        return self.root / "runs"

    @property
    def queue(self) -> Path:
        """Trainings that wait for their turn, the one that is running, and how earlier ones ended."""
        return self.root / "queue"

    @property
    def exhibits(self) -> Path:
        """Papers' tables and figures made again, one folder each."""
        return self.root / "exhibits"

    @property
    def sweeps(self) -> Path:
        """The database of searches over hyper-parameters that were given no other."""
        return self.root / "sweeps.db"

    @property
    def prompts(self) -> Path:
        """Templates of prompts that stand before the shipped ones, one TOML file each."""
        return self.root / "prompts"

    @property
    def answers(self) -> Path:
        """What language models have answered: paid for, so not in the cache."""
        return self.root / "answers"

    @property
    def cache(self) -> Path:
        """What can be computed again: states of frozen encoders, projections."""
        return self.root / "cache"
