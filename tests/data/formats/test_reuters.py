from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from workbench.data.formats import reader_for

Read = Callable[..., Any]


BODY = (
    "<TITLE>TITLE {identity} &lt;ABC></TITLE>\n"
    "<DATELINE>    SALVADOR, Feb 26 - </DATELINE><BODY>Caf\xe9 &amp; more.\nReuter\n&#3;</BODY>"
)


def story(
    identity: int, split: str, topics: tuple[str, ...] = ("cocoa",), has: str = "YES", text: str = BODY
) -> str:
    listed = "".join(f"<D>{topic}</D>" for topic in topics)
    return (
        f'<REUTERS TOPICS="{has}" LEWISSPLIT="{split}" OLDID="5544" NEWID="{identity}">\n'
        f"<DATE>26-FEB-1987</DATE>\n<TOPICS>{listed}</TOPICS>\n<PLACES><D>usa</D></PLACES>\n"
        f"<TEXT>&#2;\n{text.format(identity=identity)}</TEXT>\n</REUTERS>\n"
    )


def write(path: Path, *stories: str) -> Path:
    path.write_bytes(('<!DOCTYPE lewis SYSTEM "lewis.dtd">\n' + "".join(stories)).encode("latin-1"))
    return path


def test_modapte(tmp_path: Path, read: Read) -> None:
    write(
        tmp_path / "reut2-000.sgm",
        story(1, "TRAIN", ("cocoa", "wheat")),
        story(2, "TEST"),
        story(3, "NOT-USED"),
        story(4, "TRAIN", has="NO"),
        story(5, "TRAIN", has="BYPASS"),
    )
    write(tmp_path / "reut2-001.sgm", story(6, "TRAIN", (), text="*\nUNPROCESSED text"))
    documents, reading = read(tmp_path)
    assert reader_for(tmp_path).name == "reuters"
    assert [(d.id, d.split, d.labels) for d in documents] == [
        ("1", "train", ("cocoa", "wheat")),
        ("2", "test", ("cocoa",)),
        ("6", "train", ()),
    ]
    assert documents[0].text == "TITLE 1 <ABC>\nCafé & more."
    assert documents[2].text == "*\nUNPROCESSED text"
    assert documents[1].line == 12
    assert not list(reading.problems)
    assert "3 stories belong to neither" in reading.notes[0]


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        (story(1, "TRAIN").replace("</REUTERS>\n", ""), "has no </REUTERS>"),
        (story(1, "TRAIN").replace("<TOPICS>", ""), "has no <TOPICS>"),
        (story(1, "TRAIN").replace("</TEXT>", ""), "has no <TEXT>"),
    ],
)
def test_a_broken_story_is_named_and_the_next_is_read(
    tmp_path: Path, read: Read, broken: str, says: str
) -> None:
    documents, reading = read(write(tmp_path / "reut2-000.sgm", broken, story(2, "TRAIN")))
    (problem,) = reading.problems
    assert [d.id for d in documents] == ["2"]
    assert (problem.kind, problem.line) == ("broken SGML", 2)
    assert says in problem.message


def test_a_story_cut_off_at_the_end_of_the_file(tmp_path: Path, read: Read) -> None:
    documents, reading = read(write(tmp_path / "reut2-000.sgm", story(1, "TRAIN"), story(2, "TRAIN")[:200]))
    assert len(documents) == 1
    assert "has no </REUTERS>" in next(iter(reading.problems)).message
