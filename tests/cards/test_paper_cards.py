"""Cards are found without what trains, and together they tell methods apart."""

from __future__ import annotations

from workbench.cards import MECHANISMS, paper_cards
from workbench.exhibits.registry import all_exhibits
from workbench.methods.registry import method_classes


def test_every_method_has_a_card_and_no_card_stands_alone():
    assert set(paper_cards()) == {method.name for method in method_classes()}


def test_cards_stand_in_the_order_of_years():
    years = [card.year for card in paper_cards().values()]
    assert years == sorted(years)
    assert years[0] >= 1990


def test_baselines_of_lacos_own_are_of_its_year():
    cards = paper_cards()
    for method in ("seqtag", "seq2seq"):
        assert (cards[method].title, cards[method].year) == (cards["laco"].title, 2021)


def test_what_no_code_was_found_for_is_called_so():
    assert {"dxml-style", "rank-ae-style", "seq2set-style"} <= set(paper_cards())


def test_every_mechanism_is_that_of_some_method():
    named = {name for card in paper_cards().values() for name in card.mechanisms}
    assert named == set(MECHANISMS)


def test_equation_numbers_are_those_of_equations_in_their_order():
    for card in paper_cards().values():
        assert list(card.numbers) == [name for name in card.equations if name in card.numbers]
        first = [int(number.partition("-")[0]) for number in card.numbers.values()]
        assert first == sorted(set(first))


def test_the_papers_with_exhibits_number_every_equation():
    for key in {exhibit.paper.key for exhibit in all_exhibits().values()}:
        card = paper_cards()[key]
        assert set(card.numbers) == set(card.equations)


def test_braces_of_equations_are_closed():
    for card in paper_cards().values():
        for equation in card.equations.values():
            assert equation.count("{") == equation.count("}")
            assert equation.count(r"\left") == equation.count(r"\right")
