from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from workbench.data.lines import first_lines, read_lines
from workbench.data.reading import Reading, ReadOptions

TEXT = "eins\nzwei\r\n\ndrei ohne Ende"


@pytest.mark.parametrize("compressed", [False, True])
def test_lines_are_numbered_from_one_without_their_ends(tmp_path: Path, compressed: bool) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(gzip.compress(TEXT.encode()) if compressed else TEXT.encode())
    seen: list[int] = []
    reading = Reading(advance=seen.append)
    lines = list(read_lines(file, reading))
    assert lines == [(1, "eins"), (2, "zwei"), (3, ""), (4, "drei ohne Ende")]
    assert sum(seen) == file.stat().st_size
    assert not list(reading.problems)


def test_a_byte_order_mark_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes("\ufeffeins\n\ufeffzwei".encode())
    assert list(read_lines(tmp_path / "a", Reading())) == [(1, "eins"), (2, "\ufeffzwei")]


def test_a_line_in_another_encoding_is_named_and_the_rest_read(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes("eins\nMünster\ndrei".encode("latin-1"))
    reading = Reading()
    assert list(read_lines(tmp_path / "a", reading)) == [(1, "eins"), (3, "drei")]
    (problem,) = reading.problems
    assert (problem.kind, problem.line) == ("wrong encoding", 2)
    assert "Byte 2 (0xfc) is not utf-8; as cp1252 it reads 'Münster'" in problem.message
    assert "--encoding cp1252" in problem.remedy
    named = Reading(ReadOptions(encoding="latin-1"))
    assert list(read_lines(tmp_path / "a", named))[1] == (2, "Münster")
    assert not list(named.problems)


def test_many_lines_in_another_encoding_are_one_problem(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes("Köln\nMünster\ndrei\nGöttingen".encode("cp1252"))
    reading = Reading()
    assert list(read_lines(tmp_path / "a", reading)) == [(3, "drei")]
    assert [problem.line for problem in reading.problems] == [1]


def test_bytes_that_the_likely_encoding_lacks_are_not_read_as_it(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"ab\x81cd")
    reading = Reading()
    assert list(read_lines(tmp_path / "a", reading)) == []
    (problem,) = reading.problems
    assert problem.message == "Byte 3 (0x81) is not utf-8."


def test_signs_that_nobody_types_are_warned_of_once(tmp_path: Path) -> None:
    """Every byte is something in latin-1: a dash of Windows becomes a control character there."""
    (tmp_path / "a").write_bytes("bread – slow\nbread – fast".encode("cp1252"))
    reading = Reading(ReadOptions(encoding="latin-1"))
    assert next(iter(read_lines(tmp_path / "a", reading))) == (1, "bread \x96 slow")
    (problem,) = reading.problems
    assert (problem.kind, problem.severity, problem.line) == ("doubtful encoding", "warning", 1)
    assert "U+0096" in problem.message
    assert "--encoding cp1252, in which that is '–'" in problem.remedy
    named = Reading(ReadOptions(encoding="cp1252"))
    assert next(iter(read_lines(tmp_path / "a", named))) == (1, "bread – slow")
    assert not list(named.problems)


@pytest.mark.parametrize("compressed", [False, True])
@pytest.mark.parametrize(
    ("written", "named", "notes"),
    [("utf-16", "utf-8", 1), ("utf-16", "utf-16", 0), ("utf-16-le", "utf-16-le", 0), ("utf-32", "utf-32", 0)],
)
def test_wide_encodings(tmp_path: Path, compressed: bool, written: str, named: str, notes: int) -> None:
    text = "eins ਊ\nMünster\r\n\ndrei"  # U+0A0A: both of its bytes are those of a line's end
    data = text.encode(written)
    (tmp_path / "a").write_bytes(gzip.compress(data) if compressed else data)
    seen: list[int] = []
    reading = Reading(ReadOptions(encoding=named), advance=seen.append)
    lines = [(1, "eins ਊ"), (2, "Münster"), (3, ""), (4, "drei")]
    assert list(read_lines(tmp_path / "a", reading)) == lines
    assert sum(seen) == (tmp_path / "a").stat().st_size
    assert len(reading.notes) == notes
    assert not list(reading.problems)


def test_utf16_that_is_cut_off_is_one_problem(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(TEXT.encode("utf-16")[:-1])
    reading = Reading()
    assert [line for _, line in read_lines(tmp_path / "a", reading)] == ["eins", "zwei", ""]
    (problem,) = reading.problems
    assert (problem.kind, problem.line) == ("wrong encoding", 4)
    assert "From here on the file is not utf-16" in problem.message


def test_an_encoding_that_does_not_exist_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("eins")
    reading = Reading(ReadOptions(encoding="utf-9"))
    assert list(read_lines(tmp_path / "a", reading)) == []
    assert "There is no encoding 'utf-9'" in str(next(iter(reading.problems)))


def test_a_truncated_gzip_gives_what_it_has_and_says_where_it_ends(tmp_path: Path) -> None:
    lines = [f"line {number} {hash(str(number))}" for number in range(5000)]
    whole = gzip.compress("\n".join(lines).encode())
    (tmp_path / "a.gz").write_bytes(whole[: len(whole) // 2])
    reading = Reading()
    found = list(read_lines(tmp_path / "a.gz", reading))
    (problem,) = reading.problems
    assert 0 < len(found) < 5000
    assert (problem.kind, problem.line) == ("broken gzip", len(found) + 1)
    assert "Copy or download it again" in problem.remedy


def test_a_gzip_with_damaged_bytes_is_a_problem(tmp_path: Path) -> None:
    damaged = bytearray(gzip.compress(TEXT.encode() * 100))
    damaged[-6] ^= 0xFF  # the checksum
    (tmp_path / "a.gz").write_bytes(damaged)
    reading = Reading()
    list(read_lines(tmp_path / "a.gz", reading))
    assert [problem.kind for problem in reading.problems] == ["broken gzip"]


def test_a_file_that_is_not_there_is_a_problem(tmp_path: Path) -> None:
    reading = Reading()
    assert list(read_lines(tmp_path / "none", reading)) == []
    assert [problem.kind for problem in reading.problems] == ["unreadable file"]


def test_first_lines_never_complain(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"eins\nzwei\n")
    assert first_lines(tmp_path / "a") == ["eins"]
    assert first_lines(tmp_path / "a", 5) == ["eins", "zwei"]
    (tmp_path / "c").write_bytes("Identität;text".encode("latin-1"))
    assert first_lines(tmp_path / "c") == ["Identit\ufffdt;text"]
    assert first_lines(tmp_path / "c", encoding="latin-1") == ["Identität;text"]
    (tmp_path / "b.gz").write_bytes(b"\x1f\x8b\x08broken")
    assert first_lines(tmp_path / "b.gz") == []
