"""Differences in tables: with a sign, one kind of minus, and zero without any."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from workbench.wording import signed

if TYPE_CHECKING:
    import pandas as pd

DIFFERENCES = ("difference", "low", "high")


def with_signs(table: pd.DataFrame, digits: int = 4) -> Any:
    """The table, its differences and their limits written as people do; they are sorted as numbers."""
    formats: Any = {name: partial(signed, digits=digits) for name in DIFFERENCES if name in table}
    return table.style.format(formats, na_rep="–")
