from __future__ import annotations

from workbench.exhibits.protomix_claims import ACCURACY, CURVATURE, SHARES, SPARSE, needed


def test_every_variant_is_asked_for_at_every_share():
    assert len(needed()) == 4 * (1 + len(SHARES)) + 2


def test_more_accuracy_is_claimed_and_less_sharpness():
    assert all(claim.higher for claim in ACCURACY.claims)
    assert not any(claim.higher for claim in (*CURVATURE.claims, *SPARSE.claims))
    first = ACCURACY.claims[0]
    assert (first.name, first.first["method"], first.second["method"]) == (
        "proto beats base",
        "proto",
        "base",
    )
