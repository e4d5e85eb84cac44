"""The panels of the page of tail labels: computed by workbench.analysis, drawn by workbench.figures."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard import cards, tail_label_state
from dashboard.download import chart, offer_csv
from dashboard.plain import plain_sentences
from workbench.analysis.comparison import run_table
from workbench.analysis.floor import FLOOR
from workbench.analysis.frequency_bins import METRICS, bins_over_seeds, imbalance
from workbench.errors import WorkbenchError
from workbench.figures.frequency_bins import augmentation_figure, bin_figure
from workbench.runs.store import Run

_MEANINGS = {
    "macro_P": "macro P@k: of the documents whose first k labels hold a label, the share where it is right; "
    "the mean over the bin's labels.",
    "P": "P@k: the same share over all labels of the bin together: frequent predictions weigh more.",
    "PSP": "PSP@k: hits weighted by how rare their label is, over those of a perfect ranking of the bin.",
    "R": "R@k: the share of the bin's gold labels that are among their document's first k.",
}
_TAIL_METRICS = ["P@5", "PSP@1", "PSP@3", "PSP@5", "macro_P@5", "macro_F1"]


def bins(runs: Sequence[Run]) -> None:
    """A metric over bins of labels from frequent to rare."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        metric = st.segmented_control(
            "Metric", METRICS, default=METRICS[0], key="metric", bind="query-params", required=True
        )
        k = st.segmented_control("k", [1, 3, 5], default=5, key="k", bind="query-params", required=True)
        number = st.slider("Bins", 2, 20, 10, key="bins", bind="query-params", width=240)
    table = tail_label_state.bins(runs, number, k, metric)
    over = bins_over_seeds(table)
    chart(bin_figure(over, f"{metric}@{k}", FLOOR), "frequency-bins")
    st.caption(
        f"{_MEANINGS[metric]} Look to the right: there a label has few documents to learn from, and lines of "
        "methods that help rare labels part from the others. A bin of rare labels holds few test documents, "
        "so that one of them more or less moves it: compare several seeds."
    )
    cards.floor(runs)
    offer_csv({"bins": table, "bins-over-seeds": over})


def on_the_tail(runs: Sequence[Run]) -> None:
    """Precision beside what rewards rare labels, one row a run."""
    st.subheader("All labels, rare ones weighing more", anchor=False)
    table = run_table(runs, "test")
    columns = [name for name in _TAIL_METRICS if name in table]
    st.dataframe(
        table[["run", "setting", "seed", *columns]],
        hide_index=True,
        column_config={name: st.column_config.NumberColumn(format="%.4f") for name in columns},
    )
    offer_csv({"tail-metrics": table})


def augmentation(run: Run) -> None:
    """What two ways of augmenting do to the number of positive pairs that labels have."""
    st.subheader("What augmenting tail labels does to the distribution", anchor=False)
    config = (run.manifest.get("config") or {}).get("method") or {}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        threshold = st.number_input(
            "Tail: fewer training documents than (2 or more)",
            2,
            None,
            int(config.get("head_threshold") or 50),
            key="threshold",
            bind="query-params",
            width=300,
        )
        times = st.number_input(
            "Added for each (1 or more)",
            1,
            None,
            int(config.get("augment_times") or 10),
            key="times",
            bind="query-params",
            width=200,
        )
    try:
        table = tail_label_state.augmented(run, threshold, times)
    except WorkbenchError as error:
        st.warning(
            f"The training documents cannot be counted: {plain_sentences(error)}",
            icon=":material/broken_image:",
        )
        return
    chart(augmentation_figure(table), "augmentation")
    gini = {way: imbalance(table[way]) for way in ("original", "sample_level", "pair_level")}
    meaning = (
        "At this threshold all labels are tail labels: both ways feed every one."
        if table["is_tail"].all()
        else "Repeating whole documents of rare labels (orange) also feeds the frequent labels that come "
        "with them; adding features of the rare label alone (green) does not."
    )
    st.caption(
        f"{meaning} Gini coefficient, 0 when all labels have as many: "
        f"{gini['original']:.2f} as it is, {gini['sample_level']:.2f} with documents repeated, "
        f"{gini['pair_level']:.2f} with features added."
    )
    offer_csv({"augmentation": table})
