"""TF-IDF against scikit-learn, statistics of the training texts alone, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from sklearn.feature_extraction.text import TfidfVectorizer

from workbench.encoders import build_encoder, load_encoder
from workbench.encoders.tfidf import MOST_DENSE, TfidfEncoder, TfidfSettings
from workbench.errors import WorkbenchError

TRAIN = [
    "a graph of a graph and words",
    "Words of a network",
    "the network learns words words",
    "graph words",
]
OTHER = ["a graph learns unseen networks", "nothing known here", "", "words words words of the GRAPH"]


def _tfidf(**settings) -> TfidfEncoder:
    encoder = build_encoder("tfidf", settings=settings, train_texts=TRAIN)
    assert isinstance(encoder, TfidfEncoder)
    return encoder


@pytest.mark.parametrize("ngrams", [1, 2, 3])
@pytest.mark.parametrize("min_df", [1, 2])
@pytest.mark.parametrize("sublinear", [True, False])
def test_weights_are_scikit_learns(ngrams: int, min_df: int, sublinear: bool):
    oracle = TfidfVectorizer(ngram_range=(1, ngrams), min_df=min_df, sublinear_tf=sublinear).fit(TRAIN)
    encoder = _tfidf(ngrams=ngrams, min_df=min_df, sublinear=sublinear)
    assert list(encoder.terms) == oracle.get_feature_names_out().tolist()
    np.testing.assert_allclose(encoder.idf, oracle.idf_)
    for texts in (TRAIN, OTHER):
        expected = oracle.transform(texts).toarray()
        np.testing.assert_allclose(encoder.prepare(texts).matrix.toarray(), expected, atol=1e-7)


def test_one_document_by_hand():
    encoder = _tfidf(ngrams=1, min_df=2)
    assert encoder.terms == ("graph", "network", "of", "words")
    idf = {"graph": np.log(5 / 3) + 1, "words": np.log(5 / 5) + 1}  # in 2 and 4 of 4 training documents
    raw = np.array([idf["graph"], (1 + np.log(3)) * idf["words"]])
    (row,) = encoder.prepare(["words graph words words unknown"]).matrix.toarray()
    np.testing.assert_allclose(row[[0, 3]], raw / np.linalg.norm(raw), rtol=1e-6)
    assert row[[1, 2]].tolist() == [0, 0]


def test_other_documents_change_no_weight():
    encoder = _tfidf(min_df=1)
    alone = encoder.prepare(OTHER[:1]).matrix.toarray()
    among = encoder.prepare(OTHER * 3).matrix.toarray()
    np.testing.assert_array_equal(among[0], alone[0])
    assert encoder.hidden_size == alone.shape[1]


def test_a_batch_holds_the_bags_and_nothing_at_padding():
    encoder = _tfidf(min_df=1)
    bags = encoder.prepare(OTHER)
    inputs = bags.batch([3, 1, 0])
    dense = np.zeros((3, encoder.hidden_size))
    for row, (terms, weights) in enumerate(zip(inputs["terms"], inputs["weights"], strict=True)):
        for term, weight in zip(terms.tolist(), weights.tolist(), strict=True):
            dense[row, term] += weight
    np.testing.assert_allclose(dense, bags.matrix.toarray()[[3, 1, 0]])
    torch.testing.assert_close(encoder(inputs).document.double(), torch.from_numpy(dense))
    assert bags.lengths[1] == bags.lengths[2] == 0
    assert bags.batch([1, 2])["terms"].shape == (2, 1)


def test_it_knows_which_words_it_knows():
    encoder = _tfidf(min_df=1)
    assert [encoder.knows_any_word(text) for text in OTHER] == [True, False, False, True]


def test_only_so_many_terms_and_words():
    assert _tfidf(ngrams=1, max_terms=2).hidden_size == 2
    encoder = _tfidf(min_df=1, max_length=2)
    short, long = encoder.prepare(["graph of", "graph of words network"]).matrix.toarray()
    np.testing.assert_array_equal(short, long)


def test_texts_without_a_common_term_are_refused():
    with pytest.raises(WorkbenchError, match=r"No term is in 9 of the 4 .*--set min_df=8"):
        _tfidf(min_df=9)


def test_frozen_it_is_refused():
    with pytest.raises(WorkbenchError, match=r"tfidf starts from counts: frozen, it would encode nothing"):
        build_encoder("tfidf", settings={}, train_texts=TRAIN, frozen=True)


def test_too_many_terms_for_dense_documents_say_so_in_numbers():
    encoder = TfidfEncoder(TfidfSettings(), [f"term{number}" for number in range(MOST_DENSE + 1)])
    encoded = encoder(encoder.prepare(["term1 term2"]).batch([0]))
    with pytest.raises(WorkbenchError, match=r"32,769 terms .* up to 32,768.*--set max_terms=32768"):
        _ = encoded.document


def test_a_letter_that_cannot_be_written_is_no_hindrance(tmp_path: Path):
    encoder = build_encoder("tfidf", settings={"min_df": 1}, train_texts=["good \ud800word", "good"])
    encoder.save(tmp_path)
    assert load_encoder(tmp_path).terms == encoder.terms


@pytest.mark.parametrize("content", ["", "{}", "[]", "[1]"])
def test_damaged_terms_name_their_file(tmp_path: Path, content: str):
    _tfidf().save(tmp_path)
    assert json.loads((tmp_path / "terms.json").read_text("utf-8"))
    (tmp_path / "terms.json").write_text(content)
    with pytest.raises(WorkbenchError, match=r"terms\.json"):
        load_encoder(tmp_path)
