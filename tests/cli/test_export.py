from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def run(run_factory) -> Path:
    return run_factory("one")


def test_what_to_write_must_be_said(command, run: Path):
    ended = command("export", "one")
    assert ended.status == 1
    assert "--html report.html" in ended.err and "--archive" in ended.err and "--csv" in ended.err


def test_a_report_an_archive_and_tables_of_two_runs_at_once(command, run_factory, run: Path, tmp_path: Path):
    run_factory("two", method="base")
    html, archive, tables = tmp_path / "r.html", tmp_path / "runs.zip", tmp_path / "tables"
    ended = command(
        "export", "one", run.parent / "two", "--html", html, "--archive", archive, "--csv", tables
    )
    assert (ended.status, ended.err) == (0, "")
    assert f"Written: {html} ({html.stat().st_size / 1e6:.1f} MB)" in ended.out
    assert f"Written: {archive} ({archive.stat().st_size / 1e3:.1f} kB)" in ended.out
    assert html.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert archive.stat().st_size > 0
    assert sorted(path.name for path in tables.iterdir()) == ["one", "two"]


@pytest.mark.parametrize("option, name", [("--html", "r.html"), ("--archive", "r.zip"), ("--csv", "tables")])
def test_nothing_is_replaced_unless_told(command, run: Path, tmp_path: Path, option: str, name: str):
    target = tmp_path / name
    there = target / "one" / "metrics.csv" if option == "--csv" else target
    there.parent.mkdir(parents=True, exist_ok=True)
    there.write_text("mine")
    ended = command("export", "one", option, target)
    assert ended.status == 1 and "--force" in ended.err
    assert there.read_text() == "mine"
    assert command("export", "one", option, target, "--force").status == 0
    assert there.read_bytes() != b"mine"


@pytest.mark.parametrize("option", ["--html", "--archive"])
def test_a_folder_is_no_file(command, run: Path, tmp_path: Path, option: str):
    ended = command("export", "one", option, tmp_path, "--force")
    assert ended.status == 1 and "is a folder" in ended.err


def test_a_file_is_no_folder(command, run: Path, tmp_path: Path):
    (tmp_path / "t").write_text("mine")
    ended = command("export", "one", "--csv", tmp_path / "t", "--force")
    assert ended.status == 1 and "is a file" in ended.err


@pytest.mark.parametrize("name", ["../one", "runs/../../one", "/etc", "no\0thing", "link", ".", ".."])
def test_names_lead_to_no_folder_elsewhere(command, run: Path, workspace, tmp_path: Path, name: str):
    (workspace.runs.parent / "one").mkdir()
    (workspace.runs / "link").symlink_to(tmp_path)
    ended = command("export", name, "--archive", tmp_path / "r.zip")
    assert ended.status == 1
    assert ended.err.startswith("error: ") and "Traceback" not in ended.err
    assert not (tmp_path / "r.zip").exists()
