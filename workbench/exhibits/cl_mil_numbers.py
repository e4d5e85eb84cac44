"""What the tables of CL-MIL's paper print; its figures, and Tables 1 and 6, print no numbers.

Paper: "Towards Better Representations for Multi-Label Text Classification with Multi-granularity Information"
(Findings of EMNLP 2023). A "-" is a number that the paper leaves out. It takes AAPD as SGM's paper splits it;
both corpora have as many documents here as in LACO's paper, whose sizes of the splits these are.
"""

from __future__ import annotations

import pandas as pd

from workbench.exhibits.laco_numbers import AAPD, HAMMING, MICRO, RCV1
from workbench.exhibits.printed import counts, percentages

PRECISION, RECALL = "micro_precision", "micro_recall"
SETS = (HAMMING, PRECISION, RECALL, MICRO)
"""The columns HL, Pre, Rec and F1 of Tables 3 to 5."""

TABLE_2 = counts(
    [
        (*corpus, name, value)
        for corpus, row in {AAPD: (55840, 54, 2.4, 163.4), RCV1: (804414, 103, 3.2, 123.9)}.items()
        for name, value in zip(
            ("documents", "labels", "labels per document", "words per document"), row, strict=True
        )
    ]
)


def _on(corpus: tuple[str, str], lines: str) -> pd.DataFrame:
    """The half of a table for one corpus, a line a method."""
    return percentages(*corpus, lines, SETS, encoder="")


TABLE_3 = pd.concat(
    [
        _on(
            AAPD,
            """
            CNN          0.0256  84.9  54.5  66.4
            BERT         0.0230  76.7  69.8  73.1
            LEAM         0.0261  76.5  59.6  67.0
            LSAN         0.0242  77.7  64.6  70.6
            laco         0.0213  80.2  69.6  74.5
            SGM          0.0251  74.6  65.9  69.9
            Seq2set      0.0247  73.9  67.4  70.5
            laco+plcp    0.0212  79.5  70.8  74.9
            laco+clcp    0.0215  78.9  70.8  74.7
            CL-BERT_kNN  0.0216  -     -     75.1
            cl-mil       0.0208  79.3  72.5  75.8
            """,
        ),
        _on(
            RCV1,
            """
            CNN          0.0089  92.2  79.8  85.5
            BERT         0.0078  89.1  85.6  87.3
            LEAM         0.0090  87.1  84.1  85.6
            LSAN         0.0075  91.3  84.1  87.5
            laco         0.0072  90.8  85.6  88.1
            SGM          0.0081  88.7  85.0  86.9
            Seq2set      0.0073  90.0  85.8  87.9
            laco+plcp    0.0070  90.8  86.2  88.4
            laco+clcp    0.0070  90.6  86.4  88.5
            CL-BERT_kNN  0.0071  -     -     88.3
            cl-mil       0.0068  90.6  87.2  88.9
            """,
        ),
    ],
    ignore_index=True,
)

TABLE_4 = _on(
    AAPD,
    """
    joint-bert     0.0230  76.7  69.8  73.1
    cl-joint-bert  0.0298  63.8  78.1  70.1
    dil            0.0214  78.3  72.2  75.1
    cl-dil         0.0217  77.6  72.5  74.9
    mil            0.0211  78.8  72.4  75.5
    cl-mil         0.0208  79.3  72.5  75.8
    """,
)

TABLE_5 = pd.concat(
    [
        _on(
            AAPD,
            """
            cil  0.0229  76.8  70.2  73.5
            fil  0.0298  76.2  66.1  71.1
            dil  0.0214  78.3  72.2  75.1
            """,
        ),
        _on(
            RCV1,
            """
            cil  0.0075  88.5  87.3  87.9
            fil  0.0074  89.3  86.6  87.9
            dil  0.0073  89.1  87.3  88.2
            """,
        ),
    ],
    ignore_index=True,
)
