"""The exhibits of ProtoMix's paper: Tables 1 to 7 and Figures 3 to 8 (Figures 1 and 2 are drawings)."""

from __future__ import annotations

from workbench.exhibits import protomix_numbers as numbers
from workbench.exhibits.augmentations import AugmentationTable
from workbench.exhibits.base import Exhibit, Paper
from workbench.exhibits.baselines import ONE_ROW, OWN_ENCODERS, PUBLISHED
from workbench.exhibits.corpora import CorpusTable
from workbench.exhibits.grids import Sensitivity, SparseData, VariantTable
from workbench.exhibits.landscapes import LandscapeFigure
from workbench.exhibits.spectra import SpectrumFigure

PAPER = Paper(
    "protomix",
    "ProtoMix",
    "Preserving Label Correlation for Multi-label Text Classification by Prototypical Regularizations",
)
VARIANTS = ("base", "proto", "mix", "protomix")
TRAINABLE = ("cnn", "bilstm", numbers.BERT)
"""The paper's encoders but LLaMA-3-8B, which `--encoder` may name where there is a GPU for it."""

_BERT = (numbers.BERT,)
_OTHERS = tuple(name for name in PUBLISHED.names if name in set(numbers.TABLE_2["variant"]))
_SHARES = (1, 0.75, 0.5, 0.25)
_NO_NUMBERS = "The figure prints no numbers: what the paper reads from it is in the caption."
_WAYS = {"EDA": "eda", "back-translation": "back-translation", "LLM rewriting": "rewriting"}
_VERSIONS = (
    "The rows of augmentation are base trained on a version of the corpus, tested on the same documents. A "
    "version is made once: `workbench data augment CORPUS --with eda` (needs no model), "
    "`--with back-translation`, `--with rewriting`; its row is there from then on."
)

TABLES = (
    CorpusTable(
        id="protomix/table-1",
        paper=PAPER,
        place="Table 1",
        title="the corpora in numbers",
        caption="How many documents and labels there are, how many labels a document has and how many "
        "training documents a label. Where a label has few (EUR-Lex), overfitting is the greatest danger.",
        printed=numbers.TABLE_1,
    ),
    VariantTable(
        id="protomix/table-2",
        paper=PAPER,
        place="Table 2",
        title="ProtoMix against published methods",
        caption="ProtoMix on BERT, a mean over five seeds, beside ten methods of other papers: their numbers "
        "are borrowed from those papers, but AttentionXML's, which the authors ran again.",
        encoders=_BERT,
        printed=PUBLISHED.renamed(numbers.TABLE_2),
        remark=f"The paper prints nothing for Rank-AE on AAPD and VCLDL on RCV1. {ONE_ROW}",
        methods=("protomix", *PUBLISHED.here(*_OTHERS)),
        own_encoders=OWN_ENCODERS,
    ),
    Sensitivity(
        id="protomix/table-3",
        paper=PAPER,
        place="Table 3",
        title="ProtoMix over alpha (EUR-Lex)",
        caption="Mixing ratios are drawn from Beta(alpha, alpha): a small alpha leaves most documents almost "
        "unmixed, 1 draws every ratio alike. The paper finds gains over base at nearly every alpha.",
        encoders=_BERT,
        printed=numbers.TABLE_3,
        remark="The paper does not say which encoder this is; the numbers are on the level of BERT's.",
        methods=("protomix",),
        varied="alpha",
        values=(0.05, 0.1, 0.5, 1, 1.5),
    ),
    VariantTable(
        id="protomix/table-4",
        paper=PAPER,
        place="Table 4",
        title="the parts of ProtoMix, by encoder (EUR-Lex)",
        caption="The encoder alone (base), with the distance to prototypes (proto), with Mixup (mix), with "
        "both (protomix). The paper's claim: each part helps and both help most, whatever the encoder.",
        encoders=TRAINABLE,
        printed=numbers.TABLE_4,
        methods=VARIANTS,
    ),
    AugmentationTable(
        id="protomix/table-5",
        paper=PAPER,
        place="Table 5",
        title="ProtoMix against text augmentation (EUR-Lex)",
        caption="Mixing vectors against changing texts: easy data augmentation (EDA), back-translation and "
        "rewriting by a language model, each on BERT.",
        encoders=_BERT,
        printed=numbers.TABLE_5,
        remark=_VERSIONS,
        methods=("base", "protomix"),
        augmented="base",
        ways=_WAYS,
    ),
    VariantTable(
        id="protomix/table-6",
        paper=PAPER,
        place="Table 6",
        title="the parts of ProtoMix, by encoder (AAPD, RCV1)",
        caption="As Table 4, on two corpora with few labels and many documents for each.",
        encoders=TRAINABLE,
        printed=numbers.TABLE_6,
        methods=VARIANTS,
    ),
    AugmentationTable(
        id="protomix/table-7",
        paper=PAPER,
        place="Table 7",
        title="ProtoMix against text augmentation (AAPD, RCV1)",
        caption="As Table 5, on two corpora with few labels. On RCV1 all three augmentations cost precision "
        "at 3 and 5.",
        encoders=_BERT,
        printed=numbers.TABLE_7,
        remark=_VERSIONS,
        methods=("base", "protomix"),
        augmented="base",
        ways=_WAYS,
    ),
)

