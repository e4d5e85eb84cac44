from __future__ import annotations

import json

import pytest

from workbench.cli.exhibit_view import duration
from workbench.methods.protomix import ProtoMix
from workbench.runs.store import list_runs

SMALL = ["--set", "filters=4", "--set", "embedding_size=8", "--set", "epochs=1", "--set", "batch_size=32"]


def test_exhibits_are_listed_with_what_they_need_and_how_far_they_are(command, toy):
    out = command("exhibits", "--corpus", toy).out
    lines = {line.split()[0]: line for line in out.splitlines() if line.strip().startswith("protomix/")}
    assert set(lines) == {
        *(f"protomix/table-{number}" for number in range(1, 8)),
        *(f"protomix/figure-{number}" for number in range(3, 9)),
    }
    assert "ready" in lines["protomix/table-1"]
    assert "0 of 4 runs" in lines["protomix/figure-6"]
    assert "61 runs" in command("exhibits", "--corpus", toy, "--budget", "full").out


def test_reproduce_trains_what_is_missing_once_and_shows_both_sides(command, toy, workspace):
    arguments = ["reproduce", "protomix/table-5", "--corpus", toy, "--seeds", 2, *SMALL]
    first = command(*arguments)
    assert (first.status, first.err) == (0, "")
    assert "5 runs on toy" in first.out
    assert "0 there, 5 to train." in first.out
    assert "5/5 toy-cnn-protomix-s1" in first.out
    assert "left" in first.out
    made = {run.name: run.manifest["started_at"] for run in list_runs(workspace.runs)}
    again = command(*arguments)
    assert "5 there, 0 to train." in again.out
    assert {run.name: run.manifest["started_at"] for run in list_runs(workspace.runs)} == made
    assert all(said in again.out for said in ("paper: EUR-Lex", "15,449 train", "ours: toy", "85.95", "±"))
    assert "workbench data augment CORPUS --with eda" in " ".join(again.out.split())
    folder = workspace.root / "exhibits/protomix/table-5/toy-cnn-quick"
    assert json.loads((folder / "figure.json").read_text())["data"]
    assert f"Written: {folder / 'numbers.csv'}" in again.out


def test_time_is_foretold_from_the_runs_that_are_there(command, toy):
    command("reproduce", "protomix/table-5", "--corpus", toy, *SMALL)
    assert (
        "3 there, 2 to train, about " in command("reproduce", "protomix/table-4", "--corpus", toy, *SMALL).out
    )


def test_without_training_an_unfinished_exhibit_shows_the_papers_side(command, toy, workspace):
    ended = command("reproduce", "protomix/table-4", "--corpus", toy, "--no-train")
    assert ended.status == 0
    assert "None of the 5 runs is there" in ended.out
    assert "77.10" in ended.out
    assert list_runs(workspace.runs) == []


def test_a_figure_without_runs_says_how_to_get_them(command, toy):
    ended = command("reproduce", "lsfa/figure-6", "--corpus", toy, "--no-train")
    assert ended.status == 0
    assert "None of the 2 runs is there: nothing can be drawn." in ended.out
    assert "without --no-train" in ended.out


def test_some_runs_are_shown_and_the_rest_is_asked_for(command, toy):
    command("reproduce", "protomix/table-5", "--corpus", toy, *SMALL)
    ended = command("reproduce", "protomix/figure-6", "--corpus", toy, "--no-train", "--html", *SMALL)
    assert ended.status == 1
    assert "figure.html" in ended.out
    assert "effective rank" in ended.out
    assert "2 runs are missing" in ended.err


def test_broken_and_foreign_runs_are_named_or_left_alone(command, toy, workspace):
    command("reproduce", "protomix/table-5", "--corpus", toy, *SMALL)
    (workspace.runs / "toy-cnn-base-s0" / "metrics.json").write_text("{")
    ended = command("reproduce", "protomix/table-5", "--corpus", toy, *SMALL)
    assert "left out  toy-cnn-base-s0" in ended.out
    assert "metrics.json cannot be read" in ended.out
    manifest = workspace.runs / "toy-cnn-protomix-s0" / "run.json"
    manifest.write_text(manifest.read_text().replace('"fingerprint": "', '"fingerprint": "0'))
    assert "2 there, 1 to train" in command("reproduce", "protomix/table-5", "--corpus", toy, *SMALL).out


def test_ctrl_c_keeps_what_is_finished(command, toy, workspace, monkeypatch):
    def interrupted(self, batch):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(ProtoMix, "forward", interrupted)
        ended = command("reproduce", "protomix/table-5", "--corpus", toy, *SMALL)
    assert (ended.status, "the same command goes on" in ended.err) == (130, True)
    assert command("reproduce", "protomix/table-5", "--corpus", toy, *SMALL).status == 0
    assert len(list_runs(workspace.runs)) == 3


def test_the_corpus_alone_is_enough_for_its_table(command, toy, workspace):
    out = command("reproduce", "protomix/table-1", "--corpus", toy).out
    assert "23,149" in out
    assert "train documents" in out
    assert (workspace.root / "exhibits/protomix/table-1/toy/numbers.csv").exists()


@pytest.mark.parametrize(
    "arguments, message",
    [
        (["protomix/figure-66"], "Did you mean 'protomix/figure-6'"),
        (["protomix/table-4", "--corpus", "toi"], "no corpus 'toi'"),
        (["protomix/table-4", "--budget", "ful"], "Did you mean 'full'"),
        (["protomix/table-4", "--encoder", "cnnn"], "cnnn"),
        (["protomix/table-4", "--frozen"], "frozen, it would encode nothing"),
        (["protomix/table-3", "--set", "alpha=1"], "varies alpha itself"),
        (["protomix/table-4", "--set", "epoch=1"], "Did you mean 'epochs'"),
    ],
)
def test_mistakes_are_one_message_before_anything_is_trained(command, toy, workspace, arguments, message):
    ended = command("reproduce", *(["--corpus", toy] if "--corpus" not in arguments else []), *arguments)
    assert ended.status == 1
    assert ended.err.startswith("error:")
    assert message in ended.err
    assert "Traceback" not in ended.err
    assert list_runs(workspace.runs) == []


def test_no_seed_is_no_exhibit(command, toy):
    assert command("reproduce", "protomix/table-4", "--corpus", toy, "--seeds", 0).status == 2


@pytest.mark.parametrize("seconds, said", [(12.4, "12 s"), (89, "89 s"), (150, "2 min"), (9000, "2.5 h")])
def test_durations_as_people_say_them(seconds, said):
    assert duration(seconds) == said
