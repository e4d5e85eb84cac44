"""Our numbers in the shape of the printed ones: means over seeds, and the two side by side."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from workbench.errors import WorkbenchError
from workbench.exhibits.printed import FRACTIONS, METRICS
from workbench.exhibits.scope import Made, Scope

COLUMNS = ["corpus", "split", "encoder", "variant", "at", "metric", "value", "std", "n"]
"""As `printed.COLUMNS`, with the standard deviation over seeds (n - 1 in the denominator) and how many."""

SIDES = ["source", *COLUMNS]
TITLES = {
    "n": "seeds",
    "std": "standard deviation",
    "low": "95 % from",
    "high": "95 % to",
    "full_rank": "singular values",
    "effective_rank": "effective rank",
    "effective_rank_share": "share of full rank",
    "rank_90": "for 90 % of the energy",
    "largest_singular_value": "largest",
}
"""How columns of the exhibits' own tables are headed where people read them."""

_CELL = ["corpus", "split", "encoder", "variant", "at", "metric"]
_LLAMA = "llama-3-8b"


def single_numbers(
    made: Sequence[Made], scope: Scope, metrics: Sequence[str] = METRICS
) -> tuple[pd.DataFrame, list[str]]:
    """One row a run and metric on the test documents, and the runs whose metrics cannot be read.

    Columns: run, seed, corpus, split, encoder, variant, at, metric, value.
    """
    rows, problems = [], []
    split = split_of(scope.corpus.split_id, scope.n_train, _n_test(made))
    for one in made:
        try:
            overall = one.run.metrics.get("test", {}).get("overall", {})
        except WorkbenchError as error:
            problems.append(f"{one.run.name}: {error}")
            continue
        about = (one.run.name, one.need.seed, scope.corpus.name, split, one.encoder, one.need.method)
        known = [(name, overall[name]) for name in metrics if overall.get(name) is not None]
        rows += [(*about, one.need.at, name, float(value)) for name, value in known]
    table = pd.DataFrame(rows, columns=["run", "seed", *_CELL, "value"])
    return table.astype({"at": "float64", "value": "float64"}), problems


def split_of(split_id: str, n_train: int, n_test: int | None) -> str:
    """A split of ours as the papers' are written: its id, and how many documents train and test."""
    return " / ".join([split_id, f"{n_train:,} train", *([] if n_test is None else [f"{n_test:,} test"])])


def over_seeds(single: pd.DataFrame) -> pd.DataFrame:
    """Mean and standard deviation over seeds, one row a cell and metric, from `single_numbers`."""
    grouped = single.groupby(_CELL, sort=False, dropna=False)["value"]
    return grouped.agg(value="mean", std="std", n="count").reset_index()[COLUMNS]


def side_by_side(printed: pd.DataFrame, ours: pd.DataFrame, encoders: Sequence[str] = ()) -> pd.DataFrame:
    """Printed numbers and ours in one long table, told apart by `source` ("paper" or "ours"), columns SIDES.

    Of a paper's encoders those in `encoders` are taken; all, if it has none of them.
    """
    known = {printed_encoder(encoder) for encoder in encoders} & set(printed["encoder"])
    chosen = printed[printed["encoder"].isin(known)] if known else printed
    paper = chosen.assign(source="paper", std=float("nan"), n=0)
    parts = [part[SIDES] for part in (paper, ours.assign(source="ours")) if len(part)]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=SIDES)


def printed_encoder(encoder: str) -> str:
    """What the papers' tables here call an encoder: every LLaMA 3 of 8 billion weights by one name."""
    name = encoder.rstrip("/").rpartition("/")[2].lower()
    return _LLAMA if name.removeprefix("meta-").startswith(_LLAMA) else name


def column_of(row: Mapping[Hashable, Any]) -> str:
    """The heading under which a row of `side_by_side` stands: source, corpus, split and encoder."""
    parts = [f"{row['source']}: {row['corpus']}", *str(row["split"]).split(" / "), str(row["encoder"])]
    return "\n".join(filter(None, parts))


def titled(table: pd.DataFrame) -> pd.DataFrame:
    """The same table with headings for readers."""
    return table.rename(columns=TITLES)


def wide(
    sides: pd.DataFrame, varied: str = "", value_text: Callable[[float], str] = "{:g}".format
) -> pd.DataFrame:
    """One row a metric, variant and value of what is varied; one column a source, corpus, split and encoder.

    Numbers of different splits never share a column. Cells are text: the mean (metrics in percent), ± the
    standard deviation where there are several seeds, "–" where there is no number. What `sides` says in a
    column `elsewhere` follows in brackets, on a line of its own.

    Args:
        sides: as `side_by_side` gives it.
        varied: the heading over the values of what is varied, if something is.
        value_text: how such a value is said.
    """
    cells: dict[tuple[str, str, float], dict[str, str]] = {}
    for row in sides.to_dict("records"):
        at = float("-inf") if pd.isna(row["at"]) else float(row["at"])
        cells.setdefault((row["metric"], row["variant"], at), {})[column_of(row)] = _cell(row)
    metrics, variants = (list(dict.fromkeys(sides[name])) for name in ("metric", "variant"))
    ordered = sorted(cells, key=lambda cell: (metrics.index(cell[0]), variants.index(cell[1]), cell[2]))
    columns = list(dict.fromkeys(name for row in cells.values() for name in row))
    about = {"metric": [cell[0] for cell in ordered]}
    if any(variants):
        about["variant"] = [cell[1] for cell in ordered]
    if varied:
        about[varied] = ["" if np.isinf(cell[2]) else value_text(cell[2]) for cell in ordered]
    return pd.DataFrame(about | {name: [cells[cell].get(name, "–") for cell in ordered] for name in columns})


def number_text(value: float, metric: str) -> str:
    """A number as tables have it: metrics in percent with two digits behind the point.

    Other numbers as they are; of what is below 1 three significant digits.
    """
    if metric in FRACTIONS:
        return f"{100 * value:.2f}"
    if 0 < abs(value) < 1:
        return f"{value:.3g}"
    return f"{value:,.2f}".rstrip("0").rstrip(".")


def _n_test(made: Sequence[Made]) -> int | None:
    """How many test documents there are; a run that trained on a part was tested on all of them too."""
    known = ((one.run.manifest.get("corpus") or {}).get("n_test") for one in made)
    return next((count for count in known if count is not None), None)


def _cell(row: Mapping[Hashable, Any]) -> str:
    texts = [number_text(row[name], row["metric"]) for name in ("value", "std")]
    said = " ± ".join(texts[: 2 if row["n"] > 1 else 1])
    return f"{said}\n({row['elsewhere']})" if row.get("elsewhere") else said
