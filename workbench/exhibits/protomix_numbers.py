"""What the tables of ProtoMix's paper print, all of it; its figures print no numbers.

Paper: "Preserving Label Correlation for Multi-label Text Classification by Prototypical Regularizations".
"""

from __future__ import annotations

import pandas as pd

from workbench.exhibits.printed import along, counts, percentages, taken

EURLEX = ("EUR-Lex", "15,449 train / 3,865 test")
AAPD = ("AAPD", "54,840 train / 1,000 test")
RCV1 = ("RCV1", "23,149 train / 781,265 test")
BERT = "bert-base-uncased"

_STATISTICS = (
    "train documents",
    "test documents",
    "train labels",
    "test labels",
    "labels per train document",
    "labels per test document",
    "train documents per label",
)
_COUNTED = {
    RCV1: (23149, 781265, 101, 103, 3.18, 3.24, 729.67),
    AAPD: (54840, 1000, 54, 54, 2.41, 2.42, 2444.31),
    EURLEX: (15449, 3865, 3801, 2628, 5.32, 5.29, 21.64),
}
TABLE_1 = counts(
    [
        (*corpus, name, value)
        for corpus, row in _COUNTED.items()
        for name, value in zip(_STATISTICS, row, strict=True)
    ]
)

TABLE_3 = along(
    *EURLEX,
    "protomix",
    """
    0.05  86.36  74.29  61.76  77.52  71.35
    0.1   86.62  74.32  62.12  77.64  71.71
    0.5   87.37  74.99  62.39  78.35  72.17
    1     87.81  75.05  62.14  78.46  72.04
    1.5   87.94  74.70  62.16  78.21  72.00
    """,
)

TABLE_4 = percentages(
    *EURLEX,
    """
    cnn                base      74.75  60.89  50.23  64.39  58.91
    cnn                proto     76.35  62.23  51.77  65.81  60.53
    cnn                mix       75.55  63.05  52.14  66.35  60.86
    cnn                protomix  77.10  63.42  52.96  66.88  61.68
    bilstm             base      78.78  65.30  54.13  68.77  63.06
    bilstm             proto     81.91  68.38  56.26  71.93  65.71
    bilstm             mix       79.51  66.91  55.99  70.13  64.77
    bilstm             protomix  82.87  69.31  57.30  72.78  66.69
    bert-base-uncased  base      85.95  74.04  61.93  77.27  71.40
    bert-base-uncased  proto     86.59  74.54  61.97  77.82  71.63
    bert-base-uncased  mix       85.69  74.66  61.96  77.74  71.52
    bert-base-uncased  protomix  87.75  74.86  62.15  78.34  72.03
    llama-3-8b         base      77.32  63.19  51.47  66.85  60.53
    llama-3-8b         proto     79.35  63.55  51.96  67.49  61.20
    llama-3-8b         mix       78.12  64.01  52.10  67.68  61.27
    llama-3-8b         protomix  79.09  64.25  52.26  68.04  61.55
    """,
)

TABLE_6_AAPD = percentages(
    *AAPD,
    """
    cnn                base      82.90  59.60  41.10  78.77  83.04
    cnn                proto     83.90  60.23  40.56  79.61  82.86
    cnn                mix       83.50  60.70  40.82  79.82  83.04
    cnn                protomix  84.60  61.63  41.26  81.00  84.09
    bilstm             base      83.00  60.03  41.26  79.11  83.23
    bilstm             proto     83.90  60.13  41.10  79.50  83.44
    bilstm             mix       84.89  60.69  41.82  80.21  84.47
    bilstm             protomix  85.40  61.40  41.66  81.17  84.80
    bert-base-uncased  base      84.90  61.60  42.11  80.99  84.99
    bert-base-uncased  proto     85.20  61.90  42.53  81.57  85.85
    bert-base-uncased  mix       85.50  62.76  42.54  82.49  86.15
    bert-base-uncased  protomix  86.83  62.72  42.75  82.67  86.49
    llama-3-8b         base      87.90  64.69  43.72  84.91  88.46
    llama-3-8b         proto     88.70  64.43  43.46  84.81  88.35
    llama-3-8b         mix       88.50  64.86  43.44  85.19  88.43
    llama-3-8b         protomix  89.10  65.06  43.52  85.45  88.59
    """,
)

