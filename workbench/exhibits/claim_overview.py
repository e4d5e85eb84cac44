"""The gathered claims in short: a Markdown table of what held, paper by paper."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from workbench.analysis.claims import HELD, NOT_HELD, UNDECIDED

MARKS = {HELD: "▲", NOT_HELD: "▼", UNDECIDED: "○"}
"""A sign for each verdict: pictures, tables and pages have the same."""


def overview(gathered: Mapping[str, Any]) -> str:
    """Markdown: how many claims of each paper held, then each paper's main claims, setting by setting.

    The main claims of a paper are those of its first family.
    """
    parts = [_counts(gathered["papers"])]
    for paper in gathered["papers"]:
        rows = [row for row in gathered["claims"] if row["paper"] == paper["key"]]
        if rows:
            parts.append(_main(paper, [row for row in rows if row["family"] == rows[0]["family"]]))
    return "\n\n".join(parts)


def _counts(papers: Iterable[Mapping[str, Any]]) -> str:
    heads = ["paper", *(f"{MARKS[verdict]} {verdict}" for verdict in MARKS), "left after Holm: ▲", "▼"]
    lines = [_row(heads), "|---|" + "--:|" * (len(heads) - 1)]
    for paper in papers:
        left = [str(paper["after_holm"][verdict]) for verdict in (HELD, NOT_HELD)]
        counts = [str(paper["verdicts"][verdict]) for verdict in MARKS]
        lines.append(_row([f"{paper['name']} ({paper['year']})", *counts, *left]))
    return "\n".join(lines)


def _main(paper: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> str:
    settings = list(dict.fromkeys((row["corpus"], row["encoder"]) for row in rows))
    heads = [f"{paper['name']}, {rows[0]['unit']}", *(f"{corpus}, {encoder}" for corpus, encoder in settings)]
    lines = [_row(heads), "|---|" + "--:|" * len(settings)]
    for claim in dict.fromkeys(row["claim"] for row in rows):
        there = {(row["corpus"], row["encoder"]): row for row in rows if row["claim"] == claim}
        lines.append(_row([claim, *(_cell(there.get(setting)) for setting in settings)]))
    return "\n".join(lines)


def _cell(row: Mapping[str, Any] | None) -> str:
    if row is None:
        return "–"
    effect = f"{row['scale'] * row['effect']:+.{row['digits']}f}"
    if row["low"] is None:
        return f"{MARKS[row['verdict']]} {effect}, one seed"
    low, high = (f"{row['scale'] * row[end]:+.{row['digits']}f}" for end in ("low", "high"))
    return f"{MARKS[row['verdict']]} {effect} ({low} to {high})"


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"
