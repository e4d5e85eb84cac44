from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import sparse

from tests.dashboard import page, tiny_corpus
from tests.dashboard.page import pictures, said, tables
from workbench.data.library import load_corpus, save_corpus
from workbench.llm.report import REPORT
from workbench.workspace import Workspace

NAMES = ["ant", "bee", "a [b] *c*"]
WRITTEN = ["An insect with six legs.", "", "<script>alert(1)</script>"]
opened = partial(page.opened, "label_texts")


def job(struck: list[dict[str, str]], used: int) -> dict[str, Any]:
    counts = {"prompts": used + len(struck), "used": used, "struck": len(struck)}
    about = {"provider": "offline", "model": "counting", "is_language_model": False}
    return about | {"counts": counts, "struck": struck}


@pytest.fixture
def described(workspace: Workspace) -> Path:
    """Three labels, two of them described; two documents generated for the first."""
    tiny_corpus.save(workspace, "tiny", [[0, 1], [0], [1], [2]], NAMES)
    corpus = load_corpus("tiny", workspace).with_descriptions("tiny-d", WRITTEN, "")
    texts = ["text tiny-train 1 and more", "an <b>odd</b> one"]
    made = sparse.csr_array(np.array([[1, 0, 0], [1, 1, 0]]))
    grown = corpus.with_generated("tiny-g", texts, made, ["g-0", "g-1"], "")
    struck = [{"reason": "refused", "text": "I cannot.", "label": "bee"}]
    report = {"schema": 1, "describe": job(struck, 2), "generate": job([], 2)}
    return save_corpus(grown, workspace.corpora / "tiny-g", companions={REPORT: json.dumps(report)})


def test_without_any_version_the_page_says_how_to_make_one(workspace: Workspace):
    tiny_corpus.save(workspace, "tiny", [[0]], NAMES)
    words = said(opened())
    assert "No corpus has descriptions" in words
    assert "workbench llm describe --corpus demo" in words


def test_labels_stand_beside_what_was_written_and_who_wrote_it_is_said(described: Path):
    test = opened()
    words = said(test)
    assert "offline**, which is no language model: counting" in words
    assert "Of 3 answers 2 are used and 1 struck" in words
    table = test.dataframe[0].value
    assert table["description"].tolist() == WRITTEN
    assert table["struck"].tolist() == ["", "refused", ""]
    assert table["generated"].tolist() == [2, 1, 0]
    assert tables(test) == [
        "label-texts.csv",
        "variety.csv",
        "generated-documents.csv",
        "struck.csv",
    ]


def test_a_generated_document_stands_beside_the_real_one_most_like_it(described: Path):
    test = opened(label="ant")
    texts = [element.value for element in test.text]
    assert texts[:3] == ["generated: g-0", "text tiny-train 1 and more", "labels: ant"]
    assert texts[3:] == ["real: tiny-train1", "text tiny-train 1", "labels: ant"]
    test.selectbox(key="document").select(1).run()
    assert "an <b>odd</b> one" in [element.value for element in test.text]


def test_what_another_page_left_open_begins_with_the_first_label(described: Path):
    assert opened(session={"label": None}).selectbox(key="label").value == "ant"


def test_variety_is_measured_for_a_label_and_for_all_of_them(described: Path):
    variety, struck = pictures(opened(label="ant"))
    assert [bar["x"] for bar in variety["data"]] == [["real", "generated"]] * 3
    assert struck["data"][0]["y"] == ["refused"]
    test = opened(label="all of them")
    assert "2 documents of either kind" in said(test)
    assert "Generated document" not in [box.label for box in test.selectbox]


def test_a_damaged_report_is_named(described: Path):
    (described / REPORT).write_text("{")
    (error,) = opened().error
    assert "tiny-g** cannot be shown" in error.value and REPORT in error.value


def test_a_corpus_with_descriptions_alone_and_no_report(workspace: Workspace):
    tiny_corpus.save(workspace, "tiny", [[0]], NAMES)
    corpus = load_corpus("tiny", workspace).with_descriptions("tiny-d", WRITTEN, "")
    save_corpus(corpus, workspace.corpora / "tiny-d")
    test = opened()
    assert not pictures(test)
    assert "How varied" not in said(test)
