from __future__ import annotations

import pytest

from workbench.exhibits.protomix_claims import ACCURACY, CURVATURE, FAMILIES, SHARES, SPARSE, needed

EVERY = pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.id)


@EVERY
def test_claims_of_a_family_have_names_of_their_own(family):
    told = [(claim.name, claim.at) for claim in (*family.claims, *family.further)]
    assert len(set(told)) == len(told)
    assert not any(claim.at for claim in family.claims)
    assert all(claim.measure == family.measure for claim in family.claims)


@EVERY
def test_what_is_claimed_together_is_claimed_singly(family):
    names = {claim.name for claim in family.claims}
    assert {name for members in family.together.values() for name in members} <= names


def test_every_setting_that_a_claim_compares_is_asked_for():
    claims = [claim for family in FAMILIES for claim in (*family.claims, *family.further)]
    for setting in (side for claim in claims for side in (claim.first, claim.second)):
        assert any(setting.items() <= known.items() for known in needed())
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
