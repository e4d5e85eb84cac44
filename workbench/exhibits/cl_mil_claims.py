"""What CL-MIL's paper claims, as comparisons that runs with several seeds can decide.

Paper: "Towards Better Representations for Multi-Label Text Classification with Multi-granularity
Information". The words are ours; the place in the paper stands beside them. What it calls BERT in these
comparisons reads labels as well (joint-bert). Methods of other papers have settings of their own and stand in
Table 3 alone.
"""

from __future__ import annotations

from workbench.analysis.claims import Claim
from workbench.exhibits.cl_mil import CONTRAST, GRAINS, PAPER, RELATIONS
from workbench.exhibits.cl_mil_measures import (
    CONTRASTED,
    COSINE,
    METRIC,
    START,
    UNIFORMITY,
    measures,
    of_group,
)
from workbench.exhibits.cl_mil_numbers import HAMMING, PRECISION, RECALL
from workbench.exhibits.claim_family import ClaimFamily, PaperClaims

BERT, CL_BERT, DIL, CL_DIL, MIL, CL_MIL = CONTRAST
COARSE, FINE, _ = GRAINS
BERT_CLRL = RELATIONS[1]
METHODS = (CL_MIL, MIL, CL_DIL, DIL, COARSE, FINE, CL_BERT, BERT, BERT_CLRL)
OTHERS = (PRECISION, RECALL, "macro_F1", "P@1", "nDCG@5")
MID, TAIL, HEAD = (of_group(group) for group in ("mid", "tail", "head"))

Pair = tuple[str, str]


def _claims(verb: str, measure: str, *pairs: Pair, higher: bool = True, at: str = "") -> tuple[Claim, ...]:
    return tuple(
        Claim(f"{one} {verb} {other}", measure, {"method": one}, {"method": other}, higher, at)
        for one, other in pairs
    )


def _points(
    name: str, title: str, place: str, says: str, claims: tuple[Claim, ...], *more: tuple[Claim, ...]
) -> ClaimFamily:
    """A family whose differences are told in points, a hundredth of the measure each."""
    measure = claims[0].measure
    further = tuple(claim for some in more for claim in some)
    return ClaimFamily(name, title, place, says, measure, f"points of {measure}", 100, 2, claims, further)


def _others(verb: str, *pairs: Pair) -> tuple[tuple[Claim, ...], ...]:
    return tuple(_claims(verb, name, *pairs, at=name) for name in OTHERS)


def _evenness(name: str, measure: str) -> ClaimFamily:
    """Lower after the contrastive stage than before it, in one and the same run."""
    claims = tuple(
        Claim(
            f"{method} is lower after the stage than before it",
            measure,
            {"method": method, "part": CONTRASTED},
            {"method": method, "part": START},
            higher=False,
        )
        for method in (CL_MIL, CL_DIL, CL_BERT)
    )
    says = (
        "Vectors of test documents are spread more uniformly after the contrastive stage than before it: "
        "their mean cosine and their uniformity (Wang & Isola, 2020) are lower. The paper shows pictures."
    )
    return ClaimFamily(
        name,
        f"the contrastive stage, {measure}",
        "Section 5.2, Figure 3",
        says,
        measure,
        measure,
        1,
        3,
        claims,
    )


HARMS = _points(
    "contrast-bert",
    "the contrastive stage before BERT",
    "Section 5.2, Table 4",
    "BERT with labels in its input is worse after the contrastive stage.",
    _claims("is worse than", METRIC, (CL_BERT, BERT), higher=False),
    *_others("is worse than", (CL_BERT, BERT)),
)

NOTHING = _points(
    "contrast-dil",
    "the contrastive stage before DIL",
    "Section 5.2, Table 4",
    "The stage brings DIL nothing: the paper expects that this does not hold.",
    _claims("beats", METRIC, (CL_DIL, DIL)),
    *_others("beats", (CL_DIL, DIL)),
)

