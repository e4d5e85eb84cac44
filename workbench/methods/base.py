"""The contract of a method: what it gives (Forward), minimises (Objective), in which order (Stage)."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, ClassVar, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from pydantic import Field
from scipy import sparse
from torch import Tensor, nn

from workbench.cards.base import PaperCard
from workbench.config import Config
from workbench.encoders.base import Encoded, Encoder, Inputs
from workbench.errors import WorkbenchError
from workbench.methods.label_space import LabelSpace


@dataclass
class Batch:
    """One batch: encoder inputs, gold targets (B, L) and the documents' rows in their split (B,).

    `draws` keeps what was drawn at random for this batch, so that all objectives see the same draw.
    """

    inputs: Inputs
    targets: Tensor
    rows: Tensor
    draws: dict[str, Any] = field(default_factory=dict)

    def to(self, device: torch.device, non_blocking: bool = False) -> Batch:
        """The same batch on another device."""
        move = {name: value.to(device, non_blocking=non_blocking) for name, value in self.inputs.items()}
        targets = self.targets.to(device, non_blocking=non_blocking)
        return replace(
            self, inputs=move, targets=targets, rows=self.rows.to(device, non_blocking=non_blocking)
        )


@dataclass
class Forward:
    """What a method gives for a batch; None where it has no such thing.

    Shapes: logits (B, L); labels (L, H) or (B, L, H); label_features (B, L, V); prototypes (L, V) with the
    number of features behind each, prototype_counts (L,). `classify` maps documents (B, H) to logits (B, L).
    `encoded` is what the encoder gave; document (B, H), tokens (B, T, H) and mask (B, T) are read through it,
    and computed only if they are read. `attend` computes the attention (B, L, T): training needs it part by
    part only. `correlation` (B, T, L) says what each token has to do with each label, and `token_weights`
    (B, T) how much of the document's vector comes from each token. `heads` are logits (B, L) by name where
    `logits` join several. `chosen` (B, L), bool, are the sets of a method that says sets. `is_mixed`:
    documents were mixed before encoding, logits are of mixed targets.
    """

    logits: Tensor
    labels: Tensor | None = None
    encoded: Encoded | None = None
    label_features: Tensor | None = None
    prototypes: Tensor | None = None
    prototype_counts: Tensor | None = None
    attend: Callable[[], Tensor] | None = None
    classify: Callable[[Tensor], Tensor] | None = None
    correlation: Tensor | None = None
    token_weights: Tensor | None = None
    heads: Mapping[str, Tensor] | None = None
    chosen: Tensor | None = None
    is_mixed: bool = False

    @property
    def document(self) -> Tensor | None:
        """Document vectors (B, H) of the encoder."""
        return self.encoded.document if self.encoded else None

    @property
    def tokens(self) -> Tensor | None:
        """Token states (B, T, H) of the encoder."""
        return self.encoded.tokens if self.encoded else None

    @property
    def mask(self) -> Tensor | None:
        """(B, T), true where a token stands."""
        return self.encoded.mask if self.encoded else None

    @property
    def attention(self) -> Tensor | None:
        """(B, L, T): how much each label looks at each token; rows of documents with tokens sum to 1."""
        return self.attend() if self.attend else None

    def given(self) -> set[str]:
        """The names of what is there."""
        names = {item.name for item in fields(self) if getattr(self, item.name) is not None}
        names -= {"encoded", "is_mixed"}
        if self.encoded is None:
            return names
        return names | {"document"} | ({"tokens", "mask"} if self.encoded.gives_tokens else set())


class Objective(ABC):
    """One named, weighted term of a loss. Borrow it for another method wherever `requires` is given."""

    name: ClassVar[str]
    requires: ClassVar[tuple[str, ...]] = ("logits",)

    class Settings(Config):
        """Every objective has a weight; subclasses add their own hyper-parameters."""

        weight: float = Field(1.0, ge=0, description="factor of this term in the loss")

    def __init__(self, settings: Objective.Settings | None = None) -> None:
        self.settings: Any = settings if settings is not None else self.Settings()

    @property
    def weight(self) -> float:
        """The factor of this term in the loss."""
        return float(self.settings.weight)

    @abstractmethod
    def __call__(self, forward: Forward, batch: Batch) -> Tensor:
        """The unweighted term, a scalar."""

    def check(self, forward: Forward, method: str) -> None:
        """Raise WorkbenchError when the method does not give what this objective needs."""
        if missing := [name for name in self.requires if name not in forward.given()]:
            raise WorkbenchError(
                f"The objective {self.name!r} needs {', '.join(missing)}, which the method {method!r} does "
                f"not give. It gives: {', '.join(sorted(forward.given()))}. Leave the objective out, or "
                "choose a method that gives them."
            )


class Examples(Protocol):
    """What a stage trains on, in batches that are asked for by rows."""

    @property
    def lengths(self) -> NDArray[np.integer]:
        """(N,) what batches of like length are made by; all the same where it means nothing."""
        ...

    def __len__(self) -> int:
        """The number of examples N."""
        ...

    def __getitem__(self, rows: NDArray[np.int64]) -> Batch:
        """These examples as one batch, on the CPU."""
        ...


@dataclass(frozen=True)
class Material:
    """What a method may use to prepare a stage or an epoch, and to fill a run's arrays.

    `documents` are the training documents with their `targets` (N, L), `batches(split)` all documents of
    "train" or "test", each once, on the device. `folder` lies on disk, is kept between stages and after a
    kill, and goes when the run is done. Everything random in it comes from `seed`.
    """

    documents: Examples
    targets: sparse.csr_array
    batches: Callable[[str], Iterator[Batch]]
    folder: Path
    seed: int


@dataclass(frozen=True)
class Stage:
    """A part of training: which objectives, for how long, and which parameters (by name) it trains.

    `epochs`, `learning_rate` and `batch_size` are those of the training settings where None; `rate_setting`
    names the method's own setting for the learning rate, where the stage has one. `is_classifier`
    says that the best epoch is the one with the best validation metric; otherwise it is the last, and nothing
    is validated. `examples` gives what is trained on where that is not the training documents, and `forward`
    what happens to a batch where that is not the method's own forward. Modules of which the stage trains no
    parameter stay in evaluation mode.

    `solve` fits the parameters at once, in evaluation mode and without gradients, in place of epochs; the
    objectives then say what it minimised, and are measured once.
    """

    name: str
    objectives: Sequence[Objective]
    epochs: int | None = None
    learning_rate: float | None = None
    rate_setting: str | None = None
    batch_size: int | None = None
    trains: Callable[[str], bool] = lambda _name: True
    is_classifier: bool = True
    examples: Callable[[Material], Examples] | None = None
    forward: Callable[[Batch], Forward] | None = None
    solve: Callable[[Material], None] | None = None


class MethodConfig(Config):
    """What every method can be told."""

    variant: str = Field("", description="which variant of the paper's ablation")
    add: tuple[str, ...] = Field(
        (), description="further objectives from other methods, such as 'protomix.prototype:weight=0.001'"
    )

    def notes(self, epochs: int, labels: LabelSpace) -> Sequence[str]:
        """What to say before training for so many epochs, where settings do less than their names promise."""
        return ()


class Method(nn.Module, ABC):
    """An encoder with heads. Subclasses say what comes out (forward) and what is minimised (stages)."""

    name: ClassVar[str]
    variants: ClassVar[Mapping[str, str]]
    """Variant name -> one line on what it is; each is a name on the command line."""
    card: ClassVar[PaperCard]
    Config: ClassVar[type[MethodConfig]]
    default_encoder: ClassVar[str] = "cnn"
    """The encoder of a run that names none."""
    encoder_settings: ClassVar[Mapping[str, Any]] = {}
    """Settings of that encoder as the paper has them, where they are others; what a run sets goes first."""
    says_sets: ClassVar[bool] = False
    """Whether the method itself says which labels a document has, in `Forward.chosen`: no threshold does."""

    def __init__(self, encoder: Encoder, labels: LabelSpace, config: MethodConfig) -> None:
        super().__init__()
        self.encoder = encoder
        self.label_space = labels
        self.config: Any = config

    def notes(self, epochs: int) -> Sequence[str]:
        """What to say before training for so many epochs."""
        return self.config.notes(epochs, self.label_space)

    @classmethod
    def reads_labels(cls, variant: str) -> bool:
        """Whether this variant's encoder reads the labels behind each document, in one sequence."""
        return False

    @classmethod
    def reads_generated(cls, variant: str) -> bool:
        """Whether this variant is trained on generated documents too, where its corpus has any."""
        return True

    @abstractmethod
    def forward(self, batch: Batch) -> Forward:
        """Encode and classify a batch."""

    @abstractmethod
    def stages(self) -> Sequence[Stage]:
        """The stages of training, in order."""

    def probabilities(self, forward: Forward) -> Tensor:
        """Scores in [0, 1], (B, L) in float32; methods with several heads average here."""
        return torch.sigmoid(forward.logits.float())

    @property
    def attends_by_label(self) -> bool:
        """Whether each label reads the tokens for itself, so that `Forward.attention` is there."""
        return False

    @property
    def compares_tokens(self) -> bool:
        """Whether tokens are compared with labels, so that `Forward.correlation` is there."""
        return False

    def label_embeddings(self) -> Tensor | None:
        """One vector per label (L, H) where the method has such, the same for every document."""
        return None

    def begin_epoch(self, stage: Stage, epoch: int, material: Material) -> None:
        """A hook before each epoch of a stage, in evaluation mode and without gradients."""

    def arrays(self, material: Material) -> dict[str, np.ndarray]:
        """What else a finished run keeps for looking, by name; in evaluation mode and without gradients."""
        return {}


def require_tokens(encoder: Encoder, variant: str) -> None:
    """Raise WorkbenchError when the encoder gives no token states, which the variant attends to."""
    if not encoder.gives_tokens:
        raise WorkbenchError(
            f"{variant} attends to tokens, and the encoder {encoder.name!r} keeps one state a document. "
            "Keep those of tokens: --set states=tokens"
        )
