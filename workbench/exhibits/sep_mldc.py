"""The exhibits of SEP-MLDC's paper: Tables 1 to 8 and Figures 2 and 3 (Figure 1 is a drawing)."""

from __future__ import annotations

from typing import Any

from workbench.exhibits import sep_mldc_numbers as numbers
from workbench.exhibits import sep_mldc_texts as texts
from workbench.exhibits.base import Exhibit, Paper
from workbench.exhibits.baselines import ONE_ROW, OWN_ENCODERS, PUBLISHED
from workbench.exhibits.corpora import CorpusTable
from workbench.exhibits.grids import VariantTable
from workbench.exhibits.similarities import DocumentSimilarityFigure, LabelSimilarityFigure
from workbench.exhibits.written_texts import DescriptionTable, GeneratedTable

PAPER = Paper(
    "sep-mldc",
    "SEP-MLDC",
    "SEP-MLDC: A Simple and Effective Paradigm for Multi-Label Document Classification",
)
FULL, NO_LSE, NO_DATC, NO_SMCL, NO_LGFS = ABLATION = (
    "sep-mldc",
    "sep-mldc-no-lse",
    "sep-mldc-no-datc",
    "sep-mldc-no-smcl",
    "sep-mldc-no-lgfs",
)
"""All of it, and without label descriptions, generated documents, contrasts and label-guided features."""

_OTHERS = ("XML-CNN", "SGM", "DXML", "AttentionXML", "EXAM", "LSAN", "HTTN", "LDGN")
_NO_NUMBERS = "The figure prints no numbers: what the paper reads from it is in the caption."
_NO_TABLE = "The table prints no numbers but texts."
_VERSION = (
    "Descriptions and generated documents come with a version of the corpus: `workbench llm` makes them."
)
_COMMON: dict[str, Any] = {
    "paper": PAPER,
    "encoders": ("roberta-base",),
    "quick_encoders": ("small-bert",),
}

TABLES = (
    CorpusTable(
        id="sep-mldc/table-1",
        paper=PAPER,
        place="Table 1",
        title="the corpora in numbers",
        caption="How many documents, words and labels there are, and how many labels a document has. They "
        "are those of the LSFA paper's Table 1.",
        printed=numbers.TABLE_1.replace({"metric": {"labels per document": "labels per train document"}}),
        with_words=True,
    ),
    *(
        VariantTable(
            id=f"sep-mldc/table-{number}",
            place=f"Table {number}",
            title=f"SEP-MLDC against published methods ({corpus})",
            caption=f"SEP-MLDC on RoBERTa beside nine methods, whose numbers are those of the LSFA paper. "
            f"The paper's claim: {claim}.",
            printed=PUBLISHED.renamed(printed),
            remark=_VERSION if corpus == "EUR-Lex" else f"{_VERSION} {ONE_ROW}",
            methods=(FULL, "lsfa", *PUBLISHED.here(*_OTHERS)),
            own_encoders=OWN_ENCODERS,
            reads_tokens=True,
            **_COMMON,
        )
        for number, corpus, printed, claim in (
            (
                2,
                "AAPD",
                numbers.TABLE_2,
                "it is better than all; its P@5 is below that of LSFA",
            ),
            (3, "RCV1", numbers.TABLE_3, "it is better than all; its nDCG@5 is below those of LDGN and LSFA"),
            (4, "EUR-Lex", numbers.TABLE_4, "it is better than all in every column"),
        )
    ),
    VariantTable(
        id="sep-mldc/table-5",
        place="Table 5",
        title="taking SEP-MLDC apart (AAPD, EUR-Lex)",
        caption="All of SEP-MLDC, and without descriptions of labels (no-lse), documents generated for rare "
        "labels (no-datc), contrasts of labels and documents (no-smcl) or label-guided features (no-lgfs). "
        "The paper's claim: each part helps; contrasts most on AAPD, generated documents most on EUR-Lex.",
        printed=numbers.TABLE_5,
        remark=f"{_VERSION} On AAPD no-datc has the higher P@5 in the paper's own numbers.",
        methods=ABLATION,
        **_COMMON,
    ),
    VariantTable(
        id="sep-mldc/table-6",
        place="Table 6",
        title="rare labels weigh more (EUR-Lex)",
        caption="PSP@k weighs a hit by how rare its label is. The paper's claim: SEP-MLDC is better than the "
        "others by 2 to 4 points, for documents are generated for rare labels.",
        printed=PUBLISHED.renamed(numbers.TABLE_6),
        remark=f"{_VERSION} Without generated documents (no-datc) the paper prints no PSP@k.",
        methods=(FULL, NO_DATC, "lsfa", *PUBLISHED.here("LSAN", "HTTN")),
        own_encoders=OWN_ENCODERS,
        metrics=("PSP@1", "PSP@3", "PSP@5"),
        drawn=("PSP@1", "PSP@3", "PSP@5"),
        reads_tokens=True,
        **_COMMON,
    ),
    DescriptionTable(
        id="sep-mldc/table-7",
        paper=PAPER,
        place="Table 7",
        title="descriptions of labels",
        caption="The prompts with which a language model is asked what labels mean, and what it answers: in "
        "the paper GPT-4, here whatever made the descriptions of this version of the corpus.",
        remark=f"{_NO_TABLE} The paper's description of cs.CE is that of math.PR. The prompts ask for no "
        "more than thirty tokens “and unrelated information”: none is meant.",
        prompts=texts.DESCRIBE,
        examples=texts.DESCRIPTIONS,
    ),
    GeneratedTable(
        id="sep-mldc/table-8",
        paper=PAPER,
        place="Table 8",
        title="documents generated for rare labels",
        caption="The prompts with which a language model is asked for a document like another one, and what "
        "it wrote for our corpus. In the paper 50 are generated for each label of fewer than 50.",
        remark=f"{_NO_TABLE} It shows prompts alone, though the text announces generated data as well.",
        prompts=texts.GENERATE,
    ),
)

FIGURES = (
    LabelSimilarityFigure(
        id="sep-mldc/figure-2",
        place="Figure 2",
        title="inner products of labels (AAPD)",
        caption="Vectors of the twelve most frequent labels, without the contrasts and with them, beside the "
        "Jaccard index of their training documents (Eq. 5-8). The paper's claim: labels that often come "
        "together, such as cs.IT and math.IT, have high inner products, and such as never do low ones.",
        remark=f"{_NO_NUMBERS} Ours is the rank correlation over all pairs of labels that training shows. "
        "Eq. 9 as printed pushes similar labels apart; the default here does not.",
        methods=(NO_SMCL, FULL),
        **_COMMON,
    ),
    DocumentSimilarityFigure(
        id="sep-mldc/figure-3",
        place="Figure 3",
        title="inner products of documents (AAPD)",
        caption="Vectors of test documents, without the contrasts and with them, beside the Jaccard index of "
        "their gold labels (Eq. 10-13). The paper's claim, of ten documents: from an inner product of 0.8 on "
        "label sets are identical.",
        remark=f"{_NO_NUMBERS} Ours are over all pairs of up to 1,000 test documents.",
        methods=(NO_SMCL, FULL),
        **_COMMON,
    ),
)

EXHIBITS: tuple[Exhibit, ...] = (*TABLES, *FIGURES)
