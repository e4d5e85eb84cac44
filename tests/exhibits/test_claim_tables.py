from __future__ import annotations

import math

from workbench.exhibits.claim_tables import claim_table, family_table, interval_text, told

ROW = {
    "id": "lsfa/parts/a-beats-b/demo/cnn",
    "paper": "lsfa",
    "family": "parts",
    "place": "Figure 4",
    "claim": "a beats b",
    "measure": "P@1",
    "corpus": "demo",
    "encoder": "cnn",
    "effect": 0.02,
    "low": 0.01,
    "high": 0.03,
    "unit": "points",
    "scale": 100,
    "digits": 1,
    "n": 3,
    "verdict": "held",
    "survives_holm": False,
    "first": {"method": "a"},
}
ALONE = ROW | {"id": "2", "corpus": "other", "low": None, "high": None, "n": 1, "verdict": "undecided"}
OTHER = ROW | {"id": "3", "claim": "b beats c", "family": "more"}
FOUND = {"papers": [{"key": "lsfa", "name": "LSFA"}], "claims": [ROW, ALONE, OTHER]}


def test_a_claim_has_the_same_number_on_every_setting_and_its_own_unit():
    table = claim_table(FOUND)
    assert table["number"].tolist() == [1, 1, 2]
    assert table["row"].tolist() == ["LSFA: demo, cnn", "LSFA: other, cnn", "LSFA: demo, cnn"]
    assert table.loc[0, ["effect", "low", "high"]].tolist() == [2.0, 1.0, 3.0]
    assert math.isnan(table.loc[1, "low"])


def test_a_family_is_drawn_on_all_settings_and_without_the_others():
    table = family_table(FOUND, ROW)
    assert table["panel"].tolist() == ["demo · cnn", "other · cnn"]
    assert table["method"].tolist() == ["a", "a"]
    assert table["mean"].tolist() == [2.0, 2.0]


def test_differences_have_a_sign_and_what_is_not_there_is_empty():
    assert told(2.04, 1) == "+2.0"
    assert told(float("nan"), 1) == ""
    assert interval_text(-1.0, 2.0, 2) == "-1.00 to +2.00"
    assert interval_text(float("nan"), float("nan"), 2) == ""
