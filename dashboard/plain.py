"""Names and texts that others wrote, in sentences that streamlit reads as Markdown: shown as they are."""

from __future__ import annotations

import re

from workbench.plain_text import NAME_MOST, cut, shown_name

_JOINER = "\u2060"
_MARKS = re.compile(r"[\\`*_{}\[\]()#+\-.!|~<>$&^=@]")
_READ_AFTERWARDS = re.compile(r":(?=[\w+/-])|\bwww(?=\.)|(?<=[<>~=-])(?=[<>~=-])", re.IGNORECASE)
"""What streamlit looks for in the finished text, where no backslash helps: emoji, icons, links, arrows."""

_CODE = re.compile(r"((?<!`)`[^`]+`(?!`))")
_AFTER_A_COLON = re.compile(r":(?=[\w+/])")
_IN_SENTENCES = re.compile(r"[\\`*\[\]<$~|]|^#")
_LINES, _LETTERS = 20, 1_000


def plain(text: object, most: int = NAME_MOST) -> str:
    """The text for a place that reads Markdown: on one line, cut, and nothing in it means anything there.

    Neither HTML, links and pictures, nor formulas, colours, icons and emoji, which streamlit adds.
    """
    apart = _READ_AFTERWARDS.sub(lambda found: found[0] + _JOINER, shown_name(str(text), most))
    return _MARKS.sub(lambda found: f"\\{found[0]}", apart)


def plain_sentences(text: object) -> str:
    """What an error or a report says, whose own `code` stays code; nothing else in it means anything.

    Such sentences are ours, but names in them may not be.
    """
    lines = str(text).splitlines()[:_LINES]
    return "  \n".join(
        "".join(_sentence(part) for part in _CODE.split(cut(line, _LETTERS))) for line in lines
    )


def _sentence(part: str) -> str:
    if _CODE.fullmatch(part):
        return part
    return _IN_SENTENCES.sub(lambda found: f"\\{found[0]}", _AFTER_A_COLON.sub(f":{_JOINER}", part))
