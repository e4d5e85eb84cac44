"""Text files line by line, plain or gzipped, with every way in which that can fail noted as a problem."""

from __future__ import annotations

import codecs
import gzip
import io
import re
import zlib
from collections.abc import Iterator
from pathlib import Path

from workbench.data.reading import Reading, ReadOptions

GZIP_MAGIC = b"\x1f\x8b"
UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
LIKELY = "cp1252"
"""What a file that is not UTF-8 most often is: Windows' encoding of Western European languages."""
_CONTROLS = re.compile("[\x80-\x9f]")
_EXCERPT = 40
Stream = io.BufferedReader | gzip.GzipFile


def read_lines(path: Path, reading: Reading, *, errors: str = "strict") -> Iterator[tuple[int, str]]:
    """Each line with its number from 1, without its end; what cannot be decoded is left out.

    It is noted once a file, where it is first met. A file with the mark of UTF-16 is read as that.

    Args:
        path: of the file, plain or gzipped.
        reading: how it is encoded, and where problems go.
        errors: "replace" puts signs of replacement where bytes cannot be decoded.
    """
    number = 0
    try:
        with path.open("rb") as raw, _opened(raw) as stream:
            position = 0
            for number, text in _numbered(stream, path, reading, errors):
                if text is not None:
                    yield number, text.rstrip("\r\n")
                if number % 256 == 0:
                    reading.advance(raw.tell() - position)
                    position = raw.tell()
            reading.advance(raw.tell() - position)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        message = f"The compressed file is cut off or damaged after line {number} ({error})."
        reading.problems.error("broken gzip", path, number + 1, message, "Copy or download it again.")
    except OSError as error:
        message = f"The file cannot be read ({error.strerror})."
        reading.problems.error("unreadable file", path, None, message, "Check its path and permissions.")


def first_lines(path: Path, count: int = 1, encoding: str = "utf-8") -> list[str]:
    """The first lines of a file as well as they can be read, to guess its format; never an error."""
    quiet = Reading(ReadOptions(encoding=encoding))
    lines: list[str] = []
    for _, line in read_lines(path, quiet, errors="replace"):
        lines.append(line[:65536])
        if len(lines) == count:
            break
    return lines


def _opened(raw: io.BufferedReader) -> Stream:
    is_gzip = raw.read(2) == GZIP_MAGIC
    raw.seek(0)
    return gzip.GzipFile(fileobj=raw) if is_gzip else raw


def _numbered(stream: Stream, path: Path, reading: Reading, errors: str) -> Iterator[tuple[int, str | None]]:
    """Each line with its number; None for one that cannot be decoded."""
    encoding = reading.options.encoding
    try:
        name = codecs.lookup(encoding).name
    except LookupError:
        _wrong_encoding(path, None, f"There is no encoding {encoding!r}.", reading)
        return
    start = stream.peek(2)[:2]
    if name.startswith(("utf-16", "utf-32")):
        yield from _wide(stream, encoding, path, reading, errors)
    elif start in UTF16_MARKS:
        reading.notes.append(f"{path.name} begins with the mark of UTF-16 and was read as that.")
        yield from _wide(stream, "utf-16", path, reading, errors)
    else:
        yield from _bytewise(stream, path, reading, errors)


def _wide(
    stream: Stream, encoding: str, path: Path, reading: Reading, errors: str
) -> Iterator[tuple[int, str]]:
    """Lines of an encoding in which a byte 0x0a may be half of a sign: the stream is decoded as a whole."""
    number = 0
    text = io.TextIOWrapper(stream, encoding=encoding, errors=errors, newline="\n")
    try:
        for number, line in enumerate(text, start=1):
            yield number, line.removeprefix("\ufeff") if number == 1 else line
    except UnicodeError as error:
        _wrong_encoding(path, number + 1, f"From here on the file is not {encoding} ({error}).", reading)
    finally:
        text.detach()  # whoever opened the stream closes it


def _bytewise(stream: Stream, path: Path, reading: Reading, errors: str) -> Iterator[tuple[int, str | None]]:
    encoding = reading.options.encoding
    is_told = False
    for number, line in enumerate(stream, start=1):
        text, problem = None, ""
        try:
            text = line.decode(encoding, errors)
        except UnicodeDecodeError as error:
            problem = f"Byte {error.start + 1} (0x{line[error.start]:02x}) is not {encoding}"
            problem += _as_likely(line, error.start)
        if problem and not is_told:
            _wrong_encoding(path, number, problem, reading)
        if text and not is_told and _is_doubtful(text, line, encoding):
            _doubt(path, number, text, encoding, reading)
            is_told = True
        is_told = is_told or bool(problem)
        yield number, text.removeprefix("\ufeff") if text and number == 1 else text


def _as_likely(line: bytes, position: int) -> str:
    """How the bytes around the wrong one read in the likely encoding."""
    around = line[max(0, position - _EXCERPT // 2) : position + _EXCERPT // 2]
    read = " ".join(around.decode(LIKELY, "replace").split())
    return "." if "\ufffd" in read else f"; as {LIKELY} it reads {read!r}. Further lines are not listed."


def _is_doubtful(text: str, line: bytes, encoding: str) -> bool:
    """Whether signs stand in a text that nobody types, and the likely encoding has others there."""
    if text.isascii() or not _CONTROLS.search(text) or codecs.lookup(encoding).name == "utf-8":
        return False
    return "\ufffd" not in line.decode(LIKELY, "replace")


def _doubt(path: Path, number: int, text: str, encoding: str, reading: Reading) -> None:
    found = _CONTROLS.findall(text)[0]
    message = f"As {encoding} the text has control characters (U+{ord(found):04X}), which nobody types."
    remedy = (
        f"Try --encoding {LIKELY}, in which that is {found.encode('latin-1').decode(LIKELY, 'replace')!r}."
    )
    reading.problems.warn("doubtful encoding", path, number, message, remedy)


def _wrong_encoding(path: Path, number: int | None, what: str, reading: Reading) -> None:
    remedy = f"Save the file as UTF-8, or name its encoding, such as --encoding {LIKELY} or utf-16."
    reading.problems.error("wrong encoding", path, number, what, remedy)
