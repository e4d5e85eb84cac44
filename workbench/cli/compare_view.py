"""How compared runs look in a terminal: what differs is bold, and nothing is wider than 80 columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from workbench.analysis.compared_runs import SplitComparison
from workbench.analysis.significance import RankComparison
from workbench.wording import how_many, signed

_LEVEL = 0.05
_LABELS_SHOWN = 5
_SMALL = 0.05
"""Metrics below, such as the Hamming loss of many labels, get one more digit."""
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def print_comparison(console: Console, found: SplitComparison) -> None:
    """The runs of a split with a letter each, then for each further one its metrics and labels."""
    letters = {name: letter(place) for place, name in enumerate(found.runs["run"])}
    first, *others = found.runs["run"]
    console.print(
        f"[bold]split {escape(found.split_id)}[/], {how_many(found.documents, 'test document')}", end=""
    )
    names = Table(box=None, show_header=False, padding=(0, 1))
    names.add_column(style="bold")
    for _ in range(2):
        names.add_column(overflow="fold")
    names.add_column(no_wrap=True)
    for row in found.runs.to_dict("records"):
        names.add_row(letters[row["run"]], escape(row["run"]), escape(row["setting"]), f"seed {row['seed']}")
    console.print()
    console.print(names)
    console.print()
    for name in others:
        here, labels = (table[table["run"] == name] for table in (found.differences, found.labels))
        console.print(_metric_table(here, letters[name], letters[first]))
        _print_labels(console, labels, letters[name], letters[first])


def print_seeds(console: Console, found: pd.DataFrame) -> None:
    """Settings against that of the first run, over the seeds that both have; nothing without such."""
    for (split, setting, against), rows in found.groupby(["split_id", "setting", "against"], sort=False):
        n = how_many(int(rows["n"].max()), "common seed")
        console.print(f"[bold]Over seeds[/], split {escape(str(split))}, {n}, paired t-test", soft_wrap=True)
        console.print(f" A  {escape(str(against))}\n B  {escape(str(setting))}", soft_wrap=True)
        console.print(_metric_table(rows, "B", "A"))


def print_ranks(console: Console, found: Mapping[str, RankComparison]) -> None:
    """Average ranks over corpora, a column a metric; nothing where there are too few."""
    if not found:
        return
    some = next(iter(found.values()))
    table = Table(
        title=f"average rank over {some.blocks} corpora (1 is best)",
        title_justify="left",
        box=SIMPLE_HEAD,
        padding=0,
    )
    table.add_column("setting", overflow="fold")
    for metric in found:
        table.add_column(metric, justify="right")
    ranks = {metric: one.ranks.set_index("method")["rank"] for metric, one in found.items()}
    for name in some.ranks["method"]:
        table.add_row(escape(name), *(f"{ranks[metric][name]:.2f}" for metric in found))
    table.add_section()
    table.add_row("Friedman's p", *(_p(one.p) for one in found.values()))
    table.add_row("critical difference", *(f"{one.critical_difference:.2f}" for one in found.values()))
    console.print(table)
    for metric, one in found.items():
        pairs = _told_apart(one)
        if pairs:
            console.print(f"{metric}: Nemenyi's test tells apart {'; '.join(map(escape, pairs))}.")
    console.print()


def print_notes(
    console: Console, found: Sequence[SplitComparison], seeds: pd.DataFrame, resamples: int, seed: int
) -> None:
    """What the numbers are, and what they leave out; `seeds` are the differences over seeds."""
    differences = sum(len(one.differences) for one in found) + len(seeds)
    console.print(
        f"[dim]Intervals hold 95 %. Between two runs they are of a paired bootstrap over documents "
        f"({resamples:,} draws, seed {seed}), which leaves out the seeds of training. Bold is "
        f"p < {_LEVEL:g}, not corrected for {how_many(differences, 'difference')}.[/]"
    )


def print_no_floor(console: Console, commands: Sequence[str]) -> None:
    """How to get the floor of splits that have none; nothing where each has one."""
    for command in commands:
        console.print("[dim]No binary relevance on this split yet, the floor. Seconds make it:[/]")
        console.print(f"  {escape(command)}", soft_wrap=True)


def letter(place: int) -> str:
    """A, B, …, Z, A2, B2, …: what stands for a run beside its numbers."""
    turn = place // len(_LETTERS)
    return _LETTERS[place % len(_LETTERS)] + (str(turn + 1) if turn else "")


def _metric_table(rows: pd.DataFrame, ours: str, theirs: str) -> Table:
    table = Table(box=SIMPLE_HEAD, padding=(0, 1))
    table.add_column("metric", no_wrap=True)
    for heading in (theirs, ours, f"{ours} − {theirs}", "95 % interval", "p"):
        table.add_column(heading, justify="right", no_wrap=True)
    for row in rows.to_dict("records"):
        digits = 4 if max(row["value"], row["reference"]) >= _SMALL else 5
        difference, low, high = (_signed(row[name], digits) for name in ("difference", "low", "high"))
        interval = "–" if pd.isna(row["low"]) else f"{low} to {high}"
        cells = [*(_number(row[name], digits) for name in ("reference", "value")), difference, interval]
        style = "bold" if row["p"] < _LEVEL else None
        table.add_row(row["metric"], *cells, _p(row["p"]), style=style)
    return table


def _print_labels(console: Console, rows: pd.DataFrame, ours: str, theirs: str) -> None:
    """The labels of the smallest corrected p, those below 0.05."""
    disagreed = int((rows["run_right"] + rows["reference_right"] > 0).sum())
    clear = rows[rows["p_holm"] < _LEVEL]
    tested = (
        f"McNemar, Holm over the {disagreed:,} of {how_many(len(rows), 'label')} that they decide differently"
    )
    if not disagreed:
        console.print(f"{ours} and {theirs} decide every label of every document alike.\n")
        return
    verdict = f"{ours} and {theirs} differ on {how_many(len(clear), 'label') if len(clear) else 'no label'}"
    console.print(f"{verdict} ({tested}).")
    if clear.empty:
        console.print()
        return
    table = Table(box=SIMPLE_HEAD, padding=(0, 1))
    table.add_column("label", overflow="fold")
    for heading in (f"only {theirs} right", f"only {ours} right", "p (Holm)"):
        table.add_column(heading, justify="right", no_wrap=True)
    for row in clear.head(_LABELS_SHOWN).to_dict("records"):
        right = (f"{row[side]:,}" for side in ("reference_right", "run_right"))
        table.add_row(escape(str(row["label_text"])), *right, _p(row["p_holm"]))
    if len(clear) > _LABELS_SHOWN:
        table.add_row(f"and {len(clear) - _LABELS_SHOWN:,} more", style="dim")
    console.print(table)


def _told_apart(found: RankComparison) -> list[str]:
    names, p = list(found.pairwise.columns), found.pairwise.to_numpy()
    return [
        f"{names[one]} and {names[other]}"
        for one, other in zip(*np.triu_indices(len(names), 1), strict=True)
        if p[one, other] < _LEVEL
    ]


def _number(value: Any, digits: int) -> str:
    return "–" if pd.isna(value) else f"{value:.{digits}f}"


def _signed(value: Any, digits: int) -> str:
    return "–" if pd.isna(value) else signed(float(value), digits)


def _p(value: Any) -> str:
    if pd.isna(value):
        return "–"
    return "<0.001" if value < 0.001 else f"{value:.3f}"
