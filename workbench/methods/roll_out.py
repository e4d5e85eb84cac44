"""A decoder that follows what it says itself: greedily, or drawn by its own probabilities."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from workbench.methods.decoder_attention import Memory
from workbench.methods.recurrent_decoder import RecurrentDecoder
from workbench.methods.vectors import at_least_float32

Choose = Callable[[Tensor], Tensor]
"""From log-probabilities (B, L + 1) of the next token to the one that is said (B,)."""


@dataclass(frozen=True)
class RollOut:
    """What was said: tokens (B, S), the end behind the end; real (B, S) is true up to and with the end.

    log_probs (B, S, L + 1) are those of each step, minus infinity for labels said before it; states (B, S, U)
    the decoder's.
    """

    tokens: Tensor
    log_probs: Tensor
    states: Tensor
    real: Tensor

    def log_prob(self) -> Tensor:
        """The log-probability (B,) of what was said, up to and with the end."""
        said = self.log_probs.gather(2, self.tokens.unsqueeze(2)).squeeze(2)
        return said.masked_fill(~self.real, 0.0).sum(dim=1)

    def labels(self) -> Tensor:
        """(B, L), true where a label was said."""
        n_labels = self.log_probs.shape[2] - 1
        said = torch.zeros(len(self.tokens), n_labels + 1, dtype=torch.bool, device=self.tokens.device)
        return said.scatter_(1, self.tokens, True)[:, :n_labels]


def greedily(log_probs: Tensor) -> Tensor:
    """The likeliest token (B,)."""
    return log_probs.argmax(dim=1)


def drawn(log_probs: Tensor) -> Tensor:
    """A token (B,) drawn by the probabilities."""
    return log_probs.detach().exp().multinomial(1).squeeze(1)


def roll_out(decoder: RecurrentDecoder, memories: Sequence[Memory], most: int, choose: Choose) -> RollOut:
    """Say labels until all documents have ended, after `most` steps at the latest.

    What is chosen has no gradient, its probabilities have. Behind its end a document says nothing more.
    """
    state, steps, states, said, real = decoder.start(memories), [], [], [], []
    token = torch.full((len(memories[0].mask),), decoder.n_labels + 1, device=memories[0].mask.device)
    is_open = torch.ones_like(token, dtype=torch.bool)
    for _ in range(most):
        logits, state = decoder.advance(token, state, memories)
        steps.append(at_least_float32(logits).log_softmax(dim=1))
        token = torch.where(is_open, choose(steps[-1].detach()), decoder.n_labels)
        states.append(state.hidden[-1])
        said.append(token)
        real.append(is_open)
        is_open = is_open & (token != decoder.n_labels)
        if not bool(is_open.any()):
            break
    parts = [torch.stack(values, dim=1) for values in (said, steps, states, real)]
    return RollOut(*parts)
