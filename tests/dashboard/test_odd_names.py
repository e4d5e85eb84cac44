"""Names and texts with markup, formulas and a megabyte, on every page: they are text there."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.plain import plain, plain_sentences
from tests.dashboard.page import PAGES, opened, said
from tests.odd_names import LABELS, write_odd
from workbench.analysis.label_order import label_names

MEANT = re.compile(
    r"!\[|(?<!\\)\]\((?!claims\?)|(?<!\\)<(?:script|b>|a |img|i>)|"
    r"(?<![\\\w]):(?:red\[(?!Broken)|smile:|material/home:)|"
    r"(?<!\\)\$\\|(?<!\\)\*\*strong|(?<!\\)`code|^# heading|(?<!\\)~~gone"
)
"""What Markdown, or streamlit's own signs in it, would make something of."""

IN_PICTURES = re.compile(r"<(?:script|b>bold|a href|img|i>x)|%\{customdata\[0\]\} &|&lt;i")
MOST_LETTERS = 600_000
VIEWS = sorted(path.stem for path in PAGES.glob("*.py"))
MARKDOWN_FIELDS = {"body", "label", "help", "caption", "content", "placeholder"}
NO_MARKDOWN = {"json", "code", "text", "html", "arrow_data_frame", "plotly_chart"}


def texts(message: Any, kind: str = "") -> Iterator[tuple[str, str]]:
    """Every field of an element that streamlit reads as Markdown."""
    for field, value in message.ListFields():
        if isinstance(value, str):
            if field.name in MARKDOWN_FIELDS:
                yield f"{kind}.{field.name}", value
        elif field.message_type is not None and hasattr(value, "ListFields"):
            yield from texts(value, f"{kind}.{field.name}")
        elif field.message_type is not None and hasattr(value, "__iter__"):
            for one in value:
                if hasattr(one, "ListFields"):
                    yield from texts(one, f"{kind}.{field.name}")


def markdown(test: AppTest) -> dict[str, str]:
    """What Markdown would make something of, by where it stands."""
    found: dict[str, str] = {}
    waiting = list(test.main)
    while waiting:
        node = waiting.pop()
        waiting += list(getattr(node, "children", {}).values())
        if getattr(node, "proto", None) is None or node.type in NO_MARKDOWN:
            continue
        found |= {where: one[:300] for where, one in texts(node.proto, node.type) if MEANT.search(one)}
    return found


@pytest.fixture
def odd(workspace):
    write_odd(workspace)


NAMES = label_names(LABELS, LABELS)
ADDRESSES = [
    *((page, {}) for page in VIEWS),
    *((page, {"corpus": "odd", "label": name}) for page in ("labels", "relations") for name in NAMES[:8]),
    ("label_texts", {"corpus": "odd"}),
    ("documents", {"document": "<b>test</b>:red[3]", "colour": "label", "label": NAMES[0]}),
    ("documents", {"document": "![p](http://evil.example/q.png) :red[nobody]"}),
    ("inside", {"document": "![p](http://evil.example/q.png) :red[nobody]"}),
    ("labels", {"corpus": "../../etc"}),
    ("runs", {"split": "../../etc", "method": "../x"}),
    ("spectra", {"runs": ["../../x", "/etc/passwd"]}),
]


@pytest.mark.parametrize("page, address", ADDRESSES, ids=lambda one: one if isinstance(one, str) else "")
def test_a_page_shows_them_as_text(odd, page: str, address: dict[str, str]):
    test = opened(page, **address)
    assert markdown(test) == {}
    specs = [
        json.dumps(json.loads(chart.proto.spec), ensure_ascii=False) for chart in test.get("plotly_chart")
    ]
    assert [found[0] for spec in specs if (found := IN_PICTURES.search(spec))] == []
    assert [len(spec) for spec in specs if len(spec) > MOST_LETTERS] == []


def test_a_document_that_was_clicked_is_text(odd):
    points = [{"customdata": 3}]
    session = {"chart-documents": {"selection": {"points": points, "box": [], "lasso": []}}}
    test = opened("documents", session)
    assert "Document \\<\u2060b\\>test" in said(test)
    assert markdown(test) == {}


def test_a_damaged_corpus_and_run_say_so_as_text(odd, workspace):
    card = workspace.corpora / "odd" / "card.json"
    card.write_text(card.read_text().replace('"odd"', '"![p](http://evil.example/n.png)"'))
    run = workspace.runs / "odd-base" / "run.json"
    run.write_text('{"schema": "![p](http://evil.example/n.png)"}')
    for page in ("overview", "labels"):
        assert markdown(opened(page)) == {}
    assert "cannot name a corpus" in said(opened("labels"))


@pytest.mark.parametrize(
    "text", [*LABELS, "a -> b <- c -- d >= e", "www.evil.example", "http://evil.example", "a@b.c"]
)
def test_plain_text_means_nothing_to_markdown(text: str):
    shown = plain(text)
    assert MEANT.search(shown) is None
    assert len(shown) < 400
    assert not re.search(r":[\w+-]+:|https?://|www\.|(?:->|<-|--|>=)", shown)


def test_sentences_keep_their_own_code_and_nothing_else():
    said = "There is no '![p](http://x)': use `workbench data list [x]`\nor ``` ![q](u) ` :red[x] $y$"
    lines = plain_sentences(said).split("  \n")
    assert lines[0] == "There is no '!\\[p\\](http:\u2060//x)': use `workbench data list [x]`"
    assert lines[1] == "or \\`\\`\\` !\\[q\\](u) \\` :\u2060red\\[x\\] \\$y\\$"
