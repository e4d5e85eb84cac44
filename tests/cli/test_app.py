from __future__ import annotations

import subprocess
import sys

import pytest


def test_the_version_is_that_of_the_package(command):
    import workbench

    assert command("--version").out == f"workbench {workbench.__version__}\n"


def test_the_package_is_a_program_too(command):
    told = subprocess.check_output([sys.executable, "-m", "workbench", "--version"], text=True)
    assert told == command("--version").out


def test_help_names_every_command(command):
    out = command("--help").out
    commands = ("demo", "train", "methods", "predict", "evaluate", "dashboard", "data", "runs")
    assert all(name in out for name in commands)


@pytest.mark.parametrize(
    "arguments", [["trian"], ["train", "--sed", "1"], ["train", "base", "--seed", "one"]]
)
def test_unknown_words_end_with_usage_and_status_2(command, arguments):
    ended = command(*arguments)
    assert ended.status == 2
    assert "Usage" in ended.err
    assert "Traceback" not in ended.err


def test_brackets_in_a_message_are_printed_as_they_are(command):
    assert "[bold]" in command("train", "[bold]").err


def test_a_backslash_before_a_bracket_opens_no_markup(command):
    assert "settings file x\\[/]" in command("train", "base", "--config", "x\\[/]").err
