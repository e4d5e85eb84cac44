"""Names and texts that others wrote, made fit for where they are shown: pictures, tables, spreadsheets.

Labels come from data: their names may hold markup, formulas, control characters, or a megabyte.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

NAME_MOST = 120
"""Characters of a name that is shown."""

_JOINER = "\u2060"  # as wide as nothing, and no line ends at it
_READ_AS_MARKUP = re.compile(r"<(?=/?[a-z])|&(?=#?\w+;)|%(?=\{)", re.IGNORECASE)
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Control characters, those that turn the direction of what follows, and halves of characters."""
_FORMULA = ("=", "+", "-", "@", "\t", "\n")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.IGNORECASE)


def shown_name(text: str, most: int = NAME_MOST) -> str:
    """A name as pictures show it: on one line, cut, and what plotly would read as markup kept from it.

    Plotly draws <b>, <a href> and the like, decodes &lt; and fills in %{x}: behind the first sign of each
    stands an invisible joiner, so that the name looks as it was written and is drawn so.
    """
    line = cut(" ".join(text[: 4 * most].split()) + ("…" if len(text) > 4 * most else ""), most)
    return _READ_AS_MARKUP.sub(lambda found: found[0] + _JOINER, _UNSEEN.sub("�", line))


def cut(text: str, most: int) -> str:
    """The text, or its first `most` characters, the last of them an ellipsis."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def csv_text(table: pd.DataFrame) -> str:
    """The table as CSV that a spreadsheet takes for data alone.

    A text that begins with = + - @, a tab or a new line would be a formula there: it gets an apostrophe
    before it, which spreadsheets hide or show and never compute. Numbers stay numbers, texts that are
    one too.
    """
    safe = table.rename(columns=_inert)
    texts = [place for place, kind in enumerate(table.dtypes) if kind.kind not in "biufcmM"]
    for place in texts:
        safe.isetitem(place, [_inert(cell) for cell in safe.iloc[:, place]])
    return safe.to_csv(index=False)


def _inert(cell: object) -> object:
    if not isinstance(cell, str):
        return cell
    written = cell.replace(_JOINER, "").replace("\r\n", "\n").replace("\r", "\n")  # unquoted, \r ends a row
    is_formula = written.startswith(_FORMULA) and not _NUMBER.fullmatch(written)
    return f"'{written}" if is_formula else written
