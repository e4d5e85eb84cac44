"""Documents and labels in one sequence, so that a transformer relates them to each other in every layer.

[CLS] document [SEP] labels [SEP], one token a label, as in "Enhancing Label Correlation Feedback in
Multi-Label Text Classification via Multi-Task Learning" (section 3.2). The labels stand right behind the
document's last token, wherever its padding ends, so that padding moves no position; the document alone is
truncated.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar, Literal, Self, cast

import torch
from pydantic import Field
from tokenizers import AddedToken, Tokenizer
from torch import Tensor, nn
from torch.nn import functional
from transformers import PreTrainedModel

from workbench.config import Config
from workbench.encoders.architecture import build_model, quiet, read_config
from workbench.encoders.base import Encoded, Inputs
from workbench.encoders.pretrained import checked_length, hidden_states, saved_vocabulary
from workbench.encoders.source import Origin, Vocabulary
from workbench.encoders.transformer import TransformerEncoder, TransformerSettings
from workbench.errors import WorkbenchError


class JointSettings(TransformerSettings):
    """Hyper-parameters of an encoder that reads labels, too."""

    label_tokens: Literal["text", "random"] = Field(
        "text", description="a label's token begins as the mean of its text's word pieces, or at random"
    )
    labels_at_once: int | None = Field(
        None,
        ge=1,
        description="labels in a sequence; for more, a document is read once for each part of them (ours)",
    )


class JointEncoder(TransformerEncoder):
    """A transformer that reads each document together with all labels.

    With `labels_at_once` (no paper's, ours) the labels are read in parts, each behind the whole document:
    labels of different parts do not see each other, and document and tokens are averaged over the parts.
    """

    kind = "joint"
    Settings: ClassVar[type[Config]] = JointSettings
    settings: JointSettings

    def __init__(
        self, name: str, settings: JointSettings, model: PreTrainedModel, vocabulary: Vocabulary, labels: int
    ) -> None:
        """`vocabulary` and `model` know the tokens of so many `labels`: those added last."""
        vocabulary.tokenizer.encode_special_tokens = True  # a text that spells out a label's token is words
        self.framing = vocabulary.tokenizer.encode("").ids  # [CLS] and [SEP]
        self.labels_at_once = min(labels, settings.labels_at_once or labels)
        _check_positions(name, settings, vocabulary, labels, len(self.framing[-1:]))
        super().__init__(name, settings, model, vocabulary)
        added = sorted(vocabulary.tokenizer.get_added_tokens_decoder())
        self.label_ids: Tensor
        self.register_buffer("label_ids", torch.tensor(added[-labels:]), persistent=False)
        self.has_types = _has_types(model)

    @classmethod
    def build_joint(cls, source: Origin, settings: dict[str, Any], label_texts: Sequence[str]) -> Self:
        """Load a model for training and give it a token for each label.

        Raises:
            WorkbenchError: when document and labels are too long for the model's positions.
        """
        parsed = cls.Settings.parse(settings)
        assert isinstance(parsed, JointSettings)
        vocabulary = source.vocabulary()
        checked_length(source.name, parsed.max_length, vocabulary)
        pieces = [
            encoding.ids
            for encoding in vocabulary.tokenizer.encode_batch(label_texts, add_special_tokens=False)
        ]
        _add_tokens(vocabulary.tokenizer, label_texts)
        encoder = cls(source.name, parsed, source.model().train(), vocabulary, len(label_texts))
        encoder.suggested_learning_rate = source.suggested_learning_rate
        _add_embeddings(encoder.model, encoder.label_ids, pieces if parsed.label_tokens == "text" else None)
        return encoder

    def forward(self, inputs: Inputs, embeddings: Tensor | None = None) -> Encoded:
        """Document (B, H), tokens (B, T, H), zero at padding, and labels (B, L, H)."""
        mask = inputs["attention_mask"].bool()
        parts = [
            self._read(inputs["input_ids"], mask, embeddings, part)
            for part in self.label_ids.split(self.labels_at_once)
        ]
        tokens = torch.stack([tokens for tokens, _ in parts]).mean(dim=0) if len(parts) > 1 else parts[0][0]
        return Encoded(
            self.pool(tokens, mask), tokens, mask, torch.cat([labels for _, labels in parts], dim=1)
        )

    def read_alone(self, inputs: Inputs) -> Encoded:
        """Document (B, H) and tokens (B, T, H) as the plain transformer reads them, no label behind them."""
        return super().forward(inputs)

    def words(self, inputs: Inputs) -> Tensor:
        """(B, T), true where a token of the text stands, which `[CLS]`, `[SEP]` and padding are not."""
        ids = inputs["input_ids"]
        framing = torch.tensor(self.framing, device=ids.device)
        return inputs["attention_mask"].bool() & ~torch.isin(ids, framing)

    def _read(
        self, ids: Tensor, mask: Tensor, embeddings: Tensor | None, labels: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Token states (B, T, H), zero at padding, and states of some labels (B, l, H), in one sequence."""
        behind = torch.cat([labels, labels.new_tensor(self.framing[-1:])])  # (l + 1,)
        lengths, (rows, width) = mask.sum(dim=1, keepdim=True), mask.shape
        longest = min(width + len(behind), self.vocabulary.max_length)  # beyond it there is padding only
        place = torch.arange(longest, device=ids.device) - lengths  # (B, S)
        source = torch.where(place < 0, place + lengths, place + width).clamp(max=width + len(behind) - 1)
        read = place < len(behind)
        both = torch.cat([ids, behind.expand(rows, -1)], dim=1)
        joint: Inputs = {"input_ids": both.gather(1, source), "attention_mask": read.to(mask.dtype)}
        if self.has_types:
            joint["token_type_ids"] = ((place >= 0) & read).long()
        if embeddings is not None:
            all_embeddings = torch.cat([embeddings, self.embed({"input_ids": both[:, width:]})], dim=1)
            embeddings = all_embeddings.gather(1, source.unsqueeze(-1).expand(-1, -1, embeddings.shape[-1]))
        states = hidden_states(self.model, joint, embeddings)
        at = (lengths + torch.arange(len(labels), device=ids.device)).unsqueeze(-1)  # (B, l, 1)
        found = states.gather(1, at.expand(-1, -1, states.shape[-1]))
        tokens = functional.pad(states[:, :width], (0, 0, 0, max(0, width - longest)))
        return tokens.masked_fill(~mask.unsqueeze(-1), 0.0), found

    def label_embeddings(self) -> Tensor:
        """What stands for each label in the input (L, H), the same for every document."""
        return self.embed({"input_ids": self.label_ids.unsqueeze(0)})[0]

    def facts(self) -> dict[str, Any]:
        """Also how many labels there are."""
        return {**super().facts(), "labels": len(self.label_ids)}

    @classmethod
    def load(cls, folder: Path, description: dict[str, Any]) -> Self:
        """Rebuild from the saved architecture, with fresh weights for the run's own to replace."""
        settings = cls.Settings.parse(description["settings"])
        assert isinstance(settings, JointSettings)
        vocabulary = saved_vocabulary(folder, description)
        model = build_model(read_config(folder))
        return cls(description["name"], settings, model, vocabulary, description["labels"])


def _check_positions(
    name: str, settings: JointSettings, vocabulary: Vocabulary, labels: int, closing: int
) -> None:
    at_once = min(labels, settings.labels_at_once or labels)
    needed, limit = settings.max_length + at_once + closing, vocabulary.max_length
    if needed <= limit:
        return
    ways = ["keep fewer labels", "name an encoder with more positions"]
    if limit - at_once - closing >= 32:
        ways.insert(0, f"read less of each document (--set max_length={limit - at_once - closing})")
    room = limit - settings.max_length - closing
    if room >= 1:
        times = math.ceil(labels / room)
        ways.append(
            f"read the labels in parts (--set labels_at_once={room}), each document {times} times, "
            "which no paper does"
        )
    raise WorkbenchError(
        f"{name} has {limit:,} positions, and {settings.max_length} tokens of a document with {at_once:,} "
        f"labels need {needed:,}. Ways out: {'; '.join(ways)}."
    )


def _has_types(model: PreTrainedModel) -> bool:
    """Whether the model tells a first part of its input from a second one, as BERT does."""
    accepted = inspect.signature(model.forward).parameters
    return "token_type_ids" in accepted and getattr(model.config, "type_vocab_size", 0) > 1


def _add_tokens(tokenizer: Tokenizer, label_texts: Sequence[str]) -> None:
    tokens = [f"[label {number}: {text}]" for number, text in enumerate(label_texts)]
    tokenizer.add_special_tokens([AddedToken(token, special=True, normalized=False) for token in tokens])


def _add_embeddings(model: PreTrainedModel, label_ids: Tensor, pieces: list[list[int]] | None) -> None:
    """Rows for the labels' tokens: the mean of these word pieces' rows, random where there are none."""
    with quiet():
        model.resize_token_embeddings(
            max(int(label_ids[-1]) + 1, model.config.get_text_config().vocab_size), mean_resizing=False
        )
    table = cast(nn.Embedding, model.get_input_embeddings()).weight
    with torch.no_grad():
        spread = getattr(model.config, "initializer_range", 0.02)
        table[label_ids] = spread * torch.randn(len(label_ids), table.shape[1])
        for label, ids in zip(label_ids.tolist(), pieces or [], strict=pieces is not None):
            if ids:
                table[label] = table[ids].mean(dim=0)
