"""Mixtures that were measured, kept with the package: for pages and notebooks without such runs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from workbench.analysis.mixture_differences import COLUMNS
from workbench.errors import WorkbenchError
from workbench.files import write_text

PACKAGED = Path(__file__).with_name("recorded_mixtures.json")
"""Written by benchmarks/mixtures.py."""

_RECORDED = [*COLUMNS, "p_holm"]


def recorded_mixtures(path: Path = PACKAGED) -> pd.DataFrame:
    """The differences of recorded mixtures from their parents, one row each.

    Columns: as `mixture_differences.compare_mixtures` has them.

    Raises:
        WorkbenchError: when the file is not there or damaged.
    """
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
        table = pd.DataFrame(rows, columns=_RECORDED)
        numbers = ["value", "reference", "difference", "low", "high", "p", "p_holm"]
        return table.astype(dict.fromkeys(numbers, "float64") | {"n": "int64"})
    except (OSError, ValueError, TypeError) as error:
        raise WorkbenchError(
            f"Cannot read the recorded mixtures in {path}: {error}. In a checkout `python "
            "benchmarks/mixtures.py RUN…` makes the file anew; elsewhere install the workbench again."
        ) from None


def write_mixtures(table: pd.DataFrame, path: Path = PACKAGED) -> None:
    """Keep a table of `compare_mixtures`: one line a row, so that changes can be read line by line."""
    known = table[_RECORDED].astype(object)
    rows: Sequence[object] = known.where(known.notna(), None).to_dict("records")
    lines = ",\n".join(json.dumps(row, ensure_ascii=False, allow_nan=False) for row in rows)
    write_text(path, f"[\n{lines}\n]\n")
