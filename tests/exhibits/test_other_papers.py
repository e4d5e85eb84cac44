"""Where papers print different numbers for one method, a cell shows both."""

from __future__ import annotations

import pandas as pd
import pytest

from workbench.exhibits.baselines import ONE_ROW
from workbench.exhibits.numbers import COLUMNS, number_text, wide
from workbench.exhibits.other_papers import sides_of
from workbench.exhibits.registry import all_exhibits, find_exhibit


def _cells(exhibit: str, variant: str, metric: str, corpus: str = "AAPD") -> list[str]:
    sides = sides_of(find_exhibit(exhibit), pd.DataFrame())
    here = sides[(sides["corpus"] == corpus) & (sides["variant"] == variant) & (sides["metric"] == metric)]
    return wide(here).iloc[0, 2:].tolist()


def test_a_number_that_papers_print_differently_stands_beside_the_others():
    assert _cells("lsfa/table-2", "attention-xml", "P@1") == ["83.02\n(84.90 in ProtoMix)"]
    (cell,) = _cells("protomix/table-2", "attention-xml", "P@1")
    assert cell == "84.90\n(83.02 in LSFA, SEP-MLDC)"
    assert _cells("lsfa/table-2", "lsan", "P@1") == ["85.28"]


@pytest.mark.parametrize("corpus, number", [("AAPD", 2), ("RCV1", 3), ("EUR-Lex", 4)])
def test_tables_say_that_one_row_has_two_names(corpus: str, number: int):
    def row(exhibit: str, variant: str) -> list[float]:
        printed = find_exhibit(exhibit).printed
        return printed[(printed["corpus"] == corpus) & (printed["variant"] == variant)]["value"].tolist()

    first = row("protomix/table-2", "ehttn")
    assert len(first) == 5
    for paper in ("lsfa", "sep-mldc"):
        exhibit = find_exhibit(f"{paper}/table-{number}")
        is_the_same = row(exhibit.id, "httn") == first
        assert is_the_same is (ONE_ROW in exhibit.remark) is (corpus != "EUR-Lex")
    assert ONE_ROW in find_exhibit("protomix/table-2").remark


def test_counts_and_losses_are_told_as_they_are():
    assert "0.023 in CL-MIL" in _cells("laco/table-2", "bert", "hamming_loss")[0]
    assert "73.10 in CL-MIL" in _cells("laco/table-2", "bert", "micro_F1")[0]


def test_our_numbers_are_never_told_beside_others():
    row = ["AAPD", "1 train", "", "attention-xml", float("nan"), "P@1", 0.5, float("nan"), 1]
    ours = pd.DataFrame([row], columns=COLUMNS)
    sides = sides_of(find_exhibit("lsfa/table-2"), ours)
    assert sides.loc[sides["source"] == "ours", "elsewhere"].tolist() == [""]


def test_nothing_printed_and_nothing_run_is_an_empty_table():
    unprinted = next(exhibit for exhibit in all_exhibits().values() if not len(exhibit.printed))
    assert wide(sides_of(unprinted, pd.DataFrame())).empty


@pytest.mark.parametrize("name", sorted(all_exhibits()))
def test_what_is_said_of_another_paper_stands_there(name):
    sides = sides_of(find_exhibit(name), pd.DataFrame())
    for row in sides[sides["elsewhere"] != ""].to_dict("records"):
        text, _, papers = row["elsewhere"].partition("; ")[0].partition(" in ")
        for paper in papers.split(", "):
            printed = [one.printed for one in all_exhibits().values() if one.paper.name == paper]
            there = pd.concat(printed)
            same = (there["variant"] == row["variant"]) & (there["metric"] == row["metric"])
            values = there[same & (there["corpus"] == row["corpus"])]["value"]
            assert text in {number_text(value, row["metric"]) for value in values}
