from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from rich.console import Console

from workbench.analysis.spectrum import rank_table
from workbench.cli.exhibit_view import print_result
from workbench.exhibits.base import Result
from workbench.exhibits.numbers import side_by_side, wide
from workbench.exhibits.registry import find_exhibit
from workbench.exhibits.scope import CorpusFacts, Scope

SCOPE = Scope(CorpusFacts("demo", "f" * 64, "demo/2a9f61c3", 240))


def shown(exhibit: str, width: int, **tables: pd.DataFrame) -> str:
    console = Console(width=width, record=True, highlight=False)
    print_result(console, find_exhibit(exhibit), SCOPE, Result(tables))
    return console.export_text()


def ranks(name: str) -> pd.DataFrame:
    table = rank_table({name: np.array([3.0, 2.0, 1.0])})
    table.insert(1, "method", "protomix")
    return table


@pytest.mark.parametrize("width", [80, 100, 140])
def test_names_and_headings_are_never_broken_within_words(width):
    text = shown("protomix/figure-6", width, ranks=ranks("demo-cnn-protomix-s0"))
    assert "demo-cnn-protomix-s0" in text
    assert {"run", "method", "singular", "effective", "largest", "energy"} <= set(text.split())
    assert max(map(len, text.splitlines())) <= width


def test_what_counts_least_makes_room_for_a_long_name():
    name = "cooking-minilm-frozen-protomix-75-s2"
    text = shown("protomix/figure-6", 80, ranks=ranks(name))
    assert name in text
    assert "effective" in text
    assert "singular" not in text
    assert max(map(len, text.splitlines())) <= 80


def test_what_is_not_there_is_a_dash():
    row = {"method": "base", "encoder": "cnn", "measure": "rise", "n": 1, "mean": 0.5, "std": np.nan}
    text = shown("protomix/figure-5", 100, sharpness=pd.DataFrame([row]))
    assert [line.split() for line in text.splitlines() if "base" in line] == [
        ["base", "cnn", "rise", "1", "0.5", "–"]
    ]


def counted() -> pd.DataFrame:
    """A corpus whose numbers and split are as long as they come, as the papers' table of corpora has it."""
    split = "eurlex57k-stratified/2a9f61c3 / 781,265 train / 113,849 test"
    about = {"corpus": "eurlex57k-stratified", "split": split, "encoder": "", "variant": "", "at": np.nan}
    values = {"train documents": 2309, "words per train document": 1248.07, "train labels": 781265}
    rows = [about | {"metric": name, "value": value, "std": np.nan, "n": 1} for name, value in values.items()]
    return pd.DataFrame(rows)


@pytest.mark.parametrize("width", [50, 80, 100, 200])
@pytest.mark.parametrize("exhibit", ["lsfa/table-1", "lsfa/table-2", "protomix/table-1", "protomix/table-2"])
def test_numbers_are_never_cut(exhibit, width):
    sides = side_by_side(find_exhibit(exhibit).printed, counted(), SCOPE.encoders)
    text = shown(exhibit, width, numbers=counted())
    table = wide(sides)
    said = [word for cells in table.drop(columns="metric").to_numpy().ravel() for word in str(cells).split()]
    assert set(said) <= set(text.split())
    assert text.split().count("2,309") == 1
    for metric in table["metric"].unique():
        assert metric in text
    assert max(map(len, text.splitlines())) <= max(width, 57)


def test_columns_without_room_beside_the_others_get_a_table_of_their_own():
    text = shown("lsfa/table-1", 80, numbers=counted())
    headings = [line for line in text.splitlines() if "metric" in line]
    assert len(headings) == 2
    assert text.index("1,000 test") < text.index("2,309")
    assert text.splitlines()[-1] == "Splits differ: compare within a column, not across."
