from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from workbench.cli.app import app
from workbench.cli.corpus_view import bars
from workbench.data.library import load_corpus
from workbench.errors import WorkbenchError
from workbench.workspace import Workspace

Command = Callable[..., Result]


@pytest.fixture
def workbench(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Runs `workbench …` in an empty workspace and gives exit code and output; a WorkbenchError is raised."""
    monkeypatch.setenv("COLUMNS", "160")

    def run(*arguments: str | Path) -> Result:
        result = CliRunner().invoke(app, [str(argument) for argument in arguments])
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Raw data: 60 training and 20 test documents over three labels, without a validation split."""
    raw = tmp_path / "raw"
    raw.mkdir()
    for split, n in (("train", 60), ("test", 20)):
        records = [
            {"text": f"{split} [{row}] words", "labels": ["x", "y"] if row % 3 else ["z"]} for row in range(n)
        ]
        (raw / f"{split}.jsonl").write_text("\n".join(map(json.dumps, records)) + "\n")
    (raw / "labels.json").write_text('{"x": "An X", "y": "A [Y]", "z": "The Z"}')
    return raw


def test_import_list_show_check(workbench: Command, folder: Path, workspace: Workspace) -> None:
    imported = workbench("data", "import", folder, "--name", "mine", "--title", "Mine [too]")
    assert imported.exit_code == 0
    assert "20 test; 3 labels" in imported.output
    assert "drawn from train" in imported.output
    assert "Mine [too]" in workbench("data", "list").output
    shown = workbench("data", "show", "mine").output
    for part in (
        "Mine [too]",
        "A [Y]",
        "train [0] words",
        "head",
        "drawn from train",
        load_corpus("mine").split_id,
    ):
        assert part in shown
    assert workbench("data", "check", folder).exit_code == 0
    assert "clean" in workbench("data", "check", "mine").output


def test_a_corpus_is_shown_under_its_own_name(workbench: Command, folder: Path) -> None:
    workbench("data", "import", folder, "--name", "mine", "--title", "My questions")
    workbench("data", "augment", "mine", "--with", "eda", "--name", "mine-eda")
    shown = workbench("data", "show", "mine-eda").output
    assert shown.lstrip().startswith("mine-eda  My questions")
    assert "of them generated" in shown
    assert "are of the 54 real training documents alone" in shown
    assert "generated" not in workbench("data", "show", "mine").output


def test_an_empty_workspace_says_how_to_begin(workbench: Command) -> None:
    output = workbench("data", "list").output
    assert "demo" in output
    assert "workbench data import PATH --name NAME" in output


def test_a_broken_corpus_is_listed_as_broken(workbench: Command, workspace: Workspace) -> None:
    (workspace.corpora / "sad").mkdir(parents=True)
    result = workbench("data", "list")
    assert result.exit_code == 0
    assert "broken" in result.output
    assert "has no card.json" in result.output


def test_check_prints_all_errors_and_exits_with_one(workbench: Command, folder: Path) -> None:
    (folder / "test.jsonl").write_text("broken\n" * 45)
    result = workbench("data", "check", folder)
    assert result.exit_code == 1
    assert result.output.count("error: The JSON is broken at column 1") == 45
    assert "test.jsonl:45: error:" in result.output
    assert "45 errors, 0 warnings" in result.output


def test_warnings_fail_a_check_only_when_strict(workbench: Command, folder: Path) -> None:
    with (folder / "test.jsonl").open("a") as stream:
        stream.write('{"text": "train [7] words", "labels": ["x"]}\n')
    lenient, strict = workbench("data", "check", folder), workbench("data", "check", folder, "--strict")
    assert (lenient.exit_code, strict.exit_code) == (0, 1)
    assert "test.jsonl:21: warning:" in lenient.output
    assert "0 errors, 1 warning: leakage (1)" in lenient.output
    imported = workbench("data", "import", folder, "--name", "leaky")
    assert "same text as one of train, at train.jsonl:8" in imported.output


def test_a_table_in_another_encoding_with_labels_in_several_spellings(
    workbench: Command, tmp_path: Path
) -> None:
    lines = ["text;labels"]
    lines += [f"Über “Teig” {row};{'Bread|slow' if row % 2 else 'bread,Slow'}" for row in range(30)]
    (tmp_path / "raw.csv").write_bytes("\n".join(lines).encode("cp1252"))
    found = workbench("data", "check", tmp_path / "raw.csv")
    assert found.exit_code == 1
    assert "raw.csv:2: error: Byte 1 (0xdc) is not utf-8; as cp1252 it reads 'Über “Teig”" in found.output
    named = workbench("data", "check", tmp_path / "raw.csv", "--encoding", "cp1252")
    assert "separated by '|', but 15 of the first 30 rows hold ',' too" in named.output
    assert "similar labels" not in named.output
    options = ["--encoding", "cp1252", "--separator", "|", "--separator", ","]
    named = workbench("data", "check", tmp_path / "raw.csv", *options)
    assert "30 all; 4 labels" in named.output
    assert "similar labels (2)" in named.output
    folded = workbench("data", "check", tmp_path / "raw.csv", *options, "--fold-labels")
    assert "30 all; 2 labels" in folded.output
    assert "alone: 4 became 2." in folded.output
    assert "clean" in folded.output


def test_an_import_prints_a_few_warnings_of_a_kind_and_counts_many(
    workbench: Command, tmp_path: Path
) -> None:
    cells = ["a|b", "a;c", "b/c", "a"] * 10
    rows = [f"text {row},{cell}" for row, cell in enumerate(cells)]
    (tmp_path / "raw.csv").write_text("\n".join(["text,labels", *rows]))
    output = workbench("data", "import", tmp_path / "raw.csv", "--name", "few").output
    assert all(f"10 of the first 40 rows hold {sign!r} too" in output for sign in ";/")
    assert "more like it" not in output
    (tmp_path / "raw.csv").write_text("\n".join(["text,labels", *rows[:20], *["text 0,a"] * 5]))
    output = workbench("data", "import", tmp_path / "raw.csv", "--name", "many").output
    assert "(and 4 more like it)" in output


def test_a_changed_corpus_fails_its_check(workbench: Command, folder: Path, workspace: Workspace) -> None:
    workbench("data", "import", folder, "--name", "mine")
    file = workspace.corpora / "mine" / "test.arrow"
    file.write_bytes(file.read_bytes().replace(b"test [3]", b"test [X]"))
    with pytest.raises(WorkbenchError, match="fingerprint"):
        workbench("data", "check", "mine")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["check", "nowhere"], "does not exist"),
        (["check", "{raw}", "--format", "jsn"], "Did you mean 'jsonl'"),
        (["check", "{raw}", "--encoding", "utf-9"], "no such encoding"),
        (["check", "{raw}", "--labels", "none.json"], "does not exist"),
        (["import", "{raw}", "--name", "../x"], "cannot name a corpus"),
        (["show", "nothing"], "no corpus 'nothing'"),
    ],
)
def test_mistakes_are_named(workbench: Command, folder: Path, arguments: list[str], message: str) -> None:
    with pytest.raises(WorkbenchError, match=message):
        workbench("data", *[argument.format(raw=folder) for argument in arguments])


INTERRUPTED = """
import os, signal
import workbench.cli
from workbench.data import library

signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs start without one

def halfway(corpus, folder):
    (folder / "train.arrow").write_bytes(b"half")
    os.kill(os.getpid(), signal.SIGINT)

library.write_corpus = halfway
workbench.cli.main()
"""


def test_ctrl_c_leaves_nothing(folder: Path, workspace: Workspace) -> None:
    command = [sys.executable, "-c", INTERRUPTED, "data", "import", str(folder), "--name", "mine"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 130
    assert "Traceback" not in done.stderr
    assert "nothing was imported" in done.stderr
    assert list(workspace.corpora.iterdir()) == []


def test_bars_fill_rows_from_below() -> None:
    assert bars(np.array([0.0, 0.001, 0.5, 0.75, 1.0]), rows=2) == ["   ▄█", " ▁███"]
