"""Original and augmented documents side by side in a terminal, with the words that differ."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING

import numpy as np
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from workbench.data.augment import Augmented
    from workbench.data.corpus import Corpus

_WORDS = 60
"""Of a document that are shown."""


def print_examples(console: Console, corpus: Corpus, made: Augmented, count: int) -> None:
    """Print some augmented documents beside what they were made from, spread over the training split."""
    total = len(made.sources)
    if not count:
        return
    table = Table(box=SIMPLE_HEAD, show_lines=True, expand=True)
    for heading in ("original", "augmented"):
        table.add_column(heading, ratio=1)
    first = len(made.corpus.train) - total
    for place in np.linspace(0, total - 1, min(count, total)).astype(int).tolist():
        source = int(made.sources[place])
        before, after = corpus.train.texts[source].split(), made.corpus.train.texts[first + place].split()
        left, right = compared(before, after)
        table.add_row(
            Text.assemble((f"{corpus.train.ids[source]}\n", "dim"), left),
            Text.assemble((f"{made.corpus.train.ids[first + place]}\n", "dim"), right),
        )
    console.print(table)


def compared(before: list[str], after: list[str]) -> tuple[Text, Text]:
    """The beginnings of both, each with the words that the other does not have there marked."""
    left, right = Text(), Text()
    matcher = SequenceMatcher(None, before[:_WORDS], after[:_WORDS], autojunk=False)
    for kind, *places in matcher.get_opcodes():
        start, stop, other_start, other_stop = places
        _add(left, before[start:stop], "" if kind == "equal" else "bold red")
        _add(right, after[other_start:other_stop], "" if kind == "equal" else "bold green")
    for text, words in ((left, before), (right, after)):
        if len(words) > _WORDS:
            text.append("…")
    return left, right


def _add(text: Text, words: list[str], style: str) -> None:
    for word in words:
        text.append(word, style)
        text.append(" ")
