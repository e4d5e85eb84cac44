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
from workbench.runs.export import export_archive, export_csv, metrics_table
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
    assert export_archive([run], target) == target
    assert names_of(target) == ["one/history.parquet", "one/labels.json", "one/run.json"]


def test_an_unpacked_archive_is_a_run_again(run_factory, tmp_path: Path):
    runs = [Run.load(run_factory(name)) for name in ("one", "two")]
    archive = export_archive(runs, tmp_path / "both.zip")
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(tmp_path / "elsewhere")
    for name in ("one", "two"):
        again = Run.load(tmp_path / "elsewhere" / name)
        assert again.status == "done"
        assert again.array("label_embeddings").shape == (12, 8)


def test_tables_hold_the_numbers_with_label_codes(run_factory, tmp_path: Path):
    run = Run.load(run_factory("one"))
    written = export_csv([run], str(tmp_path / "tables"))
    assert [path.name for path in written] == ["metrics.csv", "history.csv", "labels.csv", "predictions.csv"]
    labels = pd.read_csv(tmp_path / "tables" / "one" / "labels.csv", keep_default_na=False)
    assert labels.columns[:3].tolist() == ["label", "label_text", "index"]
    assert labels["label"].tolist() == list(run.labels)
    assert labels["label_text"].tolist() == list(run.label_texts)
    first = pd.read_csv(tmp_path / "tables" / "one" / "predictions.csv", keep_default_na=False).iloc[0]
    expected = run.predictions.iloc[0]
    assert json.loads(first["top_labels"]) == [run.labels[index] for index in expected["top_labels"]]
    assert json.loads(first["top_scores"]) == pytest.approx(expected["top_scores"].tolist(), rel=1e-5)
    assert len(pd.read_csv(tmp_path / "tables" / "one" / "history.csv")) == len(run.history)


def test_labels_with_bars_commas_and_quotes_come_back(tmp_path: Path):
    names = ["a|b", 'c, "d"', "é"]
    writer = RunWriter.create(tmp_path, "one", {"method": "base"})
    writer.write_labels(names, names, [1, 1, 1])
    writer.write_history(pd.DataFrame({"stage": ["all"], "epoch": [0]}))
    targets = sparse.csr_array(np.array([[1, 1, 0], [0, 0, 0]], np.uint8))
    writer.write_predictions(["x", "y"], np.array([[0.5, 0.2, 0.9]] * 2, np.float32), targets, top_k=3)
    writer.write_metrics({})
    writer.finish()
    export_csv([Run.load(writer.path)], tmp_path / "tables")
    table = pd.read_csv(tmp_path / "tables" / "one" / "predictions.csv", keep_default_na=False)
    assert [json.loads(cell) for cell in table["gold_labels"]] == [["a|b", 'c, "d"'], []]
    assert json.loads(table["top_labels"][0]) == ["é", "a|b", 'c, "d"']


def test_metrics_are_one_row_each(run_factory):
    run = Run.load(run_factory("one"))
    table = metrics_table(run).set_index(["part", "group", "metric"])["value"]
    assert table["test", "overall", "P@1"] == run.metrics["test"]["overall"]["P@1"]
    assert table["valid", "tail", "macro_F1"] == run.metrics["valid"]["groups"]["tail"]["macro_F1"]


def test_a_stopped_run_gives_the_tables_it_has(run: Run, tmp_path: Path):
    assert [path.name for path in export_csv([run], tmp_path / "tables")] == ["history.csv"]


@pytest.mark.parametrize("name", ["out", "out.pickle", "out.gz", "zip"])
def test_an_unknown_archive_is_refused(run: Run, tmp_path: Path, name: str):
    with pytest.raises(WorkbenchError, match=r"\.zip or \.tar\.gz"):
        export_archive([run], tmp_path / name)
    assert not (tmp_path / name).exists()


def test_two_runs_of_one_name_do_not_share_an_archive(run: Run, tmp_path: Path):
    for write in (export_archive, export_csv):
        with pytest.raises(WorkbenchError, match="one name: one, one"):
            write([run, run], tmp_path / "out.zip")


def test_names_of_labels_are_no_formulas_and_numbers_stay_numbers(tmp_path: Path):
    names = ["=1+1", "@SUM(A1)", "-cmd", "-5", "plain"]
    writer = RunWriter.create(tmp_path, "one", {"method": "base"})
    writer.write_labels(names, names, [1] * 5)
    writer.write_history(pd.DataFrame({"stage": ["=A1"], "loss": [-0.5]}))
    targets = sparse.csr_array(np.ones((1, 5), np.uint8))
    writer.write_predictions(["=HYPERLINK(1)"], np.full((1, 5), 0.5, np.float32), targets, top_k=1)
    writer.write_metrics({})
    writer.finish()
    written = {path.stem: path.read_text() for path in export_csv([Run.load(writer.path)], tmp_path / "t")}
    assert written["history"] == "stage,loss\n'=A1,-0.5\n"
    assert written["predictions"].splitlines()[1].startswith("'=HYPERLINK(1),")
