"""What LACO's paper claims, as comparisons that runs with several seeds can decide.

Paper: "Enhancing Label Correlation Feedback in Multi-Label Text Classification via Multi-Task Learning". The
words are ours; the place in the paper stands beside them. Where it compares with sequence models, the tasks
are compared with LACO here and LACO with what the paper calls BERT.
"""

from __future__ import annotations

from workbench.analysis.claims import Claim
from workbench.exhibits.claim_family import ClaimFamily, PaperClaims
from workbench.exhibits.dependencies import UNSEEN
from workbench.exhibits.laco import BERT, PAPER, TASKS
from workbench.exhibits.laco_measures import GAP, GROUPS, METRIC, SPEED, STEPS, measures, of_group
from workbench.exhibits.laco_numbers import COMBINATIONS, SUBSET, TEST_DIVERGENCE, TRAIN_DIVERGENCE

MACRO, LOSS = "macro_F1", "hamming_loss"
OTHER_METRICS = ("P@1", "nDCG@5", "micro_precision", "micro_recall")

LACO, PAIRS, CONDITIONAL = TASKS
BOTH, NO_JOINT, NO_ATTENTION = "laco+both", "laco-no-je", "laco-no-ca"
METHODS = (LACO, PAIRS, CONDITIONAL, BOTH, NO_JOINT, NO_ATTENTION, BERT)
_PARTS = ((LACO, NO_JOINT), (LACO, NO_ATTENTION), (LACO, BERT))
_GAINS = ((LACO, BERT), (PAIRS, LACO), (CONDITIONAL, LACO))


def _claims(
    pairs: tuple[tuple[str, str], ...], verb: str, measure: str, *, higher: bool = True, at: str = ""
) -> tuple[Claim, ...]:
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


PARTS = ClaimFamily(
    "parts",
    "the parts of LACO",
    "Section 5.2, Table 4",
    f"Joint embedding and cross attention are both important: LACO is better than without the one "
    f"({NO_JOINT}), than without the other ({NO_ATTENTION}) and than without either ({BERT}, its BERT).",
    METRIC,
    f"points of {METRIC}",
    100,
    2,
    _claims(_PARTS, "beats", METRIC),
    tuple(claim for name in (MACRO, *OTHER_METRICS) for claim in _claims(_PARTS, "beats", name, at=name)),
    {"each part of LACO helps": tuple(f"{one} beats {other}" for one, other in _PARTS)},
)

WRONG = _points(
    "loss",
    "wrong decisions",
    "Section 5.1, Tables 2 and 4",
    "LACO has the smaller hamming loss than without either part or both; with its tasks about the same.",
    _claims(_PARTS, "has less than", LOSS, higher=False),
)

HELP = _points(
    "tasks",
    "the tasks about labels that occur together",
    "Section 5.1, Table 2",
    "PLCP and CLCP improve LACO on the main metrics.",
    _claims(_GAINS[1:], "beats", METRIC),
    *(_claims(_GAINS[1:], "beats", name, at=name) for name in OTHER_METRICS),
)

HELP_MACRO = _points(
    "tasks-macro",
    "the tasks, every label weighing the same",
    "Section 5.1, Table 2",
    "The tasks improve macro-F1 greatly, and CLCP more than PLCP.",
    _claims((*_GAINS, (CONDITIONAL, PAIRS)), "beats", MACRO),
)

TOGETHER = _points(
    "both",
    "both tasks at once",
    "Section 5.1",
    "Both tasks together bring no further gain over one of them: the paper expects that these do not hold.",
    _claims(((BOTH, PAIRS), (BOTH, CONDITIONAL)), "beats", METRIC),
    _claims(((BOTH, PAIRS), (BOTH, CONDITIONAL)), "beats", MACRO, at=MACRO),
)

RARE = _points(
    "rare",
    "rare labels",
    "Section 5.3, Figure 2",
    f"The tasks improve rare labels, CLCP most. Measured in {GROUPS} groups of as many labels each.",
    _claims((*_GAINS, (CONDITIONAL, PAIRS)), "beats", of_group(GROUPS)),
    *(
        _claims((*_GAINS, (CONDITIONAL, PAIRS)), "beats", of_group(number), at=f"group {number}")
        for number in range(1, GROUPS)
    ),
)

WIDER = _points(
    "gap",
    "the rarer, the greater the gain",
    "Section 5.3, Figure 2",
    "The gap between LACO and others grows as labels become rarer. Measured as what is gained in the group "
    "of the rarest labels above what is gained in that of the most frequent ones.",
    _claims(_GAINS, "gains more on rare labels than", GAP),
)

NEARER = ClaimFamily(
    "divergence",
    "label pairs, predicted and gold",
    "Section 5.4, Table 5",
    "Predicted label pairs are nearer to the gold ones of test documents with LACO, and nearer still with "
    "the tasks (Eq. 8). The paper's own numbers have PLCP no nearer on AAPD.",
    TEST_DIVERGENCE,
    "nats",
    1,
    3,
    _claims(_GAINS, "is nearer than", TEST_DIVERGENCE, higher=False),
    _claims(_GAINS, "is nearer than", TRAIN_DIVERGENCE, higher=False, at="train"),
)

DIVERSE = ClaimFamily(
    "combinations",
    "how many label sets are predicted",
    "Section 5.5, Table 6",
    "LACO and its tasks predict more different label sets, also such as training never showed. The paper's "
    "own numbers have no more with the tasks on RCV1-V2.",
    COMBINATIONS,
    "label sets",
    1,
    1,
    _claims(_GAINS, "predicts more than", COMBINATIONS),
    _claims(_GAINS, "predicts more than", UNSEEN, at="never seen in training"),
)

EXACT = _points(
    "exact",
    "label sets that are exactly right",
    "Section 5.5, Table 6",
    "More label sets are exactly right with the tasks, while more different ones are predicted.",
    _claims(_GAINS, "beats", SUBSET),
)

QUICKER = _points(
    "speed",
    "convergence",
    "Section 5.6, Figure 3",
    "LACO converges faster than the paper's BERT, and its tasks make it faster. Measured by the mean over "
    "epochs: of two runs that end alike the quicker one has more.",
    _claims(_GAINS, "is quicker than", SPEED),
)

SOONER = ClaimFamily(
    "steps",
    "convergence, in training steps",
    "Section 5.6, Figure 3",
    "The same, by the steps until a run is near its own best: it says nothing of how good that is.",
    STEPS,
    "steps",
    1,
    0,
    _claims(_GAINS, "is sooner near its best than", STEPS, higher=False),
)

FAMILIES = (
    PARTS,
    WRONG,
    HELP,
    HELP_MACRO,
    TOGETHER,
    RARE,
    WIDER,
    NEARER,
    DIVERSE,
    EXACT,
    QUICKER,
    SOONER,
)

CLAIMS = PaperClaims(
    PAPER,
    METHODS,
    METRIC,
    (
        *(METRIC, MACRO, LOSS, SUBSET, *OTHER_METRICS, GAP, SPEED, STEPS),
        *(TEST_DIVERGENCE, TRAIN_DIVERGENCE, COMBINATIONS, UNSEEN),
        *(of_group(number) for number in range(1, GROUPS + 1)),
    ),
    FAMILIES,
    tuple({"method": method, "percent": 100} for method in METHODS),
    measures=measures,
)
