from __future__ import annotations

import io
import tarfile
import zipfile
from pathlib import Path

import numpy as np
import pytest

from workbench.errors import WorkbenchError
from workbench.runs.adding import add_runs
from workbench.runs.export import export_archive
from workbench.runs.store import Run
from workbench.workspace import Workspace


@pytest.fixture
def elsewhere(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "colleague")


@pytest.fixture
def runs(run_factory) -> list[Run]:
    return [Run.load(run_factory(name)) for name in ("one", "two")]


@pytest.mark.parametrize("kind", ["zip", "tar.gz"])
def test_exported_runs_are_the_same_in_another_workspace(runs, elsewhere, tmp_path, kind):
    added = add_runs(export_archive(runs, tmp_path / f"both.{kind}"), elsewhere)
    assert [run.path for run in added] == [elsewhere.runs / name for name in ("one", "two")]
    for run, again in zip(runs, added, strict=True):
        assert again.status == "done"
        assert again.metrics == run.metrics
        np.testing.assert_array_equal(again.array("label_embeddings"), run.array("label_embeddings"))
    assert sorted(path.name for path in elsewhere.runs.iterdir()) == ["one", "two"]


def test_a_taken_name_adds_nothing_at_all(runs, elsewhere, tmp_path):
    add_runs(export_archive(runs[1:], tmp_path / "two.zip"), elsewhere)
    with pytest.raises(WorkbenchError, match="a run 'two' already"):
        add_runs(export_archive(runs, tmp_path / "both.zip"), elsewhere)
    assert [path.name for path in elsewhere.runs.iterdir()] == ["two"]


@pytest.mark.parametrize(
    "name", ["../run.json", "/run.json", "run.json", "a/../../x", ".hidden/x", "a\\..\\x/y", "a/C:x"]
)
def test_names_that_lead_elsewhere_are_refused(elsewhere, tmp_path, name):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as zipped:
        zipped.writestr(name, "{}")
    with pytest.raises(WorkbenchError, match="Nothing was added"):
        add_runs(tmp_path / "a.zip", elsewhere)
    assert list(elsewhere.runs.iterdir()) == []


def link_in_a_tar(path: Path, kind: bytes) -> None:
    with tarfile.open(path, "w:gz") as tarred:
        member = tarfile.TarInfo("one/run.json")
        member.type, member.linkname = kind, "/etc/passwd"
        tarred.addfile(member)


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE])
def test_what_is_no_plain_file_is_refused_in_a_tar(elsewhere, tmp_path, kind):
    link_in_a_tar(tmp_path / "a.tar.gz", kind)
    with pytest.raises(WorkbenchError, match=r"'one/run\.json' does not belong"):
        add_runs(tmp_path / "a.tar.gz", elsewhere)


def test_a_link_is_refused_in_a_zip(elsewhere, tmp_path):
    entry = zipfile.ZipInfo("one/run.json")
    entry.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as zipped:
        zipped.writestr(entry, "/etc/passwd")
    with pytest.raises(WorkbenchError, match=r"'one/run\.json' does not belong"):
        add_runs(tmp_path / "a.zip", elsewhere)


def zip_of(**files: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as zipped:
        for name, content in files.items():
            zipped.writestr(name.replace("__", "/"), content)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.zip", b"PK\x03\x04 broken", "damaged or no archive"),
        ("a.tar.gz", b"nothing packed", "damaged or no archive"),
        ("a.rar", b"", "ends in .zip or .tar.gz"),
        ("a.zip", zip_of(), "holds no run"),
        ("a.zip", zip_of(notes__readme="hello"), "run.json"),
        ("a.zip", zip_of(one__run="{", one__run2="{"), "run.json"),
    ],
)
def test_what_is_no_archive_of_runs_is_told(elsewhere, tmp_path, name, content, says):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(WorkbenchError, match=says):
        add_runs(tmp_path / name, elsewhere)
    assert list(elsewhere.runs.iterdir()) == []


def test_an_archive_that_is_cut_off_adds_nothing(runs, elsewhere, tmp_path):
    whole = export_archive(runs, tmp_path / "both.tar.gz").read_bytes()
    (tmp_path / "cut.tar.gz").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(WorkbenchError, match="damaged or no archive"):
        add_runs(tmp_path / "cut.tar.gz", elsewhere)
    assert list(elsewhere.runs.iterdir()) == []


def test_a_file_that_is_not_there_is_told(elsewhere, tmp_path):
    with pytest.raises(WorkbenchError, match="is no file"):
        add_runs(tmp_path / "none.zip", elsewhere)


def test_a_workspace_that_cannot_be_written_is_told(runs, elsewhere, tmp_path):
    archive = export_archive(runs, tmp_path / "both.zip")
    elsewhere.root.write_text("a file where the folder should be")
    with pytest.raises(WorkbenchError, match="runs could not be written"):
        add_runs(archive, elsewhere)


def test_what_is_no_run_is_told_of_the_archive(elsewhere, tmp_path):
    (tmp_path / "a.zip").write_bytes(zip_of(notes__readme="hello"))
    with pytest.raises(WorkbenchError, match=r"a\.zip has something that is no sound run") as caught:
        add_runs(tmp_path / "a.zip", elsewhere)
    assert "Nothing was added. notes is no run" in str(caught.value)
    assert ".adding" not in str(caught.value)
