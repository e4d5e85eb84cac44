"""Metrics and labels of chosen runs side by side, differences tested, for the page of comparison."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import choices, compare_choices, compare_state
from dashboard.download import chart, offer_csv
from dashboard.link import link_to
from dashboard.meanwhile import are_done
from dashboard.panels import meaning
from dashboard.signs import with_signs
from workbench.analysis.bootstrap import RESAMPLES
from workbench.analysis.comparison import metric_names, run_table
from workbench.analysis.floor import with_floors
from workbench.analysis.label_differences import most_changed
from workbench.analysis.mixture_settings import borrowed_terms
from workbench.errors import WorkbenchError
from workbench.figures.differences import difference_figure
from workbench.figures.label_scatter import label_scatter
from workbench.metrics import higher_is_better
from workbench.runs.store import Run
from workbench.wording import how_many

_NUMBER: Any = st.column_config.NumberColumn
_P = "How likely a difference as large would be by chance alone; not corrected for the number of metrics."
_DIFFERENCES: dict[str, Any] = {
    "reference": _NUMBER("A", format="%.4f"),
    "value": _NUMBER("B", format="%.4f"),
    "difference": _NUMBER("B − A"),
    "low": _NUMBER("95 % from"),
    "high": _NUMBER("to"),
    "p": _NUMBER("p", format="%.3f", help=_P),
    "n": _NUMBER("seeds", help="Seeds that both settings have."),
}
_LABELS: dict[str, Any] = {
    "text": "label",
    "train_count": _NUMBER("in training", help="Training documents with this label."),
    "test_count": _NUMBER("in test", help="Test documents with this label."),
    "a": _NUMBER("A", format="%.3f"),
    "b": _NUMBER("B", format="%.3f"),
    "difference": _NUMBER("B − A"),
    "only_a": _NUMBER("only A right", help="Documents about which A alone is right."),
    "only_b": _NUMBER("only B right", help="Documents about which B alone is right."),
    "p_holm": _NUMBER(
        "p (Holm)",
        format="%.3f",
        help="McNemar's exact test of these two counts, corrected by Holm over all labels that the runs "
        "decide differently.",
    ),
}


def table(runs: Sequence[Run], offered: Sequence[Run]) -> None:
    """Every chosen run's metrics, the best of each marked; then B against A with intervals and tests."""
    rows = run_table(with_floors(runs, offered))
    measured = [name for name in metric_names(rows) if rows[name].notna().any()]
    metrics = compare_choices.choose_metrics(measured)
    st.dataframe(
        _marked(rows[["run", *metrics, "encoder", "settings", "seed"]], metrics),
        hide_index=True,
        placeholder="–",
        column_config={name: _NUMBER(help=meaning(name)) for name in metrics}
        | {"run": st.column_config.TextColumn(pinned=True)},
    )
    floor = " Binary relevance stands beside them as the floor." if len(rows) > len(runs) else ""
    st.caption(
        "★ marks the best run of each metric: whether it is better by more than chance stands below, for two "
        f"runs at a time. All were tested on the same documents.{floor}"
        if metrics
        else "Choose a metric to look at."
    )
    if any(borrowed_terms(run) for run in runs):
        st.caption(f"Some of them borrow a term: {link_to('mixtures', 'beside both of their parents')}.")
    offer_csv({"compared-runs": rows})
    pair = compare_choices.choose_pair(runs)
    if pair and metrics:
        _differences(*pair, offered, metrics)


def _marked(table: pd.DataFrame, metrics: Sequence[str]) -> Any:
    """The table with a star at the best of each metric, also where several are."""
    best = {name: table[name].max() if higher_is_better(name) else table[name].min() for name in metrics}
    formats: dict[Any, Any] = {name: partial(_starred, best=best[name]) for name in metrics}
    return table.style.format(formats, na_rep="–")


def _starred(value: float, best: float) -> str:
    return f"★ {value:.4f}" if value == best else f"{value:.4f}"


def _differences(a: Run, b: Run, offered: Sequence[Run], metrics: Sequence[str]) -> None:
    try:
        tested = compare_state.differences(a, b, metrics)
        if not are_done([tested], "Testing differences…"):
            return
        found = tested.result()
    except WorkbenchError as error:
        st.warning(str(error), icon=":material/broken_image:")
        return
    left, right = st.columns([2, 3], gap="medium", vertical_alignment="center")
    with left:
        chart(difference_figure(found, str(b.manifest.get("method", "?"))), "differences")
    with right:
        columns = ["metric", "reference", "value", "difference", "low", "high", "p"]
        st.dataframe(with_signs(found[columns]), hide_index=True, placeholder="–", column_config=_DIFFERENCES)
        st.caption(
            "Look for full marks, whose interval keeps clear of zero. It is that of a paired bootstrap over "
            f"test documents ({RESAMPLES:,} draws) and leaves out the seeds of training."
        )
    seeds = compare_state.seeds(a, b, offered, metrics)
    if seeds.empty:
        st.caption("Over seeds nothing is tested: the settings of A and B share fewer than two seeds.")
    else:
        st.caption(
            f"Over seeds: **{seeds['setting'].iloc[0]}** less **{seeds['against'].iloc[0]}**, means over the "
            "seeds that both have, with the interval and p of a paired t-test."
        )
        st.dataframe(
            with_signs(seeds[["metric", "n", "reference", "value", "difference", "low", "high", "p"]]),
            hide_index=True,
            placeholder="–",
            column_config=_DIFFERENCES,
        )
    offer_csv({"differences": found} | ({} if seeds.empty else {"differences-over-seeds": seeds}))


def labels(runs: Sequence[Run], offered: Sequence[Run]) -> None:
    """Each label's metric in B against A, and which gained and lost most."""
    pair = compare_choices.choose_pair(runs)
    if not pair:
        return
    metrics = compare_state.metrics_of_labels(pair[0])
    if not metrics:
        st.info(f"The metrics of {pair[0].name} tell of no single label: train it again.")
        return
    metric = choices.segments("Metric of each label", metrics, "label_metric")
    try:
        found = compare_state.labels(*pair, metric)
    except WorkbenchError as error:
        st.warning(str(error), icon=":material/broken_image:")
        return
    points = chart(
        label_scatter(found, (pair[0].name, pair[1].name), metric), "label-scatter", clickable=True
    )
    out = len(pair[0].labels) - len(found)
    unseen = f" Left out: {how_many(out, 'label')} of no test document." if out else ""
    st.caption(
        "A mark is a label, the larger the more training documents have it. Look whether small ones lie "
        f"above the dashed line, where B is better. Draw around marks to list their labels.{unseen}"
    )
    chosen = list(dict.fromkeys(int(point["customdata"][0]) for point in points if "customdata" in point))
    if chosen:
        st.subheader(f"{how_many(len(chosen), 'label')} chosen", anchor=False)
        picked = found.iloc[[place for place in chosen if place < len(found)]]
        _label_rows(picked)
        offer_csv({"chosen-labels": picked})
    for title, some in zip(("Gained most in B", "Lost most in B"), most_changed(found), strict=True):
        st.subheader(title, anchor=False)
        if some.empty:
            st.caption("No label did.")
        else:
            _label_rows(some)
    offer_csv({"labels-a-b": found})


def _label_rows(rows: pd.DataFrame) -> None:
    st.dataframe(
        with_signs(rows.drop(columns="label"), digits=3),
        hide_index=True,
        column_config=_LABELS,
        height=min(388, 38 + 35 * len(rows)),
    )
