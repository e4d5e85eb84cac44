from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from workbench.cli.run_view import sparkline
from workbench.cli.runs import app
from workbench.errors import WorkbenchError
from workbench.runs.export import export_archive
from workbench.runs.store import Run


def invoke(*arguments: str, answer: str | None = None, columns: int = 120) -> str:
    result = CliRunner().invoke(app, list(arguments), input=answer, env={"COLUMNS": str(columns)})
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output


def test_an_empty_workspace_says_what_to_do(workspace):
    assert "workbench demo" in invoke("list")
    assert invoke("list", "--names") == "\n"


def test_each_split_has_a_table_of_its_own_and_broken_runs_a_reason(run_factory):
    run_factory("base-0", method="base", score=0.5)
    run_factory("other-0", split_id="aapd/11", encoder="minilm")
    run_factory("live-0", end="running")
    (run_factory("cut-0") / "metrics.json").write_text("{")
    output = invoke("list")
    tables = {part.split()[0]: part for part in output.split("split ")[1:]}
    assert "other-0" in tables["aapd/11"]
    assert "other-0" not in tables["demo/2a9f61c3"]
    lines = output.splitlines()
    base = next(line for line in lines if "base-0" in line)
    assert "base · cnn" in base
    assert "42 s" in base
    assert "(running)" in next(line for line in lines if "live-0" in line)
    assert "metrics.json cannot be read" in next(line for line in lines if line.startswith("broken"))


def test_numbers_and_names_are_whole_in_eighty_columns(run_factory):
    config = {"training": {f"setting_number_{number}": 0 for number in range(9)}}
    for seed in range(3):
        run_factory(f"aapd-minilm-frozen-protomix-s{seed}", encoder="minilm frozen", config=config, seed=seed)
    other = {"training": dict.fromkeys(config["training"], 1)}
    path = run_factory("aapd-minilm-frozen-protomix-s3", encoder="minilm frozen", config=other)
    lines = invoke("list", columns=80).splitlines()
    assert max(map(len, lines)) <= 80
    assert "training" not in next(line for line in lines if "nDCG@5" in line)
    assert "training" in next(line for line in invoke("list", columns=100).splitlines() if "nDCG@5" in line)
    overall = Run.load(path).metrics["test"]["overall"]
    row = next(line for line in lines if f"{overall['nDCG@5']:.4f}" in line)
    assert f"{overall['P@1']:.4f} " in row
    assert f"{overall['macro_F1']:.4f} " in row
    assert row.startswith(" aapd-minilm-frozen-protomix-s3 ")
    assert sum("=" in line for line in lines) <= 3  # of one run alone
    assert len(lines) < 30


def test_names_that_are_too_long_are_broken_at_hyphens(run_factory):
    run_factory("a-corpus-with-a-long-name-minilm-frozen-protomix-s0")
    words = [line.split()[0] for line in invoke("list", columns=80).splitlines() if line.strip()]
    assert words[-2:] == ["a-corpus-with-a-long-name-minilm-", "frozen-protomix-s0"]


def test_terms_are_whole_in_eighty_columns(run_factory):
    path = run_factory("long", epochs=40) / "history.parquet"
    history = pd.read_parquet(path)
    renamed = history.rename(columns={"loss/prototype": "loss/mixed_mixed_classification"})
    renamed.to_parquet(path)
    lines = [line for line in invoke("show", "long", columns=80).splitlines() if "loss" in line]
    assert any("loss/mixed_mixed_classification " in line for line in lines)
    assert not [line for line in lines if "…" in line or len(line) > 80]


def test_metrics_can_be_chosen_and_a_wrong_one_is_corrected(run_factory):
    run_factory()
    assert "PSP@1" in invoke("list", "--metric", "PSP@1")
    with pytest.raises(WorkbenchError, match="Did you mean 'nDCG@5'"):
        invoke("list", "--metric", "ndcg@5")


def test_show_has_metrics_groups_curves_and_settings(run_factory):
    run_factory("protomix-0")
    output = invoke("show", "protomix-0")
    for text in ("done", "demo/2a9f61c3", "nDCG@5", "tail", "loss/prototype", "█", "method.prototype_weight"):
        assert text in output
    assert "R@k: mean over documents; head to unseen: share of a group's gold pairs" in output


def test_show_tells_a_run_in_training_from_a_failed_one(run_factory):
    run_factory("live", end="running")
    run_factory("dead", end="failed")
    assert "running" in invoke("show", "live")
    assert "stopped by the test" in invoke("show", "dead")


