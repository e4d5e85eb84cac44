"""Label-wise attention: each label reads the document for itself.

Shared by methods with label-specific features. Source: "Label-Specific Feature Augmentation for Long-Tailed
Multi-Label Text Classification", Eq. 2-4; before it "AttentionXML" (You et al., 2019), Eq. 1-2.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from workbench.errors import WorkbenchError
from workbench.methods.label_parts import in_label_parts, part_size
from workbench.methods.memory import free_memory

_COPIES = 4
"""Of the features of all labels: what they come from, they themselves, and the gradients of both."""
_MUCH = 2**30
"""Bytes of features below which nobody looks how much memory is free."""


def label_attention(tokens: Tensor, mask: Tensor, label_embeddings: Tensor) -> tuple[Tensor, Tensor]:
    """What each label reads: token states averaged by a softmax over the document's tokens (Eq. 3-4).

    Padding takes no part; a document without tokens has zero features and zero attention. No tensor of
    (B, L, T, H) is made. Shapes: tokens (B, T, H), mask (B, T), label_embeddings (L, H) ->
    (features (B, L, H), attention (B, L, T)).
    """
    attention = attention_weights(tokens, mask, label_embeddings)
    return attention @ tokens, attention


def attention_weights(tokens: Tensor, mask: Tensor, label_embeddings: Tensor) -> Tensor:
    """Eq. 4 alone: the softmax over tokens of their dot products with each label, (B, L, T)."""
    if tokens.shape[-1] != label_embeddings.shape[-1]:
        raise WorkbenchError(
            f"Token states of {tokens.shape[-1]} numbers cannot be compared with label embeddings of "
            f"{label_embeddings.shape[-1]}: both need the encoder's hidden size."
        )
    real = mask.bool().unsqueeze(1)  # (B, 1, T)
    scores = (label_embeddings @ tokens.transpose(1, 2)).float()  # (B, L, T)
    return masked_softmax(scores, real).to(tokens.dtype)


def masked_softmax(scores: Tensor, mask: Tensor) -> Tensor:
    """Softmax over the last axis where the mask is true; zero elsewhere, and all zero where it never is.

    Shapes: scores (..., T), mask (..., T) bool, or what is broadcast to it -> (..., T).
    """
    weights = scores.masked_fill(~mask, torch.finfo(scores.dtype).min).softmax(dim=-1)
    if not bool(mask.any(dim=-1).all()):
        weights = weights * mask  # all padding: zero instead of equal shares
    return weights


class LabelAttention(nn.Module):
    """Label embeddings e_l that attend to tokens; optionally a layer shared by all labels behind it.

    The shared layer is linear with a ReLU. Attention sums to one, so that averaging mapped tokens gives what
    mapping the average would: it is applied to T tokens instead of L averages.
    """

    def __init__(self, n_labels: int, hidden_size: int, projection: int = 0) -> None:
        """Label embeddings (L, H); `projection` is the size V of the shared layer, 0 for none (V = H)."""
        super().__init__()
        self.embeddings = nn.Parameter(torch.empty(n_labels, hidden_size))
        nn.init.xavier_uniform_(self.embeddings)
        self.projection = nn.Linear(hidden_size, projection) if projection else None
        self.feature_size = projection or hidden_size

    def forward(self, tokens: Tensor, mask: Tensor) -> Tensor:
        """The label-specific features (B, L, V) of token states (B, T, H) with their mask (B, T).

        Where the attention of all labels is large, labels are taken in parts whose attention is not kept for
        the way back but computed again there. The features themselves are kept.

        Raises:
            WorkbenchError: where memory has no room for the features of so many labels and documents.
        """
        self._require_room(tokens)
        values = self._values(tokens)

        def of_labels(embeddings: Tensor) -> Tensor:
            features = attention_weights(tokens, mask, embeddings) @ values
            return features.relu() if self.projection is not None else features

        return in_label_parts(of_labels, [self.embeddings], mask.numel())

    def of_pairs(self, tokens: Tensor, mask: Tensor, document: Tensor, label: Tensor) -> Tensor:
        """The features (P, V) of P pairs of a document's place in the batch and a label, both (P,)."""
        values, parts = self._values(tokens), []
        for some in torch.arange(len(label), device=label.device).split(part_size(tokens[0].numel())):
            places = document[some]
            weights = attention_weights(
                tokens[places], mask[places], self.embeddings[label[some]].unsqueeze(1)
            )
            parts.append((weights @ values[places]).squeeze(1))
        found = torch.cat(parts) if parts else values.new_zeros(0, self.feature_size)
        return found.relu() if self.projection is not None else found

    def attention(self, tokens: Tensor, mask: Tensor) -> Tensor:
        """How much each label looks at each token, (B, L, T)."""
        return attention_weights(tokens, mask, self.embeddings)

    def _require_room(self, tokens: Tensor) -> None:
        documents, labels = len(tokens), len(self.embeddings)
        of_one = _COPIES * tokens.element_size() * labels * self.feature_size
        needed = documents * of_one
        if needed > _MUCH and needed > (free := free_memory(tokens.device)):
            raise WorkbenchError(
                f"The features of {labels:,} labels for {documents} documents at a time need about "
                f"{needed / 1e9:.1f} GB, and {free / 1e9:.1f} GB are free. Say --set "
                f"batch_size={max(1, free // (2 * of_one))}, or keep fewer labels."
            )

    def _values(self, tokens: Tensor) -> Tensor:
        return tokens if self.projection is None else self.projection(tokens)
