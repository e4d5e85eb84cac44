"""The exhibits of LSFA's paper: Tables 1 to 5 and Figures 1, 4, 5 and 6 (Figures 2 and 3 are drawings)."""

from __future__ import annotations

from workbench.exhibits import lsfa_numbers as numbers
from workbench.exhibits.base import Exhibit, Paper
from workbench.exhibits.baselines import ONE_ROW, OWN_ENCODERS, PUBLISHED
from workbench.exhibits.corpora import CorpusTable
from workbench.exhibits.grids import VariantTable
from workbench.exhibits.tails import AugmentationFigure, BinFigure, FeatureFigure, ThresholdFigure

PAPER = Paper(
    "lsfa",
    "LSFA",
    "Label-Specific Feature Augmentation for Long-Tailed Multi-Label Text Classification",
)
ABLATION = ("lsfa", "lsfa-augment", "lsfa-attention", "lsfa-pooled")
"""The paper's A, B, C and D."""

_ENCODERS = ("bilstm",)
_NO_NUMBERS = "The figure prints no numbers: what the paper reads from it is in the caption."
_OTHERS = ("XML-CNN", "SGM", "DXML", "AttentionXML", "EXAM", "LSAN", "HTTN", "LDGN")

TABLES = (
    CorpusTable(
        id="lsfa/table-1",
        paper=PAPER,
        place="Table 1",
        title="the corpora in numbers",
        caption="How many documents, words and labels there are, and how many documents a label has. In "
        "EUR-Lex a label has 16 documents on average, and most have fewer.",
        printed=numbers.TABLE_1,
        with_words=True,
    ),
    *(
        VariantTable(
            id=f"lsfa/table-{number}",
            paper=PAPER,
            place=f"Table {number}",
            title=f"LSFA against published methods ({corpus})",
            caption="LSFA on a BiLSTM beside eight methods, whose numbers are borrowed from other papers but "
            "for some on EUR-Lex. The paper's claim: LSFA is best in every column.",
            encoders=_ENCODERS,
            printed=PUBLISHED.renamed(printed),
            remark=remark,
            methods=("lsfa", *PUBLISHED.here(*_OTHERS)),
            own_encoders=OWN_ENCODERS,
            reads_tokens=True,
        )
        for number, corpus, printed, remark in (
            (
                2,
                "AAPD",
                numbers.TABLE_2,
                f"Of LSFA's row one number cannot be read in the text that we have. {ONE_ROW}",
            ),
            (
                3,
                "RCV1",
                numbers.TABLE_3,
                f"Of LSFA's row two numbers cannot be read in the text that we have. {ONE_ROW}",
            ),
            (4, "EUR-Lex", numbers.TABLE_4, ""),
        )
    ),
    VariantTable(
        id="lsfa/table-5",
        paper=PAPER,
        place="Table 5",
        title="rare labels weigh more (EUR-Lex)",
        caption="PSP@k weighs a hit by how rare its label is. The paper's claim: LSFA gains more in it than "
        "in P@5, by 9 to 11 % of HTTN's.",
        encoders=_ENCODERS,
        printed=PUBLISHED.renamed(numbers.TABLE_5),
        methods=("lsfa", *PUBLISHED.here("LSAN", "HTTN")),
        own_encoders=OWN_ENCODERS,
        metrics=("P@5", "PSP@1", "PSP@3", "PSP@5"),
        drawn=("P@5", "PSP@1", "PSP@5"),
        reads_tokens=True,
    ),
)

FIGURES = (
    AugmentationFigure(
        id="lsfa/figure-1a",
        paper=PAPER,
        place="Figure 1a",
        title="what augmenting does to the distribution of labels",
        caption="Documents of each label, then with ten documents of each label below 100 repeated whole, "
        "then with ten features of it added. The paper's claim: repeating feeds frequent labels, too.",
        remark=_NO_NUMBERS,
        threshold=100,
        times=10,
    ),
    BinFigure(
        id="lsfa/figure-1b",
        paper=PAPER,
        place="Figure 1b",
        title="macro P@5 over bins of labels",
        caption="Labels in ten bins from frequent to rare. The paper's claim: LSFA is far above HTTN in the "
        "bins 2 to 9, and most so where labels have more than five documents.",
        encoders=_ENCODERS,
        remark=_NO_NUMBERS,
        methods=("lsfa", *PUBLISHED.here("HTTN")),
        own_encoders=OWN_ENCODERS,
        reads_tokens=True,
    ),
    VariantTable(
        id="lsfa/figure-4",
        paper=PAPER,
        place="Figure 4",
        title="taking LSFA apart (AAPD, EUR-Lex)",
        caption="All of LSFA (lsfa, the paper's A), without the prototypical contrast (lsfa-augment, B), "
        "without generated features too (lsfa-attention, C), without label-wise attention too (lsfa-pooled, "
        "D). The paper's claim: A > B > C > D in P@5, nDCG@5 and PSP@5.",
        encoders=_ENCODERS,
        remark=_NO_NUMBERS,
        methods=ABLATION,
        metrics=("P@5", "nDCG@5", "PSP@5"),
        drawn=("P@5", "nDCG@5", "PSP@5"),
        reads_tokens=True,
    ),
    ThresholdFigure(
        id="lsfa/figure-5",
        paper=PAPER,
        place="Figure 5",
        title="LSFA over N_t and N_a (EUR-Lex)",
        caption="N_t says below how many training documents a label is a tail label, N_a how many features "
        "are generated for each. The paper finds a rise, then a fall over N_t; over N_a a rise from 1 to 10.",
        encoders=_ENCODERS,
        remark=_NO_NUMBERS,
        methods=("lsfa",),
        values=(10, 25, 50, 100, 200),
        times=(1, 5, 10, 20, 50),
        metrics=("P@5", "nDCG@5", "PSP@5"),
        drawn=("P@5", "nDCG@5", "PSP@5"),
        reads_tokens=True,
    ),
    FeatureFigure(
        id="lsfa/figure-6",
        paper=PAPER,
        place="Figure 6",
        title="real and generated features",
        caption="Features of a head label and two tail labels without the contrast (lsfa-augment) and with "
        "it (lsfa), on the plane of largest variance; the paper uses t-SNE, which the page Tail features "
        "computes. The paper's claim: with the contrast, generated features lie closer to real ones.",
        encoders=_ENCODERS,
        remark=_NO_NUMBERS,
        methods=("lsfa-augment", "lsfa"),
        reads_tokens=True,
    ),
)

EXHIBITS: tuple[Exhibit, ...] = (*TABLES, *FIGURES)
