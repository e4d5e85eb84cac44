"""LDGN: what each label reads is passed along two graphs of labels, the corpus's and the document's own.

Paper: "Label-Specific Dual Graph Neural Network for Multi-Label Text Classification" (ACL 2021). The authors'
repository holds no code: sizes that notes on the paper leave open are ours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Literal, cast

import torch
from pydantic import Field
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint

from workbench.cards.ldgn import CARD
from workbench.encoders.base import Encoder
from workbench.errors import WorkbenchError
from workbench.methods.base import (
    Batch,
    Forward,
    LabelSpace,
    Material,
    Method,
    MethodConfig,
    Stage,
    require_tokens,
)
from workbench.methods.classification import Classification
from workbench.methods.label_attention import LabelAttention
from workbench.methods.label_graph import GraphConvolution, conditional_graph, normalised
from workbench.methods.registry import register

MOST_LABELS = 4096
"""Labels up to which each document has a dense graph of all labels."""

MOST_KEPT = 2**26
"""Numbers of the documents' graphs (B, L, L) that training keeps; above it, they are computed twice."""

_COPIES = 6  # of a document's graph in training: products, sigmoid, two normalised, and gradients


class LDGNConfig(MethodConfig):
    """Hyper-parameters of LDGN."""

    variant: Literal["ldgn"] = Field("ldgn", description="there is one")
    graph_units: int = Field(512, ge=1, description="numbers of a label's state after each convolution")


@register
class LDGN(Method):
    """LDGN on any encoder that gives tokens; the paper's is a BiLSTM."""

    name = "ldgn"
    variants: ClassVar[dict[str, str]] = {
        "ldgn": "what labels read is passed along label co-occurrence and along each document's own graph",
    }
    card = CARD
    Config = LDGNConfig
    default_encoder = "bilstm"
    encoder_settings: ClassVar[Mapping[str, Any]] = {"units": 300, "layers": 1}

    graph: Tensor

    def __init__(self, encoder: Encoder, labels: LabelSpace, config: MethodConfig) -> None:
        super().__init__(encoder, labels, config)
        require_tokens(encoder, self.name)
        n_labels, size, units = len(labels), encoder.hidden_size, self.config.graph_units
        _require_few(n_labels)
        self.attention = LabelAttention(n_labels, size)
        self.static = nn.ModuleList([GraphConvolution(size, units), GraphConvolution(units, units)])
        self.dynamic = nn.ModuleList([GraphConvolution(units, units), GraphConvolution(units, units)])
        self.first = nn.Linear(units, units, bias=False)  # W_a
        self.second = nn.Linear(units, units, bias=False)  # W_b
        self.classifier = nn.Linear(2 * units, n_labels)
        self.register_buffer("graph", torch.eye(n_labels))

    def forward(self, batch: Batch) -> Forward:
        """Attend label by label, convolve over both graphs, score each label by its own weights."""
        encoded = self.encoder(batch.inputs)
        tokens, mask = cast(Tensor, encoded.tokens), cast(Tensor, encoded.mask)
        states = self.attention(tokens, mask)  # (B, L, H)
        for layer in self.static:
            states = layer(self.graph, states)  # (B, L, V)
        both = torch.cat([states, self._over_own_graphs(states)], dim=2)
        logits = torch.einsum("blv,lv->bl", both, self.classifier.weight) + self.classifier.bias
        return Forward(
            logits,
            labels=self.attention.embeddings,
            encoded=encoded,
            label_features=both,
            attend=lambda: self.attention.attention(tokens, mask),
        )

    @property
    def attends_by_label(self) -> bool:
        """It does."""
        return True

    def label_embeddings(self) -> Tensor:
        """The vectors (L, H) that read the tokens."""
        return self.attention.embeddings

    def stages(self) -> Sequence[Stage]:
        """One stage: binary cross entropy."""
        return [Stage("classification", [Classification()])]

    def begin_epoch(self, stage: Stage, epoch: int, material: Material) -> None:
        """Before the first epoch the static graph is counted, on training documents."""
        if epoch == 0:
            self.graph.copy_(normalised(torch.from_numpy(conditional_graph(material.targets))))

    def document_graph(self, states: Tensor) -> Tensor:
        """A^D, not normalised yet: states (B, L, V) -> (B, L, L) in (0, 1)."""
        return torch.sigmoid(self.first(states) @ self.second(states).transpose(1, 2))

    def _over_own_graphs(self, states: Tensor) -> Tensor:
        """States after both convolutions over each document's graph, some documents at a time."""
        at_once = max(1, MOST_KEPT // states.shape[1] ** 2)
        if at_once >= len(states):
            return self._of_documents(states)
        parts = (checkpoint(self._of_documents, some, use_reentrant=False) for some in states.split(at_once))
        return torch.cat([cast(Tensor, part) for part in parts])

    def _of_documents(self, states: Tensor) -> Tensor:
        graph = normalised(self.document_graph(states))
        for layer in self.dynamic:
            states = layer(graph, states)
        return states


def _require_few(n_labels: int) -> None:
    """Raise WorkbenchError where the graphs of all labels would be too large."""
    if n_labels > MOST_LABELS:
        one = _COPIES * 4 * n_labels**2
        raise WorkbenchError(
            f"ldgn keeps a graph of all {n_labels:,} labels for each document, {one / 1e9:.1f} GB a document "
            f"in training; it takes up to {MOST_LABELS:,} labels. Keep the most frequent labels, or take a "
            "method without such graphs, such as lsfa-attention or httn."
        )
