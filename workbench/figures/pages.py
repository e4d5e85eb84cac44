"""Figures on pages of their own: plotly's script inside, so that they open without a network."""

from __future__ import annotations

from html import escape

import plotly.graph_objects as go
from plotly.offline import get_plotlyjs

POLICY = (
    "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; "
    "img-src data: blob:; font-src data:"
)
"""What a page may load: nothing at all from elsewhere; plotly's WebGL compiles its drawing code."""

_STYLE = ":root {color-scheme: light dark} body {margin: 1rem; font-family: system-ui, sans-serif}"


def plotly_script() -> str:
    """Plotly's JavaScript, about 5 MB, once a page."""
    script: str = get_plotlyjs()
    return script


def figure_page(figure: go.Figure, title: str) -> str:
    """A page with one figure, light or dark as the reader's system is, that needs no network (about 5 MB)."""
    drawn = figure.to_html(
        full_html=False, include_plotlyjs=True, config={"displaylogo": False, "typesetMath": False}
    )
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head>'
        f"<body>{drawn}</body></html>\n"
    )
