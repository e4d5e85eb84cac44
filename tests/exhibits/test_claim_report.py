from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from workbench.analysis.claims import HELD, NOT_HELD, UNDECIDED
from workbench.exhibits.claim_report import (
    correction,
    family_section,
    interval_table,
    judged_families,
    sentence,
    told_together,
    verdict_table,
)
from workbench.exhibits.protomix_claims import ACCURACY, CURVATURE, PROTOTYPE, VARIANTS

SCORES = {
    "base": [0.500, 0.510, 0.520],
    "proto": [0.510, 0.521, 0.529],  # a point above base: 1.0, 1.1, 0.9
    "mix": [0.490, 0.520, 0.520],  # -1, 1, 0
    "protomix": [0.450, 0.461, 0.469],
}


def measured(scores: dict[str, list[float]], measure: str = "nDCG@5") -> pd.DataFrame:
    about = {"corpus": "aapd", "encoder": "cnn", "prototype": "attentive", "percent": 100, "measure": measure}
    return pd.DataFrame(
        [
            about | {"run": f"{method}-{seed}", "method": method, "seed": seed, "value": value}
            for method, values in scores.items()
            for seed, value in enumerate(values)
        ]
    )


@pytest.fixture
def judged() -> pd.DataFrame:
    return judged_families(measured(SCORES), [ACCURACY])


def told(judged: pd.DataFrame) -> list[str]:
    return [sentence(row, ACCURACY) for row in judged[~judged["is_further"]].to_dict("records")]


def test_a_sentence_has_verdict_difference_interval_and_seeds(judged):
    # differences 1.0, 1.1, 0.9 points: standard deviation 0.1, half width 4.30265 * 0.1 / sqrt(3) = 0.25
    proto, mix, protomix, *_ = told(judged)
    assert proto == "On aapd with cnn this held: +1.00 (+0.75 to +1.25, 3 seeds)."
    assert mix == "On aapd with cnn this is undecided: +0.00 (-2.48 to +2.48, 3 seeds)."
    assert protomix == "On aapd with cnn this did not hold: -5.00 (-5.25 to -4.75, 3 seeds)."


def test_a_sentence_without_enough_seeds_says_so():
    few = {"base": [0.5], "proto": [0.51, 0.52]}
    one, none, *_ = told(judged_families(measured(few), [ACCURACY]))
    assert one == "On aapd with cnn this is undecided: +1.00, from one seed."
    assert none == "On aapd with cnn nothing can be said: no seed has both."


def test_what_is_claimed_together_fails_with_one_of_its_parts(judged):
    joint = {"corpus": "aapd", "encoder": "cnn", "claim": "protomix is the best of the four"}
    assert told_together(ACCURACY, judged) == [joint | {"verdict": NOT_HELD}]


def test_verdicts_are_a_row_a_claim_and_a_column_a_group(judged):
    other = judged.assign(encoder="minilm", verdict=UNDECIDED)
    lines = verdict_table([ACCURACY], pd.concat([judged, other])).splitlines()
    assert lines[0] == "| claim | measured by | aapd, cnn | aapd, minilm |"
    assert lines[2] == "| proto beats base | nDCG@5 | **held** | undecided |"
    assert lines[-1] == "| protomix is the best of the four | nDCG@5 | **did not hold** | undecided |"


def test_a_section_tells_means_claims_and_further_metrics():
    table = pd.concat([measured(SCORES), measured(SCORES, "P@1")])
    section = family_section(ACCURACY, judged_families(table, [ACCURACY]), table, VARIANTS)
    assert section.startswith("### The parts of ProtoMix\n\nSection 5.6, Tables 4 and 6: ")
    assert "| aapd, cnn | 51.00 ± 1.00 | 52.00 ± 0.95 | 51.00 ± 1.73 | 46.00 ± 0.95 |" in section
    assert "- **proto beats base** (points of nDCG@5, claimed above 0). On aapd with cnn this held" in section
    assert "| aapd, cnn | proto beats base | +1.00 ▲ | – | – | – | – | – |" in section
    assert "| aapd, cnn | protomix beats base | -5.00 ▼ |" in section


def test_less_is_claimed_of_sharpness_and_the_average_prototype_has_its_column():
    table = measured(SCORES, CURVATURE.measure)
    section = family_section(CURVATURE, judged_families(table, [CURVATURE]), table, VARIANTS)
    assert "claimed below 0). On aapd with cnn this did not hold: +0.0100 (" in section
    section = family_section(
        PROTOTYPE, judged_families(measured(SCORES), [PROTOTYPE]), measured(SCORES), VARIANTS
    )
    assert "| proto | proto (average prototype) | protomix | protomix (average prototype) |" in section
    assert "| aapd, cnn | 52.00 ± 0.95 | – | 46.00 ± 0.95 | – |" in section


def test_the_number_of_comparisons_is_told_with_what_correction_leaves(judged):
    said = correction(judged)
    assert said.startswith("Of 5 comparisons 1 held, 3 did not hold and 1 are undecided.")
    assert said.endswith("After Holm's correction over all of them 1 would still hold and 3 would still not.")


def test_intervals_are_drawn_in_the_unit_of_the_family(judged):
    drawn = interval_table(ACCURACY, judged).set_index("claim")
    assert drawn.loc["proto beats base", ["panel", "method", "verdict"]].tolist() == [
        "aapd · cnn",
        "proto",
        HELD,
    ]
    assert drawn.loc["proto beats base", "mean"] == pytest.approx(1.0)
    assert len(drawn) == len(ACCURACY.claims)


def test_nothing_measured_is_nothing_judged():
    empty = judged_families(measured({}).reindex(columns=measured(SCORES).columns), [ACCURACY, CURVATURE])
    assert empty.empty
    assert told_together(replace(ACCURACY), empty) == []
