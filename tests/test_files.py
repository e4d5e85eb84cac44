from __future__ import annotations

import pytest

from workbench.errors import WorkbenchError
from workbench.files import refuse_link, write_between


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
