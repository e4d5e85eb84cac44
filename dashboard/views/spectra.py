"""How diverse are the label embeddings that each method learns?"""

from __future__ import annotations

import streamlit as st

from dashboard import cards, choices, first_choice, state
from dashboard.download import chart, offer_csv
from workbench.analysis.spectrum import rank_table, spectrum_table
from workbench.figures.spectrum import spectrum_figure

EFFECTIVE = "exp of the entropy of the singular values divided by their sum (Roy & Vetterli 2007)"

st.title("Spectra of label embeddings", anchor=False)
found, broken = state.all_runs()
runs = [run for run in found if state.EMBEDDINGS in run.array_names]

if not found:
    cards.nothing_yet()
elif not runs:
    st.info(
        "No run has label embeddings yet: they are written when training is done.", icon=":material/flag:"
    )
else:
    chosen = choices.choose_runs(choices.choose_split(runs), first_choice.one_of_each)
    scale = st.segmented_control(
        "Scale", ["normalised", "raw"], default="normalised", key="scale", bind="query-params", required=True
    )
    values, damaged = state.spectra(chosen)
    broken += damaged
    methods = {run.name: str(run.manifest.get("method", "?")) for run in chosen}
    table, ranks = spectrum_table(values), rank_table(values)
    chart(spectrum_figure(table, methods, normalised=scale == "normalised"), "spectra")
    st.caption(
        "The slower the energy rises, the more diverse the label embeddings. A few large singular values "
        "mean that most labels lie along a few shared directions."
    )
    st.dataframe(
        ranks,
        hide_index=True,
        column_config={
            "full_rank": st.column_config.NumberColumn("singular values"),
            "effective_rank": st.column_config.NumberColumn("effective rank", format="%.1f", help=EFFECTIVE),
            "effective_rank_share": st.column_config.ProgressColumn(
                "of all", format="percent", min_value=0, max_value=1
            ),
            "rank_90": st.column_config.NumberColumn("for 90 % of the energy"),
            "largest_singular_value": st.column_config.NumberColumn("largest", format="%.3g"),
        },
    )
    offer_csv({"spectra": table, "ranks": ranks})

cards.left_out(found, runs, "label embeddings")
cards.broken_runs(broken)
