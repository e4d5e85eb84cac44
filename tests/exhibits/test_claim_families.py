"""What the claims of every paper keep to."""

from __future__ import annotations

import pytest

from workbench.exhibits import cl_mil_claims, laco_claims, lsfa_claims, protomix_claims

PAPERS = (protomix_claims.CLAIMS, lsfa_claims.CLAIMS, laco_claims.CLAIMS, cl_mil_claims.CLAIMS)
EVERY = pytest.mark.parametrize(
    "family", [family for claims in PAPERS for family in claims.families], ids=lambda family: family.id
)


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


@pytest.mark.parametrize("claims", PAPERS, ids=lambda claims: claims.paper.key)
def test_every_setting_that_a_claim_compares_is_asked_for_and_kept(claims):
    for family in claims.families:
        for claim in (*family.claims, *family.further):
            for setting in (claim.first, claim.second):
                asked = {key: value for key, value in setting.items() if key != "part"}
                assert any(asked.items() <= known.items() for known in claims.needed)
                assert setting["method"] in claims.methods
            assert claim.measure in claims.kept or "drop" in claim.measure


def test_families_are_told_apart_within_a_paper():
    for claims in PAPERS:
        assert len({family.id for family in claims.families}) == len(claims.families)
