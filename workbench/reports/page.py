"""A report as one page of HTML: everything inside, nothing fetched, whatever stands in names and texts."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from importlib.resources import files
from typing import Any

import numpy as np

from workbench.reports.parts import Commands, Part, Passage, Picture, Section, Table, Words
from workbench.wording import signed

LONG = 60
"""Rows from which a table scrolls by itself."""
TEXT_MOST = 4_000
"""Characters of a document's text that are shown."""


def page(title: str, about: str, sections: Sequence[Section]) -> str:
    """The whole page; `about` is the line below the title."""
    from workbench.figures.pages import POLICY, plotly_script

    links = "".join(
        f'<li><a href="#part-{number}">{escape(section.title)}</a></li>'
        for number, section in enumerate(sections, start=1)
    )
    body = "".join(_section(number, section) for number, section in enumerate(sections, start=1))
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{escape(title)}</title>\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<style>{_asset('report.css')}</style>\n</head>\n<body>\n"
        f"<header><h1>{escape(title)}</h1><p>{escape(about)}</p><nav><ol>{links}</ol></nav></header>\n"
        f"<main>{body}</main>\n<script>{plotly_script()}</script>\n"
        f"<script>{_asset('report.js')}</script>\n</body>\n</html>\n"
    )


def _section(number: int, section: Section) -> str:
    parts = "\n".join(_part(part) for part in section.parts)
    return f'<section id="part-{number}"><h2>{escape(section.title)}</h2>\n{parts}</section>\n'


def _part(part: Part) -> str:
    if isinstance(part, Words):
        return f"<p{' class=note' if part.is_note else ''}>{escape(part.text)}</p>"
    if isinstance(part, Table):
        return _table(part)
    if isinstance(part, Picture):
        return _picture(part)
    if isinstance(part, Commands):
        return f"<pre>{escape(chr(10).join(part.lines))}</pre>"
    return _passage(part)


def _picture(picture: Picture) -> str:
    """A place for the picture and its data, which no sign in a name can end."""
    height = picture.figure.layout.height or 450
    style = f"min-height: {height:.0f}px" + (f"; max-width: {picture.width}px" if picture.width else "")
    data = picture.figure.to_json().replace("<", "\\u003c")
    return (
        f'<figure class="picture" style="{style}" data-name="{escape(picture.name)}"><div></div>'
        f'<script type="application/json">{data}</script></figure>'
    )


def _table(table: Table) -> str:
    rows = table.rows
    heads = "".join(f'<th scope="col"><button>{escape(str(name))}</button></th>' for name in rows)
    lines = "".join(
        f"<tr>{''.join(_cell(place, name, value, table) for name, value in zip(rows, row, strict=True))}</tr>"
        for place, row in enumerate(rows.itertuples(index=False, name=None))
    )
    caption = f"<caption>{escape(table.caption)}</caption>" if table.caption else ""
    return (
        f'<div class="table{" long" if len(rows) > LONG else ""}" tabindex="0"><table>{caption}'
        f"<thead><tr>{heads}</tr></thead><tbody>{lines}</tbody></table></div>"
    )


def _cell(row: int, name: Any, value: Any, table: Table) -> str:
    if not isinstance(value, int | float | np.number):
        return f"<td>{escape(str(value))}</td>"
    if np.isnan(value):
        return '<td class="number">–</td>'
    digits = table.digits.get(str(name), 0)
    classes = "number best" if (row, name) in table.marked else "number"
    text = signed(float(value), digits) if name in table.signed else f"{value:,.{digits}f}"
    return f'<td class="{classes}" data-value="{float(value)!r}">{text}</td>'


def _passage(passage: Passage) -> str:
    text, whole = passage.text[:TEXT_MOST], len(passage.text)
    note = f"<p class=note>The first {TEXT_MOST:,} of {whole:,} characters.</p>" if whole > TEXT_MOST else ""
    facts = "".join(f"<dt>{escape(name)}</dt><dd>{escape(said)}</dd>" for name, said in passage.facts.items())
    return (
        f"<article><h3>{escape(passage.title)}</h3><blockquote>{escape(text)}</blockquote>{note}"
        f"<dl>{facts}</dl></article>"
    )


def _asset(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")
