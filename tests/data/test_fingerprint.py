from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse

from workbench.data.corpus import Corpus, Split
from workbench.data.fingerprint import corpus_fingerprint, split_identity


def changed(split: Split, part: str) -> Split:
    if part == "targets":
        flipped = split.targets.toarray()
        flipped[0, 0] ^= 1
        return replace(split, targets=sparse.csr_array(flipped))
    values = list(getattr(split, part))
    return replace(split, **{part: [values[0] + "!", *values[1:]]})


@pytest.mark.parametrize("split", ["train", "valid", "test"])
@pytest.mark.parametrize("part", ["texts", "ids", "targets"])
def test_every_part_of_every_split_counts(corpus: Corpus, split: str, part: str) -> None:
    other = replace(corpus, **{split: changed(getattr(corpus, split), part)})
    assert corpus_fingerprint(other) != corpus.fingerprint
    assert (split_identity(other) != corpus.split_id) == (part == "ids")


def test_labels_and_their_names_count(corpus: Corpus) -> None:
    assert corpus_fingerprint(replace(corpus, labels=corpus.labels[::-1])) != corpus.fingerprint
    assert corpus_fingerprint(replace(corpus, label_texts=corpus.labels)) != corpus.fingerprint


def test_name_and_card_do_not_count_as_content(corpus: Corpus) -> None:
    renamed = replace(corpus, name="other", card=corpus.card.with_note("moved"))
    assert corpus_fingerprint(renamed) == corpus.fingerprint
    assert split_identity(renamed) == corpus.split_id.replace("small/", "other/")


def test_moving_a_boundary_between_texts_changes_it(corpus: Corpus) -> None:
    texts = list(corpus.train.texts)
    moved = [texts[0] + texts[1][0], texts[1][1:], *texts[2:]]
    assert "".join(moved) == "".join(texts)
    assert corpus_fingerprint(replace(corpus, train=replace(corpus.train, texts=moved))) != corpus.fingerprint


def test_the_width_of_indices_does_not_count(corpus: Corpus) -> None:
    targets = corpus.train.targets.copy()
    targets.indices, targets.indptr = targets.indices.astype(np.int64), targets.indptr.astype(np.int64)
    assert (
        corpus_fingerprint(replace(corpus, train=replace(corpus.train, targets=targets)))
        == corpus.fingerprint
    )
