from __future__ import annotations

import shutil

import numpy as np
import pytest

from workbench.data.library import save_corpus
from workbench.errors import WorkbenchError
from workbench.probes.documents import chosen_rows, ids_digest, sample_documents, training_corpus


def test_a_seed_draws_the_same_documents_for_every_model(toy_method, toy_corpus):
    samples = [
        sample_documents(toy_method(filters=filters, embedding_size=4), toy_corpus.train, 40, seed=5)
        for filters in (2, 7)
    ]
    assert samples[0].digest == samples[1].digest
    assert [len(sample) for sample in samples] == [40, 40]
    other = sample_documents(toy_method(filters=2, embedding_size=4), toy_corpus.train, 40, seed=6)
    assert other.digest != samples[0].digest


def test_targets_belong_to_their_documents(toy_method, toy_corpus):
    method = toy_method(filters=2, embedding_size=4)
    sample = sample_documents(method, toy_corpus.train, 50, seed=1)
    rows = chosen_rows(len(toy_corpus.train), 50, 1)
    assert len(sample.batches) == 2
    for batch in sample.batches:
        expected = toy_corpus.train.targets[rows[batch.rows.numpy()]].toarray()
        assert np.array_equal(batch.targets.numpy(), expected)


def test_no_more_documents_are_taken_than_there_are():
    assert chosen_rows(3, 256, 0).tolist() == [0, 1, 2]
    assert len(set(chosen_rows(300, 256, 0).tolist())) == 256


def test_the_digest_tells_ids_apart():
    assert ids_digest(["a", "b"]) != ids_digest(["b", "a"])
    assert ids_digest(["ab"]) != ids_digest(["a", "b"])


def test_a_run_is_probed_on_what_it_was_trained_on(finished, toy_corpus, workspace):
    save_corpus(toy_corpus, workspace.corpora / "toy")
    assert training_corpus(finished("whole"), workspace).fingerprint == toy_corpus.fingerprint
    part = training_corpus(finished("part", seed=4, train_size=50), workspace)
    assert part.fingerprint == toy_corpus.with_train_size(50, 4).fingerprint


def test_a_corpus_that_changed_or_is_gone_is_named(finished, toy_corpus, workspace):
    run = finished("whole")
    with pytest.raises(WorkbenchError, match=r"whole cannot be probed .* There is no corpus 'toy'"):
        training_corpus(run, workspace)
    save_corpus(toy_corpus.with_train_size(60), workspace.corpora / "toy")
    with pytest.raises(WorkbenchError, match="has changed since whole was trained"):
        training_corpus(run, workspace)
    small = finished("small", train_size=100)  # more documents than the changed corpus has
    with pytest.raises(WorkbenchError, match="has changed since small was trained"):
        training_corpus(small, workspace)
    shutil.rmtree(workspace.corpora / "toy")
    assert training_corpus(run, workspace, toy_corpus) is toy_corpus
