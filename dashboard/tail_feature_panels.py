"""The panels of the page of tail features: computed by workbench.analysis, drawn by workbench.figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from dashboard import tail_feature_state
from dashboard.documents_panels import CAUTION
from dashboard.documents_table import chosen_numbers, documents_table
from dashboard.download import offer_csv
from dashboard.kept_points import chart_of_points, heading
from dashboard.meanwhile import are_done
from dashboard.tail_feature_state import FeatureMaps
from workbench.analysis.label_order import label_names
from workbench.analysis.tail_features import feature_table, label_indices
from workbench.figures.tail_features import tail_feature_figure
from workbench.runs.store import Run

_MAP = "tail-features"
LOOK_FOR = (
    "Each dot is one document seen for one label. Look whether generated features (rings) fall where those "
    "of test documents (diamonds) fall, which training never saw, or merely crowd around the prototype "
    "(star)."
)
_COLUMNS = (
    "Each row is a mean over **all tail labels** of the run that have features of each of these kinds and of "
    "test documents, not over the labels chosen above; the last column counts them. **Distance to own** is "
    "how far the features lie, in cosine distance, from held-out real ones of their own label, **to others** "
    "from those of all other labels. **Nearest is own** says how often the nearest held-out feature is of "
    "their label, **by chance** how often it would be if drawn at random, **spread** how much they vary. "
    "Good generated features come as near as real ones of training."
)
_NAMES = {"generated": "generated", "training": "real, training", "prototype": "prototype alone"}


def draw(found: FeatureMaps, codes: Sequence[str]) -> None:
    """The features of the chosen labels, a panel a run."""
    first = next(iter(found.runs.values()))
    names = label_names(first.labels, first.label_texts)
    labels = {index: names[index] for index in label_indices(first, codes)}
    texts = {
        name: tail_feature_state.texts(found.runs[name], features, codes)
        for name, features in found.features.items()
    }
    table = feature_table(found.features, found.points, texts, labels)
    figure = tail_feature_figure(table, found.how.method, shares=found.shares)
    points = chart_of_points(figure, _MAP, (tuple(found.runs), tuple(codes)))
    st.caption(f"{LOOK_FOR} {CAUTION[found.how.method]}")
    _chosen(list(found.runs.values()), points)


def _chosen(runs: Sequence[Run], points: Sequence[Mapping[str, Any]]) -> None:
    """The test documents whose features the reader has clicked or encircled, where there are any."""
    rows = chosen_numbers(points, min(len(run.scores) for run in runs))
    if rows:
        heading(len(rows), "test document", _MAP)
        documents_table(runs, rows, "chosen-documents")
    elif points:
        st.caption("These are no features of test documents: choose diamonds to list documents.")
    else:
        st.caption("Click a diamond, or draw around several with the lasso, to list their documents.")


def numbers(runs: Sequence[Run]) -> None:
    """How near features lie to held-out real ones: a mean over tail labels, and each label to take away."""
    measured = [tail_feature_state.label_closeness(run) for run in runs]
    if not are_done(measured, "Measuring how near features are to real ones that training never saw…"):
        return
    table = tail_feature_state.closeness(runs)
    if table.empty:
        st.caption("No tail label of these runs has features of test documents to compare with.")
        return
    st.subheader("How near are they to real features that training never saw?", anchor=False)
    st.markdown(_COLUMNS)
    number: Any = st.column_config.NumberColumn
    shares = ["nearest_own", "by_chance"]
    table[shares] = (
        100 * table[shares]
    )  # as many digits in each row: streamlit's own percent leaves zeros out
    distance = "Cosine distance: 0 is the same direction, 1 a right angle. Mean over tail labels."
    st.dataframe(
        table.replace({"kind": _NAMES})[
            ["run", "kind", "to_own", "to_others", "nearest_own", "by_chance", "spread", "labels"]
        ],
        hide_index=True,
        placeholder="–",
        column_config={
            "kind": "features",
            "to_own": number(
                "distance to own", format="%.3f", help=f"To held-out features of the same label. {distance}"
            ),
            "to_others": number(
                "to others", format="%.3f", help=f"To held-out features of other labels. {distance}"
            ),
            "nearest_own": number(
                "nearest is own",
                format="%.1f %%",
                help="How often the nearest feature of a test document, of any label, is one of their label.",
            ),
            "by_chance": number("by chance", format="%.1f %%", help="Were the nearest one drawn at random."),
            "spread": number(
                "spread", format="%.3f", help="Mean cosine distance from their own mean: how much they vary."
            ),
            "labels": number("tail labels", help="Those with a test document, and features of each kind."),
        },
    )
    offer_csv({f"closeness-{run.name}": one.result for run, one in zip(runs, measured, strict=True)})
