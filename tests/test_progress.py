from __future__ import annotations

import pytest
from rich.console import Console

from workbench import progress


def test_a_watched_bar_shows_title_share_and_time_left(monkeypatch: pytest.MonkeyPatch) -> None:
    console = Console(record=True, force_terminal=True, width=100)
    monkeypatch.setattr(progress, "Console", lambda stderr: console)
    monkeypatch.setattr(progress, "is_watched", lambda: True)
    with progress.watched_bar("Reading questions.jsonl", 200) as advance:
        advance(50)
        advance(100)
    shown = console.export_text(styles=False)
    assert all(part in shown for part in ("Reading questions.jsonl", "75%", "left"))


@pytest.mark.parametrize("width", [60, 80])
def test_a_long_title_is_shortened_and_times_are_whole(monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    console = Console(record=True, force_terminal=True, width=width)
    monkeypatch.setattr(progress, "Console", lambda stderr: console)
    with progress.make_progress() as bars:
        bars.add_task("training cooking-minilm-frozen-protomix-0.75-s2 · classification", total=200)
    (line,) = console.export_text(styles=False).splitlines()
    assert line.startswith("training")
    assert "…" in line
    assert "0:00:00 left -:--:--" in line


def test_an_unwatched_bar_is_silent(capsys: pytest.CaptureFixture[str]) -> None:
    with progress.watched_bar("Reading", 2) as advance:
        advance(1)
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", "")


def test_a_page_that_watches_gets_plain_lines(monkeypatch, capsys):
    monkeypatch.setenv(progress.LINES, "1")
    with progress.watched_bar("base-s0 · loss", 200) as advance:
        for _ in range(100):
            advance(1)
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "base-s0 · loss 2%"
    assert lines[-1] == "base-s0 · loss 50%"
    assert len(lines) == 25
