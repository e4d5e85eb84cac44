"""What is wrong with raw data: every problem says where it is and what to do, and all are collected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from workbench.errors import WorkbenchError

Severity = Literal["error", "warning"]


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, at a line (from 1; a row of a binary table) or in a whole file."""

    kind: str
    file: Path
    line: int | None
    message: str
    remedy: str
    severity: Severity = "error"

    @property
    def place(self) -> str:
        """The file and the line, as editors understand them: 'train.jsonl:17'."""
        return str(self.file) if self.line is None else f"{self.file}:{self.line}"

    def __str__(self) -> str:
        return f"{self.place}: {self.severity}: {self.message} {self.remedy}".rstrip()


class Problems:
    """A list of problems that grows while data is read."""

    def __init__(self) -> None:
        self._found: list[Problem] = []

    def __iter__(self) -> Iterator[Problem]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)

    def error(self, kind: str, file: Path, line: int | None, message: str, remedy: str = "") -> None:
        """Note what makes the data unusable."""
        self._found.append(Problem(kind, file, line, message, remedy, "error"))

    def warn(self, kind: str, file: Path, line: int | None, message: str, remedy: str = "") -> None:
        """Note what a careful person would look at."""
        self._found.append(Problem(kind, file, line, message, remedy, "warning"))

    @property
    def errors(self) -> list[Problem]:
        """Those that make the data unusable."""
        return [problem for problem in self._found if problem.severity == "error"]

    @property
    def warnings(self) -> list[Problem]:
        """Those that do not."""
        return [problem for problem in self._found if problem.severity == "warning"]

    def kinds(self, severity: Severity) -> dict[str, int]:
        """How often each kind of problem was found, the most frequent first."""
        return dict(Counter(p.kind for p in self._found if p.severity == severity).most_common())

    def refuse(self, limit: int = 20) -> None:
        """Stop here if there are errors.

        Raises:
            WorkbenchError: listing the first `limit` errors and the count of all.
        """
        errors = self.errors
        if not errors:
            return
        shown = "\n".join(f"  {problem}" for problem in errors[:limit])
        more = f"\n  … and {len(errors) - limit} more" if len(errors) > limit else ""
        counted = "1 thing is" if len(errors) == 1 else f"{len(errors)} things are"
        raise WorkbenchError(
            f"{counted} wrong with the data; nothing was imported.\n{shown}{more}\n"
            "`workbench data check PATH` prints the whole list."
        )
