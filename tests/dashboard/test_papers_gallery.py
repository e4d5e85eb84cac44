"""The gallery of exhibits on the page Papers; single exhibits are in test_papers_page.py."""

from __future__ import annotations

import json
from functools import partial

from tests.dashboard import page
from tests.dashboard.page import exhibits_of, pictures, said
from workbench.exhibits.registry import all_exhibits

opened = partial(page.opened, "papers")


def test_all_exhibits_are_a_gallery_with_how_far_they_are(answered):
    answered("protomix/table-5")
    test = opened(paper="ProtoMix")
    entries = exhibits_of(test)
    assert "made, 3 runs" in entries["Table 5"]
    assert "needs no run" in entries["Table 1"]
    assert "3 of 5 runs" in entries["Table 4"]
    assert "about" not in entries["Table 5"]
    assert "can be made" in exhibits_of(opened(paper="LACO"))["Table 2"]
    assert "no printed numbers" in entries["Figure 6"]
    assert len(test.button) == len([name for name in all_exhibits() if name.startswith("protomix/")])


def test_what_is_missing_takes_as_long_as_the_runs_that_are_there(answered, workspace):
    for folder in answered("protomix/table-5").values():
        manifest = json.loads((folder / "run.json").read_text())
        manifest["durations_s"] = {"total": 600}
        (folder / "run.json").write_text(json.dumps(manifest))
    assert "3 of 5 runs, about 20 min" in exhibits_of(opened(paper="ProtoMix"))["Table 4"]


def test_an_exhibit_is_opened_and_left_again(answered):
    answered("protomix/table-5")
    test = opened(paper="ProtoMix")
    test.button(key="open-protomix/table-6").click().run()
    assert not test.exception
    assert "54,840 train" in str(test.table[0].value.columns)
    assert test.query_params["exhibit"] == "protomix/table-6"
    test.button[0].click().run()
    assert "exhibit" not in test.query_params
    assert "Table 5" in exhibits_of(test)


def test_another_paper_closes_the_exhibit_of_the_first(answered):
    answered("protomix/table-5")
    test = opened(exhibit="protomix/table-6")
    assert test.get("button_group")[0].value == "ProtoMix"
    test.get("button_group")[0].set_value("LSFA").run()
    assert not test.exception
    assert "Figure 1b" in exhibits_of(test)
    assert "exhibit" not in test.query_params


def test_pictures_and_printed_numbers_stand_in_the_gallery_when_they_are_asked_for(answered):
    answered("protomix/table-4")
    assert not pictures(opened(paper="ProtoMix"))
    test = opened(paper="ProtoMix", gallery="with pictures and numbers")
    assert pictures(test)
    assert "In the picture metrics are from 0 to 1." in said(test)  # beside a table in percent
    numbers = [frame.value for frame in test.dataframe]
    headings = [[str(name) for name in one.columns] for one in numbers]
    assert any("paper: EUR-Lex" in one[-3] for one in headings)  # the split is in its tooltip
    assert any(one[-2].startswith("ours: demo") and one[-1].endswith("tfidf") for one in headings)


def test_pictures_are_of_a_handful_of_exhibits_at_a_time(answered):
    answered("protomix/table-4")
    address = {"paper": "ProtoMix", "gallery": "with pictures and numbers"}
    parts = ["Table 1 to Table 4", "Table 5 to Figure 3", "Figure 4 to Figure 8"]
    shown = [said(opened(**address, pictures_protomix=part)) for part in parts]
    for exhibit in all_exhibits().values():
        if exhibit.paper.key == "protomix":
            assert sum(f"**{exhibit.place}**" in text for text in shown) == 1
    assert "**Figure 8**" in said(opened(paper="ProtoMix"))  # without pictures all at once
