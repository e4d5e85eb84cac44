"""What the reader chooses on the page of tail features, and the work that a choice may need first."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard import first_choice, map_jobs, tail_feature_state
from dashboard.tail_feature_state import FeatureMaps
from workbench.analysis.label_order import label_names
from workbench.runs.store import Run

AT_MOST_RUNS, AT_MOST_LABELS = 4, 8


def with_generated_first(runs: Sequence[Run]) -> list[Run]:
    """One run of each method that generates features, two at most; else one of each that has features."""
    generating = [run for run in runs if "augmented_features" in run.array_names]
    return first_choice.one_of_each(generating or runs)[:2]


def choose_labels(runs: Sequence[Run]) -> list[str]:
    """The codes of the labels that the reader picks, beginning with a head label and two tail labels."""
    first = runs[0]
    names = label_names(first.labels, first.label_texts)
    tail, counts = tail_feature_state.is_tail(first), first.train_counts
    shared = set.intersection(*(set(run.labels) for run in runs))
    known = sorted(tail_feature_state.known_labels(first).tolist(), key=lambda label: -counts[label])
    titles = {
        first.labels[label]: f"{names[label]} ({counts[label]:,}, {'tail' if tail[label] else 'head'})"
        for label in known
        if first.labels[label] in shared
    }
    at_first = [code for code in tail_feature_state.labels_at_first(first) if code in titles]
    chosen: list[str] = st.multiselect(
        "Labels (training documents; tail: what this run treats as rare)",
        list(titles),
        default=at_first,
        format_func=titles.__getitem__,
        key="features_of",
        bind="query-params",
        max_selections=AT_MOST_LABELS,
    )
    if not any(tail[first.labels.index(code)] for code in at_first):
        st.caption(_why_no_tail(first))
    return chosen


def _why_no_tail(run: Run) -> str:
    """Why no tail label is among the first ones."""
    if not tail_feature_state.is_tail(run).any():
        return f"{run.name} was trained without tail labels: no label has few enough training documents."
    return (
        f"No tail label is chosen at first: {run.name} has no test document with one, and so no real "
        "features that training never saw. You can choose one for its other features."
    )


def until_ready(asked: FeatureMaps, codes: Sequence[str]) -> FeatureMaps:
    """What can be drawn now; offers to compute what is missing."""
    runs = list(asked.runs.values())
    options = [word for code in codes for word in ("--feature-label", code)]
    return map_jobs.until_ready(
        asked, lambda how: tail_feature_state.maps(runs, codes, how), tuple(codes), options
    )
