"""Files damaged at random, in every format: problems, never a traceback, and never half a corpus."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from workbench.data.importing import Source, check_source, import_corpus
from workbench.data.library import verify_corpus
from workbench.errors import WorkbenchError
from workbench.workspace import Workspace

RECORDS: list[dict[str, Any]] = [
    {"id": f"i{row}", "text": f"tëxt {row}", "labels": ["a", "b"][: 1 + row % 2]} for row in range(20)
]
LINES = "\n".join(map(json.dumps, RECORDS)).encode()
EURLEX = {"celex_id": "1", "concepts": ["1"], "title": "t", "recitals": "r", "main_body": ["x"]}
STORY = """<REUTERS TOPICS="YES" LEWISSPLIT="TRAIN" NEWID="{}">
<TOPICS><D>a</D></TOPICS>
<TEXT>x</TEXT>
</REUTERS>
"""
INSERTED = [
    b'"',
    b"\n",
    b"\t",
    b",",
    b"\x00",
    b"\xff\xfe",
    b"{",
    b"]",
    b"\\ud800",
    b"<",
    b"\r",
    b"null",
    b"1e999",
]

WRITERS: dict[str, Callable[[Path], object]] = {
    "jsonl": lambda folder: (folder / "train.jsonl").write_bytes(LINES),
    "gzip": lambda folder: (folder / "train.jsonl.gz").write_bytes(gzip.compress(LINES)),
    "csv": lambda folder: pd.DataFrame(RECORDS).to_csv(folder / "train.csv", index=False),
    "parquet": lambda folder: pd.DataFrame(RECORDS).to_parquet(folder / "train.parquet"),
    "libmultilabel": lambda folder: (folder / "train.txt").write_text(
        "".join(f"{row}\ta b\ttext\n" for row in range(9))
    ),
    "eurlex57k": lambda folder: (folder / "1.json").write_text(json.dumps(EURLEX)),
    "reuters": lambda folder: (folder / "reut2-000.sgm").write_text("".join(map(STORY.format, range(5)))),
    "list": lambda folder: (
        (folder / "all.jsonl").write_bytes(LINES),
        (folder / "labels.json").write_text('{"a": "A", "b": "B"}'),
    ),
}


def damage(content: bytes, chance: random.Random) -> bytes:
    for _ in range(chance.randint(1, 5)):
        place = chance.randrange(len(content) + 1)
        kind = chance.randrange(4)
        if kind == 0:
            content = content[:place] + bytes([chance.randrange(256)]) + content[place + 1 :]
        elif kind == 1:
            content = content[:place] + chance.choice(INSERTED) + content[place:]
        elif kind == 2:
            content = content[:place] + content[place + chance.randint(1, 40) :]
        else:
            content = content[: max(1, place)]
    return content


@pytest.mark.parametrize("name", WRITERS)
def test_damage_is_a_problem_never_a_traceback(tmp_path: Path, name: str) -> None:
    raw, workspace = tmp_path / "raw", Workspace(tmp_path / "home")
    raw.mkdir()
    WRITERS[name](raw)
    source = Source(raw, check_source(Source(raw)).format)
    whole = {file: file.read_bytes() for file in raw.iterdir()}
    chance = random.Random(f"damage to {name}")
    refused = 0
    for _ in range(40):
        file = chance.choice(sorted(whole))
        file.write_bytes(damage(whole[file], chance))
        has_errors = bool(check_source(source).problems.errors)
        try:
            import_corpus(source, "damaged", overwrite=True, workspace=workspace)
        except WorkbenchError:
            refused += 1
        else:
            assert not has_errors
            verify_corpus(workspace.corpora / "damaged")
        file.write_bytes(whole[file])
    assert refused > 5
    assert [path.name for path in workspace.corpora.glob("*") if path.name != "damaged"] == []
