from __future__ import annotations

import importlib
import json
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest

import benchmarks
from tests.mixed_runs import mixed_run
from workbench.analysis.mixture_differences import DOCUMENTS, SEEDS
from workbench.analysis.recorded_mixtures import recorded_mixtures, write_mixtures

README = """<!-- mixtures: begin -->
<!-- mixtures: end -->
<!-- mixtures/toy: begin -->
<!-- mixtures/toy: end -->
"""


@pytest.fixture
def mixtures(monkeypatch) -> ModuleType:
    """The script, which finds those beside it as it does when it is run."""
    monkeypatch.syspath_prepend(str(Path(next(iter(benchmarks.__path__)))))
    return importlib.import_module("mixtures")


def row(metric: str, difference: float, half: float, verdict: str, over: str, n: int) -> dict:
    ends = {"low": difference - half, "high": difference + half}
    about = {"corpus": "demo", "mixture": "mix + t", "parent": "mix", "n": n, "over": over}
    return about | ends | {"metric": metric, "difference": difference, "verdict": verdict}


def test_a_cell_tells_points_with_its_interval_and_what_that_is_over(mixtures):
    rows = [
        row("nDCG@5", 0.013, 0.004, "better", SEEDS, 3),
        row("P@1", -0.02, 0.03, "no difference shown", SEEDS, 3),
        row("macro_F1", -0.02, 0.01, "worse with this one seed", DOCUMENTS, 1),
    ]
    lines = mixtures.difference_table(pd.DataFrame(rows[:2])).splitlines()
    assert lines[-1] == "| demo | mix + t | mix | 3 | ▲ +1.3 (+0.9 to +1.7) | ○ -2.0 (-5.0 to +1.0) | – |"
    lines = mixtures.difference_table(pd.DataFrame(rows[2:])).splitlines()
    assert lines[-1].endswith("| 1 | – | – | ▼ -2.0 [-3.0 to -1.0] |")


def test_runs_become_files_tables_and_the_record_and_unfinished_ones_are_named(
    mixtures, tmp_path: Path, run_factory, monkeypatch, capsys
):
    (tmp_path / "README.md").write_text(README)
    about = {"durations_s": {"train": 3.0}, "peak_memory_mb": 9.0}
    runs = [mixed_run(tmp_path / "runs", "m-0", "mix", ("sep_mldc.label_contrast",), **about)]
    runs.append(mixed_run(tmp_path / "runs", "mix-0", "mix", **about))
    paths = [*(run.path for run in runs), run_factory("live-0", end="running"), tmp_path / "none"]
    monkeypatch.setattr(mixtures, "RESULTS", tmp_path)
    kept = tmp_path / "kept.json"
    monkeypatch.setattr(mixtures, "write_mixtures", lambda table: write_mixtures(table, kept))
    monkeypatch.setattr("sys.argv", ["mixtures.py", *map(str, paths)])
    mixtures.main()
    assert "left out: live-0 is not finished (running)" in capsys.readouterr().out
    files = sorted(path.name for path in (tmp_path / "mixtures" / "toy").iterdir())
    assert files == ["m-0.json", "mix-0.json"]
    summary = json.loads((tmp_path / "mixtures" / "toy" / "m-0.json").read_text())
    assert summary["test"]["P@1"] == runs[0].metrics["test"]["overall"]["P@1"]
    written = (tmp_path / "README.md").read_text()
    assert "| toy | mix + sep_mldc.label_contrast | mix | 1 |" in written
    assert "| cnn | 100 | mix + sep_mldc.label_contrast | 1 |" in written
    one, other = (run.metrics["test"]["overall"]["P@1"] for run in runs)
    differences = recorded_mixtures(kept).set_index("metric")["difference"]
    assert differences["P@1"] == pytest.approx(one - other)
