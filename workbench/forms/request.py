"""A training that is asked for: the words of `workbench train`, as a list and as a line to copy."""

from __future__ import annotations

import shlex
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from workbench.assignments import check_seed
from workbench.errors import WorkbenchError
from workbench.runs.layout import checked_name
from workbench.runs.naming import free_name, run_name


@dataclass(frozen=True)
class Request:
    """What to train; `encoder` is empty for the method's own choice, `name` for one that is made up.

    `assignments` are texts `key=value`, `added` texts `objective:key=value`.
    """

    method: str
    corpus: str
    encoder: str = ""
    frozen: bool = False
    seeds: tuple[int, ...] = (0,)
    name: str = ""
    assignments: tuple[str, ...] = ()
    added: tuple[str, ...] = ()

    def check(self) -> None:
        """Raise WorkbenchError for what can be known to be wrong before anything is loaded."""
        for seed in self.seeds:
            check_seed(seed)
        if not self.seeds:
            raise WorkbenchError("Give a seed, such as 0, or several of them: 0, 1, 2.")
        if self.name and len(self.seeds) > 1:
            raise WorkbenchError(
                "A name names one run, and several seeds make several. Leave one of them out."
            )
        if self.name:
            checked_name(self.name)
        checked_name(self.corpus, "a corpus")
        if self.encoder.startswith("-"):
            raise WorkbenchError(f"{self.encoder!r} is no encoder: a name or folder does not begin with '-'.")

    def arguments(self) -> tuple[str, ...]:
        """Everything that stands behind `workbench train`."""
        return self._words(self.seeds, self.name)

    def command(self) -> str:
        """The whole line, quoted as shells need it."""
        return shlex.join(["workbench", "train", *self.arguments()])

    def runs(
        self, folder: Path, encoder: str, taken: Collection[str] = ()
    ) -> list[tuple[str, tuple[str, ...]]]:
        """The name of each run that it makes, one a seed, with the arguments of the training that writes it.

        Args:
            folder: where runs are.
            encoder: what the method chooses where none is given.
            taken: names of runs that are still to come.
        """
        found: list[tuple[str, tuple[str, ...]]] = []
        for seed in self.seeds:
            made_up = run_name(self.method, self.corpus, self.encoder or encoder, self.frozen, seed)
            name = self.name or free_name(folder, made_up, {*taken, *(other for other, _ in found)})
            found.append((name, self._words((seed,), name)))
        return found

    def _words(self, seeds: Sequence[int], name: str) -> tuple[str, ...]:
        return (
            self.method,
            *("--corpus", self.corpus),
            *(("--encoder", self.encoder) if self.encoder else ()),
            *(("--frozen",) if self.frozen else ()),
            *(word for seed in seeds for word in ("--seed", str(seed))),
            *(word for text in self.assignments for word in ("--set", text)),
            *(word for text in self.added for word in ("--add", text)),
            *(("--name", name) if name else ()),
        )
