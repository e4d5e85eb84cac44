from __future__ import annotations

import pytest

from workbench.queue.outcome import judged, tail


@pytest.fixture
def log(tmp_path):
    path = tmp_path / "job.log"
    path.write_text("Note: one\n\nerror: first\nGoing on\nerror: The loss became nan.\nLower the rate.\n\n")
    return path


@pytest.mark.parametrize(
    "status, asked, expected",
    [
        (0, False, ("done", "")),
        (0, True, ("done", "")),
        (130, False, ("stopped", "")),
        (1, True, ("stopped", "")),
        (-9, True, ("stopped", "")),
        (1, False, ("failed", "The loss became nan.\nLower the rate.")),
        (None, False, ("failed", "The loss became nan.\nLower the rate.")),
    ],
)
def test_the_status_and_the_log_tell_how_it_ended(log, tmp_path, status, asked, expected):
    assert judged(status, asked, log, tmp_path / "run") == expected


def test_a_signal_is_named(tmp_path):
    state, message = judged(-9, False, tmp_path / "none", tmp_path / "run")
    assert (state, "SIGKILL" in message, "memory" in message) == ("interrupted", True, True)
    assert "SIGTERM" in judged(-15, False, tmp_path / "none", tmp_path / "run")[1]
    assert "signal 250" in judged(-250, False, tmp_path / "none", tmp_path / "run")[1]


@pytest.mark.parametrize(
    "end, expected", [("done", "done"), ("running", "interrupted"), ("stopped", "interrupted")]
)
def test_where_nobody_was_there_the_run_tells(run_factory, tmp_path, end, expected):
    assert judged(None, False, tmp_path / "none", run_factory("a", end=end))[0] == expected


def test_without_a_message_the_last_line_is_told(tmp_path):
    log = tmp_path / "log"
    log.write_text("Traceback (most recent call last):\n  …\nRuntimeError: odd\n")
    assert judged(1, False, log, tmp_path) == ("failed", "RuntimeError: odd")
    log.write_text("")
    assert judged(3, False, log, tmp_path)[1] == "It ended with status 3, saying nothing."


def test_of_a_long_log_the_end_is_read_and_of_a_long_message_the_beginning(tmp_path):
    log = tmp_path / "log"
    log.write_bytes(b"error: early\n" + b"\xff" * 70_000 + b"\nerror: late " + b"x" * 5_000)
    assert len(tail(log)) <= 64_000
    state, message = judged(1, False, log, tmp_path)
    assert (state, len(message), message[:6]) == ("failed", 2_000, "late x")
