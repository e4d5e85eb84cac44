from __future__ import annotations

import json

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.download import FORMATS


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
