"""What benchmarks/dashboard.py measures is every page, and what it says of limits is so."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.dashboard.test_pages import EVERY_PAGE

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "dashboard.py"


@pytest.fixture(scope="module")
def script() -> dict:
    """What the script has, as a program has it: the modules beside it are found by their own names."""
    code = (
        "import json, dashboard_script as it\n"
        "rows = [{'first_s': 3.0, 'again_s': 0.5, 'payload_kb': 5000, 'cells': 1, 'points': 0},"
        " {'first_s': 3.1, 'again_s': 0.6, 'payload_kb': 5000.1, 'cells': 250_001, 'points': 50_001}]\n"
        "print(json.dumps({'pages': list(it.CHANGES), 'missed': [it.missed(row) for row in rows]}))"
    )
    loaded = (
        "import importlib.util, sys\n"
        f"sys.path.insert(0, {str(SCRIPT.parent)!r})\n"
        f"spec = importlib.util.spec_from_file_location('dashboard_script', {str(SCRIPT)!r})\n"
        "module = sys.modules['dashboard_script'] = importlib.util.module_from_spec(spec)\n"
        "spec.loader.exec_module(module)\n"
    )
    printed = subprocess.run(
        [sys.executable, "-c", loaded + code], capture_output=True, text=True, check=True
    ).stdout
    return json.loads(printed)


def test_every_page_is_measured(script: dict):
    named = {page.replace("-", "_") or "overview" for page in script["pages"]}
    assert named == set(EVERY_PAGE)


def test_a_limit_is_missed_by_what_is_above_it_alone(script: dict):
    assert script["missed"] == [[], ["first_s", "again_s", "payload_kb", "cells", "points"]]


def test_an_unknown_page_and_a_folder_with_other_things_are_refused(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    done = subprocess.run(
        [sys.executable, SCRIPT, "--home", tmp_path], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "has other things in it" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
