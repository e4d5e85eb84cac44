"""Cards are found without what trains, and together they tell methods apart."""

from __future__ import annotations

from workbench.cards import MECHANISMS, paper_cards
from workbench.methods.registry import method_classes


def test_every_method_has_a_card_and_no_card_stands_alone():
    assert set(paper_cards()) == {method.name for method in method_classes()}


def test_cards_stand_in_the_order_of_years():
    years = [card.year for card in paper_cards().values()]
    assert years == sorted(years)
    assert years[0] >= 1990


def test_every_mechanism_is_that_of_some_method():
    named = {name for card in paper_cards().values() for name in card.mechanisms}
    assert named == set(MECHANISMS)
