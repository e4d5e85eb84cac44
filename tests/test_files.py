from __future__ import annotations

import errno

import pytest

from workbench.errors import WorkbenchError
from workbench.files import refuse_link, replacing, write_between, write_json


def test_what_stands_between_the_marks_is_replaced_and_nothing_else(tmp_path):
    page = tmp_path / "page.md"
    marks = "<!-- b: begin -->\nold\n<!-- b: end -->\n<!-- a: begin --><!-- a: end -->"
    page.write_text(f"before\n{marks}\nafter\n")
    write_between(page, "b", "new <!-- c: end -->")
    write_between(page, "a", "first")
    assert page.read_text() == (
        "before\n<!-- b: begin -->\nnew <!-- c: end -->\n<!-- b: end -->\n"
        "<!-- a: begin -->\nfirst\n<!-- a: end -->\nafter\n"
    )


@pytest.mark.parametrize("text", ["", "<!-- a: begin -->", "<!-- a: end --> <!-- a: begin -->"])
def test_a_page_without_both_marks_is_left_as_it_is(tmp_path, text: str):
    page = tmp_path / "page.md"
    page.write_text(text)
    with pytest.raises(WorkbenchError, match=r"no place for a: add the lines <!-- a: begin --> and"):
        write_between(page, "a", "new")
    assert page.read_text() == text


def test_a_link_in_the_place_of_a_folder_is_refused(tmp_path):
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "nowhere")
    with pytest.raises(WorkbenchError, match="link to a folder elsewhere"):
        refuse_link(link)
    refuse_link(tmp_path)


def test_where_nothing_can_be_written_is_said(tmp_path):
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(WorkbenchError, match=r"file/a\.json could not be written: File exists \(.*/file\)"):
        write_json(tmp_path / "file" / "a.json", {})
    (tmp_path / "folder").mkdir()
    with pytest.raises(WorkbenchError, match="folder could not be written: Is a directory"):
        write_json(tmp_path / "folder", {})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "folder"]


def test_a_full_disk_is_said_and_what_was_there_stays(tmp_path):
    (tmp_path / "kept").write_text("before")
    with (
        pytest.raises(WorkbenchError, match=r"kept could not be written: No space left.*Make room"),
        replacing(tmp_path / "kept"),
    ):
        raise OSError(errno.ENOSPC, "No space left on device")
    assert [path.read_text() for path in tmp_path.iterdir()] == ["before"]


def test_an_error_that_has_nothing_to_do_with_writing_stays_what_it_is(tmp_path):
    with pytest.raises(FileNotFoundError), replacing(tmp_path / "new"):
        (tmp_path / "missing").read_text()
    assert not list(tmp_path.iterdir())
