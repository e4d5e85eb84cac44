from __future__ import annotations

import json
import sys
from argparse import Namespace

import pytest

from benchmarks import labels

SIZES = Namespace(documents=4, tokens=6, steps=2, encoder=None, limit=120.0)


@pytest.mark.parametrize(
    "method, stage", [("base", "classification"), ("binary-relevance", "classification")]
)
def test_a_cell_tells_the_slowest_stage_and_the_peak(method: str, stage: str):
    found = labels._in_a_process(method, 7, SIZES)
    assert found["stage"] == stage
    assert found["seconds"] > 0
    assert found["peak_mb"] > 50


def test_what_takes_too_long_or_fails_is_told():
    assert "longer" in labels._in_a_process("base", 7, Namespace(**vars(SIZES) | {"limit": 0.01}))["refused"]
    assert "Unknown method" in labels._in_a_process("bse", 7, SIZES)["refused"]


def test_cells_that_are_there_are_kept(tmp_path, monkeypatch):
    out = tmp_path / "labels.json"
    kept = {"method": "lsfa", "labels": 54, "seconds": 1.0}
    out.write_text(json.dumps({"rows": [kept, {"method": "base", "labels": 54, "seconds": 9.0}]}))
    monkeypatch.setattr(labels, "_in_a_process", lambda *_: {"seconds": 2.0})
    monkeypatch.setattr(sys, "argv", ["labels.py", "--methods", "base", "--labels", "54", "--out", str(out)])
    labels.main()
    rows = json.loads(out.read_text())["rows"]
    assert rows == [kept, {"method": "base", "labels": 54, "seconds": 2.0}]
