"""Which methods share which mechanisms, and how their runs came out on one split."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from workbench.analysis.records import run_records, spreads
from workbench.cards.base import MECHANISMS, PaperCard
from workbench.runs.store import Run


def mechanism_table(cards: Mapping[str, PaperCard]) -> pd.DataFrame:
    """One row a mechanism of a method, methods in the order given, mechanisms in that of `MECHANISMS`.

    Columns: method, year, title, mechanism, about (what the mechanism is).
    """
    rows = [
        (method, card.year, card.title, mechanism, MECHANISMS[mechanism])
        for method, card in cards.items()
        for mechanism in MECHANISMS
        if mechanism in card.mechanisms
    ]
    return pd.DataFrame(rows, columns=["method", "year", "title", "mechanism", "about"])


def relatives(cards: Mapping[str, PaperCard], method: str) -> pd.DataFrame:
    """The other methods that share a mechanism with one, those that share most first, then the older.

    Columns: method, year, shared (a tuple of mechanisms).
    """
    own = cards[method].mechanisms
    rows = []
    for name, card in cards.items():
        shared = tuple(one for one in MECHANISMS if one in own and one in card.mechanisms)
        if shared and name != method:
            rows.append((name, card.year, shared))
    rows.sort(key=lambda row: (-len(row[2]), row[1], row[0]))
    return pd.DataFrame(rows, columns=["method", "year", "shared"])


def family_of(run: Run) -> str:
    """The method whose variant a run is; the variant itself in runs that do not say."""
    return str(run.manifest.get("family") or run.manifest.get("method", "?"))


def family_scores(runs: Sequence[Run], metric: str) -> pd.DataFrame:
    """A metric on test documents, the mean over seeds of each setting, beside the method it belongs to.

    Columns: method (the family), variant, setting, mean, std (NaN for one seed), seeds, runs (their names).
    """
    families = {run.name: family_of(run) for run in runs}
    found = [
        (families[next(iter(one.values))], one.method, one.setting, one.mean, one.std, one.n, [*one.values])
        for one in spreads(run_records(runs), metric)
    ]
    columns = ["method", "variant", "setting", "mean", "std", "seeds", "runs"]
    return pd.DataFrame(found, columns=columns).sort_values("mean", ascending=False, ignore_index=True)


def without_card(cards: Mapping[str, PaperCard], runs: Iterable[Run]) -> list[str]:
    """Methods of runs that no card is known of, in alphabetical order."""
    return sorted({family_of(run) for run in runs} - set(cards))