HELPS = _points(
    "contrast-mil",
    "the contrastive stage before MIL",
    "Section 5.2, Table 4",
    "With relations between labels the stage helps.",
    _claims("beats", METRIC, (CL_MIL, MIL)),
    *_others("beats", (CL_MIL, MIL)),
)

FRAMEWORK = ClaimFamily(
    "framework",
    "the parts of CL-MIL",
    "Sections 5.1 to 5.4, Tables 3 to 5",
    "CL-MIL is better than BERT; so are its parts, and each is better with the next.",
    METRIC,
    f"points of {METRIC}",
    100,
    2,
    _claims("beats", METRIC, (CL_MIL, BERT), (DIL, BERT), (MIL, DIL)),
    tuple(claim for some in _others("beats", (CL_MIL, BERT), (DIL, BERT), (MIL, DIL)) for claim in some),
)

WRONG = _points(
    "loss",
    "wrong decisions",
    "Section 5.1, Tables 3 and 4",
    "CL-MIL has the smallest hamming loss.",
    _claims("has less than", HAMMING, (CL_MIL, BERT), (CL_MIL, DIL), (CL_MIL, MIL), higher=False),
)

BOTH = ClaimFamily(
    "grains",
    "coarse, fine and both",
    "Section 5.3, Table 5",
    "Both granularities together are better than either alone.",
    METRIC,
    f"points of {METRIC}",
    100,
    2,
    _claims("beats", METRIC, (DIL, COARSE), (DIL, FINE)),
    tuple(claim for some in _others("beats", (DIL, COARSE), (DIL, FINE)) for claim in some),
    {"dil beats each of its granularities": tuple(f"{DIL} beats {other}" for other in (COARSE, FINE))},
)

RECALLS = _points(
    "coarse-recall",
    "coarse-grained information and recall",
    "Section 5.3, Table 5 and Figure 5",
    "Coarse-grained information goes with recall.",
    _claims("recalls more than", RECALL, (COARSE, FINE)),
)

PRECISE = _points(
    "fine-precision",
    "fine-grained information and precision",
    "Section 5.3, Table 5 and Figure 5",
    "Fine-grained information goes with precision. The paper's own numbers have it the other way on AAPD.",
    _claims("is more precise than", PRECISION, (FINE, COARSE)),
)

RARER = tuple(
    _points(
        f"relations-{group}",
        f"relations between labels, {group} labels",
        "Section 5.4, Figure 6",
        f"Relations between labels (CLRL) make DIL better on {group} labels.",
        _claims("beats", measure, (MIL, DIL)),
    )
    for group, measure in (("mid", MID), ("tail", TAIL))
)

FREQUENT = _points(
    "relations-bert",
    "relations between labels for BERT, head labels",
    "Section 5.4, Figure 6",
    "CLRL makes BERT better on head labels alone.",
    _claims("beats", HEAD, (BERT_CLRL, BERT)),
)

NOT_RARER = tuple(
    _points(
        f"relations-bert-{group}",
        f"relations between labels for BERT, {group} labels",
        "Section 5.4, Figure 6",
        f"CLRL makes BERT worse on {group} labels.",
        _claims("is worse than", measure, (BERT_CLRL, BERT), higher=False),
    )
    for group, measure in (("mid", MID), ("tail", TAIL))
)

EVEN = tuple(_evenness(name, measure) for name, measure in (("cosine", COSINE), ("uniformity", UNIFORMITY)))

FAMILIES = (
    FRAMEWORK,
    WRONG,
    HARMS,
    NOTHING,
    HELPS,
    BOTH,
    RECALLS,
    PRECISE,
    *RARER,
    FREQUENT,
    *NOT_RARER,
    *EVEN,
)

CLAIMS = PaperClaims(
    PAPER,
    METHODS,
    METRIC,
    (METRIC, HAMMING, *OTHERS, HEAD, MID, TAIL, COSINE, UNIFORMITY),
    FAMILIES,
    tuple({"method": method, "percent": 100} for method in METHODS),
    measures=measures,
)
