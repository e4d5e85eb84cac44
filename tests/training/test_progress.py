from __future__ import annotations

from typing import Any

import pytest
from rich.console import Console

from workbench import progress
from workbench.encoders import build_encoder
from workbench.runs.store import list_runs
from workbench.runs.writer import RunWriter
from workbench.training import progress as training_progress
from workbench.training.fit import resume
from workbench.training.progress import preparing


@pytest.fixture
def screen(monkeypatch) -> Console:
    """A wide terminal that remembers what it was shown."""
    console = Console(record=True, force_terminal=True, width=160)
    monkeypatch.setattr(progress, "Console", lambda stderr: console)
    return console


def test_the_bar_shows_stage_epoch_terms_metric_and_time_left(train, screen):
    train("protomix", progress=True, epochs=2)
    shown = screen.export_text(styles=False)
    assert "toy-cnn-protomix-s0 · classification" in shown
    assert all(part in shown for part in ("epoch 2/2", "mixed_prototype 0.", "valid nDCG@5 0.", "left"))


def test_scoring_shows_how_far_it_is(train, screen, monkeypatch):
    done = []
    advance = progress.Progress.advance

    def spy(self, task, by=1):
        advance(self, task, by)
        if "scoring" in self.tasks[task].description:
            done.append((self.tasks[task].completed, self.tasks[task].total))

    monkeypatch.setattr(progress.Progress, "advance", spy)
    train(progress=True, epochs=1)
    assert done == [(32, 100), (40, 100), (72, 100), (100, 100)]  # 40 validation, then 60 test documents
    assert "toy-cnn-base-s0 · scoring" in screen.export_text(styles=False)


def test_nothing_is_shown_when_nobody_watches(train, capsys):
    train()
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", "")


def test_encoding_once_shows_how_far_it_is(screen):
    encoder = build_encoder("cnn", settings={"filters": 4}, train_texts=["a b"])
    with preparing(encoder, "run", watched=True):
        encoder.progress(64, 256)
        encoder.progress(256, 256)
    assert "256 of 256 documents" in screen.export_text(styles=False)
    assert encoder.progress is None


def test_a_run_in_training_says_how_far_it_is_and_a_finished_one_does_not(train, monkeypatch):
    """Every batch, where no time need pass between two."""
    told: list[dict[str, Any]] = []
    monkeypatch.setattr(training_progress, "_SECONDS_BETWEEN", 0.0)
    monkeypatch.setattr(RunWriter, "write_progress", lambda self, progress: told.append(dict(progress)))
    run = train("protomix", epochs=2)
    per_epoch = 15  # 240 documents in batches of 16
    assert [one["step"] for one in told] == [*range(2 * per_epoch + 1), 2 * per_epoch]
    assert {one["steps"] for one in told} == {2 * per_epoch}
    assert [one["epoch"] for one in told[1:-1]] == [1] * per_epoch + [2] * per_epoch
    assert [one["is_over"] for one in told] == [False] * (2 * per_epoch + 1) + [True]
    assert (told[0]["seconds_left"], told[-2]["seconds_left"]) == (None, 0)
    assert {one["stage"] for one in told} == set(run.manifest["stages"]) == {"classification"}


def test_how_far_it_was_stays_with_an_interrupted_run_until_it_is_done(
    interrupted, train, workspace, toy_corpus
):
    with interrupted(20):
        train(epochs=2)
    (run,) = list_runs(workspace.runs)
    assert run.progress["epochs"] == 2
    finished = resume(run.path, workspace=workspace, corpus=toy_corpus)
    assert finished.progress == {}
