from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import dashboard
from dashboard.download import FORMATS, _drawn, _made, _page


def page() -> None:
    import pandas as pd
    import streamlit as st

    from dashboard.download import chart, choose_format
    from workbench.figures.spectrum import energy_figure

    choose_format()
    figure = energy_figure(pd.DataFrame({"run": ["a"], "index": [1], "energy_share": [1.0]}), {"a": "base"})
    assert chart(figure, "still") == []
    st.write(chart(figure, "clicked", clickable=True))


def configs(test: AppTest) -> list[dict]:
    assert not test.exception, test.exception
    return [json.loads(chart.proto.config) for chart in test.get("plotly_chart")]


@pytest.mark.parametrize("chosen", [None, *FORMATS])
def test_the_camera_saves_what_the_reader_chose_on_every_picture(chosen):
    test = AppTest.from_function(page, default_timeout=60)
    if chosen:
        test.query_params["picture"] = chosen
    images = [config["toImageButtonOptions"] for config in configs(test.run())]
    assert [image["filename"] for image in images] == ["workbench-still", "workbench-clicked"]
    wanted = ("png", 2) if chosen == "PNG" else ("svg", None)
    assert {(image["format"], image.get("scale")) for image in images} == {wanted}


def test_the_choice_is_in_the_sidebar_and_takes_effect_at_once():
    test = AppTest.from_function(page, default_timeout=60).run()
    choice = test.sidebar.button_group[0]
    assert list(choice.options) == list(FORMATS)
    choice.set_value("PNG").run()
    assert {config["toImageButtonOptions"]["format"] for config in configs(test)} == {"png"}


def test_only_clickable_pictures_give_points():
    test = AppTest.from_function(page, default_timeout=60)
    points = [{"customdata": 3}]
    test.session_state["chart-clicked"] = {"selection": {"points": points, "box": [], "lasso": []}}
    still, clicked = configs(test.run())
    assert json.loads(test.json[0].value) == points
    assert "lasso2d" in still["modeBarButtonsToRemove"]
    assert "modeBarButtonsToRemove" not in clicked


def test_a_picture_without_a_choice_is_an_svg():
    def bare() -> None:
        import pandas as pd

        from dashboard.download import chart
        from workbench.figures.spectrum import energy_figure

        chart(energy_figure(pd.DataFrame(columns=["run"]), {}), "alone")

    (config,) = configs(AppTest.from_function(bare, default_timeout=60).run())
    assert config["toImageButtonOptions"] == {"format": "svg", "filename": "workbench-alone"}


def test_every_picture_is_offered_as_a_page_and_its_data_as_csv():
    test = AppTest.from_function(page, default_timeout=60).run()
    buttons = [button.proto for button in test.get("download_button")]
    assert [button.label for button in buttons] == ["HTML", "CSV"] * 2
    assert [button.id.rpartition("-")[2] for button in buttons] == ["still", "still", "clicked", "clicked"]
    assert all(button.help for button in buttons)


def test_what_the_buttons_save():
    import pandas as pd

    from workbench.figures.spectrum import energy_figure

    table = pd.DataFrame({"run": ["=a"] * 2, "index": [1, 2], "energy_share": [0.5, 1.0]})
    figure = energy_figure(table, {"=a": "base"})
    assert _page(figure, "x").startswith("<!doctype html>")
    assert _drawn(figure).splitlines() == ["trace,x,y", "'=a,1,0.5", "'=a,2,1.0"]
    assert _made(lambda: table) == _made(table)
    assert _made(table).splitlines()[1] == "'=a,1,0.5"


def test_pages_draw_and_offer_tables_by_these_functions_alone():
    pages = Path(dashboard.__file__).parent
    for path in pages.rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        if path.name != "download.py":
            assert not re.search(r"plotly_chart|download_button|to_csv|st\.\w+_chart\(", source), path
