"""AAPD as released and AttentionXML's EUR-Lex: two files, line by line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from workbench.data.formats import reader_for

Read = Callable[..., Any]


def files(folder: Path, **contents: str) -> Path:
    for name, content in contents.items():
        (folder / name.replace("__", ".")).write_text(content, encoding="utf-8")
    return folder


def test_aapd_as_released(tmp_path: Path, read: Read) -> None:
    for part, split in (("train", "train"), ("val", "valid"), ("test", "test")):
        files(
            tmp_path,
            **{f"text_{part}": f"{split} one\n{split} two\n", f"label_{part}": "cs.it math.it\ncs.cv\n"},
        )
    documents, reading = read(tmp_path)
    assert reader_for(tmp_path).name == "aapd"
    assert sorted((d.split, d.text, d.labels) for d in documents) == [
        (split, f"{split} {number}", labels)
        for split in ("test", "train", "valid")
        for number, labels in (("one", ("cs.it", "math.it")), ("two", ("cs.cv",)))
    ]
    assert not list(reading.problems)


def test_eurlex_of_attentionxml_prefers_raw_texts(tmp_path: Path, read: Read) -> None:
    files(
        tmp_path, train_texts__txt="tokens\n", train_raw_texts__txt="Raw text\n", train_labels__txt="a_b c\n"
    )
    files(tmp_path, test_raw_texts__txt="Other\n", test_labels__txt="c\n")
    documents, reading = read(tmp_path)
    assert reader_for(tmp_path).name == "attentionxml"
    assert {(d.split, d.text, d.labels) for d in documents} == {
        ("train", "Raw text", ("a_b", "c")),
        ("test", "Other", ("c",)),
    }
    assert not list(reading.problems)


def test_tokenised_texts_do_where_there_are_no_raw_ones(tmp_path: Path, read: Read) -> None:
    files(tmp_path, train_texts__txt="some tokens\n", train_labels__txt="a\n")
    assert read(tmp_path)[0][0].text == "some tokens"


def test_unequal_lengths_name_both_files(tmp_path: Path, read: Read) -> None:
    files(tmp_path, text_train="one\ntwo\nthree\n", label_train="a\nb\n")
    documents, reading = read(tmp_path)
    (problem,) = reading.problems
    assert len(documents) == 2
    assert (problem.kind, problem.file.name, problem.line) == ("unequal lengths", "text_train", 3)
    assert "3 texts, but 2 lines of labels in label_train" in problem.message


def test_an_unreadable_line_does_not_shift_the_rest(tmp_path: Path, read: Read) -> None:
    (tmp_path / "text_train").write_bytes("one\nMünster\nthree\n\nfive\n".encode("latin-1"))
    files(tmp_path, label_train="a\nb\nc\nd\n\n")
    documents, reading = read(tmp_path)
    assert [(d.text, d.labels, d.line) for d in documents] == [
        ("one", ("a",), 1),
        ("three", ("c",), 3),
        ("five", (), 5),
    ]
    assert [(p.kind, p.line) for p in reading.problems] == [("wrong encoding", 2), ("empty text", 4)]


def test_a_missing_partner_is_named(tmp_path: Path, read: Read) -> None:
    files(tmp_path, text_train="one\n", label_train="a\n", text_test="two\n")
    (problem,) = read(tmp_path)[1].problems
    assert (problem.kind, problem.file.name) == ("missing file", "text_test")
    assert "the file with the labels is missing" in problem.message


def test_one_file_of_a_pair_alone_says_to_give_the_folder(tmp_path: Path, read: Read) -> None:
    files(tmp_path, text_train="one\n")
    (problem,) = read(tmp_path / "text_train", "aapd")[1].problems
    assert "Give the folder" in problem.remedy
