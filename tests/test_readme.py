"""What README.md and CONTRIBUTING.md show exists: commands, options, formats, methods, encoders, links."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import typer.main

from workbench.assignments import parse_assignments
from workbench.cli.app import app
from workbench.data.formats import readers
from workbench.encoders import encoder_names
from workbench.llm.registry import provider_class
from workbench.llm.version import divide_settings
from workbench.methods import method_names
from workbench.training.settings import resolve

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
COMMANDS = sorted(set(re.findall(r"^    (workbench .+?)(?:  +#.*)?$", README, flags=re.MULTILINE)))
TARGETS = sorted(set(re.findall(r"\bmake (?:PYTHON=\S+ )?([a-z]+)\b`?(?=[`\s;]|$)", README + CONTRIBUTING)))


def _parsed(words: list[str]) -> tuple[str, dict[str, Any]]:
    """The command that a line names and its parameters; click raises for an unknown command or option."""
    command, name, parent = typer.main.get_command(app), "workbench", None
    while hasattr(command, "resolve_command"):
        parent = command.make_context(name, list(words), parent=parent)
        name, command, words = command.resolve_command(
            parent, [*getattr(parent, "_protected_args", []), *parent.args]
        )
        assert command is not None
    return str(name), command.make_context(str(name), words, parent=parent).params


def test_the_readme_shows_commands():
    assert {line.split()[1] for line in COMMANDS} >= {"train", "predict", "data", "runs", "dashboard"}


@pytest.mark.parametrize("line", COMMANDS)
def test_a_command_of_the_readme_is_understood(line: str):
    name, given = _parsed(shlex.split(line)[1:])
    assert name
    if name == "train" and given["method"]:
        settings = parse_assignments(given["assignments"] or [])
        assert resolve(given["method"], given["encoder"], given["frozen"], settings).method.variant


def _assignments() -> set[tuple[str, str]]:
    """What README sets, each with the method that it is set for: protomix where none is named beside it."""
    found = set()
    for place in re.finditer(r"--set ([a-z_]+=[\d\w.]+)", README):
        if "workbench llm" in README[: place.start()].rpartition("\n")[2]:
            continue  # settings of a provider, not of a method
        named = re.search(r"workbench train ([\w+-]+)[^`]*$", README[: place.start()].rpartition("\n\n")[2])
        found.add((named.group(1) if named else "protomix", place.group(1)))
    return {(method, assignment) for method, assignment in found if assignment != "key=value"}


@pytest.mark.parametrize("method, assignment", sorted(_assignments()))
def test_a_setting_of_the_readme_exists(method: str, assignment: str):
    settings = resolve(method, "cnn", False, parse_assignments([assignment]))
    given = settings.method.model_dump() | settings.training.model_dump() | settings.encoder
    assert assignment.partition("=")[0] in given


@pytest.mark.parametrize("line", [line for line in COMMANDS if line.startswith("workbench llm ")])
def test_a_setting_of_a_provider_exists(line: str):
    kind, given = _parsed(shlex.split(line)[1:])
    if kind == "describe" or kind == "generate":
        settings = parse_assignments(given["assignments"] or [])
        ours, theirs = divide_settings(kind, provider_class(given["provider"]).Settings, settings)
        assert ours | theirs == settings
    else:
        assert kind == "templates"


@pytest.mark.parametrize("target", TARGETS)
def test_a_make_target_exists(target: str):
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.search(rf"^{target}:", makefile, flags=re.MULTILINE)


@pytest.mark.parametrize("text", [README, CONTRIBUTING], ids=["README", "CONTRIBUTING"])
def test_links_lead_somewhere(text: str):
    targets = [one for one in re.findall(r"\]\(([^)]+)\)", text) if "://" not in one]
    assert targets
    parts = [one.partition("#")[::2] for one in targets]
    assert [file for file, _ in parts if file and not (ROOT / file).exists()] == []
    texts = {file: (ROOT / file).read_text("utf-8") if file else text for file, place in parts if place}
    assert [(file, place) for file, place in parts if place and place not in _places(texts[file])] == []


def _places(text: str) -> set[str]:
    """What links to headings of a Markdown file end in."""
    headings = re.findall(r"^#+ (.+)$", text, re.M)
    return {re.sub(r"[^a-z -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_method_format_and_offline_encoder_is_named():
    named = set(re.findall(r"`([\w+-]+)`", README))
    assert set(method_names()) <= named
    assert set(readers()) <= named
    assert set(encoder_names()) <= named


def test_the_rooms_of_the_house_exist():
    rooms = re.findall(r"^\| `([\w/]+/)`", CONTRIBUTING, flags=re.MULTILINE)
    assert len(rooms) > 8
    assert [room for room in rooms if not (ROOT / room).is_dir()] == []


def test_the_three_screenshots_are_there_and_small():
    shown = re.findall(r"\]\((docs/\w+\.png)\)", README)
    assert len(shown) == 3
    assert max((ROOT / name).stat().st_size for name in shown) < 250_000
