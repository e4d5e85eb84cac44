"""What the tables of SEP-MLDC's paper print; its figures print no numbers.

Paper: "SEP-MLDC: A Simple and Effective Paradigm for Multi-Label Document Classification".
"""

from __future__ import annotations

import pandas as pd

from workbench.exhibits.printed import counts, percentages

AAPD = ("AAPD", "54,840 train / 1,000 test")
RCV1 = ("RCV1", "23,149 train / 781,265 test")
EURLEX = ("EUR-Lex", "11,585 train / 3,865 test")

_STATISTICS = (
    "train documents",
    "test documents",
    "vocabulary",
    "labels",
    "labels per document",
    "words per train document",
    "words per test document",
)
_COUNTED = {
    AAPD: (54840, 1000, 69399, 54, 2.41, 163.42, 171.65),
    RCV1: (23149, 781265, 47236, 103, 3.18, 259.47, 269.23),
    EURLEX: (11585, 3865, 171120, 3956, 5.32, 1225.20, 1248.07),
}
TABLE_1 = counts(
    [
        (*corpus, name, value)
        for corpus, row in _COUNTED.items()
        for name, value in zip(_STATISTICS, row, strict=True)
    ]
)

TABLE_2 = percentages(
    *AAPD,
    """
    XML-CNN       74.38  53.84  37.79  71.12  75.93
    SGM           75.67  56.75  35.65  72.36  75.30
    DXML          80.54  56.30  39.16  77.23  80.99
    AttentionXML  83.02  58.72  40.56  78.01  82.31
    EXAM          83.26  59.77  40.66  79.10  82.79
    LSAN          85.28  61.12  41.84  80.84  84.78
    HTTN          83.84  59.92  40.79  79.27  82.67
    LDGN          86.24  61.95  42.29  83.32  86.85
    lsfa          86.95  62.88  43.43  83.96  87.53
    sep-mldc      90.30  64.56  43.08  85.72  88.93
    """,
    encoder="",
)

TABLE_3 = percentages(
    *RCV1,
    """
    XML-CNN       95.75  78.63  54.94  89.89  90.77
    SGM           95.37  81.36  53.06  91.76  90.69
    DXML          94.04  78.65  54.38  89.83  90.21
    AttentionXML  96.41  80.91  56.38  91.88  92.70
    EXAM          93.67  75.80  52.73  86.85  87.71
    LSAN          96.81  81.89  56.92  92.83  93.43
    HTTN          95.86  78.92  55.27  89.61  90.86
    LDGN          97.12  82.26  57.29  93.80  95.03
    lsfa          97.21  82.52  57.52  94.20  95.42
    sep-mldc      98.06  85.64  61.36  94.33  94.92
    """,
    encoder="",
)

TABLE_4 = percentages(
    *EURLEX,
    """
    XML-CNN       70.40  54.98  44.86  58.62  53.10
    SGM           70.45  60.37  43.88  60.72  55.24
    DXML          75.63  60.13  48.65  63.96  53.60
    AttentionXML  79.66  64.88  52.99  68.66  62.33
    EXAM          74.40  61.93  50.98  65.12  59.43
    LSAN          79.17  64.99  53.67  68.32  62.47
    HTTN          80.45  65.57  55.68  69.01  63.76
    LDGN          81.03  67.79  56.36  71.81  66.09
    lsfa          83.75  70.74  58.95  74.13  68.25
    sep-mldc      85.88  71.94  59.52  76.16  68.83
    """,
    encoder="",
)

TABLE_5 = pd.concat(
    [
        percentages(
            *AAPD,
            """
            sep-mldc-no-lse   85.2   61.29  39.43  82.02  85.66
            sep-mldc-no-datc  88.61  61.87  43.16  84.02  86.10
            sep-mldc-no-smcl  82.12  59.27  41.37  80.29  83.28
            sep-mldc-no-lgfs  84.73  60.19  40.16  82.84  85.72
            sep-mldc          90.30  64.56  43.08  85.72  88.93
            """,
            encoder="",
        ),
        percentages(
            *EURLEX,
            """
            sep-mldc-no-lse   76.44  65.73  52.94  71.24  63.23
            sep-mldc-no-datc  75.19  64.27  50.55  68.39  56.12
            sep-mldc-no-smcl  78.97  68.14  55.76  72.48  62.60
            sep-mldc-no-lgfs  80.31  69.46  57.58  72.19  65.79
            sep-mldc          85.88  71.94  59.52  76.16  68.83
            """,
            encoder="",
        ),
    ],
    ignore_index=True,
)

TABLE_6 = percentages(
    *EURLEX,
    """
    LSAN      36.41  41.27  43.42
    HTTN      38.96  43.28  45.74
    lsfa      42.50  48.03  50.69
    sep-mldc  44.93  51.84  53.78
    """,
    ("PSP@1", "PSP@3", "PSP@5"),
    encoder="",
)
