from __future__ import annotations

import math

from workbench.analysis.family import family_of, family_scores, mechanism_table, relatives, without_card
from workbench.cards import PaperCard
from workbench.runs.store import Run


def _card(method: str, year: int, *mechanisms: str) -> PaperCard:
    return PaperCard(method, f"On {method}", "", "", year, "", {"loss": "x"}, mechanisms)


CARDS = {
    "old": _card("old", 2001, "convolution"),
    "mid": _card("mid", 2010, "contrast", "label attention", "prototypes"),
    "new": _card("new", 2020, "prototypes", "contrast"),
    "alone": _card("alone", 2021, "autoencoder"),
}


def test_a_mechanism_of_a_method_is_a_row_in_the_order_of_mechanisms():
    table = mechanism_table(CARDS)
    assert list(zip(table["method"], table["mechanism"], strict=True)) == [
        ("old", "convolution"),
        ("mid", "label attention"),
        ("mid", "prototypes"),
        ("mid", "contrast"),
        ("new", "prototypes"),
        ("new", "contrast"),
        ("alone", "autoencoder"),
    ]
    assert table["about"].str.len().min() > 10
    assert mechanism_table({}).empty


def test_relatives_share_mechanisms_those_with_most_first():
    cards = CARDS | {"third": _card("third", 2005, "contrast")}
    table = relatives(cards, "new")
    assert table["method"].tolist() == ["mid", "third"]
    assert table["shared"].tolist() == [("prototypes", "contrast"), ("contrast",)]
    assert relatives(cards, "alone").empty


def test_scores_are_means_over_seeds_of_the_method_that_a_variant_belongs_to(run_factory):
    for seed, score in ((0, 0.5), (1, 0.7)):
        run_factory(f"proto-{seed}", method="proto", seed=seed, score=score)
    runs = [Run.load(run_factory("lsfa-0", method="lsfa", family="lsfa", score=0.9))]
    runs += [Run.load(runs[0].path.parent / f"proto-{seed}") for seed in (0, 1)]
    table = family_scores(runs, "nDCG@5")
    assert table["method"].tolist() == ["lsfa", "protomix"]
    assert table["variant"].tolist() == ["lsfa", "proto"]
    means = [run.metrics["test"]["overall"]["nDCG@5"] for run in runs]
    assert math.isclose(table["mean"][1], (means[1] + means[2]) / 2)
    assert table["seeds"].tolist() == [1, 2]
    assert sorted(table["runs"][1]) == ["proto-0", "proto-1"]
    assert family_scores([], "nDCG@5").empty


def test_a_run_that_does_not_say_its_method_is_its_own(run_factory):
    run = Run.load(run_factory("mine-0", method="mine", family=""))
    assert family_of(run) == "mine"
    assert without_card(CARDS, [run, Run.load(run_factory("old-0", method="old-b", family="old"))]) == [
        "mine"
    ]
