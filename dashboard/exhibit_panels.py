"""One exhibit of a paper: choices, the picture, numbers side by side, and what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import exhibits_state
from dashboard.choices import keep_in_address, take_from_address
from dashboard.download import chart, offer_csv
from dashboard.exhibits_state import Showing
from workbench.exhibits.base import Exhibit, Paper
from workbench.exhibits.numbers import titled, wide
from workbench.exhibits.offers import commands_for, corpora_of
from workbench.exhibits.other_papers import how_to_read, sides_of
from workbench.exhibits.printed import FRACTIONS
from workbench.exhibits.registry import all_exhibits
from workbench.exhibits.scope import CorpusFacts
from workbench.runs.store import Run
from workbench.wording import how_many

NO_CORPUS = CorpusFacts("demo", "", "", 0)
MOST_COMMANDS = 4
EXHIBIT = "exhibit"


def choose_exhibit(paper: Paper) -> Exhibit | None:
    """The exhibit of the paper that the reader picks; none at first, for the gallery of all."""
    known = {exhibit.id: exhibit for exhibit in all_exhibits().values() if exhibit.paper == paper}
    take_from_address(EXHIBIT, known)
    chosen = st.selectbox(
        "Exhibit",
        list(known),
        None,
        format_func=lambda name: f"{known[name].place}: {known[name].title}",
        key=EXHIBIT,
        placeholder="All of them",
    )
    keep_in_address(EXHIBIT, chosen)
    return known[chosen] if chosen else None


def choose_corpus(runs: Sequence[Run]) -> CorpusFacts:
    """The corpus that the reader picks among those of the runs."""
    corpora = _named(corpora_of(runs))
    if not corpora:
        return NO_CORPUS
    chosen = st.selectbox("Our corpus and split", list(corpora), key="corpus", bind="query-params")
    return corpora[chosen]


def _named(corpora: Sequence[CorpusFacts]) -> dict[str, CorpusFacts]:
    """Corpora by their split; versions of one, which share its documents for testing, by their names too."""
    named: dict[str, CorpusFacts] = {}
    for facts in corpora:
        is_version = facts.name != facts.split_id.partition("/")[0]
        several = sum(other.split_id == facts.split_id for other in corpora) > 1
        named[f"{facts.split_id} · {facts.name}" if several and is_version else facts.split_id] = facts
    return named


def choose_way(exhibit: Exhibit, corpus: CorpusFacts, runs: Sequence[Run]) -> Showing:
    """How the runs were trained that the exhibit is made from: encoder and settings, the same for all."""
    found = exhibits_state.ways(exhibit, corpus, runs)
    if exhibit.needs_corpus:
        return found["the corpus"]
    if not found:
        return Showing(exhibit, exhibit.scope(corpus))
    chosen = st.selectbox("Trained as", list(found), key="trained", bind="query-params")
    return found[chosen]


def heading(exhibit: Exhibit) -> None:
    """What the paper shows."""
    st.subheader(f"{exhibit.place}: {exhibit.title}", anchor=False)
    st.markdown(exhibit.caption)
    st.caption(f"In: {exhibit.paper.title}")


def shown(showing: Showing) -> None:
    """Numbers and picture, the one first that the paper has."""
    is_table = showing.exhibit.place.startswith("Table")
    for draw in (tables, picture)[:: 1 if is_table else -1]:
        draw(showing)


def in_short(showing: Showing) -> None:
    """Our picture, where there is one, and below it the printed numbers with ours: both need the width."""
    picture(showing)
    _numbers_in_short(showing)


def picture(showing: Showing) -> None:
    """The figure, where there is something to draw."""
    figure = exhibits_state.figure(showing)
    if figure is not None:
        chart(figure, showing.exhibit.id.replace("/", "-"))


def tables(showing: Showing) -> None:
    """The paper's numbers beside ours; different splits have different columns."""
    exhibit, result = showing.exhibit, showing.result
    made = dict(result.tables) if result else {}
    sides = _sides(showing)
    if len(sides):
        table = wide(sides, exhibit.heading, exhibit.value_text).rename(
            columns=lambda name: str(name).replace("\n", "  \n")
        )
        table["metric"] = table["metric"].mask(table["metric"].duplicated(), "")
        st.table(table, border="horizontal", width="content", hide_index=True)
        st.caption(f"{_unit(sides)}{how_to_read(sides)}")
        made["numbers"] = sides
    for name in exhibit.shown:
        if name != "numbers" and len(made.get(name, ())):
            st.dataframe(
                titled(made[name]), hide_index=True, placeholder="–", column_config=_four_digits(made[name])
            )
    if exhibit.remark:
        st.caption(exhibit.remark)
    if made:
        offer_csv({f"{exhibit.id.replace('/', '-')}-{name}": table for name, table in made.items()})


