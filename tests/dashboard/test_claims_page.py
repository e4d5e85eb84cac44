from __future__ import annotations

import sys
from functools import partial
from subprocess import run

import pytest

from tests.dashboard import page
from tests.dashboard.page import pictures, said
from workbench.exhibits import claim_file
from workbench.exhibits.claim_file import read_claims

opened = partial(page.opened, "claims")
FOUND = read_claims()
HELD = next(row for row in FOUND["claims"] if row["verdict"] == "held" and row["paper"] == "lsfa")


def _plain(value: str | list[str]) -> str:
    """What the address says: the tester gives a list for what came with the link."""
    return value if isinstance(value, str) else value[0]


def test_every_claim_is_a_sign_without_any_run_in_the_workspace(workspace):
    test = opened()
    (figure,) = pictures(test)
    assert sum(len(trace["y"]) for trace in figure["data"]) == len(FOUND["claims"])
    assert len({trace["marker"]["symbol"] for trace in figure["data"]}) == 3
    assert len(test.dataframe[0].value) == len(FOUND["claims"])
    assert "look for columns" in said(test)
    counts = test.table[0].value.set_index("paper")
    assert counts.loc["LSFA (2023)", "▲ held"] == 25
    assert "python benchmarks/claims.py" not in said(test)


def test_paper_verdict_and_corpus_leave_the_others_out(workspace):
    test = opened(claims_of="LSFA", verdict=["held"], on=["cooking"])
    wanted = [
        row
        for row in FOUND["claims"]
        if (row["paper"], row["verdict"], row["corpus"]) == ("lsfa", "held", "cooking")
    ]
    assert len(test.dataframe[0].value) == len(wanted) > 0
    assert set(test.dataframe[0].value["paper"]) == {"LSFA"}


def test_no_claim_of_a_choice_is_said(workspace):
    test = opened(claims_of="CL-MIL", verdict=["did not hold"])
    assert "No claim is of this choice" in str(pictures(test)[0]["layout"]["annotations"])
    assert not test.dataframe[0].value.size


def test_a_claim_in_the_address_is_opened_with_all_that_is_known(workspace):
    test = opened(claim=HELD["id"])
    text = said(test)
    assert HELD["says"] in text
    assert HELD["place"] in text
    assert f"{HELD['scale'] * HELD['effect']:+.{HELD['digits']}f} {HELD['unit']}" in text
    commands = test.code[0].value.splitlines()
    assert len([one for one in commands if one.startswith("workbench train ")]) == len(HELD["runs"])
    assert test.code[1].value.startswith("python benchmarks/claims.py lsfa runs/")
    assert "notebooks/03_lsfa.ipynb" in text
    assert "(papers?paper=LSFA&exhibit=lsfa%2Ffigure-" in text
    forest = pictures(test)[1]
    assert HELD["unit"] in forest["layout"]["xaxis"]["title"]["text"]
    assert _plain(test.query_params["claim"]) == HELD["id"]


@pytest.mark.parametrize("name", [paper["key"] for paper in FOUND["papers"]])
def test_a_claim_of_each_paper_and_family_opens(workspace, name):
    rows = [row for row in FOUND["claims"] if row["paper"] == name]
    first_of = {row["family"]: row for row in reversed(rows)}
    for row in list(first_of.values())[:3]:
        assert row["says"] in said(opened(claim=row["id"]))


def test_one_pair_of_runs_says_that_nothing_can_be_decided(workspace):
    alone = next(row for row in FOUND["claims"] if row["n"] == 1)
    assert "one pair of runs has no interval" in said(opened(claim=alone["id"]))


def test_a_click_on_a_sign_opens_its_claim_once(workspace):
    test = opened(session={"claim_wanted": HELD["id"]})
    assert test.selectbox(key="claim").value == HELD["id"]
    other = FOUND["claims"][0]["id"]
    test.selectbox(key="claim").select(other).run()
    assert _plain(test.query_params["claim"]) == other


def test_a_row_of_the_table_opens_its_claim(workspace):
    test = opened(session={"claims_table": {"selection": {"rows": [2], "columns": []}}})
    assert test.selectbox(key="claim").value == FOUND["claims"][2]["id"]


def test_an_unknown_claim_and_one_that_is_left_out_open_nothing(workspace):
    assert opened(claim="nobody/said/this").selectbox(key="claim").value is None
    assert opened(claim=HELD["id"], claims_of="LACO").selectbox(key="claim").value is None


def test_a_damaged_file_is_said_with_its_remedy(workspace, tmp_path, monkeypatch):
    broken = tmp_path / "claims.json"
    broken.write_text("{")
    monkeypatch.setattr(claim_file.read_claims, "__defaults__", (broken,))
    test = opened()
    assert "--gather" in test.error[0].value


def test_the_claims_are_read_without_torch():
    code = (
        "import sys; from workbench.exhibits import claim_file, claim_tables, claim_overview, places; "
        "claim_tables.claim_table(claim_file.read_claims()); assert 'torch' not in sys.modules"
    )
    run([sys.executable, "-c", code], check=True)
