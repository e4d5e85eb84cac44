"""What SEP-MLDC's paper claims, as comparisons that runs with several seeds can decide.

Paper: "SEP-MLDC: A Simple and Effective Paradigm for Multi-Label Document Classification". The words are
ours; the place in the paper stands beside them. Runs are on a version of a corpus with descriptions of its
labels and generated documents, which the variants without either leave out.
"""

from __future__ import annotations

from workbench.analysis.claims import Claim
from workbench.exhibits.claim_family import ClaimFamily, PaperClaims
from workbench.exhibits.sep_mldc import ABLATION, FULL, NO_DATC, NO_LGFS, NO_LSE, NO_SMCL, PAPER
from workbench.exhibits.sep_mldc_measures import (
    BELOW,
    BY_CHANCE,
    IDENTICAL,
    NEAR,
    OF_DOCUMENTS,
    OF_LABELS,
    TAIL,
    measures,
)

FIRST, RANKED, RARE = "P@1", "nDCG@5", "PSP@5"
OTHERS = ("P@3", "P@5", "nDCG@3", "PSP@1", "PSP@3", "micro_F1", "macro_F1")
PARTS = ABLATION[1:]

Pair = tuple[str, str]


def _claims(verb: str, measure: str, *pairs: Pair, higher: bool = True, at: str = "") -> tuple[Claim, ...]:
    return tuple(
        Claim(f"{one} {verb} {other}", measure, {"method": one}, {"method": other}, higher, at)
        for one, other in pairs
    )


_EACH: tuple[Pair, ...] = tuple((FULL, part) for part in PARTS)


def _ablation(name: str, title: str, measure: str, further: tuple[str, ...] = ()) -> ClaimFamily:
    return ClaimFamily(
        name,
        title,
        "Section 4.4, Table 5",
        f"SEP-MLDC is better than without descriptions of labels ({NO_LSE}), without documents generated for "
        f"rare labels ({NO_DATC}), without contrasts ({NO_SMCL}) and without label-guided features "
        f"({NO_LGFS}).",
        measure,
        f"points of {measure}",
        100,
        2,
        _claims("beats", measure, *_EACH),
        tuple(claim for other in further for claim in _claims("beats", other, *_EACH, at=other)),
        {f"each part of SEP-MLDC helps ({measure})": tuple(f"{FULL} beats {part}" for part in PARTS)},
    )


HELPS = _ablation("parts", "the parts of SEP-MLDC", FIRST, OTHERS)
HELPS_RANKS = _ablation("parts-ndcg", "the parts of SEP-MLDC, five ranks", RANKED)
HELPS_RARE = _ablation("parts-psp", "the parts of SEP-MLDC, rare labels weighing more", RARE)


def _order(name: str, title: str, says: str, *pairs: Pair) -> ClaimFamily:
    return ClaimFamily(
        name,
        title,
        "Section 4.4, Table 5",
        says,
        FIRST,
        f"points of {FIRST}",
        100,
        2,
        _claims("loses more than", FIRST, *pairs, higher=False),
        tuple(
            claim
            for other in (RANKED, RARE)
            for claim in _claims("loses more than", other, *pairs, higher=False, at=other)
        ),
    )


CONTRASTS_FIRST = _order(
    "order-smcl",
    "which part counts most: the contrasts",
    "On AAPD taking the contrasts out costs most, and label-guided features come second. The paper's claim "
    "is about AAPD alone; on EUR-Lex its own numbers have two parts that cost more.",
    *((NO_SMCL, other) for other in (NO_LGFS, NO_LSE, NO_DATC)),
    (NO_LGFS, NO_LSE),
    (NO_LGFS, NO_DATC),
)

GENERATED_FIRST = _order(
    "order-datc",
    "which part counts most: generated documents",
    "On EUR-Lex, where most labels have few documents, taking the generated documents out costs most, and "
    "descriptions of labels come second. The paper's claim is about EUR-Lex alone.",
    *((NO_DATC, other) for other in (NO_LSE, NO_SMCL, NO_LGFS)),
    (NO_LSE, NO_SMCL),
    (NO_LSE, NO_LGFS),
)

TAILS = ClaimFamily(
    "tail",
    "generated documents and tail labels",
    "Sections 3.3 and 4.5, Table 6",
    "Documents generated for rare labels make the model better on them. The paper compares PSP@k with other "
    f"methods; here it is macro-F1 of labels with fewer than {BELOW} training documents, and PSP@k, without "
    "generated documents.",
    TAIL,
    "points of macro_F1",
    100,
    2,
    _claims("beats", TAIL, (FULL, NO_DATC)),
    tuple(
        claim
        for other in ("PSP@1", "PSP@3", RARE, "macro_F1")
        for claim in _claims("beats", other, (FULL, NO_DATC), at=other)
    ),
)


def _follows(name: str, title: str, says: str, measure: str) -> ClaimFamily:
    pairs = ((FULL, NO_SMCL), (FULL, NO_LSE))
    claims = _claims("follows more than", measure, *pairs)
    return ClaimFamily(name, title, "Section 4.6, Figures 2 and 3", says, measure, measure, 1, 3, claims)


LABELS = _follows(
    "label-vectors",
    "label vectors and co-occurrence",
    "Labels that occur together have vectors with high inner products, and such as never do low ones. The "
    "paper shows a picture; measured by Spearman's rank correlation with the Jaccard index of Eq. 5-8.",
    OF_LABELS,
)

DOCUMENTS = _follows(
    "document-vectors",
    "document vectors and their label sets",
    "The contrasts bring documents with similar label sets closer together. Measured over pairs of test "
    "documents by the rank correlation with the Jaccard index of Eq. 10-13.",
    OF_DOCUMENTS,
)

SAME = ClaimFamily(
    "identical",
    "documents that lie close have the same labels",
    "Section 4.6, Figure 3",
    "From an inner product of 0.8 on label sets are identical: the share that are so is claimed to be 1. "
    "Compared with the share among all pairs, and with that without the contrasts.",
    IDENTICAL,
    "percentage points",
    100,
    1,
    (
        Claim(
            f"in {FULL} more than among all pairs",
            IDENTICAL,
            {"method": FULL, "part": NEAR},
            {"method": FULL, "part": BY_CHANCE},
        ),
        Claim(
            f"in {FULL} more than in {NO_SMCL}",
            IDENTICAL,
            {"method": FULL, "part": NEAR},
            {"method": NO_SMCL, "part": NEAR},
        ),
    ),
)

FAMILIES = (
    HELPS,
    HELPS_RANKS,
    HELPS_RARE,
    CONTRASTS_FIRST,
    GENERATED_FIRST,
    TAILS,
    LABELS,
    DOCUMENTS,
    SAME,
)

CLAIMS = PaperClaims(
    PAPER,
    ABLATION,
    RANKED,
    (FIRST, RANKED, RARE, *OTHERS, TAIL, OF_LABELS, OF_DOCUMENTS, IDENTICAL),
    FAMILIES,
    tuple({"method": method, "percent": 100} for method in ABLATION),
    measures=measures,
)
