"""Word vectors in text files of GloVe's or word2vec's format, plain or gzipped."""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from workbench.errors import WorkbenchError
from workbench.files import replacing


def read_vectors(path: Path, words: set[str]) -> dict[str, np.ndarray]:
    """The vectors (E,) float32 of those `words` that the file has; the first line of a repeated word counts.

    Raises:
        WorkbenchError: when the file is missing, is not such a file, or a line breaks the format.
    """
    found: dict[str, np.ndarray] = {}
    size: int | None = None
    for number, line in _lines(path):
        fields = line.rstrip().split(" ")
        if number == 1 and len(fields) == 2:
            continue  # word2vec's header: how many words, how many dimensions
        size = size or len(fields) - 1
        word = " ".join(fields[:-size])  # a few words of the larger GloVe files have spaces in them
        if size < 2 or len(fields) < size + 1:
            raise WorkbenchError(
                _malformed(path, number, f"{len(fields) - 1} numbers where {size} were expected")
            )
        if word in words and word not in found:
            found[word] = _numbers(path, number, fields[-size:])
    if size is None:
        raise WorkbenchError(f"{path} holds no word vectors. Expected lines of a word and its numbers.")
    return found


def write_vectors(path: Path, words: Sequence[str], vectors: np.ndarray) -> None:
    """Write the vectors (V, E) of `words` in word2vec's text format, gzipped where the name ends in .gz.

    Numbers have six digits. The file appears whole or not at all.
    """
    with (
        replacing(path) as partial,
        gzip.open(partial, "wt", encoding="utf-8")
        if path.suffix == ".gz"
        else partial.open("w", encoding="utf-8") as file,
    ):
        file.write(f"{len(words)} {vectors.shape[1]}\n")
        for word, vector in zip(words, vectors, strict=True):
            file.write(f"{word} {' '.join(f'{number:.6g}' for number in vector)}\n")


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        with (
            gzip.open(path, "rt", encoding="utf-8")
            if path.suffix == ".gz"
            else path.open(encoding="utf-8") as file
        ):
            for number, line in enumerate(file, start=1):
                if line.strip():
                    yield number, line
    except FileNotFoundError:
        raise WorkbenchError(
            f"Word vectors {path} cannot be read: there is no such file in {path.absolute().parent}. Give "
            f"the path of one, or count them: workbench data vectors CORPUS --out {path}"
        ) from None
    except (OSError, EOFError) as error:
        raise WorkbenchError(
            f"Word vectors {path} cannot be read: {error}. Write the file again, or leave it out."
        ) from None
    except UnicodeDecodeError:
        raise WorkbenchError(
            f"{path} is not UTF-8 text. Word vectors are read from GloVe's or word2vec's text format."
        ) from None


def _numbers(path: Path, number: int, fields: list[str]) -> np.ndarray:
    try:
        vector = np.array(fields, dtype=np.float32)
    except ValueError:
        raise WorkbenchError(_malformed(path, number, "something that is not a number")) from None
    if not np.isfinite(vector).all():
        raise WorkbenchError(_malformed(path, number, "a number that is not finite"))
    return vector


def _malformed(path: Path, number: int, what: str) -> str:
    return f"{path}, line {number}: {what}. Expected a word and its numbers, separated by single spaces."
