"""The exhibits of LACO's paper: Tables 1 to 6 and Figures 2 and 3 (Figure 1 is a drawing)."""

from __future__ import annotations

from typing import Any

import pandas as pd

from workbench.exhibits import laco_numbers as numbers
from workbench.exhibits.base import Exhibit, Paper
from workbench.exhibits.baselines import OWN_ENCODERS, Baselines
from workbench.exhibits.convergences import ConvergenceFigure
from workbench.exhibits.corpora import CorpusTable
from workbench.exhibits.dependencies import CombinationTable, DivergenceTable
from workbench.exhibits.grids import VariantTable
from workbench.exhibits.label_groups import LabelGroupFigure
from workbench.exhibits.paired_tests import PairedTestTable
from workbench.exhibits.ranks import RankedTable

PAPER = Paper(
    "laco",
    "LACO",
    "Enhancing Label Correlation Feedback in Multi-Label Text Classification via Multi-Task Learning",
)
BERT = "laco-no-je-ca"
"""What the paper calls BERT: the encoder with a linear layer."""
TASKS = ("laco", "laco+plcp", "laco+clcp")
ABLATION = ("laco", "laco-no-je", "laco-no-ca", BERT)

BASELINES = {
    "BR": "binary-relevance",
    "CC": "classifier-chain",
    "CNN": "text-cnn",
    "BERT": "bert",
    "LEAM": "leam",
    "LSAN": "lsan",
    "SGM": "sgm",
    "Seq2Set": "seq2set-style",
    "OCD": "ocd",
    "ML-R": "ml-reasoner",
    "SeqTag Bert": "seqtag",
    "Seq2Seq T": "seq2seq",
}
"""What the paper calls another method -> what this workbench calls it."""

_NO_NUMBERS = "The figure prints no numbers: what the paper reads from it is in the caption."
_OTHERS = Baselines(BASELINES)
_here, _printed = _OTHERS.here, _OTHERS.renamed
_COMMON: dict[str, Any] = {
    "paper": PAPER,
    "encoders": ("bert-base-uncased",),
    "quick_encoders": ("small-bert",),
}


