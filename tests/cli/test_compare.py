from __future__ import annotations

import json
import re

import numpy as np
import pytest

from tests.tested_runs import plausible_scores, write_tested_run
from workbench.cli.compare_view import letter
from workbench.runs.store import Run

GOLD = np.random.default_rng(9).random((60, 8)) < 0.3


@pytest.fixture
def tested(workspace):
    def make(name: str, right: float = 0.5, number: int = 0, **about) -> Run:
        return write_tested_run(workspace.runs, name, plausible_scores(GOLD, number, right), GOLD, **about)

    return make


@pytest.fixture
def narrow(command, monkeypatch):
    def run(*arguments: object):
        monkeypatch.setenv("COLUMNS", "80")
        return command("compare", *arguments)

    return run


def test_two_runs_with_differences_intervals_and_labels(tested, narrow):
    first, second = tested("first-run"), tested("second-run", 9.0, 1, method="proto")
    ended = narrow("first-run", "second-run", "--resamples", 200)
    assert (ended.status, ended.err) == (0, "")
    lines = ended.out.splitlines()
    assert max(map(len, lines)) <= 80
    assert any(line.split()[:2] == ["A", "first-run"] for line in lines)
    values = [run.metrics["test"]["overall"]["micro_F1"] for run in (first, second)]
    row = next(line for line in lines if "micro_F1" in line).split()
    assert row[1:3] == [f"{value:.4f}" for value in values]
    assert row[3] == f"{values[1] - values[0]:+.4f}"
    assert "B and A differ on" in ended.out
    assert "only B right" in ended.out
    assert "200 draws, seed 0" in ended.out.replace("\n", " ")
    assert "Over seeds" not in ended.out
    assert "average rank" not in ended.out


def test_metrics_seed_and_resamples_can_be_chosen(tested, narrow, tmp_path):
    tested("one")
    tested("two", 0.6, 1)
    options = ("--metrics", "P@3, hamming_loss", "--resamples", 30, "--json", tmp_path / "out.json")
    ended = narrow("one", "two", *options, "--seed", 7)
    assert "nDCG@5" not in ended.out
    written = json.loads((tmp_path / "out.json").read_text())
    assert (written["metrics"], written["resamples"], written["seed"]) == (["P@3", "hamming_loss"], 30, 7)
    narrow("one", "two", *options, "--seed", 8)
    again = json.loads((tmp_path / "out.json").read_text())
    low = [one["splits"][0]["differences"][0]["low"] for one in (written, again)]
    assert low[0] != low[1]


def test_seeds_and_corpora_have_tables_of_their_own(tested, narrow, tmp_path):
    names = [
        tested(
            f"{method}-{split}-{seed}",
            right,
            2 * seed + split,
            method=method,
            seed=seed,
            split_id=f"toy/{split}",
        ).name
        for split in (1, 2)
        for method, right in (("base", 0.1), ("proto", 1.0), ("mix", 9.0))
        for seed in (0, 1)
    ]
    ended = narrow(*names, "--resamples", 20, "--json", tmp_path / "out.json")
    assert max(map(len, ended.out.splitlines())) <= 80
    assert ended.out.count("2 common seeds, paired t-test") == 4
    assert "average rank over 2 corpora" in ended.out
    assert re.search(r"critical difference +2\.34", ended.out)
    written = json.loads((tmp_path / "out.json").read_text())
    assert [len(split["runs"]) for split in written["splits"]] == [6, 6]
    assert {row["n"] for row in written["seeds"]} == {2}
    differences = len(written["seeds"]) + sum(len(split["differences"]) for split in written["splits"])
    assert f"not corrected for {differences} differences" in " ".join(ended.out.split())
    ranks = written["ranks"]["P@1"]
    assert ranks["corpora"] == 2
    assert sorted(row["method"] for row in ranks["ranks"]) == ["base · cnn", "mix · cnn", "proto · cnn"]
    assert ranks["groups"] == [[row["method"] for row in ranks["ranks"]]]


def test_identical_runs_decide_alike(tested, narrow):
    tested("one")
    tested("two")
    ended = narrow("one", "two", "--resamples", 20)
    assert "B and A decide every label of every document alike" in ended.out
    assert "0.0000 to 0.0000" in ended.out
    assert "+0.0000" not in ended.out


def test_long_names_stay_in_eighty_columns(tested, narrow):
    long = "a-corpus-with-a-very-long-name-minilm-frozen-protomix-with-settings-s"
    labels = [f"label [bold]{number}[/] " + "with a long name " * 6 for number in range(8)]
    for number in range(2):
        config = {"method": {"a_setting_of_the_method": number}, "training": {}, "encoder": {}}
        tested(f"{long}{number}", 9.0 * number, number, config=config, labels=labels)
    ended = narrow(f"{long}0", f"{long}1", "--metrics", "hamming_loss,macro_precision", "--resamples", 20)
    assert max(map(len, ended.out.splitlines())) <= 80
    assert "…" not in ended.out
    assert "[bold]" in ended.out


@pytest.mark.parametrize(
    "arguments, said",
    [
        (["one"], "at least two runs"),
        (["one", "tow"], "Did you mean 'two'"),
        (["one", "one"], "named twice"),
        (["one", "live"], "only a finished run has predictions. Wait until it is done."),
        (["one", "elsewhere"], "one was tested on the split toy/1, but elsewhere on toy/2"),
        (["one", "two", "--metrics", "macro_f1"], "Did you mean 'macro_F1'"),
        (["one", "two", "--metrics", "P@k"], "needs a number for its k"),
        (["one", "two", "--metrics", " , "], "names no metric"),
    ],
)
def test_mistakes_are_one_line_with_a_remedy(tested, narrow, run_factory, arguments, said):
    tested("one")
    tested("two")
    tested("elsewhere", split_id="toy/2")
    run_factory("live", end="running")
    ended = narrow(*arguments)
    assert ended.status == 1
    assert ended.err.startswith("error: ")
    assert said in ended.err
    assert len(ended.err.splitlines()) == 1


def test_letters_go_on_after_z():
    assert [letter(place) for place in (0, 25, 26, 52)] == ["A", "Z", "A2", "A3"]


def test_the_floor_of_the_split_is_compared_too(tested, narrow):
    tested("first-run"), tested("second-run", 9.0, 1, method="proto")
    without = narrow("first-run", "second-run", "--resamples", 50)
    assert "workbench train binary-relevance --corpus" in without.out
    tested("simple-run", 0.2, 2, method="binary-relevance")
    ended = narrow("first-run", "second-run", "--resamples", 50)
    assert "simple-run" in ended.out
    assert "workbench train binary-relevance" not in ended.out
    assert "simple-run" not in narrow("first-run", "second-run", "--resamples", 50, "--no-floor").out
