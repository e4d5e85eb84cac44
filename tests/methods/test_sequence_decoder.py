"""Gold sequences, the mask of labels already said, beam search against every sequence there is, scores."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
import torch
from torch import Tensor

from workbench.methods.sequence_decoder import (
    IGNORED,
    Hypotheses,
    beam_scores,
    beam_search,
    decoded,
    finite_logits,
    gold_sequences,
    mask_said,
    sequence_loss,
)

TARGETS = torch.tensor([[1, 0, 1], [0, 0, 0], [1, 1, 1], [0, 1, 0]])
ORDER = torch.tensor([2, 0, 1])
END, BEGIN = 3, 4
HERE = torch.zeros(0)


def _logits(said: tuple[int, ...], document: int) -> np.ndarray:
    """Made up, but the same for what was said: the next of 3 labels or the end."""
    return np.random.default_rng([document, *said]).normal(scale=2.0, size=4)


def _step(said: Tensor, parent: Tensor) -> Tensor:
    rows = [
        [_logits(tuple(prefix), document) for prefix in prefixes]
        for document, prefixes in enumerate(said.tolist())
    ]
    return torch.tensor(np.array(rows))


def _probability(labels: tuple[int, ...], document: int, most: int = 3) -> float:
    """Of saying these labels and then the end, step by step."""
    said: tuple[int, ...] = (BEGIN,)
    probability = 1.0
    for token in (*labels, END):
        odds = np.exp(_logits(said, document))
        odds[[label for label in said if label < END]] = 0.0
        if len(said) > most:
            odds[:END] = 0.0
        probability *= odds[token] / odds.sum()
        said = (*said, token)
    return float(probability)


def _all(document: int, most: int = 3) -> dict[tuple[int, ...], float]:
    sequences = [each for size in range(most + 1) for each in permutations(range(3), size)]
    return {labels: _probability(labels, document, most) for labels in sequences}


def test_gold_sequences_by_hand():
    told, gold = gold_sequences(TARGETS, ORDER)
    assert gold.tolist() == [
        [2, 0, END, IGNORED],
        [END, IGNORED, IGNORED, IGNORED],
        [2, 0, 1, END],
        [1, END, IGNORED, IGNORED],
    ]
    assert told.tolist() == [
        [BEGIN, 2, 0, END],
        [BEGIN, END, END, END],
        [BEGIN, 2, 0, 1],
        [BEGIN, 1, END, END],
    ]


def test_documents_without_labels_say_the_end_alone():
    told, gold = gold_sequences(torch.zeros(2, 3, dtype=torch.uint8), ORDER)
    assert (told.tolist(), gold.tolist()) == ([[BEGIN], [BEGIN]], [[END], [END]])


def test_no_label_is_said_twice_and_the_end_stays_open():
    told, _ = gold_sequences(TARGETS, ORDER)
    shut = mask_said(torch.zeros(4, 4, 4), told).isinf()
    assert shut[2].tolist() == [
        [False, False, False, False],
        [False, False, True, False],
        [True, False, True, False],
        [True, True, True, False],
    ]
    assert not shut[1].any()


def test_the_loss_is_the_mean_over_tokens_up_to_the_end():
    told, gold = gold_sequences(TARGETS, ORDER)
    logits = torch.randn(4, 4, 4, generator=torch.Generator().manual_seed(0))
    found = float(sequence_loss(mask_said(logits, told), gold))
    terms = []
    for row, labels in enumerate([(2, 0), (), (2, 0, 1), (1,)]):
        for place, token in enumerate((*labels, END)):
            odds = np.exp(logits[row, place].double().numpy())
            odds[list(labels[:place])] = 0.0
            terms.append(-np.log(odds[token] / odds.sum()))
    assert found == pytest.approx(np.mean(terms), rel=1e-5)


def test_what_stands_behind_the_end_takes_no_part():
    told, gold = gold_sequences(TARGETS, ORDER)
    logits = torch.randn(4, 4, 4, generator=torch.Generator().manual_seed(0))
    other = torch.where((gold == IGNORED).unsqueeze(2), 99.0, logits)
    assert sequence_loss(mask_said(other, told), gold) == sequence_loss(mask_said(logits, told), gold)


def test_probabilities_of_all_sequences_sum_to_one():
    assert sum(_all(0).values()) == pytest.approx(1)
    assert len(_all(0)) == 16


def test_a_wide_beam_finds_every_sequence_with_its_probability():
    found = beam_search(_step, 2, 3, 16, 3, HERE)
    for document in range(2):
        expected = sorted(_all(document).items(), key=lambda item: -item[1])
        for row, (labels, probability) in enumerate(expected):
            tokens = found.tokens[document, row].tolist()
            assert tuple(tokens[: tokens.index(END)]) == labels
            assert set(tokens[tokens.index(END) :]) == {END}
            assert float(found.log_probs[document, row].exp()) == pytest.approx(probability, rel=1e-5)


@pytest.mark.parametrize("beam", [1, 2, 5])
def test_a_narrow_beam_says_nothing_twice_and_ends(beam: int):
    found = beam_search(_step, 6, 3, beam, 3, HERE)
    for document in range(6):
        every = _all(document)
        for tokens, log_prob in zip(found.tokens[document].tolist(), found.log_probs[document], strict=True):
            labels = tuple(tokens[: tokens.index(END)])
            assert len(set(labels)) == len(labels)
            assert float(log_prob.exp()) == pytest.approx(every[labels], rel=1e-5)
    assert (found.log_probs.diff(dim=1) <= 0).all()


def test_a_beam_of_one_is_greedy():
    found = beam_search(_step, 4, 3, 1, 3, HERE)
    for document in range(4):
        said: tuple[int, ...] = (BEGIN,)
        while said[-1] != END:
            scores = _logits(said, document)
            scores[[label for label in said if label < END]] = -np.inf
            said = (*said, int(scores.argmax()))
        tokens = found.tokens[document, 0].tolist()
        assert tuple(tokens[: tokens.index(END)]) == said[1:-1]


def test_after_the_most_labels_only_the_end_is_left():
    found = beam_search(_step, 1, 3, 10, 1, HERE)
    every = _all(0, most=1)
    is_possible = found.log_probs.isfinite()
    assert found.contain(3).sum(dim=2)[is_possible].max() == 1
    assert int(is_possible.sum()) == len(every) == 4
    assert float(found.log_probs.exp().sum()) == pytest.approx(sum(every.values())) == pytest.approx(1)


def test_a_beam_wider_than_what_can_be_said_is_no_hindrance():
    found = beam_search(lambda said, parent: torch.zeros(*parent.shape, 2), 2, 1, 9, 1, HERE)
    assert found.log_probs.exp().sum(dim=1).tolist() == pytest.approx([1, 1])


def test_scores_of_a_beam_by_hand():
    tokens = torch.tensor([[[0, 1, END], [1, END, END], [END, END, END]]])
    found = Hypotheses(tokens, torch.tensor([[0.5, 0.3, 0.1]]).log())
    scores = beam_scores(found, torch.tensor([[0.1, 0.2, 0.4]]))
    torch.testing.assert_close(scores, torch.tensor([[0.5, 0.8, 0.5 * 0.4]]))


def test_labels_of_no_hypothesis_are_ranked_by_being_said_first():
    found = Hypotheses(torch.tensor([[[END], [END]]]), torch.tensor([[0.9, 0.0]]).log())
    first = torch.tensor([[0.02, 0.05, 0.03]])
    torch.testing.assert_close(beam_scores(found, first), first)


def test_a_label_of_several_likely_sequences_is_ahead_of_the_likeliest_sequences_own():
    tokens = torch.tensor([[[0, END, END], [1, END, END], [1, 2, END]]])
    logits, chosen = decoded(Hypotheses(tokens, torch.tensor([[0.4, 0.3, 0.2]]).log()), torch.zeros(1, 3))
    torch.testing.assert_close(logits.sigmoid(), torch.tensor([[0.4, 0.5, 0.2]]))
    assert chosen.tolist() == [[True, False, False]]


def test_logits_of_nothing_and_of_certainty_are_finite_and_keep_the_order():
    found = finite_logits(torch.tensor([1.0, 0.9, 1e-12, 0.0]))
    assert found.isfinite().all()
    assert found.argsort(descending=True).tolist() == [0, 1, 2, 3]
    torch.testing.assert_close(found[1].sigmoid(), torch.tensor(0.9))


def test_a_step_is_told_what_each_sequence_goes_on_from():
    kept: list[list[list[int]]] = []

    def step(said: Tensor, parent: Tensor) -> Tensor:
        if kept:
            before = torch.tensor(kept[-1])
            order = parent.unsqueeze(2).expand_as(before)
            assert before.gather(1, order).tolist() == said[:, :, :-1].tolist()
        kept.append(said.tolist())
        return _step(said, parent)

    beam_search(step, 3, 3, 4, 3, HERE)
    assert len(kept) > 2
