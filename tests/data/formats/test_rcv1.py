from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from workbench.data.formats import reader_for
from workbench.data.reading import Reading

Read = Callable[..., Any]
TRAIN = ".I 2286\n.W\nrecov recov excit\nmexic\n\n.I 2287\n.W\nuruguay uruguay\n\n"
TEST = ".I 26151\n.W\ntokyo stock\n\n"
QRELS = "E11 2286 1\nECAT 2286 1\nCCAT 2287 1\nM11 26151 1\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "lyrl2004_tokens_train.dat").write_text(TRAIN)
    (tmp_path / "lyrl2004_tokens_test_pt0.dat.gz").write_bytes(gzip.compress(TEST.encode()))
    (tmp_path / "rcv1-v2.topics.qrels").write_text(QRELS)
    return tmp_path


def test_tokens_and_topics(folder: Path, read: Read) -> None:
    documents, reading = read(folder)
    assert reader_for(folder).name == "rcv1"
    assert [(d.split, d.id, d.text, d.labels, d.line) for d in documents] == [
        ("test", "26151", "tokyo stock", ("M11",), 1),
        ("train", "2286", "recov recov excit\nmexic", ("E11", "ECAT"), 1),
        ("train", "2287", "uruguay uruguay", ("CCAT",), 6),
    ]
    assert not list(reading.problems)


def test_names_of_topics_come_from_the_hierarchy(folder: Path) -> None:
    (folder / "rcv1.topics.hier.orig").write_text(
        "parent: None  child: Root  child-description: Root\n"
        "parent: Root  child: CCAT  child-description: CORPORATE/INDUSTRIAL\n"
        "parent: CCAT  child: C11   child-description: STRATEGY/PLANS\n"
    )
    names = reader_for(folder).label_names(folder, Reading())
    assert names == {"CCAT": "Corporate/industrial", "C11": "Strategy/plans"}


def test_a_document_without_topics_is_named(folder: Path, read: Read) -> None:
    (folder / "rcv1-v2.topics.qrels").write_text(QRELS.replace("CCAT 2287 1\n", "CCAT 2287\n"))
    documents, reading = read(folder)
    assert len(documents) == 2
    assert [(p.kind, p.file.name, p.line) for p in reading.problems] == [
        ("wrong number of cells", "rcv1-v2.topics.qrels", 3),
        ("missing labels", "lyrl2004_tokens_train.dat", 6),
    ]


def test_text_outside_of_an_entry_is_named(folder: Path, read: Read) -> None:
    (folder / "lyrl2004_tokens_train.dat").write_text("stray\n" + TRAIN)
    documents, reading = read(folder)
    assert len(documents) == 3
    assert [(p.kind, p.line) for p in reading.problems] == [("broken entry", 1)]


def test_without_the_topics_nothing_is_read(folder: Path, read: Read) -> None:
    (folder / "rcv1-v2.topics.qrels").unlink()
    documents, reading = read(folder)
    assert documents == []
    assert "Put rcv1-v2.topics.qrels" in next(iter(reading.problems)).remedy
