"""A metric of each label, one run against another: above the diagonal a label gained, below it lost."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from workbench.figures.theme import TEMPLATE, message

# A blue and an orange that are seen on white and on dark pages, and shapes that say the same without them.
_LOOKS = {
    "gained": ("#4a9fd8", "triangle-up"),
    "lost": ("#e0772f", "triangle-down"),
    "as before": ("#8a8a8a", "circle"),
}
_SMALLEST, _LARGEST = 7.0, 27.0
_DIAGONAL = {"color": "rgba(128, 128, 128, 0.7)", "width": 1, "dash": "dash"}
_AROUND = 0.04


def label_scatter(table: pd.DataFrame, runs: tuple[str, str], metric: str) -> go.Figure:
    """A mark a label, the larger the more training documents it has; its customdata begins with its row.

    Args:
        table: as `analysis.label_differences.label_differences` gives it.
        runs: the names of A, drawn across, and B, drawn upwards.
        metric: what a and b are, from 0 to 1.
    """
    if table.empty:
        return message("No label is in the gold labels of a test document")
    change = np.sign(table["difference"].to_numpy())
    figure = go.Figure()
    for (kind, (colour, symbol)), sign in zip(_LOOKS.items(), (1, -1, 0), strict=True):
        chosen = np.flatnonzero(change == sign)
        if len(chosen):
            marker = {"color": colour, "symbol": symbol, "opacity": 0.8, "line": {"width": 0}}
            figure.add_trace(
                _marks(table, chosen, metric).update(name=f"{kind} ({len(chosen):,})", marker=marker)
            )
    figure.add_shape(type="line", x0=0, y0=0, x1=1, y1=1, line=_DIAGONAL, layer="below")
    ends = [-_AROUND, 1 + _AROUND]
    figure.update_xaxes(title_text=f"{metric} of A: {runs[0]}", range=ends, constrain="domain")
    figure.update_yaxes(title_text=f"{metric} of B: {runs[1]}", range=ends, scaleanchor="x")
    figure.update_layout(template=TEMPLATE, height=560, showlegend=True, hovermode="closest")
    return figure.update_layout(legend={"itemsizing": "constant"}, dragmode="lasso")


def _marks(table: pd.DataFrame, chosen: np.ndarray, metric: str) -> go.Scattergl:
    rows = table.iloc[chosen]
    root = np.sqrt(table["train_count"].to_numpy(dtype=np.float64))
    largest = max(root.max(), 1.0)
    sizes = _SMALLEST + (_LARGEST - _SMALLEST) * root[chosen] / largest
    told = np.column_stack([chosen, rows["train_count"], rows["test_count"]]).astype(np.int32)
    return go.Scattergl(
        x=rows["a"].to_numpy(dtype=np.float32),
        y=rows["b"].to_numpy(dtype=np.float32),
        text=rows["text"].to_numpy(),
        customdata=told,
        mode="markers",
        hovertemplate=f"<b>%{{text}}</b><br>{metric} of A %{{x:.3f}}, of B %{{y:.3f}}<br>training documents "
        "%{customdata[1]:,}, test documents %{customdata[2]:,}<extra></extra>",
        marker_size=sizes.astype(np.float32),
    )
