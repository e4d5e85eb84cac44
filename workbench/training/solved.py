"""Runs a stage that is solved at once instead of being trained by epochs."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pandas as pd
import torch
from torch.nn import functional

from workbench.methods.base import Method, Stage
from workbench.metrics import TrainCounts, evaluate
from workbench.training.callbacks import CURVES
from workbench.training.inference import forwards
from workbench.training.material import looking
from workbench.training.report import inference_settings
from workbench.training.stage import Setting


def solve_stage(method: Method, stage: Stage, setting: Setting, earlier: pd.DataFrame) -> dict[str, Any]:
    """Solve one stage and judge it on the validation documents, as an epoch of another would be.

    The history gets two rows: the means of the stage's terms over the training documents, and validation.
    """
    assert stage.solve is not None
    started = time.perf_counter()
    material = setting.material()
    method.to(setting.device)
    with looking(method, setting.device, setting.is_bfloat16):
        stage.solve(material)
        terms = _terms(method, stage, setting)
    loss, overall = _validated(method, setting)
    offset = float(earlier["wall_time_s"].max()) if len(earlier) else 0.0
    place = {"stage": stage.name, "epoch": 0, "step": 1}
    elapsed = offset + time.perf_counter() - started
    rows = [
        {**place, "phase": "train", "wall_time_s": elapsed, **terms},
        {**place, "phase": "valid", "wall_time_s": elapsed, "loss": loss, "loss/classification": loss}
        | {name: overall[name] for name in CURVES if overall.get(name) is not None},
    ]
    if setting.writer is not None:
        setting.writer.write_history(pd.DataFrame([*earlier.to_dict("records"), *rows]))
    return {"stage": stage.name, "epoch": 0, "value": overall.get(setting.training.select)}


def _terms(method: Method, stage: Stage, setting: Setting) -> dict[str, float]:
    """The stage's terms, each the mean over the training documents, and their weighted sum."""
    sums = dict.fromkeys((objective.name for objective in stage.objectives), 0.0)
    documents = 0
    for batch in setting.material().batches("train"):
        forward = (stage.forward or method)(batch)
        for objective in stage.objectives:
            objective.check(forward, method.name)
            sums[objective.name] += float(objective(forward, batch)) * len(batch.rows)
        documents += len(batch.rows)
    means = {name: total / documents for name, total in sums.items()}
    loss = sum(means[objective.name] * objective.weight for objective in stage.objectives)
    return {"loss": loss, **{f"loss/{name}": mean for name, mean in means.items()}}


def _validated(method: Method, setting: Setting) -> tuple[float, dict[str, float | None]]:
    """Cross entropy and metrics on the validation documents."""
    targets = setting.corpus.valid.targets
    scores, entropy = np.zeros(targets.shape, dtype=np.float32), 0.0
    how = inference_settings(setting)
    for batch, forward in forwards(method, setting.prepared["valid"], targets=targets, **how):
        scores[batch.rows.cpu().numpy()] = method.probabilities(forward).cpu().numpy()
        gold = batch.targets.to(torch.float32)
        entropy += float(functional.binary_cross_entropy_with_logits(forward.logits.float(), gold)) * len(
            batch.rows
        )
    known = TrainCounts.of(setting.corpus.train.real_targets)
    report = evaluate(scores, targets, train_targets=known, threshold=0.5)
    return entropy / targets.shape[0], report["overall"]
