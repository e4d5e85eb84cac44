"""What the tables of LACO's paper print; its figures print no numbers.

Paper: "Enhancing Label Correlation Feedback in Multi-Label Text Classification via Multi-Task Learning"
(Findings of ACL 2021). A "-" is a number that the paper leaves out, or that cannot be read in the text we
have. Of Table 2's row for LACO itself only one number can be read: the other hamming loss and all F1 are
those of Table 4, micro precision and recall are as "Towards Better Representations for Multi-Label Text
Classification with Multi-granularity Information" quotes them. The paper splits its corpora as SGM's does,
which has these sizes.
"""

from __future__ import annotations

import pandas as pd

from workbench.exhibits.printed import counts, percentages

AAPD = ("AAPD", "53,840 train / 1,000 valid / 1,000 test")
RCV1 = ("RCV1-V2", "802,414 train / 1,000 valid / 1,000 test")

HAMMING, MICRO, MACRO = "hamming_loss", "micro_F1", "macro_F1"
SETS = (HAMMING, "micro_precision", "micro_recall", MICRO, "macro_precision", "macro_recall", MACRO)
TRAIN_DIVERGENCE, TEST_DIVERGENCE = "KL, train", "KL, test"
"""How far predicted label pairs are from the gold ones (Eq. 8), in nats."""
COMBINATIONS, SUBSET = "label combinations", "subset_accuracy"
P_VALUES = {HAMMING: "p, hamming_loss", MICRO: "p, micro_F1"}
"""The metric of a test -> what its p-value is called."""

TABLE_1 = counts(
    [
        (*corpus, name, value)
        for corpus, row in {AAPD: (55840, 54, 163.42, 2.41), RCV1: (804414, 103, 123.94, 3.24)}.items()
        for name, value in zip(
            ("documents", "labels", "words per document", "labels per document"), row, strict=True
        )
    ]
)


def _both(metrics: tuple[str, ...], aapd: str, rcv1: str) -> pd.DataFrame:
    """The halves of a table, for lines of a method's name and its numbers on one corpus."""
    halves = (percentages(*AAPD, aapd, metrics, encoder=""), percentages(*RCV1, rcv1, metrics, encoder=""))
    return pd.concat(halves, ignore_index=True)


TABLE_2 = _both(
    SETS,
    """
    BR           0.0316  64.4  64.8  64.6  -     -     -
    CNN          0.0256  84.9  54.5  66.4  -     -     -
    LEAM         0.0261  76.5  59.6  67.0  52.4  40.3  45.6
    LSAN         0.0242  77.7  64.6  70.6  67.6  47.2  53.5
    BERT         0.0224  78.6  68.7  73.4  68.7  52.1  57.2
    CC           0.0306  65.7  65.1  65.4  -     -     -
    SGM          0.0251  74.6  65.9  69.9  -     -     -
    Seq2Set      0.0247  73.9  67.4  70.5  -     -     -
    OCD          -       -     -     72.0  -     -     58.5
    ML-R         0.0248  72.6  71.8  72.2  -     -     -
    Seq2Seq_T    0.0275  69.8  68.2  69.0  56.2  53.7  54.0
    SeqTag_Bert  0.0238  74.3  71.5  72.9  61.5  57.5  58.5
    laco         0.0213  80.2  69.6  74.5  -     -     59.1
    laco+plcp    0.0212  79.5  70.8  74.9  68.4  55.8  59.9
    laco+clcp    0.0215  78.9  70.8  74.7  71.9  56.6  61.2
    """,
    """
    BR           0.0086  90.4  81.6  85.8  -     -     -
    CNN          0.0089  92.2  79.8  85.5  -     -     -
    LEAM         0.0090  87.1  84.1  85.6  69.5  65.8  67.6
    LSAN         0.0075  91.3  84.1  87.5  74.9  65.0  68.4
    BERT         0.0073  92.7  83.2  87.7  77.3  61.9  66.7
    CC           0.0087  88.7  82.8  85.7  -     -     -
    SGM          0.0081  88.7  85.0  86.9  -     -     -
    Seq2Set      0.0073  90.0  85.8  87.9  -     -     -
    ML-R         0.0079  89.0  85.2  87.1  -     -     -
    Seq2Seq_T    0.0074  88.5  87.4  87.9  69.8  65.5  66.1
    SeqTag_Bert  0.0073  90.6  84.9  87.7  73.7  66.7  68.7
    laco         0.0072  90.8  85.6  88.1  -     -     69.2
    laco+plcp    0.0070  90.8  86.2  88.4  76.1  66.5  69.2
    laco+clcp    0.0070  90.6  86.4  88.5  77.6  71.5  73.1
    """,
)

RANKED = (
    "BR",
    "CNN",
    "LEAM",
    "LSAN",
    "BERT",
    "CC",
    "SGM",
    "Seq2Set",
    "ML-R",
    "Seq2Seq T",
    "SeqTag Bert",
    "laco",
)
"""The k = 12 methods over which Section 5.1 has Friedman's test: the paper does not name them, but these give
its statistics to the last digit."""

FRIEDMAN = {HAMMING: 7.875, MICRO: 6.125}
"""F_F of Section 5.1, over N = 2 corpora."""
FRIEDMAN_CRITICAL = 2.8179

TABLE_3 = _both(
    (P_VALUES[HAMMING], P_VALUES[MICRO]),
    """
    BERT         9.39e-09  3.80e-10
    SeqTag_Bert  7.76e-16  1.86e-07
    """,
    """
    BERT         4.95e-04  3.67e-08
    SeqTag_Bert  4.95e-04  3.67e-08
    """,
)

TABLE_4 = _both(
    (HAMMING, MICRO, MACRO),
    """
    laco           0.0213  74.5  59.1
    laco-no-je     -       72.6  57.7
    laco-no-ca     -       73.5  58.4
    laco-no-je-ca  0.0224  73.4  57.2
    """,
    """
    laco           0.0072  88.1  69.2
    laco-no-je     -       87.5  68.4
    laco-no-ca     -       87.8  68.5
    laco-no-je-ca  0.0073  87.7  66.7
    """,
)

TABLE_5 = _both(
    (TRAIN_DIVERGENCE, TEST_DIVERGENCE),
    """
    Seq2Seq_T    1.27  1.30
    SeqTag_Bert  1.40  1.28
    laco         1.40  1.27
    laco+plcp    1.35  1.28
    laco+clcp    1.32  1.10
    """,
    """
    Seq2Seq_T    0.08  0.94
    SeqTag_Bert  0.09  0.95
    laco         0.09  0.94
    laco+plcp    0.08  0.76
    laco+clcp    0.08  0.91
    """,
)

GOLD = "Ground Truth"
TABLE_6 = _both(
    (COMBINATIONS, SUBSET),
    """
    Ground_Truth  392  1.000
    Seq2Seq_T     214  0.392
    OCD           302  0.403
    SeqTag_Bert   289  0.410
    laco          315  0.425
    laco+plcp     320  0.439
    laco+clcp     321  0.427
    """,
    """
    Ground_Truth  278  1.000
    Seq2Seq_T     87   0.669
    SeqTag_Bert   187  0.637
    laco          241  0.642
    laco+plcp     241  0.644
    laco+clcp     239  0.660
    """,
)
