from __future__ import annotations

import pytest

from workbench.cli.augment_view import compared
from workbench.data.library import load_corpus


def test_eda_makes_a_version_and_shows_examples(command, toy):
    ended = command("data", "augment", toy, "--with", "eda", "--copies", 2, "--examples", 2, "--seed", 5)
    assert (ended.status, ended.err) == (0, "")
    assert "EDA, rate 0.1, seed 5" in ended.out
    assert "a0~eda-1" in ended.out and "original" in ended.out
    version, toy_corpus = load_corpus("toy-eda"), load_corpus(toy)
    made = version.train.n_generated
    assert 470 < made < 480  # where only equal words changed places, nothing changed
    assert f"made toy-eda: 240 training documents and {made} augmented" in ended.out
    assert f"{480 - made} copies left out" in ended.out
    assert version.split_id == toy_corpus.split_id
    assert version.without_generated().fingerprint == toy_corpus.fingerprint
    again = command("data", "augment", toy, "--with", "eda")
    assert again.status == 1
    assert "'toy-eda' already. Use --force" in again.err
    other = command("data", "augment", toy, "--with", "eda", "--seed", 5, "--name", "other", "--copies", 2)
    assert other.status == 0
    assert load_corpus("other").fingerprint == version.fingerprint
    assert command("data", "augment", toy, "--with", "eda", "--force", "--examples", 0).status == 0
    assert 230 < load_corpus("toy-eda").train.n_generated <= 240
    assert command("data", "augment", "toy-eda", "--with", "eda").status == 1


@pytest.mark.parametrize(
    "arguments, message",
    [
        (["--with", "ed"], "Did you mean 'eda'?"),
        (["--with", "eda", "--there", "x"], "--there belongs to --with back-translation"),
        (["--with", "rewriting", "--rate", "0.2"], "--rate belongs to --with eda"),
        (["--with", "eda", "--rate", "2"], "A rate of 2 is not possible"),
        (["--with", "eda", "--copies", "0"], "0 copies"),
        (["--with", "eda", "--name", "toy"], "Use another --name"),
        (["--with", "eda", "--vectors", "no.txt"], "no.txt cannot be read"),
        (["--with", "rewriting"], "no language model"),
        (["--with", "back-translation", "--there", "x"], "give both --there and --back"),
        (["--with", "back-translation"], "hf download NAME"),
    ],
)
def test_mistakes_are_answered_with_what_to_do(command, toy, workspace, arguments, message):
    ended = command("data", "augment", toy, *arguments)
    assert ended.status == 1
    assert message in " ".join(ended.err.split())
    assert sorted(path.name for path in workspace.corpora.iterdir()) == ["toy"]


def test_stopping_writes_nothing(command, toy, workspace, monkeypatch):
    def interrupted(*arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr("workbench.data.easy_augmentation.EasyAugmentation.__call__", interrupted)
    ended = command("data", "augment", toy, "--with", "eda")
    assert (ended.status, "nothing was written" in ended.err) == (130, True)
    assert sorted(path.name for path in workspace.corpora.iterdir()) == ["toy"]


def test_words_that_differ_are_marked():
    left, right = compared(["a", "b", "c"], ["a", "x", "c", "d"])
    assert (left.plain, right.plain) == ("a b c ", "a x c d ")
    assert [right.plain[span.start : span.end] for span in right.spans] == ["x", "d"]
    assert [left.plain[span.start : span.end] for span in left.spans] == ["b"]
    assert compared(["w"] * 61, ["w"])[0].plain.endswith("w …")
