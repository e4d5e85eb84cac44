"""The panels of the page of methods: computed by workbench.analysis, drawn by workbench.figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from dashboard.download import chart, offer_csv
from workbench.analysis.comparison import metric_names, run_table
from workbench.analysis.family import family_of, family_scores, mechanism_table, relatives, without_card
from workbench.analysis.floor import FLOOR
from workbench.cards import MECHANISMS, PaperCard
from workbench.figures.family import family_figure
from workbench.runs.store import Run

_METHOD = "family"
FIRST_METRIC = "nDCG@5"
_MOST_ROWS = 6


def choose_metric(runs: Sequence[Run]) -> str | None:
    """What the runs are compared by; nothing where none is measured."""
    names = metric_names(run_table(runs))
    if not names:
        return None
    first = names.index(FIRST_METRIC) if FIRST_METRIC in names else 0
    return st.selectbox("Score", names, first, key="score", bind="query-params", width=220)


def choose_method(cards: Mapping[str, PaperCard], runs: Sequence[Run]) -> str:
    """The method whose card is open: that of the newest run at first."""
    newest = next((family_of(run) for run in runs if family_of(run) in cards), next(iter(cards)))
    return st.selectbox(
        "Method", list(cards), list(cards).index(newest), key=_METHOD, bind="query-params", width=260
    )


def draw(cards: Mapping[str, PaperCard], runs: Sequence[Run], method: str, metric: str | None) -> None:
    """The graph; a click on a dot opens the card of its method."""
    mechanisms = mechanism_table(cards)
    scores = family_scores(runs if metric else [], metric or FIRST_METRIC)
    figure = family_figure(mechanisms, scores, list(MECHANISMS), method, metric or "", FLOOR)
    clicked = chart(figure, "family", clickable=True)
    if clicked and (opened := clicked[0]["customdata"][0]) != st.session_state.get("family_clicked"):
        st.session_state["family_clicked"] = opened
        st.session_state["family_wanted"] = opened
        st.rerun()
    if not clicked:
        st.session_state.pop("family_clicked", None)
    told = (
        "Each mark on the right is a setting's mean over seeds, with one standard deviation."
        if len(scores)
        else ""
    )
    if (scores["variant"] == FLOOR).any():
        told += " The dashed line is binary relevance, the floor."
    st.caption(
        f"A dot says what a method is made of. Look down the coloured columns, **{method}**'s: whoever "
        f"has a dot there too is a relative. A click on a dot opens its card. {told}"
    )
    offer_csv({"mechanisms": mechanisms, "scores": scores.drop(columns="runs")})


def follow_click() -> None:
    """Open the method that was clicked in the run of the page before this one."""
    if wanted := st.session_state.pop("family_wanted", None):
        st.session_state[_METHOD] = wanted


def card(cards: Mapping[str, PaperCard], method: str) -> None:
    """What is known of the paper, and who shares what with it."""
    paper = cards[method]
    st.subheader(f"{method}: {paper.title}", anchor=False)
    st.caption(f"{paper.authors} · {paper.venue} {paper.year}")
    st.markdown(paper.summary)
    parts, kinship = st.columns(2, gap="large")
    with parts:
        st.markdown("\n".join(f"- **{one}**: {MECHANISMS[one]}" for one in paper.mechanisms))
    with kinship:
        _relatives(cards, method)


def _relatives(cards: Mapping[str, PaperCard], method: str) -> None:
    kin = relatives(cards, method)
    if kin.empty:
        st.caption("No other method shares a mechanism with it.")
        return
    st.caption("Relatives, by what they have in common")
    shown = kin.assign(shared=kin["shared"].map(", ".join), year=kin["year"].astype(str))
    st.dataframe(
        shown,
        hide_index=True,
        height="content" if len(kin) <= _MOST_ROWS else 36 * (_MOST_ROWS + 1),
        column_config={"shared": st.column_config.TextColumn(width="large")},
    )


def equations(cards: Mapping[str, PaperCard], method: str) -> None:
    """The equations of the paper."""
    st.subheader("Equations", anchor=False)
    for name, equation in cards[method].equations.items():
        st.caption(name.replace("_", " "))
        st.latex(equation)


def runs_of(runs: Sequence[Run], method: str, metric: str | None) -> None:
    """The runs of a method and its variants on this split."""
    mine = [run for run in runs if family_of(run) == method]
    if not mine:
        st.info(f"No run of {method} on this split yet: `workbench train {method}` makes one.")
        return
    table = run_table(mine)
    metric = metric if metric in table else None  # none of them is finished
    about = ["run", "status", "method", "encoder", "settings", "seed", *([metric] if metric else [])]
    st.dataframe(
        table[[name for name in about if name in table]].sort_values(
            metric or "run", ascending=metric is None
        ),
        hide_index=True,
        placeholder="–",
        column_config={metric: st.column_config.NumberColumn(format="%.4f")} if metric else None,
    )


def others(cards: Mapping[str, PaperCard], runs: Sequence[Run]) -> None:
    """Methods that runs are of and that have no card."""
    if unknown := without_card(cards, runs):
        st.caption(f"Runs without a card here: {', '.join(unknown)}.")
