"""Runs that a process other than the tests' is made to train."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import psutil

from workbench.runs.layout import Layout


def trained_by_parent(run: Path, **changes: Any) -> int:
    """Say in a run in training that the parent process trains it, with these changes; its number."""
    parent, path = psutil.Process().parent(), Layout(run).manifest
    assert parent is not None
    manifest = json.loads(path.read_text())
    manifest["process"] |= {"pid": parent.pid, "started": parent.create_time(), **changes}
    path.write_text(json.dumps(manifest))
    return parent.pid
