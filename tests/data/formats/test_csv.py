from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from workbench.data.formats import reader_for

Read = Callable[..., Any]


def table(tmp_path: Path, content: str, name: str = "all.csv") -> Path:
    (tmp_path / name).write_text(content, encoding="utf-8")
    return tmp_path / name


@pytest.mark.parametrize(
    ("rows", "options"),
    [
        ('"one, two",a|b\nthree,b', {}),
        ('"one, two",a;b\nthree,b', {}),
        ('"one, two","a,b"\nthree,b', {}),
        ('"one, two",a b\nthree,b', {"separator": " "}),
        ('"one, two",a / b\nthree,"b |"', {"separator": ("/", "|")}),
        ('"one, two",a -> b\nthree,b-', {"separator": ("-", "->")}),
        ('"one, two","[""a"", ""b""]"\nthree,"[\'b\']"', {}),
    ],
)
def test_a_column_of_labels(tmp_path: Path, read: Read, rows: str, options: dict[str, str]) -> None:
    documents, reading = read(table(tmp_path, f"text,labels\n{rows}\n"), **options)
    assert [(d.text, d.labels) for d in documents] == [("one, two", ("a", "b")), ("three", ("b",))]
    assert not list(reading.problems)


def test_one_column_of_zero_and_one_for_each_label(tmp_path: Path, read: Read) -> None:
    documents, reading = read(table(tmp_path, "id,text,a,b b\n7,one,1,0\n8,two,0,0\n9,three,1,1\n"))
    assert [(d.id, d.labels) for d in documents] == [("7", ("a",)), ("8", ()), ("9", ("a", "b b"))]
    assert not list(reading.problems)


def test_doubled_columns_that_are_not_read_do_no_harm(tmp_path: Path, read: Read) -> None:
    documents, reading = read(table(tmp_path, "id,text,labels,note,note,id\n7,one,a,x,y,z\n"), id_field="")
    assert [(d.text, d.labels) for d in documents] == [("one", ("a",))]
    assert not list(reading.problems)


def test_tabs_semicolons_and_empty_cells(tmp_path: Path, read: Read) -> None:
    documents, _ = read(table(tmp_path, "id\ttext\tlabels\n\ta, b\t\n", "all.tsv"))
    assert [(d.id, d.text, d.labels) for d in documents] == [(None, "a, b", ())]
    documents, _ = read(table(tmp_path, "text;labels\na, b;x|y\n"))
    assert documents[0].labels == ("x", "y")


def test_lines_are_those_of_the_file_across_quoted_line_ends(tmp_path: Path, read: Read) -> None:
    documents, reading = read(table(tmp_path, 'text,labels\n"one\ntwo",a\nthree,a\n,a\n'))
    assert [(d.text, d.line) for d in documents] == [("one\ntwo", 2), ("three", 4)]
    assert [(p.kind, p.line) for p in reading.problems] == [("empty text", 5)]


@pytest.mark.parametrize(
    ("content", "kind", "line", "says"),
    [
        ("txt,labels\na,b\n", "missing field", 1, "no column 'text'; the columns are: txt, labels. Did you"),
        ("text,tags\na,b\n", "missing field", 1, "no column 'labels'"),
        ("text\na\n", "missing field", 1, "no column 'labels'"),
        ("text,labels\na,b,c\n", "wrong number of cells", 2, "3 cells, but the header has 2"),
        ("text,a,b\none,1,0\ntwo,1,7\n", "wrong type", 3, "Column 'b' must hold 0 or 1, not '7'"),
        ('text,labels\none,a\n"two,a\n', "broken CSV", 3, "cannot be read"),
        (
            'text,labels\none,a|b\ntwo,"a;b"\n',
            "mixed separators",
            None,
            "by '|', but 1 of the first 2 rows holds ';' too: 'a;b'",
        ),
        (
            "text,labels\none,a/b\ntwo,a\nthree,b/c\n",
            "mixed separators",
            None,
            "one a cell, but 2 of the first 3 rows hold '/' too: 'a/b'",
        ),
        ('text,labels\none,"[a, b]"\n', "wrong type", 2, "look like a list"),
        ("", "empty file", None, "no header"),
        ("text,labels,labels\none,a,b\n", "doubled column", 1, "More than one column is called 'labels'."),
        ("text,labels,text\none,a,b\n", "doubled column", 1, "More than one column is called 'text'."),
        ("id,id,text,a,a\n1,2,one,0,1\n", "doubled column", 1, "called 'a' and more than one 'id'."),
    ],
)
def test_what_is_wrong_is_named(
    tmp_path: Path, read: Read, content: str, kind: str, line: int | None, says: str
) -> None:
    _, reading = read(table(tmp_path, content))
    (problem,) = reading.problems
    assert (problem.kind, problem.line) == (kind, line)
    assert says in problem.message


def test_a_table_with_a_header_is_not_taken_for_libmultilabel(tmp_path: Path) -> None:
    assert reader_for(table(tmp_path, "id\ttext\tlabels\n", "a.tsv")).name == "csv"
    assert reader_for(table(tmp_path, "1\ta b\tsome words\n", "b.tsv")).name == "libmultilabel"
    assert reader_for(table(tmp_path, "1\ta b\ttext\n", "c.txt")).name == "libmultilabel"


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16"])
def test_a_table_as_a_spreadsheet_saves_it(tmp_path: Path, read: Read, encoding: str) -> None:
    (tmp_path / "all.csv").write_bytes('Schlüssel;text;labels\n1;"à la – carte";a|b\n'.encode(encoding))
    documents, reading = read(tmp_path / "all.csv", encoding=encoding)
    assert [(d.text, d.labels) for d in documents] == [("à la – carte", ("a", "b"))]
    assert not list(reading.problems)
