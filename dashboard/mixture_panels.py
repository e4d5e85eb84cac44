"""The panels of the page of mixtures: the picture, the table, and one mixture opened with its commands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

import pandas as pd
import streamlit as st

from dashboard import mixture_state, train_state
from dashboard.choices import forget_unless_offered
from dashboard.download import chart, offer_csv
from dashboard.panels import FIRST_METRICS
from dashboard.plain import plain
from dashboard.signs import with_signs
from workbench.analysis.bootstrap import RESAMPLES
from workbench.analysis.compared_runs import METRICS
from workbench.analysis.mixture_commands import Missing, missing_parents, mixture_request
from workbench.analysis.mixture_differences import NONE
from workbench.analysis.mixtures import LENDER, Mixture, Parent, family_of_term
from workbench.analysis.recorded_mixtures import recorded_mixtures
from workbench.figures.mixtures import mixture_figure
from workbench.forms.request import Request
from workbench.runs.store import BrokenRun, Run
from workbench.wording import how_many

SUGGESTED = ("sep_mldc.document_contrast", "sep_mldc.label_contrast", "protomix.prototype")
"""Terms that most methods can take: they ask for document vectors and label embeddings alone."""

_MOST_AT_FIRST = 4
_COUNTED = "tfidf"
_NUMBER: Any = st.column_config.NumberColumn
_COLUMNS: dict[str, Any] = {
    "mixture": st.column_config.TextColumn(width=166),
    "parent": st.column_config.TextColumn(width=92),
    "corpus": st.column_config.TextColumn(width=64),
    "metric": st.column_config.TextColumn(width=76),
    "verdict": st.column_config.TextColumn(width=132),
    "n": _NUMBER("seeds", help="Seeds that the mixture and its parent share."),
    "over": st.column_config.TextColumn("interval over"),
    "value": _NUMBER("mixture", format="%.4f"),
    "reference": _NUMBER("parent", format="%.4f"),
    "floor": _NUMBER("floor", format="%.4f", help="What binary relevance reaches on the same documents."),
    "difference": _NUMBER("difference", width=72),
    "low": _NUMBER("95 % from", width=70),
    "high": _NUMBER("to", width=66),
    "p": _NUMBER("p", format="%.3f"),
    "p_holm": _NUMBER(
        "p (Holm)",
        width=66,
        format="%.3f",
        help="Corrected over the rows shown whose interval is over seeds.",
    ),
}
_SHOWN = (
    *("mixture", "parent", "corpus", "metric", "difference", "low", "high", "verdict", "p_holm"),
    *("p", "n", "over", "value", "reference", "floor", "role", "encoder"),
)
_WHAT = (
    "A *mixture* is a method with a term of another paper in its loss. Its parents are the method without "
    "that term, and the method that lent it."
)


def choose(found: Sequence[Mixture]) -> tuple[list[Mixture], list[str]]:
    """The mixtures and metrics that are drawn."""
    left, right = st.columns([3, 2])
    names = list(dict.fromkeys(mixture.name for mixture in found))
    with left:
        chosen = st.multiselect(
            "Mixtures", names, default=names[:_MOST_AT_FIRST], key="mixture", bind="query-params"
        )
    with right:
        metrics = st.multiselect(
            "Metrics (test documents)",
            METRICS,
            default=[name for name in METRICS if name in FIRST_METRICS],
            key="metrics",
            bind="query-params",
        )
    return [mixture for mixture in found if mixture.name in chosen], metrics


def compared(found: Sequence[Mixture], metrics: Sequence[str], runs: Sequence[Run]) -> list[BrokenRun]:
    """The picture, what to look for, and the table; the mixtures that cannot be compared are given back.

    `runs` have the floors of their splits.
    """
    table, broken = mixture_state.differences(found, metrics)
    table = table.assign(floor=mixture_state.floors(table, runs))
    _picture(table, metrics)
    if len(table):
        _rows(table)
    return broken


def _picture(table: pd.DataFrame, metrics: Sequence[str]) -> None:
    chart(mixture_figure(table, metrics), "mixtures")
    st.caption(
        "Right of the line the mixture is ahead of a parent. Look for full marks there against **both** "
        "kinds of parent: only then did mixing give what neither had; hollow marks show no difference. Thick "
        "bars are 95 % intervals over seeds. Thin ones have one seed and are over test documents alone "
        f"({RESAMPLES:,} draws): another seed may say otherwise."
    )


def _rows(table: pd.DataFrame) -> None:
    shown = [name for name in _SHOWN if name in table]
    st.dataframe(with_signs(table[shown]), hide_index=True, placeholder="–", column_config=_COLUMNS)
    clear = int((table["verdict"] != NONE).sum())
    st.caption(
        f"{clear} of {how_many(len(table), 'interval')} keep clear of zero; where nothing differs, about one "
        "in twenty does by chance. Verdicts are not corrected for that; *p (Holm)*, over seeds, is."
    )
    offer_csv({"mixtures": table})


def opened(found: Sequence[Mixture]) -> None:
    """One mixture: what it was compared with, how to make it again, and the parents that it lacks."""
    titles = {_title(mixture): mixture for mixture in found}
    if not titles:
        return
    st.subheader("One mixture and its parents", anchor=False)
    forget_unless_offered("opened", titles)
    title = st.selectbox("Mixture", list(titles), key="opened", bind="query-params")
    mixture = titles[title]
    st.dataframe(
        pd.DataFrame([_parent_row(mixture, parent) for parent in mixture.parents]),
        hide_index=True,
        placeholder="–",
    )
    st.caption(
        "The method alone was trained on the same documents, with the same encoder and settings. A lender "
        "shares documents, encoder and training; it has its own settings, and asks its own of the encoder."
    )
    _commands(mixture)


def _title(mixture: Mixture) -> str:
    known = mixture.example.manifest
    return f"{mixture.name} · {(known.get('corpus') or {}).get('name', '?')} · {known.get('encoder', '?')}"


def _parent_row(mixture: Mixture, parent: Parent) -> dict[str, str]:
    return {
        "parent": parent.name,
        "what it is": parent.role,
        "seeds in common": ", ".join(map(str, mixture.seeds_with(parent))) or "none",
        "its runs": ", ".join(run.name for run in parent.runs.values()),
        "what differs": "; ".join(parent.differs) or parent.near,
    }


def _commands(mixture: Mixture) -> None:
    seeds = tuple(mixture.runs)
    st.markdown("**To make it again**, or with further seeds:")
    _command(mixture_request(mixture.example, seeds=seeds), mixture.example)
    for missing in missing_parents(mixture):
        st.markdown(f"**{plain(missing.parent.name)}** lacks {_said(missing.seeds)}:{_remark(missing)}")
        _command(missing.request, mixture.example)


def _said(seeds: Sequence[int]) -> str:
    return f"{'seed' if len(seeds) == 1 else 'seeds'} {', '.join(map(str, seeds))}"


def _remark(missing: Missing) -> str:
    """No run tells which variant of a paper trains a term."""
    if missing.parent.role == LENDER and not (missing.parent.runs or missing.parent.near):
        return " this method, or a variant of it that has the term in its own loss"
    return ""


def _command(request: Request, run: Run) -> None:
    st.code(request.command(), language="bash", wrap_lines=True)
    if request.corpus not in train_state.corpora():
        st.caption(f"The corpus {plain(request.corpus)} is not in this workspace: import it before.")
        return
    address, elsewhere = train_address(request, run)
    st.link_button(
        "In the form of the page Train", address, icon=":material/model_training:", type="tertiary"
    )
    if elsewhere:
        st.caption(f"To be set there by hand: {plain(', '.join(elsewhere))}")


def train_address(request: Request, run: Run) -> tuple[str, list[str]]:
    """The page Train with this training in its form; and what is set of the encoder, which the form lacks."""
    choices = [("method", request.method), ("corpus", request.corpus), ("encoder", request.encoder)]
    choices += [("frozen", "true")] if request.frozen else []
    choices += [("seeds", ", ".join(map(str, request.seeds)))]
    choices += [("add", term) for term in request.added]
    config = run.manifest.get("config") or {}
    sections = {"training": "training", "method": str(run.manifest.get("family", request.method))}
    elsewhere = []
    for text in request.assignments:
        key, _, value = text.partition("=")
        name = key.rpartition(".")[2]
        place = next((shown for one, shown in sections.items() if name in (config.get(one) or {})), None)
        if place:
            choices.append((f"{place}.{name}", value))
        else:
            elsewhere.append(text)
    return f"train?{urlencode(choices)}", elsewhere


def none_yet(runs: Sequence[Run]) -> None:
    """What a mixture is, how one is made of a run that is here, and what was measured elsewhere."""
    st.info(f"No mixture among these runs yet. {_WHAT}", icon=":material/blender:")
    host = next((run for run in runs if run.manifest.get("encoder") != _COUNTED), None)
    if host is not None:
        family = host.manifest.get("family", host.manifest.get("method"))
        terms = [term for term in SUGGESTED if family_of_term(term) != family]
        st.markdown(f"`{host.name}` is a parent already. With a term of another paper:")
        for term in terms[:2]:
            _command(mixture_request(host, [term]), host)
    st.caption("`workbench methods` lists all terms that `--add` takes.")
    _recorded()


def _recorded() -> None:
    st.subheader("Measured before", anchor=False)
    table = recorded_mixtures()
    metrics = [name for name in METRICS if name in FIRST_METRICS]
    _picture(table, metrics)
    st.caption(
        "These are not runs of this workspace: results/README.md says how they were made, and how to make "
        "them again."
    )
    _rows(table[table["metric"].isin(metrics)])
