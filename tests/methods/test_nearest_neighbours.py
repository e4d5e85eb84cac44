"""Nearest neighbours against plain loops, scikit-learn's search and numbers by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from scipy import sparse
from sklearn.metrics import f1_score
from sklearn.neighbors import NearestNeighbors

from workbench.errors import WorkbenchError
from workbench.methods import nearest_neighbours
from workbench.methods.nearest_neighbours import (
    LabelSets,
    Neighbours,
    chosen_share,
    mix_scores,
    nearest,
    neighbour_scores,
)
from workbench.metrics import tune_threshold


def _random(*shape: int, seed: int = 0, dtype: torch.dtype = torch.float64) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=dtype)


def _sets(rows: int, labels: int, share: float = 0.3) -> torch.Tensor:
    drawn = torch.rand(rows, labels, generator=torch.Generator().manual_seed(3)) < share
    drawn[0] = False  # a document without a label, and one with all
    drawn[1] = True
    return drawn.to(torch.uint8)


def _by_loops(queries, memory, targets, k, temperature):
    found = []
    for query in queries.double().tolist():
        distances = [math.dist(query, row) for row in memory.double().tolist()]
        order = sorted(range(len(distances)), key=lambda row: (distances[row], row))[:k]
        votes = [math.exp(-distances[row] / temperature) for row in order]
        found.append(
            [
                sum(v * int(targets[row, label]) for v, row in zip(votes, order, strict=True)) / sum(votes)
                for label in range(targets.shape[1])
            ]
        )
    return torch.tensor(found, dtype=torch.float64)


@pytest.mark.parametrize("k", [1, 4, 20])
@pytest.mark.parametrize("at_once", [nearest_neighbours._AT_ONCE, 24])
def test_scores_are_those_of_plain_loops_whatever_the_parts(k, at_once, monkeypatch):
    monkeypatch.setattr(nearest_neighbours, "_AT_ONCE", at_once)
    queries, memory, targets = _random(6, 5), _random(20, 5, seed=1), _sets(20, 4)
    found = neighbour_scores(queries, memory, LabelSets.of(targets), k, 0.7)
    torch.testing.assert_close(found, _by_loops(queries, memory, targets, k, 0.7))


@pytest.mark.parametrize("spare", [0, 16])
def test_neighbours_are_those_of_scikit_learn(spare, monkeypatch):
    monkeypatch.setattr(nearest_neighbours, "_SPARE", spare)
    queries, memory = _random(30, 16, dtype=torch.float32), _random(500, 16, seed=1, dtype=torch.float32)
    distances, rows = nearest(queries, memory, 10)
    oracle = NearestNeighbors(n_neighbors=10, algorithm="brute").fit(memory.double().numpy())
    expected, places = oracle.kneighbors(queries.double().numpy())
    assert rows.tolist() == places.tolist()
    np.testing.assert_allclose(distances.numpy(), expected, rtol=1e-5)


def test_large_vectors_that_hardly_differ_are_told_apart_exactly():
    memory = 1000 + 0.01 * torch.arange(40, dtype=torch.float64).reshape(40, 1).repeat(1, 8)
    memory = memory[torch.randperm(40, generator=torch.Generator().manual_seed(0))].float()
    distances, rows = nearest(memory[:3], memory, 2)
    assert rows[:, 0].tolist() == [0, 1, 2]
    assert distances[:, 0].tolist() == [0.0, 0.0, 0.0]


def test_ties_go_to_the_first_rows():
    memory = torch.tensor([[1.0], [-1.0], [3.0], [1.0], [-1.0]])
    distances, rows = nearest(torch.zeros(1, 1), memory, 3)
    assert rows.tolist() == [[0, 1, 3]]
    assert distances.tolist() == [[1.0, 1.0, 1.0]]


def test_votes_by_hand():
    memory = torch.tensor([[0.0], [math.log(2)], [9.0]])
    targets = torch.tensor([[1, 0], [0, 1], [1, 1]])
    found = neighbour_scores(torch.zeros(1, 1), memory, LabelSets.of(targets), 2, 1.0)
    torch.testing.assert_close(found, torch.tensor([[2 / 3, 1 / 3]]))


def test_a_larger_k_takes_all_there_are():
    queries, memory, targets = _random(2, 3), _random(5, 3, seed=1), _sets(5, 4)
    found = neighbour_scores(queries, memory, LabelSets.of(targets), 1000, 1.0)
    torch.testing.assert_close(found, _by_loops(queries, memory, targets, 5, 1.0))


def test_an_empty_memory_says_nothing_and_no_query_gets_nothing():
    empty = LabelSets.of(sparse.csr_array((0, 4), dtype=np.uint8))
    assert neighbour_scores(_random(3, 2), _random(0, 2), empty, 5, 1.0).tolist() == [[0.0] * 4] * 3
    known = LabelSets.of(_sets(5, 4))
    assert neighbour_scores(_random(0, 2), _random(5, 2), known, 5, 1.0).shape == (0, 4)


def test_neighbours_without_labels_vote_for_none():
    known = LabelSets.of(torch.zeros(6, 3))
    assert neighbour_scores(_random(2, 2), _random(6, 2), known, 4, 0.1).tolist() == [[0.0] * 3] * 2


def test_scores_stay_between_zero_and_one_at_any_temperature_in_half_precision():
    queries, memory = 60 * _random(3, 8).half(), 60 * _random(50, 8, seed=1).half()
    known = LabelSets.of(torch.ones(50, 2))
    for temperature in (1e-4, 1.0, 1e4):
        found = neighbour_scores(queries, memory, known, 30, temperature)
        assert found.dtype == torch.float32
        assert (found <= 1).all()
        torch.testing.assert_close(found, torch.ones(3, 2))


def test_autocast_does_not_make_distances_coarse():
    queries, memory = _random(3, 8, dtype=torch.float32), _random(200, 8, seed=1, dtype=torch.float32)
    exact = nearest(queries, memory, 5)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        again = nearest(queries, memory, 5)
    assert again[1].tolist() == exact[1].tolist()
    assert again[0].dtype == torch.float32


def test_vectors_of_different_sizes_are_refused():
    with pytest.raises(WorkbenchError, match=r"Vectors of 3 numbers .* 5 vectors of 2"):
        nearest(_random(1, 3), _random(5, 2), 1)


@pytest.mark.parametrize("kind", ["dense", "sparse", "explicit zeros"])
def test_packed_labels_are_averaged(kind):
    dense = _sets(6, 5)
    given = dense if kind == "dense" else sparse.csr_array(dense.numpy())
    if kind == "explicit zeros":
        given = sparse.csr_array(
            (np.append(given.data, 0), np.append(given.indices, 0), [*given.indptr[:-1], given.nnz + 1]),
            shape=given.shape,
        )
    rows, weights = torch.tensor([[1, 1, 0], [4, 0, 5]]), _random(2, 3)
    expected = (weights.unsqueeze(-1) * dense[rows].double()).sum(dim=1)
    torch.testing.assert_close(LabelSets.of(given).averaged(rows, weights), expected)


def test_the_share_is_the_one_of_highest_f1_under_its_own_threshold():
    generator = np.random.default_rng(0)
    gold = (generator.random((60, 6)) < 0.3).astype(np.uint8)
    own = (0.5 * gold + generator.random((60, 6))).astype(np.float32)
    voted = (0.4 * gold + generator.random((60, 6))).astype(np.float32)
    found = {}
    for tenth in range(11):
        mixed = tenth / 10 * voted + (1 - tenth / 10) * own
        limit = tune_threshold(mixed, gold)
        found[tenth / 10] = f1_score(gold, mixed >= limit, average="micro")
    best = max(found, key=found.get)
    assert 0 < best < 1
    assert chosen_share(own, voted, sparse.csr_array(gold)) == pytest.approx(best)


def test_neighbours_that_say_nothing_get_no_share():
    gold = np.array([[1, 0], [0, 1]], dtype=np.uint8)
    own = np.array([[0.9, 0.2], [0.1, 0.8]], dtype=np.float32)
    assert chosen_share(own, np.zeros_like(own), sparse.csr_array(gold)) == 0.0
    assert chosen_share(1 - own, own, sparse.csr_array(gold)) == pytest.approx(0.6)


def test_scores_are_mixed_by_the_share():
    assert mix_scores(0.2, 0.8, 0.25) == pytest.approx(0.35)


def _filled(rows: int = 9) -> tuple[Neighbours, torch.Tensor, torch.Tensor]:
    memory, targets = _random(rows, 4, dtype=torch.float32), _sets(rows, 3)
    neighbours = Neighbours(4, 3)
    order = torch.arange(rows).flip(0)
    parts = [(some, memory[some]) for some in order.split(4)]
    neighbours.fill(parts, sparse.csr_array(targets.numpy()))
    return neighbours, memory, targets


def test_documents_are_remembered_in_whatever_order_they_come():
    neighbours, memory, targets = _filled()
    queries = _random(5, 4, seed=7, dtype=torch.float32)
    expected = _by_loops(queries, memory.half(), targets, 3, 0.5).float()
    torch.testing.assert_close(neighbours(queries, 3, 0.5), expected, atol=1e-5, rtol=1e-4)


def test_what_is_remembered_is_saved_and_loaded_whatever_its_size():
    neighbours, _, _ = _filled()
    neighbours.share.fill_(0.3)
    fresh = Neighbours(4, 3)
    assert fresh.is_empty
    fresh.load_state_dict(neighbours.state_dict())
    assert not fresh.is_empty
    assert fresh.share.item() == pytest.approx(0.3)
    queries = _random(5, 4, seed=7, dtype=torch.float32)
    assert fresh(queries, 3, 0.5).tolist() == neighbours(queries, 3, 0.5).tolist()
    neighbours.load_state_dict(Neighbours(4, 3).state_dict())
    assert neighbours.is_empty


def test_what_is_beyond_float16_is_remembered_as_its_largest_number():
    neighbours = Neighbours(1, 1)
    neighbours.fill([(torch.arange(2), torch.tensor([[1e6], [-1e6]]))], sparse.csr_array(np.ones((2, 1))))
    assert neighbours.vectors.tolist() == [[65504.0], [-65504.0]]


def test_a_memory_without_room_is_refused_before_it_is_made():
    with pytest.raises(WorkbenchError, match=r"1,000,000,000,000 training documents needs .* GB.*train_size"):
        Neighbours(64, 3).require_room(10**12)
