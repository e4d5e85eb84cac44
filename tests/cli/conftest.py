from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.probes.conftest import finished  # noqa: F401
from workbench.cli import main
from workbench.data.library import save_corpus


@dataclass(frozen=True)
class Ended:
    status: int
    out: str
    err: str


@pytest.fixture
def command(workspace, monkeypatch, capsys) -> Callable[..., Ended]:
    """Runs `workbench …` as the console script does, in an empty workspace."""
    monkeypatch.setenv("COLUMNS", "160")

    def run(*arguments: object) -> Ended:
        monkeypatch.setattr(sys, "argv", ["workbench", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
            raise SystemExit(0)
        captured = capsys.readouterr()
        return Ended(int(ended.value.code or 0), captured.out, captured.err)

    return run


@pytest.fixture
def toy(workspace, toy_corpus) -> str:
    """The toy corpus, imported."""
    save_corpus(toy_corpus, workspace.corpora / "toy")
    return "toy"


@pytest.fixture(scope="module")
def made_once(tmp_path_factory) -> Callable[[Path, Callable[[], None]], None]:
    """Gives a folder what `make` puts there: the first test of a module makes it, all get a copy."""
    kept = tmp_path_factory.mktemp("kept") / "made"

    def give(folder: Path, make: Callable[[], None]) -> None:
        if not kept.exists():
            make()
            shutil.move(folder, kept)
        shutil.copytree(kept, folder)

    return give
