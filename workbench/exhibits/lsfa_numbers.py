"""What the tables of LSFA's paper print; its figures print no numbers.

Paper: "Label-Specific Feature Augmentation for Long-Tailed Multi-Label Text Classification" (AAAI 2023). A
"-" is a number that cannot be read in the text we have.
"""

from __future__ import annotations

from workbench.exhibits.printed import counts, percentages

AAPD = ("AAPD", "54,840 train / 1,000 test")
RCV1 = ("RCV1", "23,149 train / 781,265 test")
EURLEX = ("EUR-Lex", "11,585 train / 3,865 test")

_STATISTICS = (
    "train documents",
    "test documents",
    "vocabulary",
    "labels",
    "labels per train document",
    "train documents per label",
    "words per train document",
    "words per test document",
)
_COUNTED = {
    AAPD: (54840, 1000, 69399, 54, 2.41, 2444.04, 163.42, 171.65),
    RCV1: (23149, 781265, 47236, 103, 3.18, 729.67, 259.47, 269.23),
    EURLEX: (11585, 3865, 171120, 3956, 5.32, 15.59, 1225.20, 1248.07),
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
    lsfa          86.95  -      43.43  83.96  87.53
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
    lsfa          -      -      57.52  94.20  95.42
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
    """,
    encoder="",
)

TABLE_5 = percentages(
    *EURLEX,
    """
    LSAN  53.67  36.41  41.27  43.42
    HTTN  55.68  38.96  43.28  45.74
    lsfa  58.95  42.50  48.03  50.69
    """,
    ("P@5", "PSP@1", "PSP@3", "PSP@5"),
    encoder="",
)
