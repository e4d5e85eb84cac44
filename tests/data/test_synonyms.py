from __future__ import annotations

import numpy as np
import pytest

from workbench.data import synonyms
from workbench.data.synonyms import near_words, synonyms_of
from workbench.errors import WorkbenchError


@pytest.mark.parametrize("block", [2, 1024])
def test_near_words_are_those_of_a_plain_loop(monkeypatch, block):
    monkeypatch.setattr(synonyms, "_BLOCK", block)
    monkeypatch.setattr(synonyms, "LEAST_COSINE", 0.1)
    vectors = np.random.default_rng(0).normal(size=(30, 4))
    words = [f"{chr(97 + row // 26)}{chr(97 + row % 26)}x" for row in range(30)]
    expected = {}
    for row, word in enumerate(words):
        cosines = {
            words[other]: vectors[row]
            @ vectors[other]
            / np.linalg.norm(vectors[row])
            / np.linalg.norm(vectors[other])
            for other in range(30)
            if other != row
        }
        nearest = sorted(cosines, key=lambda name: -cosines[name])[:5]
        expected[word] = [name for name in nearest if cosines[name] >= 0.1]
    assert near_words(words, vectors) == {word: near for word, near in expected.items() if near}


def test_stop_words_and_words_with_digits_neither_have_nor_are_synonyms():
    words = ["the", "quick", "fast", "3rd", "e-mail", "été", "alone"]
    vectors = np.array([[1.0, 0]] * 6 + [[0, 1]])
    assert near_words(words, vectors) == {
        "quick": ["fast", "été"],
        "fast": ["quick", "été"],
        "été": ["quick", "fast"],
    }
    assert near_words([], np.zeros((0, 3))) == {}
    assert near_words(["one", "two"], np.zeros((2, 3))) == {}


def test_a_file_gives_the_synonyms_that_the_training_texts_have(tmp_path):
    path = tmp_path / "vectors.txt"
    path.write_text("Quick 9 9\nquick 1 0\nfast 1 0.1\nrapid 1 0\nslow 0 1\n")
    texts = ["Quick, fast and slow"] * 5 + ["rapid"]
    told: list[int] = []
    assert synonyms_of(texts, path, told.append) == {"quick": ["fast"], "fast": ["quick"]}
    assert len(told) == 6
    path.write_text("other 1 0\n")
    with pytest.raises(WorkbenchError, match=r"none of the 4 words"):
        synonyms_of(texts, path)


def test_without_a_file_vectors_are_counted():
    texts = [f"we {word} the model here" for word in ("train", "fit")] * 20 + ["they sell apples there"] * 20
    told: list[int] = []
    found = synonyms_of(texts, advance=told.append)
    assert (found["train"][0], found["fit"][0]) == ("fit", "train")
    assert len(told) == 2 * len(texts)
    assert synonyms_of([]) == {}