TABLES = (
    CorpusTable(
        id="laco/table-1",
        paper=PAPER,
        place="Table 1",
        title="the corpora in numbers",
        caption="How many documents and labels there are in all splits together, how long a document is and "
        "how many labels it has.",
        printed=numbers.TABLE_1,
        counts_all=True,
    ),
    RankedTable(
        id="laco/table-2",
        place="Table 2",
        title="LACO against published methods",
        caption="Hamming loss (lower is better) and precision, recall and F1 of the predicted sets. The "
        "paper's claim: LACO is better than all others, and its tasks help most in macro-F1. LACO without "
        "its two parts (laco-no-je-ca) is a BERT as well. Friedman's test "
        "asks whether twelve of the methods differ over the two corpora: "
        "recomputed from the printed numbers.",
        printed=_printed(numbers.TABLE_2),
        remark="Macro precision and recall of LACO itself cannot be read in the text that we have. F_F of "
        "both tests comes out as printed (7.875 and 6.125), but Friedman's chi-square, of which it is made, "
        "has p just above 0.05, and Nemenyi's test tells no two of the twelve methods apart.",
        methods=(*TASKS, "laco+both", BERT, *_here(*BASELINES)),
        metrics=numbers.SETS,
        drawn=("micro_F1", "macro_F1", "hamming_loss"),
        own_encoders=OWN_ENCODERS,
        ranked=tuple(_printed(pd.DataFrame({"variant": numbers.RANKED}))["variant"]),
        printed_statistics=numbers.FRIEDMAN,
        **_COMMON,
    ),
    PairedTestTable(
        id="laco/table-3",
        place="Table 3",
        title="is LACO significantly better?",
        caption="P-values of LACO against BERT (bert, and laco-no-je-ca, which is one too) and SeqTag. "
        "The paper's claim: all are below "
        "0.05. It does not say which test it made, nor over what; ours is the paired bootstrap over test "
        "documents, whose p is never below 2 in 1,001.",
        printed=_printed(numbers.TABLE_3),
        remark="On RCV1-V2 the paper prints the same two p-values for both baselines. A test over documents "
        "says nothing of other seeds of training.",
        methods=("laco", BERT, *_here("BERT", "SeqTag Bert")),
        p_values=numbers.P_VALUES,
        **_COMMON,
    ),
    VariantTable(
        id="laco/table-4",
        place="Table 4",
        title="taking LACO apart",
        caption="All of LACO, without joint embedding (laco-no-je), without cross attention (laco-no-ca) and "
        "without either (laco-no-je-ca, the paper's BERT). The paper's claim: each part helps.",
        printed=numbers.TABLE_4,
        remark="Hamming losses of laco-no-je and laco-no-ca cannot be told apart in the text that we have: "
        "one of them is 0.0237 on AAPD and 0.0077 on RCV1-V2.",
        methods=ABLATION,
        metrics=(numbers.HAMMING, numbers.MICRO, numbers.MACRO),
        drawn=(numbers.MICRO, numbers.MACRO, numbers.HAMMING),
        **_COMMON,
    ),
    DivergenceTable(
        id="laco/table-5",
        place="Table 5",
        title="label pairs, predicted and gold",
        caption="How far p(b | a) among predicted labels is from that among gold ones (Eq. 8, in nats): "
        "smaller is nearer. The paper's claim: the tasks bring it down on test documents, where a sequence "
        "model that fits the training pairs best is no better.",
        printed=_printed(numbers.TABLE_5),
        remark="Ours is the sum over label pairs that Eq. 8 prints; the paper's numbers are so small that "
        "they may be means. It does not say what it does with a pair that is never predicted, which makes "
        "Eq. 8 infinite: ours counts one document more for each label.",
        methods=(*TASKS, BERT, *_here("SeqTag Bert", "Seq2Seq T")),
        metrics=(numbers.TRAIN_DIVERGENCE, numbers.TEST_DIVERGENCE),
        drawn=(numbers.TEST_DIVERGENCE, numbers.TRAIN_DIVERGENCE),
        **_COMMON,
    ),
    CombinationTable(
        id="laco/table-6",
        place="Table 6",
        title="how many label sets are predicted",
        caption="Different label sets among the test documents, gold and predicted, and the share of "
        "documents whose predicted set is exactly right. The paper's claim: LACO predicts more different "
        "sets than a sequence model, also unseen ones, which no training document has.",
        printed=_printed(numbers.TABLE_6),
        methods=(*TASKS, BERT, *_here("SeqTag Bert", "Seq2Seq T", "OCD")),
        metrics=(numbers.COMBINATIONS, numbers.SUBSET),
        drawn=(numbers.COMBINATIONS, numbers.SUBSET),
        own_encoders=OWN_ENCODERS,
        **_COMMON,
    ),
)

FIGURES = (
    LabelGroupFigure(
        id="laco/figure-2",
        place="Figure 2",
        title="label frequencies, and macro-F1 from frequent to rare labels",
        caption="How many training documents each label has (a), and macro-F1 in four groups of labels by "
        "these numbers (b). The paper's claim: the rarer the labels, the further LACO is above a sequence "
        "model, most so with CLCP.",
        remark=f"{_NO_NUMBERS} It does not say where its groups end: ours have as many labels each, and "
        "labels that training never shows stand apart.",
        methods=(*TASKS, BERT, *_here("Seq2Seq T", "SeqTag Bert")),
        groups=4,
        **_COMMON,
    ),
    ConvergenceFigure(
        id="laco/figure-3",
        place="Figure 3",
        title="how fast training converges",
        caption="Micro-F1 on validation documents after each epoch, over training steps and over seconds. "
        "The paper's claim: LACO is quicker than other BERT-based methods, and its tasks make it quicker "
        "still. A step of LACO takes longer: it reads all labels behind each document.",
        remark=_NO_NUMBERS,
        methods=(*TASKS, BERT, *_here("SeqTag Bert")),
        **_COMMON,
    ),
)

EXHIBITS: tuple[Exhibit, ...] = (*TABLES, *FIGURES)
