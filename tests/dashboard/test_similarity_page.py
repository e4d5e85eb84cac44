from __future__ import annotations

import json
import shutil

import numpy as np
import pytest
from scipy.stats import spearmanr

from tests.dashboard import tiny_corpus
from tests.dashboard.page import opened, pictures, said
from tests.tested_runs import plausible_scores, write_tested_run
from workbench.analysis import label_order
from workbench.analysis.cooccurrence import cooccurrence
from workbench.analysis.similarity import label_directions, label_similarity
from workbench.data.corpus import Corpus
from workbench.data.library import load_corpus
from workbench.runs.layout import Layout
from workbench.runs.store import Run
from workbench.runs.writer import write_array

TRAIN = [[0, 1], [0, 1], [0, 2], [3, 4], [3, 4], [2, 5], [1], [4, 5]]
TEST = [[0, 1], [0, 1], [3, 4], [2], [2, 5], []]
LABELS = ["ant", "bee", "cat", "dog", "eel", "fox", "never"]


@pytest.fixture
def corpus(workspace) -> Corpus:
    tiny_corpus.save(workspace, "tiny", TRAIN, LABELS, test=TEST)
    return load_corpus("tiny")


def trained(workspace, corpus: Corpus, name: str, method: str = "base", fingerprint: str = "") -> Run:
    """A run on the corpus, with vectors in which ant and bee lie side by side, as documents 0 and 1 do."""
    gold = corpus.test.targets.toarray()
    about = {
        "name": "tiny",
        "fingerprint": fingerprint or corpus.fingerprint,
        "split_id": corpus.split_id,
        "n_train": len(TRAIN),
    }
    run = write_tested_run(
        workspace.runs,
        name,
        plausible_scores(gold, 0),
        gold,
        method=method,
        corpus=about,
        ids=list(corpus.test.ids),
        labels=LABELS,
        counts=np.asarray(corpus.train.targets.sum(axis=0)),
        n_train=len(TRAIN),
    )
    vectors = np.eye(7) + 0.1
    vectors[1] = vectors[0] + 0.01 * vectors[1]
    documents = np.array([[1, 0], [1, 0.1], [0, 1], [1, 1], [1, 0.9], [1, 1]])
    layout = Layout(run.path)
    write_array(layout, "label_embeddings", vectors)
    write_array(layout, "document_embeddings", documents)
    write_array(layout, "document_rows", np.arange(6))
    (run.path / "DONE").touch()
    return Run.load(run.path)


@pytest.fixture
def two(workspace, corpus) -> tuple[Run, Run]:
    return tuple(trained(workspace, corpus, name, name) for name in ("base", "protomix"))


def titles(test) -> list[str]:
    return [note["text"] for figure in pictures(test) for note in figure["layout"].get("annotations", [])]


def names(figure: dict) -> list[str]:
    return [name.partition("<br>")[0] for name in figure["data"][0]["x"]]


def frame(test, column: str):
    return next(one.value for one in test.dataframe if column in one.value.columns)


def test_inner_products_of_both_runs_stand_beside_what_training_holds_in_one_order(two):
    test = opened("similarity")
    assert titles(test)[:3] == [
        "<b>inner product<br>base</b>",
        "<b>inner product<br>protomix</b>",
        "<b>Jaccard</b>",
    ]
    base, protomix, jaccard, _ = pictures(test)
    assert names(base) == names(protomix) == names(jaccard)
    assert set(names(base)) == set(LABELS) - {"never"}
    assert abs(names(base).index("ant") - names(base).index("bee")) == 1
    assert "training documents of **base**" in said(test)
    assert "Left out: 1 label" in said(test)
    assert "(3 documents)" in json.dumps(base["data"][0]["x"])


def test_the_rank_correlation_stands_there_as_a_number(two, corpus):
    table = frame(opened("similarity"), "correlation")
    assert table["run"].tolist() == ["base", "protomix"]
    assert table["pairs"].tolist() == [15, 15]
    alike = label_similarity(label_directions(two[0]), cooccurrence(corpus.train.targets))
    upper = alike.pairs
    expected = spearmanr(alike.products[upper], alike.jaccard[upper]).statistic
    assert table["correlation"].tolist() == pytest.approx([expected] * 2)
    assert 0 < table["p"].iloc[0] <= 1


def test_labels_can_be_chosen_and_are_then_the_only_ones(two):
    test = opened("similarity", labels=["ant", "bee", "eel"])
    assert sorted(names(pictures(test)[0])) == ["ant", "bee", "eel"]
    assert "chosen" in frame(test, "correlation").columns
    assert "never" not in test.multiselect(key="labels").options
    (one,) = (figure for figure in pictures(opened("similarity", labels=["ant"]))[-2:-1])
    assert "two of them" in one["layout"]["annotations"][0]["text"]


