"""Names and texts that others wrote, in sentences that streamlit reads as Markdown: shown as they are."""

from __future__ import annotations

import re

from workbench.plain_text import NAME_MOST, shown_name

_JOINER = "\u2060"
_MARKS = re.compile(r"[\\`*_{}\[\]()#+\-.!|~<>$&^=@]")
_READ_AFTERWARDS = re.compile(r":(?=[\w+/-])|\bwww(?=\.)|(?<=[<>~=-])(?=[<>~=-])", re.IGNORECASE)
"""What streamlit looks for in the finished text, where no backslash helps: emoji, icons, links, arrows."""


def plain(text: object, most: int = NAME_MOST) -> str:
    """The text for a place that reads Markdown: on one line, cut, and nothing in it means anything there.

    Neither HTML, links and pictures, nor formulas, colours, icons and emoji, which streamlit adds.
    """
    apart = _READ_AFTERWARDS.sub(lambda found: found[0] + _JOINER, shown_name(str(text), most))
    return _MARKS.sub(lambda found: f"\\{found[0]}", apart)


def plain_sentences(text: object) -> str:
    """The same for what an error says: several lines stay lines."""
    return "  \n".join(plain(line, 1_000) for line in str(text).splitlines()[:20])
