"""The range of an axis of a metric: around what is drawn, and never beyond what a metric can be."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

_AROUND = 0.07
"""Of what the values span, the room left on either side."""
_LEAST = 0.02
"""What an axis of a metric spans at least, so that a single value has ticks around it."""


def is_fraction(metric: str) -> bool:
    """Whether it is a metric from 0 to 1; other measures, such as "KL, test", have spaces in their names."""
    return " " not in metric


def fraction_range(values: Iterable[float], spreads: Iterable[float] = ()) -> list[float] | None:
    """The range of an axis for values from 0 to 1 with these spreads (NaN for none); None without values."""
    drawn = np.array(list(values), dtype=np.float64)
    reach = np.nan_to_num(np.array(list(spreads), dtype=np.float64)) if len(drawn) else drawn
    if not np.isfinite(drawn).any():
        return None
    reach = reach if len(reach) == len(drawn) else np.zeros(len(drawn))
    low, high = float(np.nanmin(drawn - reach)), float(np.nanmax(drawn + reach))
    around = max(_AROUND * (high - low), (_LEAST - (high - low)) / 2)
    nothing, everything = 0.0 - _AROUND * _LEAST, 1.0 + _AROUND * _LEAST  # a mark there is drawn whole
    return [max(nothing, low - around), min(everything, high + around)]
