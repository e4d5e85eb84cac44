"""Colours, signs and dashes: the same for a method in every picture, on light and on dark pages.

No plotting library is imported: the first page uses them before one is there.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterable
from typing import Any

# Okabe & Ito's palette for colour-blind readers; its black and pale yellow, which vanish on a dark or a
# white page, are a middle grey and a darker yellow here.
METHOD_COLOURS = {
    "base": "#8a8a8a",
    "proto": "#0072b2",
    "mix": "#e69f00",
    "protomix": "#d55e00",
    "lsfa": "#009e73",
    "lsfa-augment": "#7e6bc4",
    "lsfa-attention": "#6699cc",
    "lsfa-pooled": "#997700",
    "lsfa-sample": "#aa4499",
    "sep-mldc": "#cc79a7",
    "sep-mldc-no-lse": "#5aa7c7",
    "sep-mldc-no-datc": "#a08a3c",
    "sep-mldc-no-smcl": "#6b9e6b",
    "sep-mldc-no-lgfs": "#b3776a",
    "cl-mil": "#56b4e9",
    "mil": "#d6604d",
    "cl-dil": "#7b9e3f",
    "dil": "#c9853e",
    "cil": "#3f8fa8",
    "fil": "#b277c9",
    "cl-joint-bert": "#a68a64",
    "joint-bert": "#8090a0",
    "joint-bert+clrl": "#d96c9a",
    "laco": "#b59f00",
    "laco+plcp": "#44aa99",
    "laco+clcp": "#cc6677",
    "laco+both": "#c44e9c",
    "laco-no-je": "#999933",
    "laco-no-ca": "#ee8866",
    "laco-no-je-ca": "#777777",
    "bert": "#0099bb",
    "text-cnn": "#9c7a5b",
    "binary-relevance": "#a3683a",
    "classifier-chain": "#5b8c5a",
    "seq2seq": "#8f7ad6",
    "seqtag": "#c98b2b",
    "leam": "#4c9a2a",
    "leam-document": "#7d9d33",
    "sgm": "#4f8fb8",
    "ocd": "#b0703f",
    "seq2set-style": "#6f9a4e",
    "cl-knn": "#b5546a",
    "bert-knn": "#3f7fbf",
    "cl-bert": "#9a6fb0",
    "xml-cnn": "#b8860b",
    "attention-xml": "#2a9d8f",
    "lsan": "#c65d7b",
    "exam": "#6a8f2f",
    "ml-reasoner": "#7a86c9",
    "httn": "#2f8f8f",
    "ehttn": "#6f7fd0",
    "ldgn": "#b06a4e",
    "vcldl": "#8a9a2e",
    "dxml-style": "#d0708a",
    "rank-ae-style": "#5a9e86",
    "knn": "#a77bd1",
}
OTHER_COLOURS = ("#44aa99", "#999933", "#aa4499", "#6699cc", "#cc6677", "#997700", "#7e6bc4", "#ee8866")

_METHOD_SYMBOLS = {
    "base": "circle",
    "proto": "square",
    "mix": "triangle-up",
    "protomix": "diamond",
    "lsfa": "cross",
    "lsfa-augment": "pentagon",
    "lsfa-attention": "triangle-down",
    "lsfa-pooled": "hourglass",
    "lsfa-sample": "bowtie",
    "sep-mldc": "star",
    "sep-mldc-no-lse": "star-square",
    "sep-mldc-no-datc": "star-diamond",
    "sep-mldc-no-smcl": "hexagram",
    "sep-mldc-no-lgfs": "diamond-cross",
    "cl-mil": "hexagon",
    "mil": "hexagon2",
    "cl-dil": "star-triangle-down",
    "dil": "triangle-down",
    "cil": "triangle-left",
    "fil": "triangle-right",
    "cl-joint-bert": "square-x",
    "joint-bert": "square",
    "joint-bert+clrl": "square-cross",
    "laco": "x",
    "laco+plcp": "triangle-left",
    "laco+clcp": "triangle-right",
    "laco+both": "star-diamond",
    "laco-no-je": "diamond-tall",
    "laco-no-ca": "diamond-wide",
    "laco-no-je-ca": "circle-cross",
    "bert": "hash",
    "text-cnn": "y-up",
    "binary-relevance": "hexagram",
    "classifier-chain": "octagon",
    "seq2seq": "star-triangle-up",
    "seqtag": "diamond-tall",
    "leam": "star-triangle-down",
    "leam-document": "y-down",
    "sgm": "arrow-right",
    "ocd": "arrow-up",
    "seq2set-style": "arrow-down",
    "cl-knn": "circle-x",
    "bert-knn": "square-x",
    "cl-bert": "square-cross",
    "xml-cnn": "bowtie",
    "attention-xml": "hexagram",
    "lsan": "star-diamond",
    "exam": "diamond-wide",
    "ml-reasoner": "octagon",
    "httn": "triangle-ne",
    "ehttn": "triangle-nw",
    "ldgn": "triangle-sw",
    "vcldl": "triangle-se",
    "dxml-style": "diamond-x",
    "rank-ae-style": "y-left",
    "knn": "y-right",
}
_OTHER_SYMBOLS = ("pentagon", "star-square", "hourglass", "bowtie", "triangle-down", "hexagram")
_DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")
_PATTERNS = ("", "/", "x", "\\", "+", ".")
_OPACITIES = (1.0, 0.6, 0.35)

# Heat maps: ink grows with the value, from nearly none to full, so that they read on white and on dark pages;
# one hue for amounts, two that colour-blind readers tell apart for less and more than expected.
SEQUENTIAL = (
    (0.0, "rgba(0, 114, 178, 0.28)"),
    (0.5, "rgba(0, 114, 178, 0.64)"),
    (1.0, "rgba(0, 114, 178, 1)"),
)
DIVERGING = (
    (0.0, "rgba(0, 114, 178, 1)"),
    (0.3, "rgba(0, 114, 178, 0.6)"),
    (0.5, "rgba(128, 128, 128, 0.22)"),
    (0.7, "rgba(213, 94, 0, 0.6)"),
    (1.0, "rgba(213, 94, 0, 1)"),
)

AGAINST, FOR = "#0072b2", "#d55e00"
"""The two ends of `DIVERGING`."""

ATTENTION = "#009e73"
"""Of shares that have no sign, beside shades that have one."""

VERDICT_LOOKS = {
    "found": ("#0072b2", "circle", 11),
    "missed": ("#d55e00", "circle-open", 11),
    "wrong": ("#d55e00", "x-thin", 9),
    "predicted": ("#0072b2", "circle", 11),
    "left out": ("#8a8a8a", "circle", 5),
}
"""Colour, sign and size of what a run makes of a label: blue is right, orange is not, gold ones are round."""

FLOOR_LINE = {"dash": "dash", "width": 1, "color": "#8a8a8a"}
"""At what the floor reaches."""

GROUP_COLOURS = {"head": "#44aa99", "mid": "#b59f00", "tail": "#cc6677", "unseen": "#8a8a8a"}
"""A colour for each group of labels by training frequency."""

GROUP_SYMBOLS = {"head": "circle", "mid": "square", "tail": "diamond", "unseen": "x"}
"""The plotly marker symbol of each of these groups."""

_SIGNS_ON_A_LINE = 8

COMBINATION_LOOKS = {
    "[1,0,0] head": ("#44aa99", "circle"),
    "[1,1,0] head, mid": ("#6699cc", "square"),
    "[0,1,0] mid": ("#b59f00", "circle-open"),
    "[1,1,1] head, mid, tail": ("#7e6bc4", "cross"),
    "[1,0,1] head, tail": ("#e67e4d", "square-open"),
    "[0,1,1] mid, tail": ("#aa4499", "diamond"),
    "[0,0,1] tail": ("#cc3355", "x"),
    "no gold label": ("#8a8a8a", "diamond-open"),
}
"""Which groups a document's labels belong to: a colour and a symbol, which scenes know too."""

