"""The gathered claims as they are kept: results/claims.json, and the same bytes inside the package."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from workbench.errors import WorkbenchError

PACKAGED = Path(__file__).with_name("claims.json")
"""What pages read, so that an installed workbench has it too."""


def written(gathered: Mapping[str, Any]) -> str:
    """The file's text: one line a paper, setting, run and claim, so that changes can be read line by line."""
    parts = []
    for name, rows in gathered.items():
        lines = ",\n".join(json.dumps(row, ensure_ascii=False, allow_nan=False) for row in rows)
        parts.append(f'"{name}": [\n{lines}\n]')
    return "{\n" + ",\n".join(parts) + "\n}\n"


def read_claims(path: Path = PACKAGED) -> dict[str, Any]:
    """What `claim_gathering.gather` made, from a file of `written`; it is kept until the file changes.

    Raises:
        WorkbenchError: when the file is not there or damaged.
    """
    try:
        return _read(path, path.stat().st_mtime_ns)
    except (OSError, ValueError) as error:
        raise WorkbenchError(
            f"Cannot read the measured claims in {path}: {error}. In a checkout `python benchmarks/claims.py "
            "--gather` makes the file anew; elsewhere install the workbench again."
        ) from None


@cache
def _read(path: Path, changed_ns: int) -> dict[str, Any]:
    found = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(found, dict) or not {"papers", "settings", "runs", "claims"} <= found.keys():
        raise ValueError("it lacks papers, settings, runs or claims")
    return found
