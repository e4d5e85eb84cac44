from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from workbench.data.formats import reader_for

Read = Callable[..., Any]
DOCUMENT: dict[str, Any] = {
    "celex_id": "31958D1127",
    "uri": "http://…",
    "type": "Decision",
    "concepts": ["1309", "889"],
    "title": "Rules of the Transport Committee",
    "header": "THE COUNCIL",
    "recitals": " Having regard to Article 83;\n",
    "main_body": ["First article.", "Second article."],
    "attachments": "not read",
}


def put(path: Path, **changes: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({**DOCUMENT, "celex_id": path.stem, **changes}))
    return path


def test_folders_of_documents(tmp_path: Path, read: Read) -> None:
    put(tmp_path / "train" / "a1.json")
    put(tmp_path / "dev" / "b1.json", recitals=None, header="")
    put(tmp_path / "test" / "c1.json")
    documents, reading = read(tmp_path)
    assert reader_for(tmp_path).name == "eurlex57k"
    assert {(d.split, d.id, d.labels) for d in documents} == {
        (split, identity, ("1309", "889"))
        for split, identity in (("train", "a1"), ("valid", "b1"), ("test", "c1"))
    }
    by_id = {d.id: d.text for d in documents}
    start = "Rules of the Transport Committee\n"
    end = "First article.\nSecond article."
    assert by_id["a1"] == f"{start}THE COUNCIL\nHaving regard to Article 83;\n{end}"
    assert by_id["b1"] == start + end
    assert not list(reading.problems)


def test_one_folder_and_one_file_are_undivided(tmp_path: Path, read: Read) -> None:
    file = put(tmp_path / "a1.json")
    assert [d.split for d in read(tmp_path)[0]] == [d.split for d in read(file)[0]] == [None]


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"concepts": None}, "missing field"),
        ({"concepts": "1309"}, "wrong type"),
        ({"main_body": 3}, "wrong type"),
        ({"main_body": ["a", 3]}, "wrong type"),
        ({"title": "", "header": "", "recitals": "", "main_body": []}, "empty text"),
    ],
)
def test_what_is_wrong_names_the_file(tmp_path: Path, read: Read, changes: dict[str, Any], kind: str) -> None:
    put(tmp_path / "a1.json")
    put(tmp_path / "b1.json", **changes)
    documents, reading = read(tmp_path)
    assert [d.id for d in documents] == ["a1"]
    assert [(p.kind, p.file.name) for p in reading.problems] == [(kind, "b1.json")]


def test_files_that_cannot_be_parsed(tmp_path: Path, read: Read) -> None:
    put(tmp_path / "a1.json")
    (tmp_path / "b1.json").write_text('{\n"celex_id": ')
    (tmp_path / "c1.json").write_bytes(b'{"title": "\xff"}')
    (tmp_path / "d1.json").write_text("[]")
    documents, reading = read(tmp_path)
    assert len(documents) == 1
    assert [(p.file.name, p.kind, p.line) for p in reading.problems] == [
        ("b1.json", "broken JSON", 2),
        ("c1.json", "wrong encoding", None),
        ("d1.json", "wrong type", None),
    ]