CLAIM_LOOKS = {
    "held": ("#0072b2", "triangle-up"),
    "did not hold": ("#d55e00", "triangle-down"),
    "undecided": ("#8a8a8a", "circle-open"),
}
"""What became of a claim: a colour and a symbol."""


def method_colour(method: str) -> str:
    """The colour of a method, as #rrggbb: the same in every picture, also for methods not known here."""
    return METHOD_COLOURS.get(method) or OTHER_COLOURS[_number(method) % len(OTHER_COLOURS)]


def method_symbol(method: str) -> str:
    """The plotly marker symbol of a method, so that colour is never the only difference."""
    return _METHOD_SYMBOLS.get(method) or _OTHER_SYMBOLS[_number(method) % len(_OTHER_SYMBOLS)]


def line_signs(method: str, size: int) -> dict[str, Any]:
    """Markers of a line of many points: a few signs of its method, so that it is known without its colour."""
    return {"symbol": method_symbol(method), "size": size, "maxdisplayed": _SIGNS_ON_A_LINE}


def dashes(methods: Iterable[str]) -> list[str]:
    """A plotly dash for each line: lines of one method, which share its colour, get different ones."""
    return [_DASHES[earlier % len(_DASHES)] for earlier in _earlier_of_same(methods)]


def patterns(methods: Iterable[str]) -> list[str]:
    """A plotly pattern for each bar: bars of one method, which share its colour, get different ones."""
    return [_PATTERNS[earlier % len(_PATTERNS)] for earlier in _earlier_of_same(methods)]


def shades(methods: Iterable[str]) -> list[str]:
    """A colour for each line: the method's own, paler for each further line of the same method."""
    chosen = list(methods)
    opacities = [_OPACITIES[earlier % len(_OPACITIES)] for earlier in _earlier_of_same(chosen)]
    return [faded(method_colour(method), opacity) for method, opacity in zip(chosen, opacities, strict=True)]


def faded(colour: str, opacity: float) -> str:
    """`colour` (#rrggbb) as an rgba() of the given opacity between 0 and 1."""
    red, green, blue = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return f"rgba({red}, {green}, {blue}, {opacity})"


def _earlier_of_same(methods: Iterable[str]) -> list[int]:
    """For each method, how many times it came before."""
    seen: Counter[str] = Counter()
    earlier = []
    for method in methods:
        earlier.append(seen[method])
        seen[method] += 1
    return earlier


def _number(method: str) -> int:
    return zlib.crc32(method.encode())
