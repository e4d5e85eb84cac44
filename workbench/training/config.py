"""Settings of the training loop, the same for every method."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from workbench.config import Config

SelectionMetric = Literal["nDCG@5", "nDCG@3", "P@1", "P@3", "P@5", "PSP@5", "micro_F1", "macro_F1"]


class TrainingConfig(Config):
    """How long, how fast, on what, and which epoch is kept."""

    epochs: int = Field(10, ge=1, description="passes over the training documents, at most")
    batch_size: int = Field(32, ge=1, description="documents per batch")
    accumulate: int = Field(1, ge=1, description="batches whose gradients are averaged before a step")
    learning_rate: float | None = Field(
        None, gt=0, description="of the encoder; when not given, what suits its kind"
    )
    head_learning_rate: float | None = Field(
        None,
        gt=0,
        description="of everything but the encoder; when not given 0.001, or the encoder's if higher",
    )
    weight_decay: float = Field(0.01, ge=0, description="AdamW's decay; not on biases and norms")
    warmup: float = Field(0.1, ge=0, le=1, description="fraction of the steps in which the rate rises from 0")
    schedule: Literal["linear", "cosine", "constant"] = Field("linear", description="of the rate afterwards")
    clip: float = Field(1.0, ge=0, description="largest norm of the gradient; 0 does not clip")
    select: SelectionMetric = Field(
        "nDCG@5", description="validation metric that picks the best epoch and stops"
    )
    patience: int = Field(
        3, ge=0, description="epochs without a better metric before stopping; 0 never stops"
    )
    swa_start: int | None = Field(
        None, ge=0, description="stochastic weight averaging from this epoch on (0 is the first)"
    )
    threshold: Literal["tuned", "per_label", "fixed"] = Field(
        "tuned", description="for predicted sets: one tuned on validation, one per label, or 0.5"
    )
    train_size: int | None = Field(
        None, ge=1, description="only so many training documents, drawn by the run's seed"
    )
    device: Literal["auto", "cpu", "cuda"] = Field("auto", description="where to train")
    devices: int = Field(1, ge=1, description="GPUs or processes")
    strategy: str = Field("auto", description="Lightning's strategy for several devices, such as ddp")
    precision: Literal["auto", "float32", "bfloat16", "float16"] = Field(
        "auto", description="auto: bfloat16 where the hardware and the encoder gain by it"
    )
    logger: Literal["none", "tensorboard", "mlflow", "wandb"] = Field(
        "none", description="a further logger; the run's own history is always written"
    )
    log_every: int = Field(10, ge=1, description="steps per row of the history")
    keep_epochs: bool = Field(
        False,
        description="keep the weights after each epoch, for the path on the loss landscape; "
        "two bytes a weight and epoch",
    )
    keep_stages: bool | None = Field(
        None,
        description="keep vectors of test documents before training and between stages, for the page "
        "Geometry; when not given, where more than one stage trains the encoder",
    )
