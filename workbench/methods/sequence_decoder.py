"""Labels one after another: gold sequences, the mask of labels already said, beam search, scores of a beam.

Tokens are the labels 0 to L - 1, then the end (L) and the beginning (L + 1), which is never said.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from workbench.methods.base import Batch, Forward, LabelSpace, Objective
from workbench.methods.vectors import at_least_float32

IGNORED = -100
"""Gold token behind the end, which takes no part in the loss."""

Step = Callable[[Tensor, Tensor], Tensor]
"""From what was said (B, K, S), beginning first, to logits (B, K, L + 1) of the next.

The second argument (B, K) says which of the K sequences of the step before each goes on from, so that a
decoder that keeps states can put them in order."""


def frequency_order(labels: LabelSpace) -> Tensor:
    """The labels by falling training frequency, (L,); ties by index."""
    counts = np.asarray(labels.train_counts, dtype=np.int64)
    return torch.from_numpy(np.argsort(-counts, kind="stable"))


def gold_sequences(targets: Tensor, order: Tensor) -> tuple[Tensor, Tensor]:
    """What a decoder is told and what it shall say: a document's labels in a given order, then the end.

    Shapes: targets (B, L) of 0 and 1, order (L,) -> told (B, S), begun with the beginning, and gold (B, S),
    `IGNORED` behind the end; S is one more than the most labels.
    """
    n_labels = targets.shape[1]
    ordered = targets.bool()[:, order]
    counts = ordered.sum(dim=1, keepdim=True)  # (B, 1)
    ranked = (~ordered).to(torch.int8).sort(dim=1, stable=True).indices  # the document's labels first
    labels = order[ranked[:, : int(counts.max())]]  # (B, S - 1)
    gold = functional.pad(labels, (0, 1), value=n_labels)
    place = torch.arange(gold.shape[1], device=targets.device)
    gold = torch.where(place < counts, gold, torch.where(place == counts, n_labels, IGNORED))
    told = functional.pad(gold[:, :-1], (1, 0), value=n_labels + 1)
    return told.masked_fill(told == IGNORED, n_labels), gold


def mask_said(logits: Tensor, told: Tensor) -> Tensor:
    """No label twice: minus infinity for labels said before each step; the end can always be said.

    Shapes: logits (B, S, L + 1), told (B, S), the beginning first -> (B, S, L + 1).
    """
    n_labels = logits.shape[-1] - 1
    said = functional.one_hot(told, n_labels + 2).cumsum(dim=1).bool()[..., : n_labels + 1]
    said[..., n_labels] = False
    return logits.masked_fill(said, -torch.inf)


def sequence_loss(logits: Tensor, gold: Tensor) -> Tensor:
    """Cross entropy with teacher forcing, the mean over all tokens up to the end, in float32 or better.

    Shapes: masked logits (B, S, L + 1), gold (B, S) -> scalar.
    """
    exact = at_least_float32(logits)
    return functional.cross_entropy(exact.flatten(0, 1), gold.flatten(), ignore_index=IGNORED)


@dataclass
class Taught(Forward):
    """What a decoder gives after the gold labels: masked logits, steps (B, S, L + 1), and gold (B, S)."""

    steps: Tensor | None = None
    gold: Tensor | None = None


class SequenceCrossEntropy(Objective):
    """The next label or the end, each after the gold ones before it."""

    name = "sequence"
    requires = ("steps", "gold")

    def __call__(self, forward: Forward, batch: Batch) -> Tensor:
        """Cross entropy, the mean over tokens."""
        taught = cast(Taught, forward)
        return sequence_loss(cast(Tensor, taught.steps), cast(Tensor, taught.gold))


@dataclass(frozen=True)
class Hypotheses:
    """What a beam ended with, likeliest first: tokens (B, K, S) behind the beginning, log_probs (B, K)."""

    tokens: Tensor
    log_probs: Tensor

    def contain(self, n_labels: int) -> Tensor:
        """(B, K, L), true where a hypothesis has said the label."""
        said = torch.zeros((*self.log_probs.shape, n_labels + 1), dtype=torch.bool, device=self.tokens.device)
        return said.scatter_(2, self.tokens, True)[..., :n_labels]


def beam_search(
    step: Step, documents: int, n_labels: int, beam: int, most: int, device: Tensor
) -> Hypotheses:
    """The likeliest sequences of different labels, up to `most` of them, each closed by the end.

    A hypothesis that has ended stays as it is; after `most` labels only the end is left. Where the beam is
    wider than there are sequences, the rest of it has probability 0. `device` is any tensor on the device to
    search on.
    """
    end = n_labels
    shape = (documents, beam)
    said = torch.full((*shape, 1), end + 1, dtype=torch.long, device=device.device)
    log_probs = torch.full(shape, -torch.inf, device=device.device)
    log_probs[:, 0] = 0.0  # all begin alike: one of them goes on
    is_shut = torch.zeros((*shape, end + 1), dtype=torch.bool, device=device.device)
    is_done = torch.zeros(shape, dtype=torch.bool, device=device.device)
    parent = torch.arange(beam, device=device.device).expand(documents, beam)
    for place in range(most + 1):
        logits = at_least_float32(step(said, parent))
        closed = is_shut | is_done.unsqueeze(2) if place < most else torch.ones_like(is_shut)
        closed = closed & (torch.arange(end + 1, device=device.device) != end)
        total = log_probs.unsqueeze(2) + logits.masked_fill(closed, -torch.inf).log_softmax(dim=2)
        log_probs, chosen = total.flatten(1).topk(beam, dim=1)
        parent, token = chosen // (end + 1), (chosen % (end + 1)).unsqueeze(2)
        said = torch.cat([_of(said, parent), token], dim=2)
        is_shut = _of(is_shut, parent).scatter(2, token, True)
        is_done = is_done.gather(1, parent) | (token.squeeze(2) == end) | log_probs.isinf()
        if bool(is_done.all()):
            break
    return Hypotheses(said[:, :, 1:], log_probs)


def _of(values: Tensor, parent: Tensor) -> Tensor:
    """The rows of (B, K, S) that hypotheses go on from: parent (B, K)."""
    return values.gather(1, parent.unsqueeze(2).expand(-1, -1, values.shape[2]))


def beam_scores(hypotheses: Hypotheses, first: Tensor) -> Tensor:
    """How sure a beam is of each label: the sum of the probabilities of the hypotheses that have it.

    Labels that none has come behind all others, by the probability of being said first. Shapes: first (B, L),
    probabilities -> (B, L) in [0, 1].
    """
    has = hypotheses.contain(first.shape[1])
    mass = (hypotheses.log_probs.exp().unsqueeze(2) * has).sum(dim=1).clamp(max=1.0)
    lowest = mass.masked_fill(mass <= 0, 1.0).amin(dim=1, keepdim=True)
    return torch.where(mass > 0, mass, lowest * first)


def finite_logits(scores: Tensor) -> Tensor:
    """Logits of scores in [0, 1], of 0 and 1 finite ones too, in float32 or better."""
    return torch.logit(at_least_float32(scores).clamp(1e-30, 1 - 1e-6))


def decoded(hypotheses: Hypotheses, first: Tensor) -> tuple[Tensor, Tensor]:
    """What a beam says of each label: logits of `beam_scores`, and which labels the likeliest sequence has.

    Shapes: first (B, L), the probability of each label to be said first -> (B, L) twice, the second bool.
    """
    chosen = hypotheses.contain(first.shape[1])[:, 0]
    return finite_logits(beam_scores(hypotheses, first)), chosen
