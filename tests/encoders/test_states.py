from __future__ import annotations

import numpy as np
import pytest
import torch

from workbench.encoders.states import States, keep_states, open_states, states_in_memory

OFFSETS = np.array([0, 2, 3, 6])


def fill(states: States) -> None:
    states.document[:] = [[1, 2], [3, 4], [5, 6]]
    if states.tokens is not None:
        states.tokens[:] = np.arange(12).reshape(6, 2)


def test_batches_pad_token_states_with_zeros(tmp_path):
    states = keep_states(tmp_path / "kept", OFFSETS, 2, tokens=True, fill=fill)
    assert states.lengths.tolist() == [2, 1, 3]
    batch = states.batch([1, 0])
    assert batch["document"].tolist() == [[3, 4], [1, 2]]
    assert batch["tokens"].tolist() == [[[4, 5], [0, 0]], [[0, 1], [2, 3]]]
    assert batch["attention_mask"].tolist() == [[1, 0], [1, 1]]


@pytest.mark.parametrize("tokens", [True, False])
def test_a_part_gives_the_batches_that_its_documents_give(tokens):
    states = states_in_memory(OFFSETS, 2, tokens=tokens)
    fill(states)
    part = states.take(np.array([2, 0]))
    assert len(part) == 2
    assert part.lengths.tolist() == ([3, 2] if tokens else [1, 1])
    ours, theirs = part.batch([1, 0]), states.batch([0, 2])
    assert ours.keys() == theirs.keys()
    assert all(torch.equal(ours[name], theirs[name]) for name in theirs)


def test_documents_alone_are_one_state_each():
    states = states_in_memory(OFFSETS, 2, tokens=False)
    fill(states)
    assert states.lengths.tolist() == [1, 1, 1]
    assert states.batch([2]).keys() == {"document"}
    assert states.batch([2])["document"].tolist() == [[5, 6]]


def test_no_documents_are_kept_too(tmp_path):
    states = keep_states(tmp_path / "kept", np.array([0]), 2, tokens=True, fill=lambda _: None)
    assert len(states) == 0
    assert len(open_states(tmp_path / "kept")) == 0


def test_whoever_finishes_first_is_kept(tmp_path):
    folder = tmp_path / "kept"

    def slower(states: States) -> None:
        keep_states(folder, OFFSETS, 2, tokens=False, fill=fill)  # another process, meanwhile
        states.document[:] = 9

    states = keep_states(folder, OFFSETS, 2, tokens=False, fill=slower)
    assert states.document.tolist() == [[1, 2], [3, 4], [5, 6]]
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]


def test_nothing_is_there_before_it_is_complete(tmp_path):
    def look(states: States) -> None:
        assert open_states(tmp_path / "kept") is None

    keep_states(tmp_path / "kept", OFFSETS, 2, tokens=False, fill=look)
    assert open_states(tmp_path / "kept") is not None
