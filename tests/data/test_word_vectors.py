from __future__ import annotations

import gzip

import numpy as np
import pytest

from workbench.data.word_vectors import read_vectors, write_vectors
from workbench.errors import WorkbenchError

LINES = "cat 1 2 3\ndog -1 0.5 2e-1\ncat 9 9 9\n. . . 4 5 6\n"


def test_only_wanted_words_are_read_and_the_first_line_of_a_word_counts(tmp_path):
    path = tmp_path / "vectors.txt"
    path.write_text(LINES)
    found = read_vectors(path, {"cat", ". . .", "fish"})
    assert {word: vector.tolist() for word, vector in found.items()} == {"cat": [1, 2, 3], ". . .": [4, 5, 6]}


@pytest.mark.parametrize("header", ["", "4 3\n"])
def test_word2vec_headers_and_gzip_are_read(tmp_path, header):
    path = tmp_path / "vectors.txt.gz"
    path.write_bytes(gzip.compress((header + LINES).encode()))
    np.testing.assert_allclose(read_vectors(path, {"dog"})["dog"], [-1, 0.5, 0.2], rtol=1e-6)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("cat 1 2 3\ndog 1 2\n", r"line 2: 2 numbers where 3 were expected"),
        ("cat 1 2 3\ndog 1 x 2\n", r"line 2: something that is not a number"),
        ("cat 1 2 3\ndog 1 nan 2\n", r"line 2: a number that is not finite"),
        ("", "holds no word vectors"),
    ],
)
def test_malformed_files_name_the_line(tmp_path, content, message):
    path = tmp_path / "vectors.txt"
    path.write_text(content)
    with pytest.raises(WorkbenchError, match=message):
        read_vectors(path, {"cat", "dog"})


def test_files_that_are_missing_binary_or_not_gzip_are_errors(tmp_path):
    with pytest.raises(WorkbenchError, match=f"no such file in {tmp_path}. .* --out {tmp_path}/nothing.txt"):
        read_vectors(tmp_path / "nothing.txt", set())
    (tmp_path / "a.bin").write_bytes(b"cat \xff\xfe 1\n")
    with pytest.raises(WorkbenchError, match="not UTF-8"):
        read_vectors(tmp_path / "a.bin", set())
    (tmp_path / "a.gz").write_text("cat 1 2 3\n")
    with pytest.raises(WorkbenchError, match="cannot be read"):
        read_vectors(tmp_path / "a.gz", set())


@pytest.mark.parametrize("name", ["vectors.txt", "vectors.txt.gz"])
def test_what_is_written_is_read_again(tmp_path, name):
    words = ["naïve", "cat", "state-of-the-art"]
    vectors = np.random.default_rng(0).normal(size=(3, 5)).astype(np.float32)
    write_vectors(tmp_path / name, words, vectors)
    found = read_vectors(tmp_path / name, set(words))
    np.testing.assert_allclose(np.stack([found[word] for word in words]), vectors, rtol=1e-5)
    assert [path.name for path in tmp_path.iterdir()] == [name]
