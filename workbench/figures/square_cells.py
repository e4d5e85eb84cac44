"""Heat maps whose rows and columns are the same labels or documents: names beside and below square cells."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

NAMED_AT_MOST = 40
"""Up to so many rows have their names beside and below the cells."""
_LONGEST_NAME = 20
_UNNAMED_PX = 34
_SMALLEST_PX, _LARGEST_PX = 8, 11
"""Of the letters of names, which are as high as cells in between."""
_NAME_PER_PX, _TITLE_BESIDE_PX = 10.6, 22
"""How wide the longest name is, in heights of its letters, and the title of an axis beside it."""


def names_px(rows: int, cell: float, *, is_named: bool = True) -> int:
    """How much room names, if any, and the title of an axis take beside the cells, in pixels."""
    if rows > NAMED_AT_MOST or not is_named:
        return _UNNAMED_PX
    return round(_NAME_PER_PX * _letter_px(cell) + _TITLE_BESIDE_PX)


def names_axis(names: Sequence[str], cell: float) -> dict[str, Any]:
    """An axis with a category for each name; the part behind a line break shows under the pointer alone."""
    shown = len(names) <= NAMED_AT_MOST
    return {
        "type": "category",
        "range": [-0.5, len(names) - 0.5],
        "showticklabels": shown,
        "tickvals": list(range(len(names))) if shown else None,
        "ticktext": [_short(name.partition("<br>")[0]) for name in names] if shown else None,
        "ticks": "",
        "tickfont": {"size": _letter_px(cell)},
        "showgrid": False,
        "mirror": True,
        "showline": True,
        "automargin": False,
    }


def _letter_px(cell: float) -> float:
    return float(np.clip(cell, _SMALLEST_PX, _LARGEST_PX))


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1].rstrip()}…"
