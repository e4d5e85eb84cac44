from __future__ import annotations

import json
import tarfile
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from workbench.errors import WorkbenchError
from workbench.runs.export import export_run, metrics_table
from workbench.runs.store import Run
from workbench.runs.writer import RunWriter


@pytest.fixture
def run(run_factory) -> Run:
    path = run_factory("one", end="stopped")
    writer = RunWriter.reopen(path)
    (writer.checkpoints_dir / "last.ckpt").write_bytes(b"heavy")
    writer.stop("stopped", "again")
    return Run.load(path)


def names_of(archive: Path) -> list[str]:
    if archive.suffix == ".zip":
        return zipfile.ZipFile(archive).namelist()
    with tarfile.open(archive) as opened:
        return opened.getnames()


@pytest.mark.parametrize("kind", ["zip", "tar.gz"])
def test_an_archive_holds_everything_but_checkpoints(run: Run, tmp_path: Path, kind: str):
    target = tmp_path / f"out.{kind}"
    assert export_run(run, kind, target) == [target]
    assert names_of(target) == ["one/history.parquet", "one/labels.json", "one/run.json"]


def test_an_unpacked_archive_is_a_run_again(run_factory, tmp_path: Path):
    (archive,) = export_run(Run.load(run_factory("one")), "zip", tmp_path / "one.zip")
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(tmp_path / "elsewhere")
    again = Run.load(tmp_path / "elsewhere" / "one")
    assert again.status == "done"
    assert again.array("label_embeddings").shape == (12, 8)


def test_tables_hold_the_numbers_with_label_codes(run_factory, tmp_path: Path):
    run = Run.load(run_factory("one"))
    written = export_run(run, "csv", str(tmp_path / "tables"))
    assert [path.name for path in written] == ["metrics.csv", "history.csv", "labels.csv", "predictions.csv"]
    first = pd.read_csv(tmp_path / "tables" / "predictions.csv", keep_default_na=False).iloc[0]
    expected = run.predictions.iloc[0]
    assert json.loads(first["top_labels"]) == [run.labels[index] for index in expected["top_labels"]]
    assert json.loads(first["top_scores"]) == pytest.approx(expected["top_scores"].tolist(), rel=1e-5)
    assert len(pd.read_csv(tmp_path / "tables" / "history.csv")) == len(run.history)


def test_labels_with_bars_commas_and_quotes_come_back(tmp_path: Path):
    names = ["a|b", 'c, "d"', "é"]
    writer = RunWriter.create(tmp_path, "one", {"method": "base"})
    writer.write_labels(names, names, [1, 1, 1])
    writer.write_history(pd.DataFrame({"stage": ["all"], "epoch": [0]}))
    targets = sparse.csr_array(np.array([[1, 1, 0], [0, 0, 0]], np.uint8))
    writer.write_predictions(["x", "y"], np.array([[0.5, 0.2, 0.9]] * 2, np.float32), targets, top_k=3)
    writer.write_metrics({})
    writer.finish()
    export_run(Run.load(writer.path), "csv", tmp_path / "tables")
    table = pd.read_csv(tmp_path / "tables" / "predictions.csv", keep_default_na=False)
    assert [json.loads(cell) for cell in table["gold_labels"]] == [["a|b", 'c, "d"'], []]
    assert json.loads(table["top_labels"][0]) == ["é", "a|b", 'c, "d"']


def test_metrics_are_one_row_each(run_factory):
    run = Run.load(run_factory("one"))
    table = metrics_table(run).set_index(["part", "group", "metric"])["value"]
    assert table["test", "overall", "P@1"] == run.metrics["test"]["overall"]["P@1"]
    assert table["valid", "tail", "macro_F1"] == run.metrics["valid"]["groups"]["tail"]["macro_F1"]


def test_a_stopped_run_gives_the_tables_it_has(run: Run, tmp_path: Path):
    assert [path.name for path in export_run(run, "csv", tmp_path / "tables")] == ["history.csv"]


def test_an_unknown_format_is_refused(run: Run, tmp_path: Path):
    with pytest.raises(WorkbenchError, match=r"zip, tar\.gz, csv"):
        export_run(run, "pickle", tmp_path / "out")
