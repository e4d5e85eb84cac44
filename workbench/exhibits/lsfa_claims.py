"""What LSFA's paper claims, as comparisons that runs with several seeds can decide.

Paper: "Label-Specific Feature Augmentation for Long-Tailed Multi-Label Text Classification". The words are
ours; the place in the paper stands beside them.
"""

from __future__ import annotations

from collections.abc import Iterator

from workbench.analysis.claims import Claim
from workbench.analysis.closeness import closeness_summary, closeness_table
from workbench.analysis.frequency_bins import bin_table, macro_precision
from workbench.analysis.tail_features import (
    keeps_features,
    read_features,
)
from workbench.data.oversampling import is_tail
from workbench.exhibits.claim_family import ClaimFamily, Measure, PaperClaims
from workbench.exhibits.lsfa import ABLATION, PAPER
from workbench.runs.store import Run

METRIC = "PSP@5"
OTHER_METRICS = ("P@1", "P@5", "nDCG@5", "PSP@1", "PSP@3", "micro_F1", "macro_F1")
BINS, K = 10, 5
TAIL = f"macro P@{K} of tail labels"
DISTANCE = "cosine distance to features of test documents"
NEAREST = "nearest feature of a test document is one of the label"
OWN, OTHERS, ALONE, REAL = "generated", "generated, to other labels", "prototype alone", "real, training"

A, B, C, D = ABLATION
_STEPS = ((A, B), (B, C), (C, D), (A, C), (A, D))


def of_bin(number: int) -> str:
    """What the macro precision of a bin of labels is called; bin 1 has the most frequent ones."""
    return f"macro P@{K} of bin {number} of {BINS}"


def measures(run: Run) -> Iterator[Measure]:
    """Macro precision of tail labels and bins, and how near features lie to those of test documents."""
    threshold = run.manifest["config"]["method"].get("head_threshold")
    if threshold:
        yield "", TAIL, macro_precision(run, is_tail(run.train_counts, threshold), K)
    for number, value in bin_table(run, BINS, K)[["bin", "macro_P"]].itertuples(index=False):
        yield "", of_bin(int(number)), float(value)
    if not keeps_features(run):
        return
    summary = closeness_summary(closeness_table(read_features(run))).set_index("kind")
    names = {"generated": OWN, "prototype": ALONE, "training": REAL}
    for kind, row in summary.iterrows():
        yield names[str(kind)], DISTANCE, float(row["to_own"])
        yield names[str(kind)], NEAREST, float(row["nearest_own"])
        if kind == "generated":
            yield OTHERS, DISTANCE, float(row["to_others"])


def _steps(measure: str, at: str = "") -> tuple[Claim, ...]:
    return tuple(
        Claim(f"{one} beats {other}", measure, {"method": one}, {"method": other}, at=at)
        for one, other in _STEPS
    )


def _ablation(
    name: str, title: str, place: str, says: str, measure: str, further: tuple[Claim, ...]
) -> ClaimFamily:
    return ClaimFamily(
        name,
        title,
        place,
        says,
        measure,
        f"points of {measure}",
        100,
        2,
        _steps(measure),
        further,
        {
            "each part of LSFA helps": tuple(f"{one} beats {other}" for one, other in _STEPS[:3]),
            "all of LSFA is the best": tuple(f"{A} beats {other}" for other in (B, C, D)),
        },
    )


RARE = _ablation(
    "ablation-psp",
    "the parts of LSFA, rare labels weighing more",
    "Figure 4",
    f"All of LSFA ({A}, the paper's A) is better than without the contrast ({B}), that better than without "
    f"generated features too ({C}), that better than without label-wise attention too ({D}).",
    METRIC,
    tuple(claim for name in OTHER_METRICS for claim in _steps(name, name)),
)

MACRO = _ablation(
    "ablation-macro",
    "the parts of LSFA, every label weighing the same",
    "Figure 4 (which has P@5, nDCG@5 and PSP@5)",
    "The same order. Macro-F1 counts each label once, at the threshold chosen on validation documents.",
    "macro_F1",
    (),
)

TAILS = _ablation(
    "tail",
    "tail labels, and bins of labels",
    "Figure 1b",
    "LSFA is far above another method in the bins of labels with few documents. Measured here between its "
    f"own variants: macro P@{K} of labels below N_t, then of each of {BINS} bins with as many labels, from "
    "the most frequent (1) to the rarest.",
    TAIL,
    tuple(claim for number in range(1, BINS + 1) for claim in _steps(of_bin(number), f"bin {number}")),
)


def _part(method: str, part: str) -> dict[str, object]:
    return {"method": method, "part": part}


GENERATED = ClaimFamily(
    "generated",
    "where generated features lie, by distance",
    "Figure 6",
    "Generated features lie near the real ones of their label, and nearer with the contrast. Measured "
    "against features of test documents, which training never saw: the mean cosine distance over tail "
    "labels. Checks that the paper does not make: whether they are nearer to their own label's than to other "
    "labels', and than the prototype that they are generated from, or features of training documents.",
    DISTANCE,
    "cosine distance",
    1,
    3,
    (
        Claim(
            "generated features lie nearer with the contrast",
            DISTANCE,
            _part(A, OWN),
            _part(B, OWN),
            higher=False,
        ),
        *(
            Claim(
                f"in {one} they lie nearer to {what}",
                DISTANCE,
                _part(one, OWN),
                _part(one, other),
                higher=False,
            )
            for one in (A, B)
            for what, other in (
                ("their own label than to others", OTHERS),
                ("it than the prototype alone does", ALONE),
                ("it than features of training documents do", REAL),
            )
        ),
    ),
)

NEIGHBOURS = ClaimFamily(
    "neighbours",
    "where generated features lie, by the nearest real one",
    "Figure 6",
    "The same, by how often the nearest feature of a test document, of any label, is one of the same label: "
    "unlike a distance it does not shrink when all features draw together.",
    NEAREST,
    "percentage points",
    100,
    1,
    (
        Claim(
            "generated features have more neighbours of their label with the contrast",
            NEAREST,
            _part(A, OWN),
            _part(B, OWN),
        ),
        *(
            Claim(
                f"in {one} they have more than the prototype alone",
                NEAREST,
                _part(one, OWN),
                _part(one, ALONE),
            )
            for one in (A, B)
        ),
    ),
)

FAMILIES = (RARE, MACRO, TAILS, GENERATED, NEIGHBOURS)

CLAIMS = PaperClaims(
    PAPER,
    ABLATION,
    "nDCG@5",
    (METRIC, *OTHER_METRICS, TAIL, *(of_bin(number) for number in range(1, BINS + 1)), DISTANCE, NEAREST),
    FAMILIES,
    tuple({"method": method, "percent": 100} for method in ABLATION),
    measures=measures,
)
