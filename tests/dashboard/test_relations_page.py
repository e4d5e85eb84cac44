from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from tests.dashboard import page, tiny_corpus
from tests.dashboard.page import pictures, said, tables
from workbench.workspace import Workspace

NAMES = ["ant", "bee", "cat", "dog", "a [b] *c*"]
TRAIN = [[0, 1], [0, 1], [0, 2], [2, 3], [2, 3], [3], []]
opened = partial(page.opened, "relations")


def save(workspace: Workspace, train: list[list[int]]) -> Path:
    return tiny_corpus.save(workspace, "tiny", train, NAMES, test=([4],))


@pytest.fixture
def tiny(workspace: Workspace) -> Path:
    return save(workspace, TRAIN)


def test_a_labels_partners_and_the_three_sets_of_a_document(tiny: Path):
    test = opened(corpus="tiny", label="ant")
    (picture,) = pictures(test)
    assert picture["data"][0]["y"] == ["a [b] *c*", "dog", "cat", "bee"]
    words = said(test)
    assert "**ant** stands beside another label on 0.8 documents on average. 2 labels" in words
    assert "2 of the 4 others never come with it" in words
    assert "**related** (1)" in words and ":blue-badge[bee]" in words
    assert r"a \[b\] \*c\*" in words
    assert tables(test) == ["label-relations.csv"]
    test.selectbox(key="document").select("tiny-train2").run()
    assert ":blue-badge[cat]" in said(test)
    assert ":orange-badge[bee] :orange-badge[dog]" in said(test)


def test_against_the_label_alone_another_document_says_less(tiny: Path):
    test = opened(corpus="tiny", label="ant", weak="A alone")
    test.selectbox(key="document").select("tiny-train2").run()
    assert ":orange-badge[bee]" in said(test)
    assert ":gray-badge[dog]" in said(test)


def test_the_built_in_corpus_is_there_at_first(workspace: Workspace):
    test = opened()
    assert len(pictures(test)) == 1
    assert "Over all labels A" in said(test)


@pytest.mark.parametrize("left", [None, "a label of another corpus"])
def test_what_another_page_left_open_begins_with_the_most_frequent_label(tiny: Path, left: str | None):
    test = opened(session={"label": left}, corpus="tiny")
    assert test.selectbox(key="label").value == "ant"
    assert "**ant** stands beside another label" in said(test)


def test_a_corpus_without_labels_on_documents_is_said(workspace: Workspace):
    save(workspace, [[], []])
    test = opened(corpus="tiny")
    assert not pictures(test)
    assert "No training document of this corpus has a label" in said(test)


def test_a_damaged_corpus_is_said(workspace: Workspace):
    (save(workspace, [[0, 3], [3], [1]]) / "train.arrow").write_bytes(b"broken")
    test = opened(corpus="tiny")
    assert not pictures(test)
    assert "The corpus **tiny** cannot be shown" in said(test)