def in_stages(path: Path) -> None:
    """Make the run's three epochs two stages, the second of which minimises something else."""
    history = pd.read_parquet(path / "history.parquet")
    later = history["epoch"] == 2
    history.loc[later, "stage"], history.loc[later, "epoch"] = "generator", 0
    history["loss/reconstruction"] = history["loss"].where(later & (history["phase"] == "train"))
    history.loc[later, ["loss/prototype", "loss/classification"]] = np.nan
    history.to_parquet(path / "history.parquet")


def test_show_names_the_metric_of_the_best_epoch_and_its_stage_where_there_are_several(run_factory):
    older = {"stage": "train", "epoch": 2, "value": 0.4317}
    config = {"training": {"select": "P@3"}}
    in_stages(run_factory("two", end="stopped", best=older, config=config))
    assert "3 of stage train (P@3 0.4317)" in invoke("show", "two")
    run_factory("one")
    assert "3 (nDCG@5 0.6100)" in invoke("show", "one")


def test_show_has_the_curves_of_each_stage_by_themselves(run_factory):
    path = run_factory("two")
    in_stages(path)
    history = pd.read_parquet(path / "history.parquet").query("phase == 'train'")
    curves = invoke("show", "two").split("over training")[1].split("settings")[0]
    lines = [line.split() for line in curves.splitlines()]
    first, second = lines.index(["train"]), lines.index(["generator"])
    (before,), (after,) = (
        [line for line in part if line[:2] == ["loss", "train"]]
        for part in (lines[first:second], lines[second:])
    )
    losses = [f"{value:.4f}" for value in history["loss"]]
    assert before[-2:] == losses[:2]
    assert after[-2:] == [losses[2]] * 2
    assert [line[0] for line in lines[second:] if "train" in line] == ["loss", "loss/reconstruction"]
    run_factory("one")
    assert ["train"] not in [line.split() for line in invoke("show", "one").splitlines()]


def test_show_of_an_unknown_run_suggests(run_factory):
    run_factory("protomix-0")
    with pytest.raises(WorkbenchError, match="Did you mean 'protomix-0'"):
        invoke("show", "protomix-7")


def test_rm_asks_and_takes_no_for_an_answer(run_factory):
    path = run_factory("one")
    invoke("rm", "one", answer="n\n")
    assert path.exists()
    invoke("rm", "one", answer="y\n")
    assert not path.exists()


def test_rm_removes_several_and_broken_ones_but_nothing_else(run_factory, workspace):
    (run_factory("cut") / "run.json").write_text("{")
    run_factory("one")
    (workspace.runs / "notes").mkdir()
    invoke("rm", "cut", "one", "--yes")
    assert [path.name for path in workspace.runs.iterdir()] == ["notes"]
    with pytest.raises(WorkbenchError, match="is no run"):
        invoke("rm", "notes", "--yes")
    assert (workspace.runs / "notes").exists()


def test_rm_removes_nothing_when_one_name_is_wrong(run_factory):
    path = run_factory("one")
    with pytest.raises(WorkbenchError, match="No run 'two'"):
        invoke("rm", "one", "two", "--yes")
    assert path.exists()


def test_brackets_in_names_are_no_markup(run_factory):
    run_factory("one", method="[bold]mine[/bold]")
    assert "[bold]mine[/bold]" in invoke("show", "one")


@pytest.mark.parametrize(
    ("values", "line"),
    [
        ([0.0, 1.0], "▁█"),
        ([3.0, 3.0], "▁▁"),
        ([], ""),
        ([np.nan, np.nan], ""),
        ([0.0, np.nan, 7.0], "▁ █"),
        (list(np.repeat([0.0, 7.0], 32)), "▁" * 16 + "█" * 16),
    ],
)
def test_sparklines(values: list[float], line: str):
    assert sparkline(values) == line


def test_an_archive_of_a_colleague_is_added_once(run_factory, tmp_path, monkeypatch):
    run_factory("one")
    archive = export_archive([Run.load(run_factory("two"))], tmp_path / "two.zip")
    monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path / "mine"))
    mine = tmp_path / "mine" / "runs"
    assert invoke("add", str(archive)) == f"Added {mine / 'two'}\n"
    assert Run.load(mine / "two").status == "done"
    assert "two" in invoke("list", "--names")
    with pytest.raises(WorkbenchError, match="a run 'two' already"):
        invoke("add", str(archive))
    with pytest.raises(WorkbenchError, match=r"missing\.zip"):
        invoke("add", str(tmp_path / "missing.zip"))
    assert [path.name for path in mine.iterdir()] == ["two"]
