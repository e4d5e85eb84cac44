"""The exhibits of CL-MIL's paper: Tables 1 to 6 and Figures 3 to 6 (Figures 1 and 2 are drawings)."""

from __future__ import annotations

from typing import Any

from workbench.exhibits import cl_mil_numbers as numbers
from workbench.exhibits.base import Exhibit, Paper
from workbench.exhibits.baselines import OWN_ENCODERS, Baselines
from workbench.exhibits.constraint_sets import ConstraintTable
from workbench.exhibits.corpora import CorpusTable
from workbench.exhibits.frequency_groups import FrequencyGroupFigure, GroupSizeTable
from workbench.exhibits.gamma import GammaFigure
from workbench.exhibits.geometries import GeometryFigure
from workbench.exhibits.grids import VariantTable

PAPER = Paper(
    "cl-mil",
    "CL-MIL",
    "Towards Better Representations for Multi-Label Text Classification with Multi-granularity Information",
)
CONTRAST = ("joint-bert", "cl-joint-bert", "dil", "cl-dil", "mil", "cl-mil")
"""What the paper calls BERT, DIL and MIL (with CLRL), each without and with the contrastive stage."""
GRAINS = ("cil", "fil", "dil")
RELATIONS = ("joint-bert", "joint-bert+clrl", "dil", "mil")

BASELINES = Baselines(
    {
        "CNN": "text-cnn",
        "BERT": "bert",
        "LEAM": "leam",
        "LSAN": "lsan",
        "SGM": "sgm",
        "Seq2set": "seq2set-style",
        "CL-BERT kNN": "cl-knn",
    }
)
_LACO = ("laco", "laco+plcp", "laco+clcp")

_DEFINITION = "The table defines and prints no numbers: those here are of our corpus."
_NO_NUMBERS = "The figure prints no numbers: what the paper reads from it is in the caption."
_COMMON: dict[str, Any] = {
    "paper": PAPER,
    "encoders": ("bert-base-uncased",),
    "quick_encoders": ("small-bert",),
}
_METRICS: dict[str, Any] = {
    "metrics": numbers.SETS,
    "drawn": (numbers.MICRO, numbers.RECALL, numbers.PRECISION, numbers.HAMMING),
}

TABLES = (
    ConstraintTable(
        id="cl-mil/table-1",
        paper=PAPER,
        place="Table 1",
        title="the constraint sets of labels",
        caption="A label B beside a label A of a document is related (Y+, the document has B too), weakly "
        "related (Y*) or contradicting (Y-), by how often labels come together in training (Eq. 9-10). The "
        "shares are of documents, A among their labels and B among all others, drawn at random. The example "
        "is the most frequent label.",
        remark=f"{_DEFINITION} As printed, Y* asks for any and Y- for all its labels (default), the "
        "text around it for A alone (anchor). A label at the average falls in no printed set: here it "
        "contradicts.",
    ),
    CorpusTable(
        id="cl-mil/table-2",
        paper=PAPER,
        place="Table 2",
        title="the corpora in numbers",
        caption="How many documents and labels there are in all splits together, how many labels a document "
        "has and how long it is.",
        printed=numbers.TABLE_2,
        remark="The paper prints no sizes of its splits. The 55,840 documents of AAPD are those of SGM's "
        "three splits together.",
        counts_all=True,
    ),
    VariantTable(
        id="cl-mil/table-3",
        place="Table 3",
        title="CL-MIL against published methods",
        caption="Hamming loss (lower is better) and micro-averaged precision, recall and F1. The paper's "
        "claim: CL-MIL is best in recall, F1 and hamming loss on both corpora.",
        printed=BASELINES.renamed(numbers.TABLE_3),
        remark="Numbers of LEAM, LSAN, SGM, Seq2set, LACO and CL-BERT kNN are borrowed from other papers; "
        "CNN's stand in LACO's paper too, though unmarked. The row BERT is that of Table 4, where BERT reads "
        "labels as well (joint-bert here).",
        methods=("cl-mil", *_LACO, "joint-bert", *BASELINES.here(*BASELINES.names)),
        own_encoders=OWN_ENCODERS,
        **_METRICS,
        **_COMMON,
    ),
    VariantTable(
        id="cl-mil/table-4",
        place="Table 4",
        title="with and without the contrastive stage",
        caption="BERT with labels in its input (joint-bert), with both interactions (dil), with relations "
        "between labels as well (mil), each trained at once or after the contrastive stage (cl-). The "
        "paper's claim: the stage harms BERT, does nothing for DIL and helps MIL.",
        printed=numbers.TABLE_4,
        remark="The subscript ctrl of MIL in this table is elsewhere clrl. The F1 of cl-joint-bert does not "
        "follow from its precision and recall, which give 70.2 or 70.3.",
        methods=CONTRAST,
        **_METRICS,
        **_COMMON,
    ),
    VariantTable(
        id="cl-mil/table-5",
        place="Table 5",
        title="coarse, fine and both",
        caption="The coarse-grained head alone (cil), the fine-grained one alone (fil) and both (dil). The "
        "paper's claim: both together are better than either.",
        printed=numbers.TABLE_5,
        remark="FIL's hamming loss on AAPD is that of BERT with CL in Table 4, so probably a slip: its "
        "precision and recall give about 0.0243. There the F1 of CIL and FIL do not follow from precision "
        "and recall (at most 73.4 and 70.8) either, and FIL is less precise than CIL, which the text denies.",
        methods=GRAINS,
        **_METRICS,
        **_COMMON,
    ),
    GroupSizeTable(
        id="cl-mil/table-6",
        paper=PAPER,
        place="Table 6",
        title="head, mid and tail labels",
        caption="How many labels are in each group, and how many documents have at least one of them. Head "
        "labels have 3,000 or more training documents and tail ones fewer than 1,000, as the same share of "
        "our corpus as of AAPD's 53,840 training documents.",
        remark=f"{_DEFINITION} Its bounds are given for AAPD alone.",
    ),
)

