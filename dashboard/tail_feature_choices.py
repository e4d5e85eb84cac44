"""What the reader chooses on the page of tail features, and the work that a choice may need first."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard import first_choice, jobs, tail_feature_state
from dashboard.documents_choices import NAMES
from dashboard.documents_state import How
from dashboard.tail_feature_state import FeatureMaps
from workbench.analysis.label_order import label_names
from workbench.runs.store import Run
from workbench.wording import how_many
from workbench.workspace import Workspace

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
        "Labels (training documents, head or tail)",
        list(titles),
        default=at_first,
        format_func=titles.__getitem__,
        key="labels",
        bind="query-params",
        max_selections=AT_MOST_LABELS,
    )
    return chosen


def until_ready(asked: FeatureMaps, codes: Sequence[str]) -> FeatureMaps:
    """What can be drawn now; offers to compute what is missing, and says how far that is."""
    if not asked.missing:
        return asked
    key = ("features", str(Workspace.current().root), asked.how, tuple(codes))
    jobs.show(key)
    with st.container(horizontal=True, vertical_alignment="center"):
        if not jobs.is_running(key):
            st.button(
                _title("Compute", asked),
                key="compute",
                type="primary",
                icon=":material/scatter_plot:",
                on_click=_compute,
                args=(key, asked, codes),
                help=f"{', '.join(run.name for run in asked.missing)}. It is kept on disk: once is enough.",
            )
        if not asked.points:
            st.caption(f"Until {NAMES[asked.how.method]} is ready, this is PCA.")
    if asked.points:
        return asked
    scaled = tuple((name, value) for name, value in asked.how.settings if name == "unit_length")
    return tail_feature_state.maps(list(asked.runs.values()), codes, How("pca", scaled))


def _compute(key: tuple[object, ...], asked: FeatureMaps, codes: Sequence[str]) -> None:
    options = ["--method", asked.how.method]
    for name, value in asked.how.settings:
        flag = "--" + name.replace("_", "-")
        options += [flag] if value is True else [flag, str(value)]
    for code in codes:
        options += ["--feature-label", code]
    runs = [str(run.path) for run in asked.missing]
    jobs.start_workbench(key, _title("Computing", asked), ["project", *options, *runs])


def _title(verb: str, asked: FeatureMaps) -> str:
    runs = len(asked.missing)
    return f"{verb} {NAMES[asked.how.method]} of {how_many(runs, 'run')}"
