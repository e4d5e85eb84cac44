"""The panels of the page of claims: all of them at a glance, as a table, and one of them opened."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.choices import keep_in_address, segments, take_from_address
from dashboard.download import chart, offer_csv
from workbench.exhibits.claim_overview import MARKS
from workbench.exhibits.claim_tables import interval_text, told

CLAIM = "claim"
_WANTED, _CLICKED = "claim_wanted", "claim_clicked"
_ALL = "all"


def follow_click() -> None:
    """Open the claim that was clicked in the run of the page before this one."""
    if wanted := st.session_state.pop(_WANTED, None):
        st.session_state[CLAIM] = wanted


def choose(table: pd.DataFrame) -> pd.DataFrame:
    """The claims of the paper, verdicts and corpora that the reader picks; all of those not picked from."""
    paper = segments("Paper", [_ALL, *dict.fromkeys(table["paper"])], "claims_of")
    left, right = st.columns([2, 3])
    with left:
        verdicts = st.pills(
            "Verdict",
            list(MARKS),
            selection_mode="multi",
            key="verdict",
            bind="query-params",
        )
    with right:
        corpora = st.multiselect(
            "Corpus",
            list(dict.fromkeys(table["corpus"])),
            key="on",
            bind="query-params",
            placeholder="All",
            wrap=True,
        )
    chosen = (table["paper"] == paper) | (paper == _ALL)
    for column, picked in (("verdict", verdicts), ("corpus", corpora)):
        if picked:
            chosen &= table[column].isin(picked)
    return table[chosen]


def counts(gathered: Mapping[str, Any]) -> None:
    """How many claims of each paper held, and how many of these verdicts outlive their number."""
    rows = [
        {
            "paper": f"{paper['name']} ({paper['year']})",
            **{f"{MARKS[verdict]} {verdict}": paper["verdicts"][verdict] for verdict in MARKS},
            **{f"{MARKS[verdict]} after Holm": count for verdict, count in paper["after_holm"].items()},
            "not run": paper["without_runs"],
        }
        for paper in gathered["papers"]
    ]
    st.table(pd.DataFrame(rows), border="horizontal", width="content", hide_index=True)


def grid(table: pd.DataFrame) -> None:
    """All claims as signs; a click on one opens it."""
    from workbench.figures.claims import claims_figure

    clicked = chart(claims_figure(table.assign(told=_effects(table))), "claims", clickable=True)
    _open(clicked[0]["customdata"][0] if clicked else None, "grid")
    st.caption(
        "A row is a paper on one corpus with one encoder, a column a claim of that paper: look for columns "
        "that point the same way everywhere, since a claim that holds on one setting alone is no law. Look "
        "also at how much is undecided: with a few seeds these runs often cannot tell, which is not to say "
        "that there is nothing."
    )


def rows(table: pd.DataFrame) -> None:
    """The same as a table, whose rows open claims too."""
    shown = pd.DataFrame(
        {
            "verdict": [f"{MARKS[verdict]} {verdict}" for verdict in table["verdict"]],
            "paper": table["paper"],
            "claim": table["claim"],
            "setting": table["corpus"] + ", " + table["encoder"],
            "effect": _scaled(table, "effect"),
            "95 % interval": _intervals(table),
            "unit": table["unit"],
            "seeds": table["seeds"],
            "after Holm": ["yes" if survives else "" for survives in table["survives_holm"]],
            "where": table["place"],
        }
    )
    event = st.dataframe(
        shown,
        hide_index=True,
        height=320,
        key="claims_table",
        on_select="rerun",
        selection_mode="single-row",
        column_config={
            "claim": st.column_config.TextColumn(width="medium"),
            "after Holm": st.column_config.TextColumn(
                help="Whether the verdict survives Holm's correction for the number of claims of its paper."
            ),
        },
    )
    picked = [place for place in event["selection"]["rows"] if place < len(table)]
    _open(table["id"].iloc[picked[0]] if picked else None, "table")
    offer_csv({"claims": table})


def choose_claim(table: pd.DataFrame) -> str | None:
    """The claim that is open: by click, by row, or by name."""
    named = {
        row["id"]: f"{MARKS[row['verdict']]} {row['row']}: {row['claim']} ({row['measure']})"
        for row in table.to_dict("records")
    }
    take_from_address(CLAIM, named)
    chosen = st.selectbox(
        "Claim",
        list(named),
        None,
        format_func=named.__getitem__,
        key=CLAIM,
        placeholder="Click a sign or a row, or type to find a claim",
    )
    keep_in_address(CLAIM, chosen)
    return chosen


def _open(identity: str | None, where: str) -> None:
    """Open what was clicked, once: clicks stay in the picture while the reader goes on choosing."""
    key = f"{_CLICKED}_{where}"
    if identity is None:
        st.session_state.pop(key, None)
    elif identity != st.session_state.get(key):
        st.session_state[key] = st.session_state[_WANTED] = identity
        st.rerun()


def _scaled(table: pd.DataFrame, column: str) -> list[str]:
    return [told(value, digits) for value, digits in zip(table[column], table["digits"], strict=True)]


def _intervals(table: pd.DataFrame) -> list[str]:
    ends = zip(table["low"], table["high"], table["digits"], strict=True)
    return [interval_text(*one) for one in ends]


def _effects(table: pd.DataFrame) -> list[str]:
    """The effect in words: number, unit, interval, seeds."""
    parts = zip(_scaled(table, "effect"), table["unit"], _intervals(table), table["seeds"], strict=True)
    return [
        f"{effect} {unit} ({f'95 %: {interval}, {seeds} seeds' if interval else 'one seed'})"
        for effect, unit, interval, seeds in parts
    ]
