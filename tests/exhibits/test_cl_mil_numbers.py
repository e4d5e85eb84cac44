"""The numbers of CL-MIL's paper: some by hand, and all against each other where the paper allows it."""

from __future__ import annotations

import pandas as pd
import pytest

from workbench.exhibits import cl_mil_numbers as paper
from workbench.exhibits import laco_numbers

HALF = 0.0005  # of the last printed digit of a percentage, as a fraction
LOSS_HALF = 0.00005


def wide_table(table: pd.DataFrame) -> pd.DataFrame:
    return table.pivot_table(index=["corpus", "variant"], columns="metric", values="value")


def f1s(row: pd.Series) -> list[float]:
    """The F1 of precision and recall, at both ends of what rounds to the printed ones."""
    ends = [(row[paper.PRECISION] + side, row[paper.RECALL] + side) for side in (-HALF, HALF)]
    return [2 * p * r / (p + r) for p, r in ends]


def agrees(row: pd.Series) -> bool:
    low, high = f1s(row)
    return low - HALF <= row[paper.MICRO] <= high + HALF


def implied_loss(row, labels_per_document: float, labels: int):
    """Hamming loss from precision and recall: of G gold pairs (1 - r) G are missed, r G (1/p - 1) wrong."""
    p, r = row[paper.PRECISION], row[paper.RECALL]
    return labels_per_document / labels * (1 + r / p - 2 * r)


@pytest.mark.parametrize(
    "table, size",
    [
        (paper.TABLE_2, 2 * 4),
        (paper.TABLE_3, 2 * (10 * 4 + 2)),
        (paper.TABLE_4, 6 * 4),
        (paper.TABLE_5, 2 * 3 * 4),
    ],
    ids=[f"table {number}" for number in range(2, 6)],
)
def test_every_printed_number_is_there(table, size):
    assert len(table) == size


@pytest.mark.parametrize(
    "table, corpus, variant, metric, value",
    [
        (paper.TABLE_2, "AAPD", "", "documents", 55840),
        (paper.TABLE_2, "AAPD", "", "labels per document", 2.4),
        (paper.TABLE_2, "RCV1-V2", "", "words per document", 123.9),
        (paper.TABLE_3, "AAPD", "CNN", "micro_precision", 0.849),
        (paper.TABLE_3, "AAPD", "CL-BERT kNN", "hamming_loss", 0.0216),
        (paper.TABLE_3, "RCV1-V2", "Seq2set", "micro_recall", 0.858),
        (paper.TABLE_3, "RCV1-V2", "cl-mil", "micro_F1", 0.889),
        (paper.TABLE_4, "AAPD", "cl-joint-bert", "micro_recall", 0.781),
        (paper.TABLE_4, "AAPD", "cl-dil", "micro_F1", 0.749),
        (paper.TABLE_5, "AAPD", "fil", "hamming_loss", 0.0298),
        (paper.TABLE_5, "RCV1-V2", "cil", "micro_precision", 0.885),
    ],
)
def test_numbers_as_printed(table, corpus, variant, metric, value):
    about = {"corpus": corpus, "variant": variant, "metric": metric}
    rows = table[(table[list(about)] == list(about.values())).all(axis=1)]
    assert rows["value"].tolist() == [value]


def test_micro_f1_is_that_of_precision_and_recall_but_in_three_rows():
    tables = (paper.TABLE_3, paper.TABLE_4, paper.TABLE_5)
    rows = pd.concat(map(wide_table, tables)).dropna()
    odd = {name: row for name, row in rows.iterrows() if not agrees(row)}
    told = {name: [round(100 * f1, 1) for f1 in f1s(row)] for name, row in odd.items()}
    assert told == {
        ("AAPD", "fil"): [70.7, 70.8],  # 71.1 is printed
        ("AAPD", "cil"): [73.3, 73.4],  # 73.5
        ("AAPD", "cl-joint-bert"): [70.2, 70.3],  # 70.1
    }


def test_hamming_loss_follows_from_precision_and_recall_but_for_fil_on_aapd():
    """The 0.0298 of FIL stands in Table 4 too, where it fits: its precision and recall give 0.0243."""
    four, five = wide_table(paper.TABLE_4), wide_table(paper.TABLE_5)
    rows = pd.concat([four, five]).loc["AAPD"]
    away = (implied_loss(rows, 2.41, 54) - rows[paper.HAMMING]).abs()
    assert (away.drop("fil") < 0.0003).all() and away["fil"] > 0.005
    assert five.loc[("AAPD", "fil"), paper.HAMMING] == four.loc[("AAPD", "cl-joint-bert"), paper.HAMMING]
    assert implied_loss(rows.loc["fil"], 2.41, 54) == pytest.approx(0.0243, abs=LOSS_HALF)


def test_table_3s_bert_is_the_one_with_joint_embedding_of_table_4():
    three, four = wide_table(paper.TABLE_3), wide_table(paper.TABLE_4)
    assert three.loc[("AAPD", "BERT")].equals(four.loc[("AAPD", "joint-bert")])
    assert three.loc[("AAPD", "cl-mil")].equals(four.loc[("AAPD", "cl-mil")])
    assert four.loc[("AAPD", "dil")].equals(wide_table(paper.TABLE_5).loc[("AAPD", "dil")])


def test_numbers_borrowed_from_lacos_paper_are_the_same_there():
    ours, theirs = wide_table(paper.TABLE_3), wide_table(laco_numbers.TABLE_2)
    names = {"CNN": "CNN", "LEAM": "LEAM", "LSAN": "LSAN", "SGM": "SGM", "Seq2set": "Seq2Set"}
    names |= {name: name for name in ("laco+plcp", "laco+clcp")}
    for corpus in ("AAPD", "RCV1-V2"):
        for name, there in names.items():
            for metric in paper.SETS:
                assert ours.loc[(corpus, name), metric] == theirs.loc[(corpus, there), metric]
        assert not ours.loc[(corpus, "BERT")].equals(theirs.loc[(corpus, "BERT"), list(ours.columns)])


def test_the_gains_that_the_text_tells_follow_from_the_table():
    table = wide_table(paper.TABLE_3)
    strong = ["laco+plcp", "laco+clcp", "CL-BERT kNN"]
    for corpus, losses, gains in (
        ("AAPD", (0.019, 0.037), (0.009, 0.015)),
        ("RCV1-V2", (0.029, 0.042), (0.005, 0.007)),
    ):
        rows, ours = table.loc[corpus].loc[strong], table.loc[(corpus, "cl-mil")]
        less, more = 1 - ours[paper.HAMMING] / rows[paper.HAMMING], ours[paper.MICRO] / rows[paper.MICRO] - 1
        assert (less.min(), less.max()) == (
            pytest.approx(losses[0], abs=HALF),
            pytest.approx(losses[1], abs=HALF),
        )
        assert (more.min(), more.max()) == (
            pytest.approx(gains[0], abs=HALF),
            pytest.approx(gains[1], abs=HALF),
        )


def test_on_aapd_the_papers_own_fine_grained_head_is_not_the_more_precise_one():
    """Section 5.3 says so of both corpora: fine-grained information goes with precision."""
    table = wide_table(paper.TABLE_5)
    fine, coarse = (table.xs(name, level="variant") for name in ("fil", "cil"))
    more_precise = fine[paper.PRECISION] > coarse[paper.PRECISION]
    assert more_precise.to_dict() == {"AAPD": False, "RCV1-V2": True}
    assert (coarse[paper.RECALL] > fine[paper.RECALL]).all()
