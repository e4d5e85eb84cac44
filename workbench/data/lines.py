"""Text files line by line, plain or gzipped, with every way in which that can fail noted as a problem."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from workbench.data.reading import Reading

GZIP_MAGIC = b"\x1f\x8b"
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


def read_lines(path: Path, reading: Reading) -> Iterator[tuple[int, str]]:
    """Each line with its number from 1, without its end; what cannot be decoded is noted and left out."""
    number = 0
    try:
        with path.open("rb") as raw, _opened(raw) as stream:
            position = 0
            for number, line in enumerate(stream, start=1):
                if number == 1 and line.startswith(UTF16_MARKS):
                    _wrong_encoding(path, None, "The file is UTF-16.", reading)
                    return
                text = _decode(path, number, line, reading)
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


def first_lines(path: Path, count: int = 1) -> list[str]:
    """The first lines of a file as well as they can be read, to guess its format; never an error."""
    quiet = Reading()
    lines: list[str] = []
    for _, line in read_lines(path, quiet):
        lines.append(line[:65536])
        if len(lines) == count:
            break
    return lines


def _opened(raw: IO[bytes]) -> IO[bytes]:
    is_gzip = raw.read(2) == GZIP_MAGIC
    raw.seek(0)
    return gzip.GzipFile(fileobj=raw) if is_gzip else raw  # type: ignore[return-value]


def _decode(path: Path, number: int, line: bytes, reading: Reading) -> str | None:
    encoding = reading.options.encoding
    try:
        text = line.decode(encoding)
    except LookupError:
        _wrong_encoding(path, number, f"There is no encoding {encoding!r}.", reading)
        return None
    except UnicodeDecodeError as error:
        what = f"Byte {error.start + 1} (0x{line[error.start]:02x}) is not {encoding}."
        _wrong_encoding(path, number, what, reading)
        return None
    return text.removeprefix("\ufeff") if number == 1 else text


def _wrong_encoding(path: Path, number: int | None, what: str, reading: Reading) -> None:
    remedy = "Save the file as UTF-8, or name its encoding, such as --encoding latin-1."
    reading.problems.error("wrong encoding", path, number, what, remedy)
