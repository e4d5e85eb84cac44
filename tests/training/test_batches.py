from __future__ import annotations

import numpy as np
import pytest

from workbench.training.batches import ShuffledBatches, SortedBatches, scoring_batch_size

LENGTHS = np.random.default_rng(0).integers(1, 200, 1003)


def _padding(batches):
    return sum(int(LENGTHS[rows].max()) * len(rows) - int(LENGTHS[rows].sum()) for rows in batches)


def test_an_epoch_holds_every_document_once():
    rows = np.concatenate(list(ShuffledBatches(LENGTHS, 16, seed=0)))
    assert sorted(rows.tolist()) == list(range(1003))
    assert len(list(ShuffledBatches(LENGTHS, 16, seed=0))) == len(ShuffledBatches(LENGTHS, 16, seed=0)) == 63


def test_epochs_differ_and_repeat_by_seed():
    batches, again = ShuffledBatches(LENGTHS, 16, seed=0), ShuffledBatches(LENGTHS, 16, seed=0)
    first = [rows.tolist() for rows in batches]
    assert [rows.tolist() for rows in again] == first
    batches.set_epoch(1)
    assert [rows.tolist() for rows in batches] != first
    assert [rows.tolist() for rows in ShuffledBatches(LENGTHS, 16, seed=1)] != first


def test_like_lengths_share_a_batch():
    random = np.random.default_rng(0).permutation(1003)
    unsorted = [random[start : start + 16] for start in range(0, 1003, 16)]
    assert _padding(ShuffledBatches(LENGTHS, 16, seed=0)) < 0.2 * _padding(unsorted)


@pytest.mark.parametrize("world", [2, 3])
def test_processes_take_as_many_batches_each_and_miss_none(world):
    shares = [list(ShuffledBatches(LENGTHS, 16, seed=5, process=(rank, world))) for rank in range(world)]
    assert len({len(share) for share in shares}) == 1
    assert len(shares[0]) == len(ShuffledBatches(LENGTHS, 16, seed=5, process=(0, world)))
    together = np.concatenate([rows for share in shares for rows in share])
    assert set(together.tolist()) == set(range(1003))


def test_sorted_batches_begin_with_the_longest_and_share_out():
    batches = list(SortedBatches(LENGTHS, 10, process=(0, 1)))
    assert LENGTHS[batches[0]].max() == LENGTHS.max()
    assert sorted(np.concatenate(batches).tolist()) == list(range(1003))
    halves = [list(SortedBatches(LENGTHS, 10, process=(rank, 2))) for rank in range(2)]
    assert sorted(np.concatenate([rows for half in halves for rows in half]).tolist()) == list(range(1003))


@pytest.mark.parametrize("documents", [1, 2, 5, 9])
@pytest.mark.parametrize("world", [1, 2, 4])
def test_few_documents_still_give_every_process_a_batch(documents, world):
    lengths = np.arange(documents)
    shares = [list(ShuffledBatches(lengths, 8, seed=0, process=(rank, world))) for rank in range(world)]
    assert {len(share) for share in shares} == {-(-documents // (8 * world))}
    size = scoring_batch_size(8, documents, world)
    scored = [list(SortedBatches(lengths, size, (rank, world))) for rank in range(world)]
    assert sorted(np.concatenate([batch for share in scored for batch in share])) == list(range(documents))
    assert documents < world or all(scored)


def test_documents_are_scored_in_batches_twice_as_large():
    assert scoring_batch_size(8, 1000, 2) == 16