FIGURES = (
    Sensitivity(
        id="protomix/figure-3",
        paper=PAPER,
        place="Figure 3",
        title="proto and ProtoMix over beta (EUR-Lex)",
        caption="Beta weighs the distance to the prototypes; base and mix do without it and are level lines. "
        "The paper finds a rise, then a fall, best at 0.001 or 0.005.",
        encoders=_BERT,
        remark=_NO_NUMBERS,
        methods=("proto", "protomix"),
        constant=("base", "mix"),
        varied="beta",
        values=(0.0001, 0.0005, 0.001, 0.005, 0.01),
    ),
    SparseData(
        id="protomix/figure-4",
        paper=PAPER,
        place="Figure 4",
        title="fewer training documents (EUR-Lex)",
        caption="All four variants on 75, 50 and 25 % of the training documents, and on all of them. The "
        "paper's claim: ProtoMix loses least.",
        encoders=_BERT,
        remark=_NO_NUMBERS,
        methods=VARIANTS,
        values=_SHARES,
    ),
    LandscapeFigure(
        id="protomix/figure-5",
        paper=PAPER,
        place="Figure 5",
        title="loss landscapes (EUR-Lex)",
        caption="Training loss around the minimum of each variant, along two random directions (Eq. 16). The "
        "farther apart the contours, the flatter the minimum; the paper finds ProtoMix's flattest.",
        encoders=_BERT,
        remark=_NO_NUMBERS,
        methods=VARIANTS,
    ),
    SpectrumFigure(
        id="protomix/figure-6",
        paper=PAPER,
        place="Figure 6",
        title="spectra of the label embeddings",
        caption="Cumulative squares of the label matrix's singular values. The slower the curve rises, the "
        "more diverse the label embeddings; the paper finds ProtoMix's slowest.",
        encoders=_BERT,
        remark=_NO_NUMBERS,
        methods=VARIANTS,
    ),
    SparseData(
        id="protomix/figure-7",
        paper=PAPER,
        place="Figure 7",
        title="fewer training documents (AAPD, RCV1)",
        caption="As Figure 4, on two corpora with few labels.",
        encoders=_BERT,
        remark=_NO_NUMBERS,
        methods=VARIANTS,
        values=_SHARES,
    ),
    LandscapeFigure(
        id="protomix/figure-8",
        paper=PAPER,
        place="Figure 8",
        title="loss landscapes (AAPD, RCV1)",
        caption="As Figure 5, on two corpora with few labels.",
        encoders=_BERT,
        remark=_NO_NUMBERS,
        methods=VARIANTS,
    ),
)

EXHIBITS: tuple[Exhibit, ...] = (*TABLES, *FIGURES)
