"""What a figure draws, as a table again: so that every picture has its data."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

_PLACES = ("x", "y", "z")
_GRIDS = ("heatmap", "contour", "surface")


def drawn_table(figure: go.Figure) -> pd.DataFrame:
    """One row a point or cell, trace by trace.

    Columns: trace (its name, or its number from 1), x, y, z, error_x, error_y, text and customdata_1 and so
    on, as far as any trace has them.
    """
    parts = [
        _rows(trace).assign(trace=_line(trace.name) or str(number))
        for number, trace in enumerate(figure.data, start=1)
        if not _is_unseen(trace)
    ]
    if not parts:
        return pd.DataFrame(columns=["trace", "x", "y"])
    table = pd.concat(parts, ignore_index=True)
    return table[["trace", *(name for name in table if name != "trace")]]


def _is_unseen(trace: Any) -> bool:
    """Whether it is there to be clicked alone."""
    marker = getattr(trace, "marker", None)
    return getattr(marker, "opacity", None) == 0


def _rows(trace: Any) -> pd.DataFrame:
    return _cells(trace) if trace.type in _GRIDS else _points(trace)


def _cells(trace: Any) -> pd.DataFrame:
    """A grid z (R, C), cell by cell, without those that are empty."""
    z = np.asarray(trace.z, dtype=np.float64)
    rows, columns = z.shape
    y, x = (_named(trace, "y", rows), _named(trace, "x", columns))
    down, across = np.nonzero(~np.isnan(z))
    table = pd.DataFrame({"x": x[across], "y": y[down], "z": z[down, across]})
    if trace.customdata is not None:
        told = np.asarray(trace.customdata).reshape(rows, columns, -1)[down, across]
        table = table.assign(**{f"customdata_{n}": told[:, n - 1] for n in range(1, told.shape[1] + 1)})
    return table


def _named(trace: Any, axis: str, count: int) -> np.ndarray:
    given = getattr(trace, axis)
    return np.arange(count) if given is None else _lines(given)


def _points(trace: Any) -> pd.DataFrame:
    columns: dict[str, Any] = {
        name: _lines(values) for name in _PLACES if (values := getattr(trace, name, None)) is not None
    }
    for name in ("error_x", "error_y"):
        given = getattr(getattr(trace, name, None), "array", None)
        if given is not None:
            columns[name] = np.asarray(given)
    count = max(map(len, columns.values()), default=0)
    text, told = getattr(trace, "text", None), getattr(trace, "customdata", None)
    if text is not None:
        columns["text"] = np.full(count, _line(text)) if isinstance(text, str) else _lines(text)
    if told is not None and len(told) == count:
        wide = np.asarray(told).reshape(count, -1) if count else np.zeros((0, 0))
        columns |= {f"customdata_{n}": wide[:, n - 1] for n in range(1, wide.shape[1] + 1)}
    return pd.DataFrame({name: pd.Series(values) for name, values in columns.items()})


def _lines(values: Any) -> np.ndarray:
    array = np.asarray(values)
    if array.dtype.kind in "OU":
        return np.array([_line(value) if isinstance(value, str) else value for value in array], dtype=object)
    return array


def _line(text: str | None) -> str:
    """A name on one line, without what makes it bold."""
    return (text or "").replace("<br>", " ").replace("<b>", "").replace("</b>", "")
