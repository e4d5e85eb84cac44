"""The views of the Runs page: computed by workbench.analysis, drawn by workbench.figures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd
import streamlit as st

from dashboard import cards, choices, first_choice, state
from dashboard.download import chart, offer_csv
from workbench.analysis.comparison import metric_names, metric_table, over_seeds, run_table
from workbench.analysis.floor import FLOOR, floor_setting
from workbench.analysis.groups import group_metrics, group_table, groups_over_seeds
from workbench.analysis.records import setting_details
from workbench.errors import WorkbenchError
from workbench.figures.comparison import comparison_figure
from workbench.figures.curves import AXES, curve_figure
from workbench.figures.groups import group_figure
from workbench.metrics.thresholds import DEFAULT_THRESHOLD
from workbench.runs.store import Run

FIRST_METRICS = ("nDCG@5", "P@1", "macro_F1")


def comparison(runs: Sequence[Run]) -> None:
    """Each setting's mean and spread as a dot plot, and every run as a row of a sortable table."""
    table = run_table(runs)
    names = [name for name in metric_names(table) if table[name].notna().any()]
    if not names:
        st.info("No run of this choice is finished: its **learning curves** are there already.")
        return
    metrics = st.multiselect(
        "Metrics (test documents)",
        names,
        default=[name for name in FIRST_METRICS if name in names] or names[:3],
        key="metrics",
        bind="query-params",
    )
    if metrics:
        _dot_plot(runs, table, metrics)
    else:
        st.caption("Choose a metric to look at.")
    _run_rows(table, names)
    offer_csv({"runs": table, "means": over_seeds(table, names)})


def _dot_plot(runs: Sequence[Run], table: pd.DataFrame, metrics: Sequence[str]) -> None:
    means, points = over_seeds(table, metrics), metric_table(table, metrics)
    floor = floor_setting(runs, dict(zip(table["run"], table["setting"], strict=True)))
    chart(comparison_figure(means, points, metrics, floor, setting_details(runs)), "comparison")
    st.caption(
        "Look for gaps wider than the bars: large marks are means over seeds, bars one standard deviation, "
        "small dots single runs; numbers at the right are the first metric's. All were tested on the same "
        "documents."
    )
    cards.floor(runs)


def _run_rows(table: pd.DataFrame, metrics: Sequence[str]) -> None:
    about = ["run", "status", "method", "encoder", "settings", "seed"]
    numbers = {name: st.column_config.NumberColumn(format="%.4f", help=meaning(name)) for name in metrics}
    st.dataframe(
        table[[*about, *metrics, "train_s", "peak_memory_mb"]],
        hide_index=True,
        placeholder="–",
        column_config=numbers
        | {
            "run": st.column_config.TextColumn(pinned=True),
            "train_s": st.column_config.NumberColumn("training (s)", format="%.0f"),
            "peak_memory_mb": st.column_config.NumberColumn("peak memory (MB)", format="%.0f"),
        },
    )


def meaning(metric: str) -> str | None:
    """What a metric is, for the heading's tooltip; nothing for one that is not in the catalogue."""
    from workbench.metrics import describe  # brings scipy, which the overview does not wait for

    try:
        return describe(metric)
    except WorkbenchError:
        return None


def curves(runs: Sequence[Run]) -> None:
    """Every loss term and metric over training, one panel each."""
    readable, broken = state.sound(runs, "history")
    if chosen := choices.choose_runs(readable, first_choice.in_training_first):
        draw_curves(chosen)
    cards.broken_runs(broken)


def draw_curves(chosen: Sequence[Run]) -> None:
    """The curves of these runs, whose histories can be read."""
    table = state.curves(chosen)
    terms = list(table.sort_values("kind", kind="stable")["term"].unique())
    left, right = st.columns([3, 2])
    shown = left.multiselect(
        "Panels",
        terms,
        default=_first_terms(table),
        key="terms",
        bind="query-params",
        wrap=True,
    )
    over = right.segmented_control(
        "Over",
        list(AXES),
        format_func=AXES.__getitem__,
        default="step",
        key="over",
        bind="query-params",
        required=True,
    )
    if terms and not shown:
        st.caption("Choose a panel to look at.")
        return
    methods = {run.name: str(run.manifest.get("method", "?")) for run in chosen}
    chart(curve_figure(table, methods, shown, over=over), "curves")
    st.caption(
        "Solid lines are training, dotted ones validation. Look for the term that still falls when the "
        "validation metric has stopped rising: it is what the model goes on fitting."
    )
    about_f1(shown)
    offer_csv({"curves": table})


def about_f1(terms: Iterable[str]) -> None:
    """Say what F1 is in learning curves, where it is among their terms: not yet what it is in the end."""
    if any(term.endswith("F1") for term in terms):
        st.caption(
            f"F1 takes scores of {DEFAULT_THRESHOLD} and more for predictions while a run is trained. The "
            "threshold of its F1 on test documents is chosen afterwards, so that the two differ."
        )


def _first_terms(table: pd.DataFrame) -> list[str]:
    """Loss terms of which some run has a curve, and the metrics most asked for (or else the first two)."""
    losses, metrics = (list(table.loc[table["kind"] == kind, "term"].unique()) for kind in ("loss", "metric"))
    longest = table.groupby(["term", "run", "phase"]).size().groupby("term").max()
    losses = [term for term in losses if longest[term] > 1] or losses
    return losses + ([name for name in FIRST_METRICS if name in metrics] or metrics[:2])


def groups(runs: Sequence[Run]) -> None:
    """A metric for frequent, middling and rare labels apart."""
    offered = group_metrics(runs)
    if not offered:
        st.info("No run of this choice has metrics by label group yet: they come when training is done.")
        return
    first = "macro_F1" if "macro_F1" in offered else offered[0]
    metric = st.selectbox("Metric", offered, offered.index(first), key="group_metric", bind="query-params")
    table = group_table(runs, metric)
    chart(group_figure(groups_over_seeds(table), metric, FLOOR), "groups")
    st.caption(
        "Labels are grouped by how often training shows them. Lines that fall steeply serve frequent labels "
        "at the cost of rare ones; a method for rare labels should lift the right end."
    )
    offer_csv({"groups": table})
