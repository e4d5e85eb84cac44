from __future__ import annotations

import pytest

from workbench.data.counted_vectors import count_words, counted_vectors
from workbench.data.library import load_corpus
from workbench.data.word_vectors import read_vectors


def test_vectors_are_those_of_the_training_texts(command, toy, tmp_path):
    out = tmp_path / "toy.txt"
    ended = command("data", "vectors", toy, "--out", out, "--size", 8)
    assert (ended.status, ended.err) == (0, "")
    texts = list(load_corpus(toy).train.texts)
    words = count_words(texts)
    assert f"{len(words)} words of toy, 8 dimensions" in " ".join(ended.out.split())
    assert "--set embedding_size=8" in " ".join(ended.out.split())
    expected = counted_vectors(texts, words, dimensions=8)
    found = read_vectors(out, set(words))
    assert len(found) == len(words)
    for word, vector in zip(words, expected, strict=True):
        assert found[word].tolist() == pytest.approx(vector.tolist(), rel=1e-4, abs=1e-5)


@pytest.mark.parametrize(
    "out, size, message",
    [
        ("no/where.txt", 8, "no folder"),
        (".", 8, "is a folder"),
        ("there.txt", 8, "Use --force to replace it"),
        ("new.txt", 5000, "too few for vectors of 5000 dimensions"),
    ],
)
def test_mistakes_are_told_before_anything_is_written(
    command, toy, tmp_path, monkeypatch, out, size, message
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "there.txt").write_text("mine")
    ended = command("data", "vectors", toy, "--out", out, "--size", size)
    assert ended.status == 1
    assert message in " ".join(ended.err.split())
    assert (tmp_path / "there.txt").read_text() == "mine"
    assert not (tmp_path / "new.txt").exists()


def test_an_encoder_reads_them(command, toy, tmp_path):
    out = tmp_path / "toy.txt.gz"
    assert command("data", "vectors", toy, "--out", out, "--size", 8).status == 0
    assert command("data", "vectors", toy, "--out", out, "--size", 6, "--force").status == 0
    ended = command(
        *("train", "base", "--corpus", toy, "--encoder", "words", "--set", f"vectors={out}"),
        *("--set", "embedding_size=6", "--set", "epochs=1", "--name", "read"),
    )
    assert (ended.status, ended.err) == (0, "")
