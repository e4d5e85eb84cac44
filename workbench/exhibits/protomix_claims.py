"""What ProtoMix's paper claims, as comparisons that runs with several seeds can decide.

Paper: "Preserving Label Correlation for Multi-label Text Classification by Prototypical Regularizations".
The words are ours; the place in the paper stands beside them.
"""

from __future__ import annotations

from itertools import product

import pandas as pd

from workbench.analysis.claims import Claim
from workbench.analysis.measurements import EFFECTIVE_RANK, RANK_90, drop_of, drops
from workbench.analysis.sharpness import EIGENVALUE, RISE
from workbench.exhibits.claim_family import ClaimFamily, PaperClaims
from workbench.exhibits.protomix import PAPER

METRIC = "nDCG@5"
OTHER_METRICS = ("P@1", "P@3", "P@5", "nDCG@3", "macro_F1", "PSP@5")
SHARES = (75, 50, 25)
"""Per cent of the training documents, besides all of them (Figures 4 and 7)."""

VARIANTS = ("base", "proto", "mix", "protomix")


def _setting(method: str, percent: int = 100, prototype: str = "attentive") -> dict[str, object]:
    chosen: dict[str, object] = {"method": method, "percent": percent}
    return chosen | ({"prototype": prototype} if method.startswith("proto") else {})


def _claims(
    verb: str, measure: str, pairs: str, *, higher: bool = True, percent: int = 100, at: str = ""
) -> tuple[Claim, ...]:
    """One claim for each "one:other" of `pairs`."""
    both = [pair.split(":") for pair in pairs.split()]
    return tuple(
        Claim(f"{one} {verb} {other}", measure, _setting(one, percent), _setting(other, percent), higher, at)
        for one, other in both
    )


_GAINS = "proto:base mix:base protomix:base protomix:mix protomix:proto"
_OVER_BASE = "proto:base mix:base protomix:base"
_DIVERSE = "proto:base protomix:mix protomix:base protomix:proto"
_FLATTER = "proto:base mix:base protomix:mix protomix:base protomix:proto"
_DROP = drop_of(METRIC, SHARES[-1])

ACCURACY = ClaimFamily(
    "accuracy",
    "the parts of ProtoMix",
    "Section 5.6, Tables 4 and 6",
    "Every variant surpasses base, proto surpasses base and protomix mix on almost all metrics, and protomix "
    "consistently outperforms proto and mix.",
    METRIC,
    f"points of {METRIC}",
    100,
    2,
    _claims("beats", METRIC, _GAINS),
    tuple(claim for name in OTHER_METRICS for claim in _claims("beats", name, _GAINS, at=name)),
    {
        "protomix is the best of the four": (
            "protomix beats base",
            "protomix beats mix",
            "protomix beats proto",
        )
    },
)

SPARSE = ClaimFamily(
    "sparse",
    "fewer training documents",
    "Section 5.7.1, Figures 4 and 7",
    "With 75, 50 and 25 % of the training documents almost all variants improve on base, and protomix loses "
    "less than proto and mix do. (The paper does not say so of base; it is compared all the same.)",
    _DROP,
    f"points of {METRIC}",
    100,
    2,
    _claims("loses less than", _DROP, "protomix:base protomix:proto protomix:mix", higher=False),
    tuple(
        claim
        for share in SHARES
        for claim in _claims("beats", METRIC, _OVER_BASE, percent=share, at=f"{share} %")
    ),
    {
        "protomix loses least": (
            "protomix loses less than base",
            "protomix loses less than proto",
            "protomix loses less than mix",
        )
    },
)

DIVERSITY = ClaimFamily(
    "diversity",
    "spectra of the label embeddings",
    "Section 5.8, Figure 6",
    "The cumulative squares of the singular values rise more slowly for proto than for base and for protomix "
    "than for mix, and slowest for protomix. Measured here as the effective rank: higher is more diverse.",
    EFFECTIVE_RANK,
    "effective rank",
    1,
    3,
    _claims("is more diverse than", EFFECTIVE_RANK, _DIVERSE),
    together={
        "protomix is the most diverse": (
            "protomix is more diverse than mix",
            "protomix is more diverse than base",
            "protomix is more diverse than proto",
        )
    },
)


def _flatness(name: str, measure: str, unit: str) -> ClaimFamily:
    return ClaimFamily(
        name,
        f"flat minima, by the {measure}",
        "Section 5.7.3, Figures 5 and 8",
        "The minima of proto, mix and protomix are flatter than that of base, that of protomix flatter than "
        "that of mix, and flattest of all. The figures print no numbers.",
        measure,
        unit,
        1,
        4,
        _claims("is flatter than", measure, _FLATTER, higher=False),
        together={
            "protomix is the flattest": tuple(
                f"protomix is flatter than {other}" for other in ("base", "proto", "mix")
            )
        },
    )


CURVATURE = _flatness("curvature", EIGENVALUE, "largest eigenvalue")
RISES = _flatness("rise", RISE, "mean rise of the loss")

PROTOTYPE = ClaimFamily(
    "prototype",
    "attentive against average prototype",
    "Section 4.1.2",
    "The sentence-attentive prototype is introduced because labels may matter differently to a document. The "
    "paper prints no comparison with the average prototype, so this tests its reason, not a result.",
    METRIC,
    f"points of {METRIC}",
    100,
    2,
    tuple(
        Claim(
            f"{method} is better attentive than average",
            METRIC,
            _setting(method),
            _setting(method, prototype="average"),
        )
        for method in ("proto", "protomix")
    ),
)

FAMILIES = (ACCURACY, SPARSE, DIVERSITY, CURVATURE, RISES, PROTOTYPE)


def needed() -> list[dict[str, object]]:
    """The settings that some claim compares, each once."""
    settings = [_setting(method, share) for share, method in product((100, *SHARES), VARIANTS)]
    return settings + [_setting(method, prototype="average") for method in ("proto", "protomix")]


def _with_drops(measured: pd.DataFrame) -> pd.DataFrame:
    return pd.concat([measured, drops(measured, METRIC, SHARES[-1])], ignore_index=True)


CLAIMS = PaperClaims(
    PAPER,
    VARIANTS,
    METRIC,
    (METRIC, *OTHER_METRICS, EFFECTIVE_RANK, RANK_90, EIGENVALUE, RISE),
    FAMILIES,
    tuple(needed()),
    with_landscapes=True,
    derived=_with_drops,
)
