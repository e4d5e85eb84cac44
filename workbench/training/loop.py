"""The one Lightning module: any method, any stage."""

from __future__ import annotations

from typing import Any, NamedTuple

import lightning
import numpy as np
import torch
from torch import Tensor
from torch.nn import functional
from transformers import get_scheduler

from workbench.errors import WorkbenchError
from workbench.methods.base import Batch, Method, Stage
from workbench.training.config import TrainingConfig

_SCHEDULES = {"linear": "linear", "cosine": "cosine", "constant": "constant_with_warmup"}

_HEAD_RATE = 1e-3


class ValidPart(NamedTuple):
    """What a batch of B validation documents gave: their rows, scores (B, L), sets, summed cross entropy."""

    rows: np.ndarray
    scores: np.ndarray
    chosen: np.ndarray | None
    entropy: float


class StageModule(lightning.LightningModule):
    """Trains `method` on the objectives of one stage; validation keeps scores for the callbacks to judge."""

    def __init__(self, method: Method, stage: Stage, training: TrainingConfig, steps: int, seed: int) -> None:
        super().__init__()
        self.method = method
        self.stage = stage
        self.training_config = training
        self.total_steps = max(1, steps)
        self.seed = seed
        self.terms: dict[str, Tensor] = {}
        self.valid_parts: list[ValidPart] = []

    def on_train_epoch_start(self) -> None:
        """Seed dropout and mixing by epoch, so that a resumed epoch repeats the one that was lost."""
        sequence = np.random.SeedSequence((self.seed, self.current_epoch, self.global_rank))
        torch.manual_seed(int(sequence.generate_state(1)[0]))

    def training_step(self, batch: Batch, index: int) -> Tensor:
        """The weighted sum of the stage's named terms."""
        forward = (self.stage.forward or self.method)(batch)
        if self.global_step == 0 and index == 0:
            for objective in self.stage.objectives:
                objective.check(forward, self.method.name)
        terms = {objective.name: objective(forward, batch) for objective in self.stage.objectives}
        loss = torch.stack([terms[o.name] * o.weight for o in self.stage.objectives]).sum()
        self.terms = {
            "loss": loss.detach(),
            **{f"loss/{name}": term.detach() for name, term in terms.items()},
        }
        if self.device.type == "cpu":
            self.require_finite()
        return loss

    def require_finite(self, terms: dict[str, Tensor] | None = None) -> None:
        """Raise WorkbenchError naming the term that is not a number any more.

        `terms` are the last batch's, or sums over batches, which one of them that is no number spoils.
        """
        for name, value in reversed((self.terms if terms is None else terms).items()):
            if not torch.isfinite(value):
                clip = self.training_config.clip / 2 or 1
                raise WorkbenchError(
                    f"The loss became {float(value)} in stage {self.stage.name!r}, epoch "
                    f"{self.current_epoch + 1}, step {self.global_step + 1} (term {name!r}). Lower the "
                    f"learning rate ({self._lower_rates()}), clip harder (--set clip={clip:g}) "
                    "or train in float32 (--set precision=float32)."
                )

    def _lower_rates(self) -> str:
        """The settings of this stage's rates, each at a tenth of what it is, but never above the usual."""
        (encoder, head), suggested = self.rates(), self.method.encoder.suggested_learning_rate
        usual = max(_HEAD_RATE, suggested)
        own = self.stage.rate_setting
        if own is not None:
            usual = type(self.method.config).model_fields[own].default or usual
            return f"--set {own}={min(head / 10, usual):g}"
        lower = {"learning_rate": min(encoder / 10, suggested), "head_learning_rate": min(head / 10, usual)}
        if not any(p.requires_grad for p in self.method.encoder.parameters()):
            del lower["learning_rate"]
        return " ".join(f"--set {setting}={rate:g}" for setting, rate in lower.items())

    def validation_step(self, batch: Batch, index: int) -> None:
        """Keep the scores (and the clean cross entropy) of these documents."""
        forward = self.method(batch)
        entropy = functional.binary_cross_entropy_with_logits(forward.logits.float(), batch.targets.float())
        scores = self.method.probabilities(forward).cpu().numpy()
        chosen = None if forward.chosen is None else forward.chosen.cpu().numpy()
        part = ValidPart(batch.rows.cpu().numpy(), scores, chosen, float(entropy) * len(scores))
        self.valid_parts.append(part)

    def configure_optimizers(self) -> Any:
        """AdamW with one rate for the encoder and one for the rest, warm-up and a schedule."""
        config = self.training_config
        optimizer = torch.optim.AdamW(
            self._groups(), weight_decay=config.weight_decay, fused=not self._is_scaled()
        )
        schedule = get_scheduler(
            _SCHEDULES[config.schedule],
            optimizer,
            num_warmup_steps=round(config.warmup * self.total_steps),
            num_training_steps=self.total_steps,
        )
        return {"optimizer": optimizer, "lr_scheduler": {"scheduler": schedule, "interval": "step"}}

    def configure_gradient_clipping(
        self,
        optimizer: torch.optim.Optimizer,
        gradient_clip_val: float | None = None,
        gradient_clip_algorithm: str | None = None,
    ) -> None:
        """Clip by norm; Lightning refuses for fused optimizers what only float16 scaling rules out."""
        if gradient_clip_val and not self._is_scaled():
            torch.nn.utils.clip_grad_norm_(self.method.parameters(), gradient_clip_val)
        elif gradient_clip_val:
            self.clip_gradients(optimizer, gradient_clip_val, gradient_clip_algorithm)

    def _is_scaled(self) -> bool:
        return self.trainer.precision == "16-mixed"

    def rates(self) -> tuple[float, float]:
        """Learning rates of the encoder and of the rest."""
        config, suggested = self.training_config, self.method.encoder.suggested_learning_rate
        encoder = self.stage.learning_rate or config.learning_rate or suggested
        head = self.stage.learning_rate or config.head_learning_rate or max(_HEAD_RATE, encoder)
        return encoder, head

    def _groups(self) -> list[dict[str, Any]]:
        config, (encoder_rate, head_rate) = self.training_config, self.rates()
        groups: dict[tuple[float, float], list[torch.nn.Parameter]] = {}
        for name, parameter in self.method.named_parameters():
            if parameter.requires_grad:
                rate = encoder_rate if name.startswith("encoder.") else head_rate
                decay = config.weight_decay if parameter.dim() > 1 else 0.0
                groups.setdefault((rate, decay), []).append(parameter)
        return [{"params": ps, "lr": rate, "weight_decay": decay} for (rate, decay), ps in groups.items()]
