"""What was asked and answered for a corpus: a report in its folder, read without torch."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from workbench.errors import WorkbenchError

SCHEMA = 1
REPORT = "language_model.json"
"""Name of the report in a corpus's folder."""


def read_report(folder: Path) -> dict[str, Any] | None:
    """The report of a corpus's folder, by job ("describe", "generate"); None where no job was run.

    Raises:
        WorkbenchError: when the file is there and is no report.
    """
    path = folder / REPORT
    try:
        report = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise WorkbenchError(f"{path} is damaged ({error}). Make the corpus again.") from None
    if not isinstance(report, dict):
        raise WorkbenchError(f"{path} is damaged (no JSON object). Make the corpus again.")
    return report