FIGURES = (
    GeometryFigure(
        id="cl-mil/figure-3",
        place="Figure 3",
        title="document vectors before and after the contrastive stage",
        caption="Vectors of test documents along their three axes of largest variance, by whether they have "
        "head, mid and tail labels: as training begins, and after the contrastive stage. The paper's claim: "
        "they spread more evenly after it, and documents with head labels alone move away from the others.",
        remark=f"{_NO_NUMBERS} Ours are in the table: the lower mean cosine and uniformity, the more even.",
        methods=("cl-mil",),
        initial=True,
        **_COMMON,
    ),
    GeometryFigure(
        id="cl-mil/figure-4",
        place="Figure 4",
        title="document vectors after training",
        caption="As Figure 3, after training: BERT with labels in its input, DIL and MIL, each without and "
        "with the contrastive stage. The paper's claim: the stage needs relations between labels to help.",
        remark=_NO_NUMBERS,
        methods=CONTRAST,
        **_COMMON,
    ),
    GammaFigure(
        id="cl-mil/figure-5",
        place="Figure 5",
        title="alpha, beta and gamma (AAPD)",
        caption="Gamma is the share of the fine-grained head in the final scores, alpha and beta weigh the "
        "losses of the coarse- and the fine-grained head. The paper's claim: the coarse head brings recall, "
        "the fine one precision; alpha and beta set the least F1, gamma the highest.",
        remark=f"{_NO_NUMBERS} The text does not name its pairs of alpha and beta; ours are in the table. "
        "The threshold is chosen for each gamma anew, on validation documents.",
        methods=("dil",),
        weights=((1.0, 1.0), (0.5, 1.0), (1.0, 0.5), (1.5, 1.0), (1.0, 1.5)),
        **_COMMON,
    ),
    FrequencyGroupFigure(
        id="cl-mil/figure-6",
        place="Figure 6",
        title="relations between labels, from frequent to rare ones (AAPD)",
        caption="Micro-F1 of all labels, and of head, mid and tail ones (bounds as in Table 6), without and "
        "with relations between labels (CLRL). The paper's claim: they help DIL in mid and tail, but BERT in "
        "the head alone.",
        remark=_NO_NUMBERS,
        methods=RELATIONS,
        **_COMMON,
    ),
)

EXHIBITS: tuple[Exhibit, ...] = (*TABLES, *FIGURES)
