"""Spectra of label embeddings on shared axes: for their own page and for that of comparison."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard import state
from dashboard.download import chart, offer_csv
from workbench.analysis.spectrum import rank_table, spectrum_table
from workbench.figures.spectrum import spectrum_figure
from workbench.runs.store import BrokenRun, Run

_EFFECTIVE = "exp of the entropy of the singular values divided by their sum (Roy & Vetterli 2007)"


def spectra(chosen: Sequence[Run]) -> list[BrokenRun]:
    """Energies, singular values and ranks of these runs; returns those where they cannot be had."""
    scale = st.segmented_control(
        "Scale", ["normalised", "raw"], default="normalised", key="scale", bind="query-params", required=True
    )
    values, damaged = state.spectra(chosen)
    methods = {run.name: str(run.manifest.get("method", "?")) for run in chosen}
    table, ranks = spectrum_table(values), rank_table(values)
    chart(spectrum_figure(table, methods, normalised=scale == "normalised"), "spectra")
    st.caption(
        "Look for curves that rise slowly: the slower, the more diverse the label embeddings. A few large "
        "singular values mean that most labels lie along a few shared directions."
    )
    st.dataframe(
        ranks,
        hide_index=True,
        column_config={
            "full_rank": st.column_config.NumberColumn("singular values"),
            "effective_rank": st.column_config.NumberColumn("effective rank", format="%.1f", help=_EFFECTIVE),
            "effective_rank_share": st.column_config.ProgressColumn(
                "of all", format="percent", min_value=0, max_value=1
            ),
            "rank_90": st.column_config.NumberColumn("for 90 % of the energy"),
            "largest_singular_value": st.column_config.NumberColumn("largest", format="%.3g"),
        },
    )
    offer_csv({"spectra": table, "ranks": ranks})
    return damaged
