"""A page as someone sees it who follows a link: its exceptions, pictures and words."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

import dashboard

PAGES = Path(dashboard.__file__).parent / "views"


def opened(page: str, session: dict[str, Any] | None = None, **address: str | list[str]) -> AppTest:
    """The page with these choices in its address and these values in its session."""
    test = AppTest.from_file(str(PAGES / f"{page}.py"), default_timeout=120)
    for key, value in address.items():
        test.query_params[key] = value
    for key, value in (session or {}).items():
        test.session_state[key] = value
    test.run()
    assert not test.exception, test.exception
    return test


def pictures(test: AppTest) -> list[dict]:
    """What plotly draws, the pictures in their order."""
    return [json.loads(chart.proto.spec) for chart in test.get("plotly_chart")]


def tables(test: AppTest) -> list[str]:
    """What the buttons of tables to take away say, without those below pictures."""
    buttons = [button.proto.label for button in test.get("download_button")]
    return [label for label in buttons if label not in ("HTML", "CSV")]


def said(test: AppTest) -> str:
    """All words on the page outside of its pictures and tables."""
    kinds = (test.markdown, test.subheader, test.info, test.warning, test.error, test.caption, test.code)
    parts = [part for kind in (*kinds, test.get("html")) for part in kind]
    return "\n".join(getattr(part, "value", None) or part.proto.body for part in parts)


def exhibits_of(test: AppTest) -> dict[str, str]:
    """What the gallery says of each exhibit, by its place in the paper."""
    texts = [one.value for one in test.markdown]
    return {
        text.split("**")[1]: texts[number + 1] for number, text in enumerate(texts) if text.startswith("**")
    }
