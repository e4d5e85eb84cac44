from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from rich.console import Console

from workbench.analysis.spectrum import rank_table
from workbench.cli.exhibit_view import print_result
from workbench.exhibits.base import Result
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
