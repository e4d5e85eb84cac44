"""One claim opened: what was measured, what the paper says, and the commands that train its runs again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.download import chart
from dashboard.link import link_to
from workbench.cards import paper_cards
from workbench.exhibits.claim_overview import MARKS
from workbench.exhibits.claim_tables import family_table, interval_text, told
from workbench.exhibits.places import NOTEBOOKS, exhibits_at
from workbench.wording import how_many

_SHORT = 8
"""So many characters tell a commit."""


def opened(gathered: Mapping[str, Any], identity: str) -> None:
    """All there is to say of the claim of this id."""
    (claim,) = (row for row in gathered["claims"] if row["id"] == identity)
    (setting,) = (one for one in gathered["settings"] if one["id"] == claim["setting"])
    runs = [run for run in gathered["runs"] if run["id"] in set(claim["runs"])]
    st.subheader(f"{MARKS[claim['verdict']]} {claim['claim']}: {claim['verdict']}", anchor=False)
    left, right = st.columns(2, gap="large")
    with left:
        _measured(claim, setting)
    with right:
        _said(gathered, claim)
    _family(gathered, claim)
    _commands(claim, setting, runs)
    _circumstances(setting, runs)


def _measured(claim: Mapping[str, Any], setting: Mapping[str, Any]) -> None:
    digits, scale = claim["digits"], claim["scale"]
    effect = f"**{told(scale * claim['effect'], digits)} {claim['unit']}**"
    if claim["low"] is not None:
        interval = interval_text(scale * claim["low"], scale * claim["high"], digits)
        effect += f", 95 % interval {interval}"
    side = "above" if claim["higher"] else "below"
    differences = ", ".join(told(scale * value, digits) for value in claim["differences"])
    shares = " and ".join(f"{count:,}" for count in claim["n_train"])
    lines = [
        f"{effect}; claimed {side} 0",
        f"{_side(claim['first'])} minus {_side(claim['second'])}, by {claim['measure']}",
        f"seeds {', '.join(map(str, claim['seeds']))}: {differences}",
        f"{setting['title']} (`{setting['corpus']}`), {setting['encoder']}: {shares} training documents, "
        f"{claim['n_test']:,} test documents",
        _correction(claim),
    ]
    st.markdown("**Measured**\n\n" + "\n".join(f"- {line}" for line in lines))


def _side(side: Mapping[str, Any]) -> str:
    """A method with what else sets the side apart."""
    more = [f"{value} prototype" for name, value in side.items() if name == "prototype"]
    more += [str(value) for name, value in side.items() if name == "part"]
    return f"**{side['method']}**" + (f" ({', '.join(more)})" if more else "")


def _correction(claim: Mapping[str, Any]) -> str:
    if claim["p"] is None:
        return "one pair of runs has no interval: nothing can be decided"
    said = "survives" if claim["survives_holm"] else "does not survive"
    return (
        f"p = {claim['p']:.2g}, {claim['p_holm']:.2g} after Holm's correction over all claims of the paper: "
        + (f"the verdict {said} it" if claim["verdict"] != "undecided" else "undecided either way")
    )


def _said(gathered: Mapping[str, Any], claim: Mapping[str, Any]) -> None:
    (paper,) = (one for one in gathered["papers"] if one["key"] == claim["paper"])
    st.markdown(f"**{paper['name']}, {claim['place']}**\n\n{claim['says']}")
    st.caption(f"In our words. {paper['title']} ({paper['year']})")
    numbers = paper_cards()[claim["paper"]].numbers
    if numbers:
        named = [f"Eq. {number} {name.replace('_', ' ')}" for name, number in numbers.items()]
        st.caption(f"The mechanism: {', '.join(named)}.")
    for exhibit in exhibits_at(claim["paper"], claim["place"]):
        title = f":material/museum: {exhibit.place}: {exhibit.title}"
        st.markdown(link_to("papers", title, paper=exhibit.paper.name, exhibit=exhibit.id))
    st.caption(f"Notebook: `jupyter lab {NOTEBOOKS[claim['paper']]}`")


def _family(gathered: Mapping[str, Any], claim: Mapping[str, Any]) -> None:
    from workbench.figures.intervals import intervals_figure

    side = "above" if claim["higher"] else "below"
    st.markdown(f"**Beside it: {claim['title']}**")
    figure = intervals_figure(family_table(gathered, claim), f"{claim['unit']}<br>claimed: {side} 0")
    chart(figure, f"claims-{claim['paper']}-{claim['family']}")
    st.caption(
        "Bars are 95 % intervals over seeds of training: they say nothing of other documents or corpora. "
        "Full marks held, hollow ones are undecided, crosses did not hold. Panels have axes of their own."
    )


def _commands(
    claim: Mapping[str, Any], setting: Mapping[str, Any], runs: Sequence[Mapping[str, Any]]
) -> None:
    st.markdown(f"**To train its {how_many(len(runs), 'run')} again**")
    st.caption(setting["data"])
    commands = [*setting["commands"], *(run["command"] for run in runs), *claim["then"]]
    st.code("\n".join(commands), language="bash", wrap_lines=True)
    names = " ".join(f"runs/{run['id'].partition('/')[2]}" for run in runs)
    st.caption("To judge them again, in a checkout:")
    st.code(f"python benchmarks/claims.py {claim['paper']} {names}", language="bash", wrap_lines=True)


def _circumstances(setting: Mapping[str, Any], runs: Sequence[Mapping[str, Any]]) -> None:
    seconds = sum(run["train_s"] or 0 for run in runs)
    commits = dict.fromkeys(str(run["git_commit"])[:_SHORT] for run in runs)
    versions = "; ".join(
        ", ".join(f"{name} {number}" for name, number in one.items()) for one in setting["versions"]
    )
    st.caption(
        f"Trained in {seconds:,.0f} s altogether on {'; '.join(setting['hardware'])}, at commit "
        f"{', '.join(commits)}, with {versions}."
    )
    with st.expander("All settings that its runs share"):
        rows = [{"setting": name, "value": str(value)} for name, value in setting["settings"].items()]
        st.dataframe(pd.DataFrame(rows), hide_index=True)
