"""What `workbench data show` prints: a corpus as a page for the terminal."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from rich.box import SIMPLE_HEAD
from rich.console import Console, Group, RenderableType
from rich.markup import escape
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from workbench.data.corpus import Corpus
from workbench.data.statistics import (
    frequency_group_sizes,
    label_frequencies,
    label_pairs,
    labels_per_document,
    split_summary,
)
from workbench.wording import how_many

EIGHTHS = " ▁▂▃▄▅▆▇█"
COLOURS = {"head": "green", "mid": "yellow", "tail": "red", "unseen": "bright_black"}


def show_corpus(corpus: Corpus, console: Console, documents: int = 3, pairs: int = 8) -> None:
    """Print everything about a corpus that fits a screen or two."""
    frequencies = label_frequencies(corpus)
    console.print(_title(corpus))
    console.print(_splits(split_summary(corpus)))
    if corpus.train.n_generated:
        real = how_many(len(corpus.train) - corpus.train.n_generated, "real training document")
        console.print(
            f"[dim]Groups, counts and pairs of labels below are of the {real} alone, as in the "
            "metrics of runs; the generated ones are left out.[/]"
        )
    console.print(Rule("Training documents per label, most frequent first", style="dim", align="left"))
    console.print(_long_tail(frequencies["train"].to_numpy(), min(console.width - 14, 84)))
    console.print(_groups(frequency_group_sizes(corpus), len(corpus.labels)))
    console.print(Rule("Labels per training document", style="dim", align="left"))
    console.print(_labels_per_document(labels_per_document(corpus)))
    console.print(Rule("Labels that come together in train", style="dim", align="left"))
    console.print(
        _pairs(label_pairs(corpus, pairs), dict(zip(corpus.labels, corpus.label_texts, strict=True)))
    )
    console.print(Rule("A few training documents", style="dim", align="left"))
    console.print(_documents(corpus, documents))


def bars(heights: NDArray[np.float64], rows: int) -> list[str]:
    """A bar chart in block characters, top row first; `heights` in [0, 1], one bar each, zero stays empty."""
    eighths = np.where(heights > 0, np.maximum(1, np.round(heights * rows * 8)), 0).astype(int)
    levels = range(rows - 1, -1, -1)
    return ["".join(EIGHTHS[min(8, max(0, value - level * 8))] for value in eighths) for level in levels]


def _title(corpus: Corpus) -> RenderableType:
    card = corpus.card
    facts = {
        "split id": corpus.split_id,
        "fingerprint": f"{corpus.fingerprint[:16]}…",
        "read from": f"{card.source} ({card.reader})" if card.reader else card.source,
        "licence": card.licence,
        "validation": card.valid_drawn,
    }
    grid = Table.grid(padding=(0, 2))
    for name, value in facts.items():
        if value:
            grid.add_row(Text(name, style="dim"), escape(value))
    for note in card.notes:
        grid.add_row(Text("note", style="dim"), escape(note))
    heading = Text(corpus.name, style="bold")
    if card.title not in ("", corpus.name):
        heading.append(f"  {card.title}", style="not bold")
    return Group(heading, Padding(grid, (0, 0, 0, 2)))


def _splits(summary: pd.DataFrame) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("split")
    generated = ("of them generated",) if summary["generated"].any() else ()
    for heading in (
        "documents",
        *generated,
        "labels a document",
        "without label",
        "labels seen",
        "words (median)",
    ):
        table.add_column(heading, justify="right")
    for row in summary.itertuples(index=False):
        table.add_row(
            str(row.split),
            f"{row.documents:,}",
            *([f"{row.generated:,}"] if generated else []),
            f"{row.labels_per_document:.2f}",
            f"{row.without_labels:,}",
            f"{row.labels_seen:,}",
            f"{row.words_per_document:.0f}",
        )
    return table


def _long_tail(counts: NDArray[np.int64], width: int) -> Text:
    """Bars over label ranks on a logarithmic height; a bar is the mean of the labels it stands for."""
    n_bars = min(width, len(counts))
    means = np.array([part.mean() for part in np.array_split(counts, n_bars)])
    repeat = max(1, width // n_bars)
    heights = np.log1p(np.repeat(means, repeat)) / np.log1p(max(1, counts.max()))
    lines = bars(heights, rows=7)
    scale = [f"{counts.max():>9,} ┤", *["          │"] * (len(lines) - 2), f"{counts.min():>9,} ┤"]
    drawn = [f"{left}{line}" for left, line in zip(scale, lines, strict=True)]
    axis = f"{' ' * 10}└{'─' * len(heights)}"
    ends = f"{' ' * 11}label 1{f'label {len(counts):,}':>{max(14, len(heights) - 7)}}"
    return Text("\n".join([*drawn, axis, ends, f"{' ' * 11}logarithmic height"]), style="cyan")


def _groups(groups: pd.DataFrame, n_labels: int) -> Table:
    total = max(1, int(groups["train_assignments"].sum()))
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("group")
    for heading in ("labels", "of all labels", "of all assignments"):
        table.add_column(heading, justify="right")
    table.add_column("")
    columns = (groups[name].tolist() for name in ("group", "labels", "train_assignments"))
    for group, labels, assignments in zip(*columns, strict=True):
        bar = Text("█" * round(20 * assignments / total), style=COLOURS[group])
        shares = (f"{labels / n_labels:.1%}", f"{assignments / total:.1%}")
        table.add_row(group, f"{labels:,}", *shares, bar)
    return table


def _labels_per_document(table: pd.DataFrame, most: int = 10) -> Table:
    train = table[table["split"] == "train"]
    folded = train.assign(labels=train["labels"].clip(upper=most)).groupby("labels")["documents"].sum()
    grid = Table.grid(padding=(0, 2))
    for number, documents in zip(folded.index, folded.to_numpy(), strict=True):
        name = f"{number} or more" if number == most else str(number)
        bar = Text("█" * max(1, round(48 * int(documents) / int(folded.max()))), style="cyan")
        grid.add_row(Text(name, justify="right"), bar, Text(f"{documents:,}", style="dim"))
    return Padding(grid, (0, 0, 1, 2))  # type: ignore[return-value]


def _pairs(pairs: pd.DataFrame, names: dict[str, str]) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("label", max_width=34)
    table.add_column("with", max_width=34)
    for heading in ("documents", "Jaccard", "lift"):
        table.add_column(heading, justify="right")
    for row in pairs.itertuples(index=False):
        first, second = escape(names[str(row.label_a)]), escape(names[str(row.label_b)])
        table.add_row(first, second, f"{row.documents:,}", f"{row.jaccard:.2f}", f"{row.lift:.1f}")
    return table


def _documents(corpus: Corpus, number: int) -> RenderableType:
    """Documents from all over the training split, cut to three lines."""
    rows = np.linspace(0, len(corpus.train) - 1, min(number, len(corpus.train))).astype(int)
    shown: list[RenderableType] = []
    for row in rows.tolist():
        labels = corpus.train.targets[[row]].indices
        text = " ".join(corpus.train.texts[row].split())
        shown.append(Text(corpus.train.ids[row], style="bold"))
        shown.append(Padding(Text(text[:237] + "…" if len(text) > 240 else text), (0, 0, 0, 2)))
        shown.append(
            Padding(
                Text(" · ".join(corpus.label_texts[label] for label in labels), style="green"), (0, 0, 1, 2)
            )
        )
    return Group(*shown)
