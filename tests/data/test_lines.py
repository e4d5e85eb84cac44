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
    assert "Byte 2 (0xfc) is not utf-8" in problem.message
    assert "--encoding latin-1" in problem.remedy
    named = Reading(ReadOptions(encoding="latin-1"))
    assert list(read_lines(tmp_path / "a", named))[1] == (2, "Münster")
    assert not list(named.problems)


def test_utf16_is_one_problem_not_one_a_line(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(TEXT.encode("utf-16"))
    reading = Reading()
    assert list(read_lines(tmp_path / "a", reading)) == []
    assert [problem.message for problem in reading.problems] == ["The file is UTF-16."]


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
    (tmp_path / "b.gz").write_bytes(b"\x1f\x8b\x08broken")
    assert first_lines(tmp_path / "b.gz") == []
