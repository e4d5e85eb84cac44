"""What makes two corpora the same: a hash over their content, and a short one over their ids."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from workbench.data.corpus import Corpus


def corpus_fingerprint(corpus: Corpus) -> str:
    """SHA-256 (hex) over labels, label texts and every split's texts, ids and targets, in their order.

    Descriptions of labels and which documents were generated count where there are any.
    """
    digest = hashlib.sha256()
    _add_strings(digest, corpus.labels)
    _add_strings(digest, corpus.label_texts)
    for split in (corpus.train, corpus.valid, corpus.test):
        _add_strings(digest, split.texts)
        _add_strings(digest, split.ids)
        digest.update(split.targets.indptr.astype("<i8").tobytes())
        digest.update(split.targets.indices.astype("<i8").tobytes())
    if corpus.descriptions:
        digest.update(b"descriptions")
        _add_strings(digest, corpus.descriptions)
    if corpus.train.generated is not None:
        digest.update(b"generated" + np.packbits(corpus.train.generated).tobytes())
    return digest.hexdigest()


def split_identity(corpus: Corpus) -> str:
    """The name and eight hex digits over the ids of the three splits, such as 'demo/2a9f61c3'."""
    digest = hashlib.sha256()
    for split in (corpus.train, corpus.valid, corpus.test):
        _add_strings(digest, split.ids)
    return f"{corpus.name}/{digest.hexdigest()[:8]}"


def _add_strings(digest: hashlib._Hash, strings: Iterable[str]) -> None:
    """Each string with its length before it, the number of strings last: no two lists give the same bytes."""
    count = 0
    for string in strings:
        encoded = string.encode("utf-8", "surrogatepass")
        digest.update(np.int64(len(encoded)).astype("<i8").tobytes() + encoded)
        count += 1
    digest.update(np.int64(count).astype("<i8").tobytes())