TABLE_6_RCV1 = percentages(
    *RCV1,
    """
    cnn                base      94.93  78.21  54.91  89.15  90.34
    cnn                proto     95.21  78.52  54.93  89.51  90.53
    cnn                mix       94.84  77.84  54.57  88.85  89.90
    cnn                protomix  95.54  79.28  55.23  90.29  91.07
    bilstm             base      94.88  78.36  54.90  89.29  90.34
    bilstm             proto     95.33  78.42  54.87  89.51  90.50
    bilstm             mix       94.49  78.31  54.84  89.17  90.20
    bilstm             protomix  95.63  79.35  55.32  90.35  91.16
    bert-base-uncased  base      97.02  83.22  57.87  93.94  94.53
    bert-base-uncased  proto     97.41  83.19  57.81  94.01  94.55
    bert-base-uncased  mix       96.67  83.26  57.95  93.97  94.58
    bert-base-uncased  protomix  97.48  83.24  57.82  94.12  94.64
    llama-3-8b         base      96.33  80.71  56.44  91.65  92.62
    llama-3-8b         proto     96.49  80.97  56.61  92.01  92.91
    llama-3-8b         mix       96.41  81.02  56.65  92.07  92.96
    llama-3-8b         protomix  96.31  81.17  56.74  92.13  93.01
    """,
)
TABLE_6 = pd.concat([TABLE_6_AAPD, TABLE_6_RCV1], ignore_index=True)


def _overall(corpus: tuple[str, str], lines: str, ablation: pd.DataFrame) -> pd.DataFrame:
    """A part of Table 2: the baselines, and ProtoMix on BERT, which Tables 4 and 6 print again."""
    own = taken(ablation, encoder=BERT, variants=["protomix"])
    return pd.concat([percentages(*corpus, lines, encoder=""), own.assign(encoder="")], ignore_index=True)


TABLE_2 = pd.concat(
    [
        _overall(
            EURLEX,
            """
            XML-CNN       70.40  54.98  44.86  58.62  53.10
            SGM           70.45  60.37  43.88  60.72  55.24
            DXML          75.53  60.13  48.65  63.96  57.60
            Rank-AE       79.52  65.14  53.18  68.76  62.33
            AttentionXML  85.87  73.85  61.76  77.08  71.22
            EXAM          74.40  61.93  50.98  65.12  59.43
            LSAN          79.17  64.99  53.67  68.32  62.47
            EHTTN         81.14  67.62  56.38  70.89  64.42
            LDGN          81.03  67.79  56.36  71.81  66.09
            VCLDL         85.38  72.13  60.06  75.53  69.67
            """,
            TABLE_4,
        ),
        _overall(
            AAPD,
            """
            XML-CNN       74.38  53.84  37.79  71.12  75.93
            SGM           75.67  56.75  35.65  72.36  75.35
            DXML          80.54  56.30  39.16  77.23  80.99
            Rank-AE       -      -      -      -      -
            AttentionXML  84.90  61.06  41.76  80.42  84.43
            EXAM          83.26  59.77  40.66  79.10  82.79
            LSAN          85.28  61.12  41.84  80.84  84.78
            EHTTN         83.84  59.92  40.79  79.27  82.67
            LDGN          86.24  61.95  42.29  83.32  86.85
            VCLDL         86.40  62.33  42.16  82.15  85.53
            """,
            TABLE_6_AAPD,
        ),
        _overall(
            RCV1,
            """
            XML-CNN       95.75  78.63  54.94  89.89  90.77
            SGM           95.37  81.36  53.06  91.76  90.69
            DXML          94.04  78.65  54.38  89.83  90.21
            Rank-AE       90.90  72.82  52.05  89.29  89.75
            AttentionXML  96.75  82.36  57.40  93.18  93.90
            EXAM          93.67  75.80  52.73  86.85  87.71
            LSAN          96.81  81.89  56.92  92.83  93.43
            EHTTN         95.86  78.92  55.27  89.61  90.86
            LDGN          97.12  82.26  57.29  93.80  95.03
            VCLDL         -      -      -      -      -
            """,
            TABLE_6_RCV1,
        ),
    ],
    ignore_index=True,
)


def _augmented(corpus: tuple[str, str], lines: str, ablation: pd.DataFrame) -> pd.DataFrame:
    """A part of Table 5 or 7: augmentations between base and ProtoMix on BERT, as in the ablation."""
    base, own = (taken(ablation, encoder=BERT, variants=[name]) for name in ("base", "protomix"))
    return pd.concat([base, percentages(*corpus, lines, encoder=BERT), own], ignore_index=True)


TABLE_5 = _augmented(
    EURLEX,
    """
    EDA               85.12  73.89  61.82  76.99  71.13
    back-translation  85.25  72.94  60.87  76.31  70.40
    LLM_rewriting     86.00  73.85  61.49  77.13  71.03
    """,
    TABLE_4,
)
TABLE_7 = pd.concat(
    [
        _augmented(
            AAPD,
            """
            EDA               86.70  62.06  42.46  82.23  86.26
            back-translation  85.60  61.90  42.38  81.61  85.72
            LLM_rewriting     85.40  62.20  42.30  81.92  85.81
            """,
            TABLE_6_AAPD,
        ),
        _augmented(
            RCV1,
            """
            EDA               97.12  82.44  57.34  93.35  93.97
            back-translation  97.27  82.60  57.40  93.51  94.07
            LLM_rewriting     97.38  82.91  57.66  93.81  94.39
            """,
            TABLE_6_RCV1,
        ),
    ],
    ignore_index=True,
)
