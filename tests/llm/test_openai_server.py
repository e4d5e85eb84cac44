from __future__ import annotations

import threading
from contextlib import closing

import pytest

from tests.llm import server as play
from tests.llm.conftest import prompts
from workbench.errors import WorkbenchError
from workbench.llm.answers import Answers
from workbench.llm.asking import ask
from workbench.llm.openai_server import OpenAIProvider


def test_answers_come_back_in_the_order_of_the_questions(ask_server, server):
    answers = ask_server(temperature=0.5).complete(prompts(9))
    assert [answer.text for answer in answers] == [f"answer to question {number}" for number in range(9)]
    first = answers[0]
    assert (first.provider, first.model, first.finish) == ("openai", "fake-1", "stop")
    assert (first.tokens_in, first.tokens_out) == (11, 7)
    asked = server.requests[0]
    assert (asked["model"], asked["max_tokens"], asked["temperature"]) == ("fake", 20, 0.5)


def test_no_more_questions_are_on_their_way_than_allowed(ask_server, server):
    together = threading.Barrier(3, timeout=10)

    def wait_for_the_others(request):
        together.wait()
        play.answer(request)

    server.usual = wait_for_the_others
    assert len(ask_server(concurrency=3).complete(prompts(12))) == 12
    assert server.most == 3


@pytest.mark.parametrize(
    "behaviour",
    [play.failing(500), play.failing(429), play.reset, play.truncated, play.page, play.without_choices],
    ids=["500", "429", "reset", "truncated", "page", "no choices"],
)
def test_what_may_pass_is_asked_again(ask_server, server, behaviour):
    server.in_line = [behaviour, behaviour]
    (answer,) = ask_server(concurrency=1).complete(prompts(1))
    assert answer.text == "answer to question 0"
    assert len(server.requests) == 3


def test_retry_after_is_obeyed(ask_server, server, waits):
    server.in_line = [play.failing(429, Retry_After="7"), play.failing(503, Retry_After="3")]
    ask_server(concurrency=1).complete(prompts(1))
    assert waits == [7.0, 3.0]


def test_a_server_that_hangs_is_given_up_on(ask_server, server):
    server.usual = play.hang
    with pytest.raises(WorkbenchError, match=r"did not answer within 0.05 seconds \(2 attempts\).*timeout_s"):
        ask_server(timeout_s=0.05, retries=1).complete(prompts(1))


@pytest.mark.parametrize(
    "behaviour, message",
    [
        (play.failing(401, "who are you"), "wants a key: set OPENAI_API_KEY.*401.*who are you"),
        (play.failing(404, "gone"), "no model 'fake'.*gone.*--model and --base-url"),
        (play.failing(429, "slow down", Retry_After="900"), "no more questions.*slow down.*900 seconds"),
        (play.failing(500, "broken"), r"status 500 \(3 attempts\): .*broken"),
        (play.failing(400, "bad temperature"), "status 400.*bad temperature"),
        (play.truncated, r"no chat completion \(3 attempts\)"),
        (play.page, "no chat completion.*<html>Welcome.*--base-url"),
        (play.without_choices, "no chat completion"),
        (play.reset, "cannot be reached"),
    ],
)
def test_what_does_not_pass_is_explained(ask_server, server, behaviour, message):
    server.usual = behaviour
    with pytest.raises(WorkbenchError, match=message):
        ask_server().complete(prompts(1))


def test_nobody_listening_is_explained(ask_server):
    with pytest.raises(WorkbenchError, match=r"127.0.0.1:9/v1 cannot be reached"):
        ask_server(base_url="http://127.0.0.1:9/v1", retries=0).complete(prompts(1))


@pytest.mark.parametrize(
    "behaviour",
    [
        play.failing(400, "filtered", "content_filter"),
        play.answering(None, "content_filter"),
        play.answering(None, refusal="I will not."),
    ],
)
def test_a_withheld_answer_is_refused_and_the_others_go_on(ask_server, server, behaviour):
    server.in_line = [behaviour]
    answers = ask_server(concurrency=1).complete(prompts(2))
    assert [answer.finish for answer in answers] == ["refused", "stop"]


def test_an_answer_cut_at_its_limit_says_so(ask_server, server):
    server.usual = play.answering("and then", "length")
    assert ask_server().complete(prompts(1))[0].finish == "length"


def test_models_that_know_the_limit_by_its_newer_name_are_asked_so(ask_server, server):
    server.in_line = [play.failing(400, "Use 'max_completion_tokens' instead.", "unsupported_parameter")]
    ask_server(concurrency=1).complete(prompts(2))
    assert [body.get("max_completion_tokens") for body in server.requests] == [None, 20, 20]
    assert "max_tokens" not in server.requests[-1]


def test_stopping_loses_at_most_what_is_on_its_way_and_going_on_asks_the_rest(ask_server, server, tmp_path):
    provider, questions = ask_server(concurrency=2), prompts(10)

    def stop_at_five(tally):
        if tally.done == 5:
            raise KeyboardInterrupt

    with Answers(tmp_path, provider) as answers, pytest.raises(KeyboardInterrupt):
        ask(questions, provider, answers, stop_at_five)
    assert len(server.requests) <= 5 + 2
    asked_before = len(server.requests)
    with Answers(tmp_path, provider) as answers:
        assert len(answers) == 5
        answered, tally = ask(questions, provider, answers)
    assert (tally.kept, tally.asked) == (5, 5)
    assert len(server.requests) - asked_before == 5
    assert [answer.text for answer in answered] == [f"answer to question {number}" for number in range(10)]


def test_a_failure_keeps_what_came_before(ask_server, server, tmp_path):
    server.in_line = [play.answer, play.answer, play.failing(401)]
    provider = ask_server(concurrency=1)
    with Answers(tmp_path, provider) as answers:
        with pytest.raises(WorkbenchError, match="2 of 4 answers kept: the same command goes on"):
            ask(prompts(4), provider, answers)
        assert len(answers) == 2


def test_closing_ends_questions_that_hang(ask_server, server):
    server.in_line, server.usual = [play.answer], play.hang
    with closing(ask_server(concurrency=2, timeout_s=60).stream(prompts(3))) as arriving:
        assert next(arriving)[1].text.startswith("answer to question")
    assert len(server.requests) <= 3


@pytest.mark.parametrize(
    "settings, message",
    [
        ({}, "needs a model.*--model"),
        ({"model": "m", "base_url": "localhost:80"}, "no address"),
        ({"model": "m", "base_url": "http://me:pw@host/v1"}, r"no password.*\(host\)"),
        ({"model": "m", "base_url": "http://host/v1?key=1"}, "no password, key or query"),
        ({"model": "m"}, "OPENAI_API_KEY holds no key.*--key-variable"),
        ({"model": "m", "base_url": "http://host/v1", "key_variable": "MINE"}, "MINE holds no key"),
        ({"model": "m", "concurrency": 0}, "concurrency=0"),
        ({"model": "m", "heat": 1}, "Unknown setting 'heat'"),
    ],
)
def test_wrong_settings_are_refused_before_anything_is_asked(kitchen, monkeypatch, settings, message):
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "MINE"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(WorkbenchError, match=message) as raised:
        OpenAIProvider.open(kitchen, settings).stream([])
    assert "pw" not in str(raised.value)


def test_settings_of_patience_decide_no_answer(ask_server):
    assert ask_server(concurrency=1).settings == ask_server(concurrency=9, retries=0, timeout_s=1).settings
    assert ask_server(temperature=0.1).settings != ask_server(temperature=0.2).settings
