from __future__ import annotations

import csv
import io

import numpy as np
import pandas as pd
import pytest

from tests.odd_names import LABELS
from workbench.analysis.label_order import label_names
from workbench.plain_text import NAME_MOST, csv_text, cut, shown_name


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


@pytest.mark.parametrize(
    "name", ["Deep Networks", "C & A", "a < b", "100 % sure", "naïve \u200dname", "x<1", "-"]
)
def test_names_that_mean_nothing_stay_as_they_are(name: str):
    assert shown_name(name) == name


@pytest.mark.parametrize(
    "name, shown",
    [
        ("<b>x</b>", "<\u2060b>x<\u2060/b>"),
        ("&lt;i&gt; &#60;", "&\u2060lt;i&\u2060gt; &\u2060#60;"),
        ("%{x} and %{customdata[0]}", "%\u2060{x} and %\u2060{customdata[0]}"),
        ("two\nlines\tand  more ", "two lines and more"),
        ("bell\x07 \u202eleft \ud800", "bell\ufffd \ufffdleft \ufffd"),
    ],
)
def test_markup_is_kept_from_plotly(name: str, shown: str):
    assert shown_name(name) == shown


def test_a_megabyte_is_cut():
    assert len(shown_name("word " * 200_000)) <= NAME_MOST
    assert shown_name("x" * 2**20).endswith("x…")
    assert cut("abcd", 4) == "abcd" and cut("abcde", 4) == "abc…"


def test_names_of_labels_stay_different():
    long = ["a" * 500 + end for end in "xyz"]
    names = label_names([*LABELS, *long, "p", "q"], [*LABELS, *long, "same", "same"])
    assert len(set(names)) == len(names)
    assert names[-2:] == ["same [p]", "same [q]"]


@pytest.mark.parametrize(
    "cell", ["=1+1", "+A1", "-cmd|x", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "-1-1", "=-5", "+-5"]
)
def test_a_formula_is_text_in_a_spreadsheet(cell: str):
    made = csv_text(pd.DataFrame({cell: [cell, "plain"]}))
    written = "'" + cell.replace("\r", "\n")
    assert rows(made) == [[written], [written], ["plain"]]


@pytest.mark.parametrize("cell", [-5, -0.25, "-5", "+3.5e-2", "-.5", None, True, "a=b", "", "e-mail@x"])
def test_numbers_and_other_texts_stay_as_they_are(cell):
    table = pd.DataFrame({"cell": pd.Series([cell], dtype=object), "n": [-1.5]})
    assert csv_text(table) == table.to_csv(index=False)


def test_columns_of_every_kind_are_written():
    kinds = pd.Categorical(["=a", "b"])
    table = pd.DataFrame({"kind": kinds, "text": ["=a", "b"], "n": np.array([-1, 2]), "x": [np.nan, -0.5]})
    assert rows(csv_text(table))[1:] == [["'=a", "'=a", "-1", ""], ["b", "b", "2", "-0.5"]]


def test_what_kept_names_from_plotly_is_not_written():
    assert rows(csv_text(pd.DataFrame({"label": [shown_name("<b>x</b>")]})))[1] == ["<b>x</b>"]


def test_two_columns_of_one_name_are_both_written():
    table = pd.DataFrame([["=a", "=b"]], columns=["x", "x"])
    assert rows(csv_text(table)) == [["x", "x"], ["'=a", "'=b"]]