@pytest.mark.parametrize(
    "beside, title", [("Documents", "documents with both"), ("p(column | row)", "p(column | row)")]
)
def test_counts_and_shares_can_stand_beside_them_too(two, beside, title):
    assert titles(opened("similarity", measured=beside))[2] == f"<b>{title}</b>"


def test_pairs_that_disagree_most_are_named(two):
    table = frame(opened("similarity"), "gap")
    assert (table["gap"] != 0).all()
    assert table.columns[:3].tolist() == ["label_a", "label_b", "gap"]  # in view
    close = table[table["gap"] > 0]
    assert (close["jaccard"] == 0).any()


def test_without_its_corpus_labels_of_test_documents_are_counted_and_it_says_so(workspace, corpus):
    trained(workspace, corpus, "other", fingerprint="0" * 64)
    test = opened("similarity")
    assert "The corpus of other is not here as it was" in said(test)
    assert set(names(pictures(test)[0])) == set(LABELS) - {"never"}
    assert "test documents of **other**" in said(test)


def test_documents_stand_beside_their_label_sets(two):
    test = opened("similarity", between="Documents")
    assert titles(test) == [
        "<b>inner product<br>base</b>",
        "<b>inner product<br>protomix</b>",
        "<b>Jaccard of gold labels</b>",
    ]
    base, _, jaccard = pictures(test)
    assert names(base) == names(jaccard)
    assert len(names(base)) == 5  # not the one without labels
    assert "(ant, bee)" in json.dumps(base["data"][0]["x"])


def test_the_papers_remark_is_checked_in_numbers(two):
    table = frame(opened("similarity", between="Documents", runs=["base"]), "identical")
    assert table["inner_product"].iloc[0] == "any (by chance)"
    row = table[table["inner_product"] == "0.8 or more"].iloc[0]
    # 0 and 1, of the same labels, 3 and 4, and 1 and 4 (0.806); 0 and 4 do not (0.743)
    assert (row["pairs"], row["identical"]) == (3, pytest.approx(100 / 3))
    assert row["found"] == 100
    assert "Rank correlation" in said(opened("similarity", between="Documents"))


@pytest.mark.parametrize("sought, found", [("EEL", 1), ("text tiny-test 1", 1), ("tiny-test", 5), ("cat", 2)])
def test_documents_are_found_by_id_label_or_text(two, sought, found):
    test = opened("similarity", between="Documents", sought=sought)
    if found < 2:
        assert f"{found} document with a label found" in said(test)
    else:
        assert len(names(pictures(test)[0])) == found


def test_without_the_corpus_texts_are_not_searched(workspace, corpus):
    trained(workspace, corpus, "base")
    shutil.rmtree(workspace.corpora / "tiny")
    test = opened("similarity", between="Documents", sought="text")
    assert "texts cannot be searched" in said(test)
    assert "0 documents with a label found" in said(test)


def test_many_labels_share_rows_and_it_says_so(workspace, corpus, monkeypatch):
    monkeypatch.setattr(label_order, "SINGLE_AT_MOST", 4)
    monkeypatch.setattr(label_order, "BLOCK_COUNTS", (2, 4))
    monkeypatch.setattr(label_order, "LABELS_PER_BLOCK", 3)
    trained(workspace, corpus, "blocks")
    test = opened("similarity")
    assert "6 labels share 2 rows here" in said(test)
    assert len(names(pictures(test)[0])) == 2


def test_a_run_without_what_it_draws_is_named(two, run_factory):
    path = run_factory("plain-0", method="mix", split_id=two[0].split_id)
    (path / "arrays" / "label_embeddings.npy").unlink()
    assert "Without label vectors, and so not offered here: plain-0" in said(opened("similarity"))
    assert "plain-0" in said(opened("similarity", between="Documents"))


def test_when_no_run_has_them_it_says_so(run_factory):
    run_factory("plain-0")
    test = opened("similarity", between="Documents")
    assert "No finished run has vectors of documents" in said(test)


def test_diverged_vectors_are_named_with_their_reason_beside_good_ones(two):
    write_array(Layout(two[1].path), "label_embeddings", np.full((7, 3), np.nan))
    (two[1].path / "DONE").touch()
    test = opened("similarity", runs=["base", "protomix"])
    assert "diverged" in test.warning[0].value
    assert titles(test)[0] == "<b>inner product<br>base</b>"


def test_labels_that_all_point_one_way_have_no_rank_correlation(workspace, corpus):
    run = trained(workspace, corpus, "flat")
    write_array(Layout(run.path), "label_embeddings", np.ones((7, 3)))
    (run.path / "DONE").touch()
    test = opened("similarity")
    assert "there is no rank correlation" in said(test)
    assert np.isnan(frame(test, "correlation")["correlation"].astype(float)).all()
