from __future__ import annotations

import threading

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import meanwhile


@pytest.fixture(autouse=True)
def waiting_for_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meanwhile, "_PATIENCE_S", 0.0)
    monkeypatch.setattr(meanwhile, "_kept", {})


def test_what_is_under_way_is_not_begun_a_second_time():
    go_on, calls = threading.Event(), []

    def slow() -> int:
        calls.append(1)
        go_on.wait()
        return 7

    first = meanwhile.begun("slow", slow)
    assert not first.done()
    assert meanwhile.begun("slow", slow) is first
    go_on.set()
    assert first.result() == 7
    assert meanwhile.begun("slow", slow).result() == 7
    assert calls == [1]


def test_another_key_is_another_result():
    assert [meanwhile.begun(key, lambda key=key: key * 2).result() for key in ("a", "b")] == ["aa", "bb"]


def test_what_failed_is_tried_again():
    answers = iter([ZeroDivisionError(), 5])

    def sometimes() -> int:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    failed = meanwhile.begun("odd", sometimes)
    with pytest.raises(ZeroDivisionError):
        failed.result()
    assert meanwhile.begun("odd", sometimes) is failed  # until a page has been told
    assert meanwhile.are_done([failed], "")
    assert meanwhile.begun("odd", sometimes).result() == 5


def test_the_oldest_results_go():
    for number in range(60):
        meanwhile.begun(number, lambda number=number: number).result()
    assert list(meanwhile._kept) == list(range(10, 60))


def test_the_page_says_what_is_being_done_and_runs_again_afterwards():
    go_on = threading.Event()
    test = AppTest.from_function(_page, args=(go_on,))
    test.run()
    assert "Counting…" in test.caption[0].value
    assert not test.success
    go_on.set()
    next(iter(meanwhile._kept.values())).result()
    test.run()
    assert test.success[0].value == "3"
    assert not test.caption


def _page(go_on):
    import streamlit as st

    from dashboard import meanwhile

    counted = meanwhile.begun("count", lambda: go_on.wait() and 3)
    if meanwhile.are_done([counted], "Counting…"):
        st.success(str(counted.result()))
