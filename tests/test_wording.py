from __future__ import annotations

import pytest

from workbench.wording import how_many, is_are, listed, signed, to_the_second


def test_only_one_is_singular():
    assert [how_many(count, "label") for count in (0, 1, 2, 1204)] == [
        "0 labels",
        "1 label",
        "2 labels",
        "1,204 labels",
    ]
    assert [how_many(count, "corpus", "corpora") for count in (1, 2)] == ["1 corpus", "2 corpora"]
    assert [is_are(count) for count in (0, 1, 2)] == ["are", "is", "are"]


def test_names_are_listed_as_in_a_sentence():
    assert [listed("abc"[:count]) for count in range(4)] == ["", "a", "a and b", "a, b and c"]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0.01234, "+0.0123"),
        (-0.5, "−0.5000"),
        (0.0, "0.0000"),
        (-0.0, "0.0000"),
        (1e-17, "0.0000"),
        (0.00003, "+0.00003"),
        (-0.0000048, "−0.000005"),
        (-0.00006, "−0.0001"),
        (1234.5, "+1,234.5000"),
        (float("nan"), "–"),
    ],
)
def test_a_difference_has_a_sign_and_zero_has_none(value: float, said: str):
    assert signed(value) == said
    assert signed(0.02, 1) == "+0.02"


def test_moments_are_read_without_fractions():
    assert to_the_second("2026-01-02T03:04:05.678901+00:00") == "2026-01-02T03:04:05+00:00"
    assert to_the_second("2026-01-02T03:04:05+00:00") == "2026-01-02T03:04:05+00:00"
    assert [to_the_second(odd) for odd in ("", "once", None)] == ["", "once", "None"]
