"""The pieces of the overview: counts, corpora, first commands, methods, and runs that cannot be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import streamlit as st

from dashboard.plain import plain, plain_sentences
from workbench.analysis.floor import floor_commands
from workbench.data.cards import BUILT_IN, list_corpora
from workbench.runs.store import BrokenRun, Run
from workbench.wording import how_many

PAPERS = {
    "protomix": (
        "ProtoMix",
        "Pulls each document to the blend of its labels' embeddings; mixes documents and blends.",
    ),
    "sep-mldc": (
        "SEP-MLDC",
        "Labels are read with a description each; labels and documents are contrasted by how alike they are, "
        "and labels stand beside the document that is classified.",
    ),
    "lsfa": (
        "LSFA",
        "Each label reads documents for itself; rare labels get generated features.",
    ),
    "cl-mil": (
        "CL-MIL",
        "Rare labels' documents are pushed apart first; then single words and the whole text are related to "
        "labels, and labels to each other.",
    ),
    "laco": (
        "LACO",
        "Documents and labels are read in one sequence; further tasks ask which labels occur together.",
    ),
}
"""Family -> its name and the summary of its card; written out, as the overview does not wait for cards."""
COMMANDS = {
    "Train on the built-in corpus": "workbench demo",
    "Train a method": "workbench train protomix --corpus demo --encoder cnn --seed 1",
    "Bring your own data": "workbench data import PATH --name NAME",
    "Look at runs in the terminal": "workbench runs list",
}
_BADGES = 6
# Plain HTML: streamlit's own box of a number brings a plotting library along, and the page would wait for it.
_STYLE = """<style>
.counts {display: flex; flex-wrap: wrap; gap: 1rem}
.counts div {flex: 1 1 8rem; padding: .8rem 1rem; border: 1px solid #8884; border-radius: .5rem;
  font-size: .875rem}
.counts b {display: block; font-size: 2rem; font-weight: 400; line-height: 1.4}
</style>"""


def nothing_yet() -> None:
    """Say what to do in a workspace without finished runs."""
    st.info(
        "**No runs yet.** Train one on the built-in corpus, then come back to this page:",
        icon=":material/flag:",
    )
    st.code("workbench demo", language="bash")


def counts(runs: Sequence[Run], broken: Sequence[BrokenRun]) -> None:
    """How many runs there are in each state, and which is the newest."""
    by_status = {status: sum(run.status == status for run in runs) for status in ("done", "running")}
    ended = len(runs) - sum(by_status.values())
    if not (runs or broken):
        return
    numbers = {
        "Finished runs": by_status["done"],
        "In training": by_status["running"],
        "Stopped or failed": ended,
        "Broken": len(broken),
        "Methods": len({run.manifest.get("method") for run in runs}),
    }
    boxes = (f"<div>{name}<b>{number:,}</b></div>" for name, number in numbers.items())
    st.html(f'{_STYLE}<div class="counts">{"".join(boxes)}</div>')
    if runs:
        newest = runs[0]
        st.caption(f"Newest: **{newest.name}** ({newest.status}), begun {_when(newest.begun)}")


def corpora() -> None:
    """A card for each corpus of the workspace, the built-in one always among them."""
    st.subheader("Corpora", anchor=False)
    entries = list_corpora()
    for entry in entries:
        with st.container(border=True):
            st.markdown(f"**{plain(entry.name)}**")
            problem = f":red[Broken:] {plain_sentences(entry.problem)}"
            st.caption(_about(entry.card) if entry.card is not None else problem)
    if BUILT_IN not in {entry.name for entry in entries}:
        with st.container(border=True):
            st.markdown(f"**{BUILT_IN}** (built in)")
            st.caption("Abstracts with planted label pairs, generated when first used.")


def how_to_start() -> None:
    """The first commands; not in boxes of code, for whose script the first picture would wait."""
    st.subheader("How to start", anchor=False)
    st.markdown("\n\n".join(f"{meaning}  \n`{command}`" for meaning, command in COMMANDS.items()))


def methods(runs: Sequence[Run]) -> None:
    """What each of the papers proposes, and which of its methods have runs; then the others that have."""
    st.subheader("Methods", anchor=False)
    trained: dict[str, set[str]] = {}
    for run in runs:
        family, method = (str(run.manifest.get(key, "?")) for key in ("family", "method"))
        trained.setdefault(family, set()).add(method)
    told = [
        f"**{name}** {_with_runs(trained.pop(family, set()))}  \n{summary}"
        for family, (name, summary) in PAPERS.items()
    ]
    others = set[str]().union(*trained.values())
    told.append(
        f"**Baselines and others** {_with_runs(others)}  \nWhat the papers compare with is on **Family**."
    )
    st.markdown("\n\n".join(told))


def _with_runs(methods: set[str]) -> str:
    """A badge for each of the first methods, by name."""
    more = f" and {len(methods) - _BADGES:,} more" if len(methods) > _BADGES else ""
    return " ".join(f":green-badge[{plain(method)}]" for method in sorted(methods)[:_BADGES]) + more


def floor(runs: Sequence[Run]) -> None:
    """What the dashed line is, or how to get one, for a picture of these runs."""
    lacking = floor_commands(runs)
    for command in lacking:
        st.caption(f"No floor yet: `{command}` solves linear models, in seconds.")
    if not lacking:
        st.caption(
            "The dashed line is binary relevance with its default settings, linear models that take seconds: "
            "the floor."
        )


def left_out(found: Sequence[Run], drawn: Sequence[Run], what: str) -> None:
    """Name the finished runs of the splits that are drawn that lack what a page draws, and why they do."""
    splits = {run.split_id for run in drawn} or {run.split_id for run in found}
    lacking = [run for run in found if run.status == "done" and run not in drawn and run.split_id in splits]
    if not lacking:
        return
    names = ", ".join(run.name for run in lacking[:5])
    more = f" and {len(lacking) - 5} more" if len(lacking) > 5 else ""
    told = [f"Without {what}, and so not offered here: {names}{more}."]
    bags = [run for run in lacking if run.manifest.get("encoder") == "tfidf"]
    if bags:
        told.append("Methods on TF-IDF have none.")
    if len(bags) < len(lacking):
        told.append(
            "Where a method has them, they are written when training is done: train an older run again with "
            "`workbench train`."
        )
    st.caption(" ".join(told))


def broken_runs(broken: Sequence[BrokenRun]) -> None:
    """Runs that cannot be read, each with its reason, in one box."""
    if broken:
        many = how_many(len(broken), "run")
        reasons = "\n".join(f"- **{plain(run.name)}**: {plain_sentences(run.reason)}" for run in broken)
        st.warning(f"{many} cannot be shown.\n\n{reasons}", icon=":material/broken_image:")


def _when(moment: str) -> str:
    try:
        return datetime.fromisoformat(moment).strftime("%d %B %Y, %H:%M %Z").strip()
    except ValueError:
        return moment or "at an unknown time"


def _about(card: Mapping[str, Any]) -> str:
    counts, title = card["counts"], card["about"].get("title", "")
    sizes = " + ".join(f"{counts[part]:,} {part}" for part in ("train", "valid", "test"))
    labels = how_many(len(card["labels"]), "label")
    return f"{plain(title)}  \n{sizes} documents, {labels} · {plain(card['split_id'])}"
