from __future__ import annotations

from dataclasses import replace

import pytest

from tests.llm.conftest import prompts
from tests.llm.test_base import Backwards
from workbench.llm.answers import Answers
from workbench.llm.asking import Prices, Tally, ask, estimate
from workbench.llm.base import About, Completion, Prompt
from workbench.llm.job import numbered

TEXT = Prompt("x" * 400, 60, About("describe", (0,)))


def test_an_estimate_prices_what_is_not_kept(tmp_path):
    provider, questions = Backwards(), numbered([TEXT] * 5)
    with Answers(tmp_path, provider) as answers:
        ask(questions[:2], provider, answers)
        estimated = estimate(questions, 30, provider, answers, Prices(2.0, 10.0))
        assert (estimated.prompts, estimated.kept) == (5, 2)
        assert (estimated.tokens_in, estimated.tokens_out) == (300, 90)
        assert estimated.cost == pytest.approx((300 * 2 + 90 * 10) / 1e6)
        assert estimate(questions, 30, provider, answers).cost is None


def test_every_answer_is_kept_as_it_comes_and_asked_once(tmp_path):
    provider, tallies = Backwards(), []
    questions = [replace(p, about=replace(p.about, labels=(n,))) for n, p in enumerate(prompts(4))]
    with Answers(tmp_path, provider) as answers:
        answered, tally = ask(questions, provider, answers, lambda t: tallies.append((t.done, len(answers))))
        assert tallies == [(0, 0), (1, 1), (2, 2), (3, 3), (4, 4)]
        assert [answer.text for answer in answered] == [question.text for question in questions]
        again, second = ask(questions, provider, answers)
    assert again == answered
    assert (tally.asked, second.asked, second.kept) == (4, 0, 4)


def test_tokens_are_the_providers_where_it_counts_and_else_estimated():
    tally = Tally(4, kept=1).after(TEXT, Completion("x", "p", "m", 10, 20))
    assert (tally.done, tally.tokens_in, tally.tokens_out, tally.counted) == (2, 10, 20, True)
    tally = tally.after(TEXT, Completion("y" * 8, "p", "m"))
    assert (tally.tokens_in, tally.tokens_out, tally.counted) == (110, 22, False)


def test_the_expected_cost_follows_what_answers_cost_so_far(tmp_path):
    prices = Prices(1e6, 1e6)
    with Answers(tmp_path, Backwards()) as answers:
        estimated = estimate([TEXT] * 4, 30, Backwards(), answers, prices)
    assert Tally(4).expected_cost(prices, estimated) == 4 * 130
    tally = Tally(4, kept=1).after(TEXT, Completion("x", "p", "m", 7, 3))
    assert tally.cost(prices) == 10
    assert tally.expected_cost(prices, estimated) == 30
