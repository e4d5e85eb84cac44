"""Chosen test documents as a table: whatever a reader encircles on a map, or a page ranks first.

Each row has the text, gold labels, what each run predicts, and a link that opens the document inside.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.download import offer_csv
from dashboard.link import inside_address
from dashboard.state import Key, run_key
from workbench.analysis.chosen_documents import chosen_documents, texts_at_rows
from workbench.analysis.trained_on import named_corpus
from workbench.errors import WorkbenchError
from workbench.runs.store import Run
from workbench.wording import how_many

AT_MOST = 200
_LETTERS = 300
_OPEN = "open"


def chosen_numbers(points: Sequence[Mapping[str, Any]], documents: int) -> list[int]:
    """The numbers of the documents, below `documents`, whose dots the reader has clicked or encircled."""
    numbers = (int(point["customdata"]) for point in points if "customdata" in point)
    return list(dict.fromkeys(number for number in numbers if 0 <= number < documents))


def documents_table(
    runs: Sequence[Run], rows: Sequence[int], name: str, more: pd.DataFrame | None = None
) -> None:
    """The test documents at `rows`, the first `AT_MOST` of them; all of them as CSV under `name`.

    Args:
        runs: what predicts, all tested on the same documents.
        rows: of the test split, in the order of the table.
        name: of the file.
        more: further columns of numbers, a row a document.
    """
    keys, chosen = tuple(map(run_key, runs)), tuple(map(int, rows))
    table, problem = _table(keys, chosen[:AT_MOST])
    shown = _beside(table, more, AT_MOST)
    if "text" in shown:
        shown["text"] = [_beginning(text) for text in shown["text"]]
    shown.insert(0, _OPEN, [inside_address(runs, identity) for identity in shown["id"]])
    st.dataframe(
        shown, hide_index=True, height=min(420, 38 + 36 * max(1, len(shown))), column_config=_columns(runs)
    )
    if len(chosen) > AT_MOST:
        st.caption(f"The first {AT_MOST} of {how_many(len(chosen), 'document')}; the file has all of them.")
    if problem:
        st.caption(f"Without texts: {problem}")
    offer_csv({name: partial(_whole, keys, chosen, more) if len(chosen) > AT_MOST else _beside(table, more)})


def _whole(keys: tuple[Key, ...], rows: tuple[int, ...], more: pd.DataFrame | None) -> pd.DataFrame:
    return _beside(_table(keys, rows)[0], more)


def _beside(table: pd.DataFrame, more: pd.DataFrame | None, at_most: int | None = None) -> pd.DataFrame:
    """The table with further columns behind the ids."""
    if more is None:
        return table.copy()
    others = more.head(at_most or len(more)).reset_index(drop=True)
    return pd.concat([table[["id"]], others, table.drop(columns="id")], axis=1)


def _beginning(text: str) -> str:
    words = " ".join(text[: 2 * _LETTERS].split())
    return words if len(text) <= _LETTERS else f"{words[:_LETTERS]}…"


def _columns(runs: Sequence[Run]) -> dict[str, Any]:
    predicted = {
        f"{run.name} predicted": st.column_config.TextColumn(
            f"{run.name} predicts",
            width="medium",
            help="Labels at or above the run's threshold, with scores.",
        )
        for run in runs
    }
    return {
        _OPEN: st.column_config.LinkColumn(
            "open", display_text=":material/open_in_new:", width=50, help="Open it under Inside a document."
        ),
        "text": st.column_config.TextColumn(width="medium"),
        "gold_labels": st.column_config.TextColumn("gold labels", width="medium"),
        **predicted,
    }


@st.cache_data(max_entries=50, show_spinner="Looking up documents…")
def _table(keys: tuple[Key, ...], rows: tuple[int, ...]) -> tuple[pd.DataFrame, str]:
    """The table, and why it has no texts, if it has none."""
    runs = [Run.load(path) for path, _ in keys]
    texts, problem = None, ""
    try:
        texts = texts_at_rows(runs[0], rows, named_corpus(runs[0]))
    except WorkbenchError as error:
        problem = str(error)
    return chosen_documents(runs, np.array(rows, dtype=np.int64).tolist(), texts), problem
