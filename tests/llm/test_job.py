from __future__ import annotations

import pytest

from workbench.llm.base import About, Prompt
from workbench.llm.job import called, numbered


def test_repetitions_count_equal_texts():
    asked = numbered(Prompt(text, 30, About("describe", (0,))) for text in "xyxx")
    assert [prompt.about.repetition for prompt in asked] == [0, 0, 1, 2]


@pytest.mark.parametrize(
    "code, name, expected",
    [("cs.IR", "cs IR", "cs.IR"), ("cs.IR", "Retrieval", "Retrieval"), ("salt", "salt", "salt")],
)
def test_a_label_is_called_by_its_name_unless_that_is_but_its_code(code, name, expected):
    assert called(code, name) == expected
