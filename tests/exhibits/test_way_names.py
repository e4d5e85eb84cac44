from __future__ import annotations

from typing import Any

import pytest

from tests.exhibits.conftest import FACTS
from workbench.exhibits.scope import Scope
from workbench.exhibits.way_names import way_names


def named(*settings: dict[str, Any]) -> list[str]:
    return way_names([Scope(FACTS, budget="", settings=one) for one in settings])


@pytest.mark.parametrize(
    "settings, names",
    [
        ([{}], ["defaults"]),
        ([{"epochs": 3, "rate": 0.5}], ["epochs=3, rate=0.5"]),
        ([{"a": 1, "b": 2, "c": 3, "d": 4, "e": 5}], ["a=1, b=2, c=3, +2 more"]),
        ([{"train_size": 60, "a": 1}], ["60 documents"]),
        ([{"a": 1}, {"a": 1, "train_size": 60}], ["all documents", "60 documents"]),
        (
            [{"a": 1}, {"a": 1, "training.train_size": 60}, {"a": 1, "b": "x"}],
            ["all documents", "60 documents", "all documents, b=x"],
        ),
        ([{"a": 1}, {"a": 1, "b": 0.0192711}, {"a": 1, "c": 2}], ["a=1", "b=0.01927", "c=2"]),
        (
            [{"a": 1, "b": 2}, {"a": 3, "b": 2}, {"a": 1, "b": 2, "c": 0}, {"a": 1}],
            ["a=1, b=2", "a=3", "c=0", "b not set"],
        ),
        (
            [{"vectors": "/home/me/arxiv.txt"}, {"vectors": "glove.txt"}],
            ["vectors=arxiv.txt", "vectors=glove.txt"],
        ),
    ],
    ids=str,
)
def test_a_way_is_called_after_what_sets_it_apart(settings, names):
    assert named(*settings) == [f"cnn · {name}" for name in names]


def test_ways_that_would_be_called_alike_name_everything():
    first, second = named({"rate": 0.123451}, {"rate": 0.123452})
    assert (first, second) == ("cnn · rate=0.1235 (rate=0.123451)", "cnn · rate=0.1235 (rate=0.123452)")
    first, second = named({"vectors": "a/x.txt"}, {"vectors": "b/x.txt"})
    assert (first, second) == (
        "cnn · vectors=x.txt (vectors=a/x.txt)",
        "cnn · vectors=x.txt (vectors=b/x.txt)",
    )


def test_budgets_and_other_encoders_set_nothing_apart():
    ways = [
        Scope(FACTS),
        Scope(FACTS, budget="", settings={"epochs": 3}),
        Scope(FACTS, ("minilm",), budget="", frozen=True, settings={"epochs": 9, "train_size": 60}),
    ]
    assert way_names(ways) == ["cnn · quick", "cnn · epochs=3", "minilm frozen · 60 documents"]
