"""The numbers of LACO's paper: some by hand, and all against each other where the paper allows it."""

from __future__ import annotations

import pytest

from workbench.exhibits import laco_numbers as paper
from workbench.exhibits.numbers import side_by_side, wide
from workbench.exhibits.printed import no_numbers
from workbench.methods.laco import LACO

HALF = 0.0005  # of the last printed digit of a percentage, as a fraction


def wide_table(table):
    return table.pivot(index=["corpus", "variant"], columns="metric", values="value")


@pytest.mark.parametrize(
    "table, size",
    [
        (paper.TABLE_1, 2 * 4),
        (paper.TABLE_2, 2 * 14 * 4 + 2 + 2 * 6 * 3 + 2 * 1 + 2 * 3),
        (paper.TABLE_3, 2 * 4),
        (paper.TABLE_4, 2 * (3 + 2 + 2 + 3)),
        (paper.TABLE_5, 5 * 4),
        (paper.TABLE_6, 7 * 2 + 6 * 2),
    ],
    ids=[f"table {number}" for number in range(1, 7)],
)
def test_every_printed_number_is_there(table, size):
    assert len(table) == size


@pytest.mark.parametrize(
    "table, corpus, variant, metric, value",
    [
        (paper.TABLE_1, "RCV1-V2", "", "labels per document", 3.24),
        (paper.TABLE_1, "AAPD", "", "documents", 55840),
        (paper.TABLE_2, "AAPD", "BR", "hamming_loss", 0.0316),
        (paper.TABLE_2, "AAPD", "OCD", "macro_F1", 0.585),
        (paper.TABLE_2, "RCV1-V2", "Seq2Seq T", "micro_recall", 0.874),
        (paper.TABLE_2, "RCV1-V2", "laco+clcp", "macro_recall", 0.715),
        (paper.TABLE_2, "AAPD", "laco", "micro_F1", 0.745),
        (paper.TABLE_3, "AAPD", "SeqTag Bert", "p, hamming_loss", 7.76e-16),
        (paper.TABLE_3, "RCV1-V2", "BERT", "p, micro_F1", 3.67e-08),
        (paper.TABLE_4, "AAPD", "laco-no-je", "micro_F1", 0.726),
        (paper.TABLE_4, "RCV1-V2", "laco-no-ca", "macro_F1", 0.685),
        (paper.TABLE_5, "AAPD", "laco+clcp", "KL, test", 1.10),
        (paper.TABLE_5, "RCV1-V2", "Seq2Seq T", "KL, train", 0.08),
        (paper.TABLE_6, "AAPD", "Ground Truth", "label combinations", 392),
        (paper.TABLE_6, "RCV1-V2", "Seq2Seq T", "label combinations", 87),
        (paper.TABLE_6, "AAPD", "laco+plcp", "subset_accuracy", 0.439),
    ],
)
def test_numbers_as_printed(table, corpus, variant, metric, value):
    about = {"corpus": corpus, "variant": variant, "metric": metric}
    rows = table[(table[list(about)] == list(about.values())).all(axis=1)]
    assert rows["value"].tolist() == [value]


def test_micro_f1_is_that_of_precision_and_recall_in_every_row():
    table = wide_table(paper.TABLE_2).dropna(subset=["micro_precision"])
    assert len(table) == 2 * 14
    for _, row in table.iterrows():
        low, high = (
            2 * p * r / (p + r)
            for p, r in [
                (row["micro_precision"] + side, row["micro_recall"] + side) for side in (-HALF, HALF)
            ]
        )
        assert low - HALF <= row["micro_F1"] <= high + HALF


def test_macro_f1_is_a_mean_over_labels_but_in_one_row():
    """A mean of F1s lies below the F1 of the means; LEAM's is the latter on both corpora."""
    table = wide_table(paper.TABLE_2).dropna(subset=["macro_precision"])
    p, r = table["macro_precision"], table["macro_recall"]
    below = 2 * p * r / (p + r) - table["macro_F1"]
    assert (below[below.index.get_level_values("variant") == "LEAM"].abs() < 2 * HALF).all()
    assert (below[below.index.get_level_values("variant") != "LEAM"] > 0.009).all()


def test_the_gains_that_the_text_tells_follow_from_the_table():
    table = wide_table(paper.TABLE_2)
    laco, set_model, lsan = (
        table.loc["AAPD", "laco"],
        table.loc["AAPD", "Seq2Set"],
        table.loc["RCV1-V2", "LSAN"],
    )
    on_rcv1 = table.loc["RCV1-V2", "laco"]
    assert 1 - laco["hamming_loss"] / set_model["hamming_loss"] == pytest.approx(0.138, abs=5e-4)
    assert laco["micro_F1"] / set_model["micro_F1"] - 1 == pytest.approx(0.0567, abs=5e-5)
    assert 1 - on_rcv1["hamming_loss"] / lsan["hamming_loss"] == pytest.approx(0.04, abs=5e-5)
    assert on_rcv1["micro_F1"] / lsan["micro_F1"] - 1 == pytest.approx(0.0069, abs=5e-5)


def test_tables_2_and_4_agree_where_they_say_the_same():
    full, ablation = wide_table(paper.TABLE_2), wide_table(paper.TABLE_4)
    for corpus in ("AAPD", "RCV1-V2"):
        for one, other in (("laco", "laco"), ("BERT", "laco-no-je-ca")):
            for metric in ablation.columns:
                assert full.loc[(corpus, one), metric] == ablation.loc[(corpus, other), metric]


def test_the_paper_prints_the_same_p_values_for_two_baselines_on_one_corpus():
    """Which one would hardly expect of p-values: one of the two lines may be a slip of the paper's."""
    table = wide_table(paper.TABLE_3)
    assert table.loc["RCV1-V2", "BERT"].equals(table.loc["RCV1-V2", "SeqTag Bert"])
    assert not table.loc["AAPD", "BERT"].equals(table.loc["AAPD", "SeqTag Bert"])


def test_the_method_card_says_the_same_numbers():
    assert LACO.card.reported["AAPD", "", "laco", "hamming_loss"] == 0.0213
    assert LACO.card.reported["RCV1-V2", "", "laco+clcp", "macro_F1"] == 0.731
    assert len(LACO.card.reported) == 2 * (5 + 7 + 7) + 2 * (2 + 2 + 3)


def test_small_numbers_keep_three_digits():
    table = wide(side_by_side(paper.TABLE_3, no_numbers()))
    assert table.iloc[0, 2] == "9.39e-09"
    losses = paper.TABLE_4[paper.TABLE_4["metric"] == "hamming_loss"]
    assert wide(side_by_side(losses, no_numbers())).iloc[0, 2] == "0.0213"