def _sides(showing: Showing) -> pd.DataFrame:
    made = showing.result.tables if showing.result else {}
    return sides_of(showing.exhibit, made.get("numbers", pd.DataFrame()), showing.scope.encoders)


def _numbers_in_short(showing: Showing) -> None:
    """The same numbers in a table that scrolls."""
    sides = _sides(showing)
    if not len(sides):
        st.caption(showing.exhibit.remark or "The paper prints no numbers here.")
        return
    table = wide(sides, showing.exhibit.heading, showing.exhibit.value_text)
    headings = {
        name: st.column_config.TextColumn(_heading(name), help=name.replace("\n", ", "), width="small")
        for name in table.columns
        if "\n" in name
    }
    ours_first = sorted(headings, key=lambda name: not name.startswith("ours"))
    st.dataframe(
        table,
        hide_index=True,
        height=min(380, 37 * (1 + len(table))),
        column_order=[*(name for name in table.columns if name not in headings), *ours_first],
        column_config=headings,
    )
    st.caption(f"{_unit(sides)}{_unit_of(showing)}{how_to_read(sides)}")


def _heading(column: str) -> str:
    """What a column is of, without its split, which the tooltip has: corpus, encoder, whether it is ours."""
    source, *_, last = column.removeprefix("paper: ").split("\n")
    return source if last.endswith(("train", "test")) else f"{source}, {last}"


def _unit(sides: pd.DataFrame) -> str:
    in_percent = sides["metric"].isin(FRACTIONS)
    if in_percent.all():
        return "Metrics in percent. "
    return "Precision, recall and F1 in percent. " if sides["metric"].str.contains("_F1").any() else ""


def _unit_of(showing: Showing) -> str:
    """That the picture has metrics from 0 to 1, where it does and the table has percent."""
    figure = exhibits_state.figure(showing)
    titles = () if figure is None else (axis.title.text or "" for axis in _axes(figure))
    return "In the picture metrics are from 0 to 1. " if any("0 to 1" in title for title in titles) else ""


def _axes(figure: Any) -> list[Any]:
    return [*figure.select_xaxes(), *figure.select_yaxes()]


def _four_digits(table: pd.DataFrame) -> dict[str, Any]:
    numbers = titled(table).select_dtypes("float").columns
    return {name: st.column_config.NumberColumn(format="%.4g") for name in numbers}


def missing(showing: Showing) -> None:
    """How far the exhibit is, and the commands that make the rest."""
    exhibit, state, scope = showing.exhibit, showing.state, showing.scope
    unprobed = exhibit.unprobed(state.made)
    if exhibit.needs_corpus or (state.made and state.is_whole and not unprobed):
        return
    total = state.total or len(exhibit.needs(scope))
    rest = "The rest" if len(state.made) < total else "What is computed from them"
    there = "are there" if total > 1 else "is there"
    commands = commands_for(exhibit, scope, state.missing, unprobed)
    how = "is made by:" if commands else "is being trained."
    st.info(f"{len(state.made)} of {how_many(total, 'run')} {there}. {rest} {how}", icon=":material/flag:")
    if not commands:
        return
    st.code("\n".join(commands[:MOST_COMMANDS]), language="bash", wrap_lines=True)
    if len(commands) > MOST_COMMANDS:
        st.caption(f"and {len(commands) - MOST_COMMANDS} more")


def runs_used(showing: Showing, runs: Sequence[Run]) -> None:
    """Which runs the picture is made from, and which of this corpus it is not made from."""
    if showing.exhibit.needs_corpus:
        return
    used = [one.run.name for one in showing.state.made]
    _name("Made from", used)
    rest = _names_on(showing.scope.corpus, runs)
    _name("Other runs on this corpus", [name for name in rest if name not in used])


def runs_on(corpus: CorpusFacts, runs: Sequence[Run]) -> None:
    """The runs that a gallery on this corpus can draw from."""
    _name("Runs on this corpus", _names_on(corpus, runs))


def _names_on(corpus: CorpusFacts, runs: Sequence[Run]) -> list[str]:
    return [run.name for run in runs if CorpusFacts.of_run(run).fingerprint == corpus.fingerprint]


def _name(said: str, names: Sequence[str]) -> None:
    if names:
        more = f" and {len(names) - 12} more" if len(names) > 12 else ""
        st.caption(f"{said}: {', '.join(names[:12])}{more}.")
