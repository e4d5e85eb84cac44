"""What an encoder is: texts in, token states and one document vector out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray
from torch import Tensor, nn

from workbench.config import Config

Inputs = dict[str, Tensor]
"""What feeds an encoder: `input_ids` and `attention_mask` (B, T), or stored `document` states (B, H)."""


class Encoded:
    """Token states (B, T, H), their mask (B, T; true where a token stands) and the document vector (B, H).

    An encoder that reads labels behind each document gives their states, too: labels (B, L, H). Document
    and tokens may be given as a function where it costs something, called when it is first read: most
    methods look at documents alone, some at tokens alone.
    """

    def __init__(
        self,
        document: Tensor | Callable[[], Tensor],
        tokens: Tensor | Callable[[], Tensor] | None = None,
        mask: Tensor | None = None,
        labels: Tensor | None = None,
    ) -> None:
        self.mask = mask
        self.labels = labels
        self._document = document
        self._tokens = tokens

    @property
    def document(self) -> Tensor:
        """The document vectors (B, H), the same tensor each time."""
        if not isinstance(self._document, Tensor):
            self._document = self._document()
        return self._document

    @property
    def gives_tokens(self) -> bool:
        """Whether there are token states; asking does not compute them."""
        return self._tokens is not None

    @property
    def tokens(self) -> Tensor | None:
        """The token states (B, T, H), the same tensor each time."""
        if not (self._tokens is None or isinstance(self._tokens, Tensor)):
            self._tokens = self._tokens()
        return self._tokens


class Prepared(Protocol):
    """Documents made ready once, in the order given; batches are then cut from it without touching text."""

    @property
    def lengths(self) -> np.ndarray:
        """(N,) tokens per document after truncation; batches of like lengths waste no padding."""
        ...

    def __len__(self) -> int:
        """Documents held."""
        ...

    def batch(self, rows: Sequence[int] | np.ndarray) -> Inputs:
        """The inputs of these documents, padded to the longest of them."""
        ...


class Encoder(nn.Module, ABC):
    """Turns prepared documents into vectors of `hidden_size` = H numbers.

    Padding takes no part in pooling, attention, convolution maxima or averages. A document's vector depends
    neither on the order of its batch nor on how far it was padded.
    """

    kind: ClassVar[str]
    """The sort of encoder, as `encoder.json` names it; the class that loads it follows from this."""
    Settings: ClassVar[type[Config]]
    prefers_bfloat16: ClassVar[bool] = True
    """Whether bfloat16 autocast was measured to be faster where `supports_bfloat16` holds."""
    suggested_learning_rate: float = 1e-3
    """What to start from with Adam when nothing else is asked for."""

    name: str
    """What `build_encoder` was asked for: `cnn`, `minilm`, a hub name or a folder."""
    hidden_size: int
    settings: Config
    gives_tokens: bool = True
    """Whether `Encoded.tokens` and `Encoded.mask` are there for methods that attend to tokens."""
    progress: Callable[[int, int], None] | None = None
    """Told how many of how many documents are prepared, where that takes long."""
    max_labels: int | None = None
    """The largest label set that the encoder can take in, where labels are part of its input."""

    @abstractmethod
    def prepare(self, texts: Sequence[str]) -> Prepared:
        """Tokenise (or look up) the documents once."""

    @abstractmethod
    def token_spans(self, texts: Sequence[str]) -> list[NDArray[np.int64]]:
        """Where the tokens of each text stand in it: characters from, to (T, 2), the same T as in `prepare`.

        A token that stands for no character, such as `[CLS]`, has from = to.
        """

    def knows_any_word(self, text: str) -> bool:
        """Whether it tells any word of a text from others: one with a vocabulary of its own may know none."""
        return True

    @abstractmethod
    def embed(self, inputs: Inputs) -> Tensor:
        """Word embeddings (B, T, E), before any context: what Mixup on the input mixes."""

    @abstractmethod
    def forward(self, inputs: Inputs, embeddings: Tensor | None = None) -> Encoded:
        """Encode a batch; `embeddings` (B, T, E) take the place of the embedded `input_ids` where given."""

    def read_alone(self, inputs: Inputs) -> Encoded:
        """Encode a batch of texts without the labels that `forward` may read behind each of them."""
        encoded: Encoded = self(inputs)
        return encoded

    def words(self, inputs: Inputs) -> Tensor:
        """(B, T), true where a token of the text stands: the mask itself where nothing frames the text."""
        return inputs["attention_mask"].bool()

    @abstractmethod
    def save(self, folder: Path) -> None:
        """Write what rebuilds this encoder without the corpus: `encoder.json`, tokenizer, architecture.

        Weights are not written here: the method that owns the encoder keeps them in model.safetensors.
        """

    @classmethod
    @abstractmethod
    def load(cls, folder: Path, description: dict[str, Any]) -> Encoder:
        """Rebuild what `save` wrote; weights of `referenced_parameters` come from their source, verified."""

    def referenced_parameters(self) -> frozenset[str]:
        """Names in `state_dict()` that are never trained: reloaded from their source, not saved per run."""
        return frozenset()
