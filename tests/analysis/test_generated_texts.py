"""Distinct-n, self-BLEU, nearest texts and tables of what was written, by hand."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics.pairwise import cosine_similarity

from workbench.analysis.generated_texts import (
    MOST,
    described_labels,
    distinct_n,
    nearest_texts,
    rows_of_labels,
    self_bleu,
    struck_answers,
    variety,
)
from workbench.data.corpus import Corpus, Split, make_corpus

REPORT = {
    "describe": {"struck": [{"reason": "refused", "text": "I cannot.", "label": "b"}]},
    "generate": {
        "struck": [
            {"reason": "duplicate", "text": "Twice.", "for": "a", "demonstration": "t-0", "labels": ["a"]},
            {"reason": "empty", "text": "", "for": "a", "demonstration": "t-1", "labels": ["a", "b"]},
        ]
    },
}


def test_distinct_n_counts_different_grams_by_hand():
    texts = ["A b, a", "b a"]  # unigrams a b a b a; bigrams ab ba ba
    assert distinct_n(texts, 1) == pytest.approx(2 / 5)
    assert distinct_n(texts, 2) == pytest.approx(2 / 3)
    assert distinct_n(texts, 3) == 1.0


def test_no_gram_no_number():
    assert math.isnan(distinct_n([], 1))
    assert math.isnan(distinct_n(["", "…"], 1))
    assert math.isnan(distinct_n(["one", "two"], 2))


def test_self_bleu_of_copies_is_one_and_of_strangers_next_to_nothing():
    text = "the model learns what the labels have in common"
    assert self_bleu([text, text, text]) == pytest.approx(1.0)
    assert self_bleu([text, "butter melts slowly over heat when nobody looks"]) < 0.1
    assert math.isnan(self_bleu([text]))


def test_self_bleu_of_one_word_changed_by_hand():
    """Eight words with the last one changed: 7/8 unigrams, 6/7, 5/6, 4/5, both ways; no brevity penalty."""
    words = "we measure how far each label is"
    expected = (7 / 8 * 6 / 7 * 5 / 6 * 4 / 5) ** 0.25
    assert self_bleu([f"{words} away", f"{words} apart"]) == pytest.approx(expected)


def test_equal_numbers_are_compared():
    real = [f"word{number} and more" for number in range(80)]
    table = variety(real, ["the same words again", "the same words again"])
    assert table["documents"].tolist() == [2, 2]
    assert table["self-BLEU"].tolist()[1] == pytest.approx(1.0)
    assert table["distinct-1"].tolist()[1] == pytest.approx(0.5)
    assert variety(real, real)["documents"].tolist() == [MOST, MOST]
    pd.testing.assert_frame_equal(variety(real, real[:5], seed=1), variety(real, real[:5], seed=1))


def test_nothing_generated_is_no_number():
    table = variety(["some text"], [])
    assert table["documents"].tolist() == [0, 0]
    assert table[["distinct-1", "distinct-2", "self-BLEU"]].isna().all(axis=None)


def test_nearest_texts_are_those_of_scikit_learn():
    among = ["red apples and pears", "green apples", "a train to the sea", "pears in red wine"]
    texts = ["red pears", "the sea", "zebra"]
    rows, cosines = nearest_texts(texts, among)
    vectorizer = TfidfVectorizer(sublinear_tf=True, token_pattern=r"(?u)\b\w+\b").fit(among)
    expected = cosine_similarity(vectorizer.transform(texts), vectorizer.transform(among))
    np.testing.assert_array_equal(rows, expected.argmax(axis=1))
    np.testing.assert_allclose(cosines, expected.max(axis=1))
    assert cosines[2] == 0.0 and rows[2] == 0


def test_nothing_to_compare_with():
    rows, cosines = nearest_texts(["text"], [])
    assert rows.tolist() == [-1] and cosines.tolist() == [0.0]
    assert len(nearest_texts([], ["text"])[0]) == 0


@pytest.fixture
def corpus() -> Corpus:
    def part(name: str, rows: list[list[int]]) -> Split:
        texts = [f"{name} text {row}" for row in range(len(rows))]
        return Split(
            texts, sparse.csr_array(np.array(rows)), [f"{name[0]}-{row}" for row in range(len(rows))]
        )

    train = part("train", [[1, 0, 1], [1, 1, 0], [0, 0, 1]])
    plain = make_corpus(
        "small", train, part("valid", [[1, 0, 0]]), part("other", [[0, 1, 0]]), ("a", "b", "c")
    )
    described = plain.with_descriptions("small-d", ("About a.", "", "About c."), "")
    made = sparse.csr_array(np.array([[1, 0, 0], [1, 1, 0]]))
    return described.with_generated("small-g", ["made 0", "made 1"], made, ["g-0", "g-1"], "")


def test_labels_with_what_was_written_about_them(corpus: Corpus):
    table = described_labels(corpus, REPORT)
    assert table["description"].tolist() == ["About a.", "", "About c."]
    assert table["struck"].tolist() == ["", "refused", ""]
    assert table["documents"].tolist() == [2, 1, 2]
    assert table["generated"].tolist() == [2, 1, 0]


def test_a_corpus_without_report_or_descriptions(corpus: Corpus):
    table = described_labels(corpus.without_generated())
    assert table["generated"].tolist() == [0, 0, 0]
    assert table["struck"].tolist() == ["", "", ""]
    assert struck_answers(None).empty


def test_real_and_generated_rows_of_a_label(corpus: Corpus):
    real, made = rows_of_labels(corpus, [0])
    assert (real.tolist(), made.tolist()) == ([0, 1], [3, 4])
    real, made = rows_of_labels(corpus, [0, 2])
    assert (real.tolist(), made.tolist()) == ([0, 1, 2], [3, 4])  # none twice
    assert [len(rows) for rows in rows_of_labels(corpus, [])] == [0, 0]
    real, made = rows_of_labels(corpus.without_generated(), [2])
    assert (real.tolist(), made.tolist()) == ([0, 2], [])


def test_struck_answers_are_rows():
    table = struck_answers(REPORT)
    assert table["reason"].tolist() == ["refused", "duplicate", "empty"]
    assert table["about"].tolist() == ["b", "a", "a"]
    assert table["job"].tolist() == ["describe", "generate", "generate"]
