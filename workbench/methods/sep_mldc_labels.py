"""Label vectors of SEP-MLDC: what labels are read from, what is kept; the paper is named in sep_mldc.py."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from workbench.encoders.base import Encoder, Prepared
from workbench.methods.base import LabelSpace
from workbench.methods.label_names import inputs_in_parts
from workbench.methods.sep_mldc_equations import draw_labels
from workbench.wording import how_many


def described_labels(labels: LabelSpace) -> tuple[str, ...]:
    """What the encoder reads of each label: its name, and what describes it (Eq. 2): L texts."""
    if not labels.descriptions:
        return labels.texts
    both = zip(labels.texts, labels.descriptions, strict=True)
    return tuple(f"{text}: {described}" if described.strip() else text for text, described in both)


def unknown_labels_note(encoder: Encoder, texts: Sequence[str]) -> tuple[str, ...]:
    """One note where the encoder knows no word of several texts, so that it reads their labels alike."""
    unknown = sum(not encoder.knows_any_word(text) for text in texts)
    if unknown < 2:
        return ()
    return (
        f"{encoder.name} knows no word of the texts of {how_many(unknown, 'label')}: they are read alike. "
        "Describe labels (workbench llm describe), or take an encoder that reads parts of words, such as "
        "minilm.",
    )


class LabelVectors(nn.Module):
    """Vectors of all labels (L, H) from the documents' encoder, kept between steps.

    A step encodes some labels anew, through which gradients flow, and takes the others as they are kept.
    Whatever looks in evaluation mode gets those of the encoder as it is: the first time after a step all are
    encoded. They are saved with a model, which then needs no texts of labels.
    """

    vectors: Tensor
    is_current: Tensor

    def __init__(self, texts: Sequence[str], size: int, at_once: int) -> None:
        """`texts` (L) are read, `at_once` of them in a step at most; `size` is the encoder's H."""
        super().__init__()
        self.texts, self._at_once = tuple(texts), at_once
        self._prepared: Prepared | None = None
        self.register_buffer("vectors", torch.zeros(len(texts), size))
        self.register_buffer("is_current", torch.tensor(False))

    def forward(self, encoder: Encoder, targets: Tensor) -> Tensor:
        """Vectors (L, H) for a step on documents with these targets (B, L)."""
        self.is_current.fill_(False)
        rows = draw_labels(targets, self._at_once)
        device = self.vectors.device
        inputs = {name: part.to(device) for name, part in self._texts_of(encoder).batch(rows.numpy()).items()}
        fresh: Tensor = encoder(inputs).document
        if len(rows) == len(self.vectors):
            return fresh
        return self.vectors.index_copy(0, rows.to(device), fresh.to(self.vectors.dtype))

    def current(self, encoder: Encoder) -> Tensor:
        """Vectors (L, H) of the encoder as it is, in evaluation mode and without gradients."""
        if not bool(self.is_current):
            self.refresh(encoder)
        return self.vectors

    @torch.no_grad()
    def refresh(self, encoder: Encoder) -> None:
        """Encode all labels, some at a time."""
        was_training = encoder.training
        if was_training:
            encoder.eval()
        parts = inputs_in_parts(self._texts_of(encoder), self.vectors.device)
        self.vectors.copy_(torch.cat([encoder(inputs).document.float() for inputs in parts]))
        self.is_current.fill_(True)
        if was_training:
            encoder.train()

    def _texts_of(self, encoder: Encoder) -> Prepared:
        if self._prepared is None:
            self._prepared = encoder.prepare(self.texts)
        return self._prepared
