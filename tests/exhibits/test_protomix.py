"""ProtoMix's exhibits against the paper, number by number where it counts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from workbench.analysis.floor import FLOOR
from workbench.exhibits import protomix_numbers as paper
from workbench.exhibits.corpora import corpus_statistics
from workbench.exhibits.registry import find_exhibit
from workbench.exhibits.scope import CorpusFacts
from workbench.methods.protomix import ProtoMix


@pytest.mark.parametrize(
    "table, size",
    [
        (paper.TABLE_1, 3 * 7),
        (paper.TABLE_2, 5 * (11 + 10 + 10)),
        (paper.TABLE_3, 5 * 5),
        (paper.TABLE_4, 16 * 5),
        (paper.TABLE_5, 5 * 5),
        (paper.TABLE_6, 32 * 5),
        (paper.TABLE_7, 10 * 5),
    ],
    ids=[f"table {number}" for number in range(1, 8)],
)
def test_every_printed_number_is_there(table, size):
    assert len(table) == size


@pytest.mark.parametrize(
    "table, corpus, encoder, variant, metric, value",
    [
        (paper.TABLE_2, "EUR-Lex", "", "AttentionXML", "P@5", 0.6176),
        (paper.TABLE_2, "AAPD", "", "LDGN", "nDCG@5", 0.8685),
        (paper.TABLE_2, "RCV1", "", "protomix", "P@3", 0.8324),
        (paper.TABLE_4, "EUR-Lex", "cnn", "protomix", "P@1", 0.7710),
        (paper.TABLE_4, "EUR-Lex", "llama-3-8b", "proto", "P@1", 0.7935),
        (paper.TABLE_5, "EUR-Lex", "bert-base-uncased", "back-translation", "nDCG@3", 0.7631),
        (paper.TABLE_6, "AAPD", "bilstm", "mix", "P@5", 0.4182),
        (paper.TABLE_6, "RCV1", "cnn", "base", "nDCG@5", 0.9034),
        (paper.TABLE_7, "RCV1", "bert-base-uncased", "LLM rewriting", "P@1", 0.9738),
        (paper.TABLE_7, "AAPD", "bert-base-uncased", "base", "P@1", 0.8490),
    ],
)
def test_numbers_as_printed(table, corpus, encoder, variant, metric, value):
    about = {"corpus": corpus, "encoder": encoder, "variant": variant, "metric": metric}
    rows = table[(table[list(about)] == list(about.values())).all(axis=1)]
    assert rows["value"].tolist() == [value]


def test_the_method_card_says_the_same_numbers():
    assert ProtoMix.card.reported["AAPD", "cnn", "protomix", "P@1"] == 0.8460
    assert ProtoMix.card.reported["EUR-Lex", "bert-base-uncased", "mix", "nDCG@5"] == 0.7152
    assert len(ProtoMix.card.reported) == 16 * 5 + 32 * 5


def test_table_3_trains_protomix_at_each_alpha_and_figure_3_both_terms_at_each_beta(scope):
    *needs, floor = find_exhibit("protomix/table-3").needs(scope)
    assert (floor.method, floor.at, floor.settings) == (FLOOR, None, {})
    assert [(need.method, need.at, need.settings["alpha"]) for need in needs] == [
        ("protomix", alpha, alpha) for alpha in (0.05, 0.1, 0.5, 1, 1.5)
    ]
    needs = find_exhibit("protomix/figure-3").needs(scope)
    assert [need.method for need in needs if need.at is None] == ["base", "mix", FLOOR]
    assert {(need.method, need.settings["beta"]) for need in needs if need.at is not None} == {
        (method, beta) for method in ("proto", "protomix") for beta in (0.0001, 0.0005, 0.001, 0.005, 0.01)
    }


def test_figure_4_takes_shares_of_the_training_documents(scope):
    needs = find_exhibit("protomix/figure-4").needs(scope)
    sizes = {need.at: need.settings.get("train_size") for need in needs}
    assert sizes == {1: None, 0.75: 180, 0.5: 120, 0.25: 60}
    floors = [need for need in needs if need.method == FLOOR]
    assert {need.at: need.settings.get("train_size") for need in floors} == sizes
    tiny = replace(scope, corpus=replace(scope.corpus, n_train=1))
    assert find_exhibit("protomix/figure-4").needs(tiny)[-1].settings["train_size"] == 1


def test_full_needs_five_seeds_of_the_papers_encoders(scope):
    exhibit = find_exhibit("protomix/table-4")
    wanted = replace(scope, budget="full", encoders=exhibit.encoders, seeds=tuple(range(5)))
    needs = exhibit.needs(wanted)
    assert len(needs) == 4 * 3 * 5 + 1  # the floor is solved once
    cnn = next(need for need in needs if need.encoder == "cnn")
    assert (cnn.settings["filters"], cnn.settings["widths"], cnn.settings["embedding_size"]) == (
        256,
        [2, 4, 8],
        300,
    )


def test_table_1_counts_a_corpus_as_the_paper_does(toy_corpus):
    table = corpus_statistics(toy_corpus, CorpusFacts.of(toy_corpus)).set_index("metric")["value"]
    train = toy_corpus.train.targets.toarray()
    assert table["train documents"] == 240
    assert table["test documents"] == 60
    assert table["train labels"] == (train.sum(axis=0) > 0).sum() == 10
    assert table["labels per train document"] == pytest.approx(train.sum() / 240)
    assert table["train documents per label"] == pytest.approx(train.sum() / 10)
    of_eurlex = paper.TABLE_1[paper.TABLE_1["corpus"] == "EUR-Lex"].set_index("metric")["value"]
    per_label = 5.32 * 15449 / 3801  # the same reckoning from the printed, rounded numbers
    assert of_eurlex["train documents per label"] == pytest.approx(per_label, abs=0.03)
