from __future__ import annotations

import json

import pytest

from workbench.cli import demo
from workbench.runs.store import list_runs

QUICK = {"epochs": 1, "filters": 4, "embedding_size": 8, "max_length": 32}


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(demo, "SETTINGS", QUICK)


@pytest.fixture
def trained(quick, command, workspace, made_once) -> None:
    """The demo has been run in this workspace."""

    def make() -> None:
        assert command("demo", "--no-serve").status == 0

    made_once(workspace.runs, make)


def test_demo_trains_a_floor_and_four_variants_once_and_compares_them(trained, command, workspace):
    started = [run.manifest["started_at"] for run in list_runs(workspace.runs)]
    ended = command("demo", "--no-serve")
    assert ended.status == 0
    assert [run.manifest["started_at"] for run in list_runs(workspace.runs)] == started
    assert {run.manifest["method"] for run in list_runs(workspace.runs)} == {
        "binary-relevance",
        "base",
        "proto",
        "mix",
        "protomix",
    }
    table = ended.out[ended.out.index("Test documents") :]
    assert all(name in table for name in ("binary", "base", "proto", "mix", "protomix", "nDCG@5", "tail F1"))


def test_demo_opens_the_dashboard_at_the_end(trained, command, monkeypatch):
    served = []
    monkeypatch.setattr("workbench.cli.dashboard.dashboard", lambda **how: served.append(how))
    command("demo", "--port", 8765)
    assert [how["port"] for how in served] == [8765]


def test_runs_of_another_demo_corpus_are_not_taken_for_it(trained, command, workspace):
    for run in list_runs(workspace.runs):
        manifest = json.loads((run.path / "run.json").read_text())
        manifest["corpus"]["fingerprint"] = "0" * 64
        (run.path / "run.json").write_text(json.dumps(manifest))
    assert command("demo", "--no-serve").status == 0
    assert len(list_runs(workspace.runs)) == 10
