"""From a job to results on disk: every stage of the method, then scores, metrics and arrays."""

from __future__ import annotations

import logging
import shutil
import time
from pathlib import Path
from typing import Any

import pandas as pd
import torch

from workbench.methods.base import Method
from workbench.methods.registry import complete_stages
from workbench.methods.storage import load_trained, save_method, save_trained
from workbench.runs.store import Run
from workbench.training.devices import check_limits, choose_precision, peak_memory_mb
from workbench.training.job import Job, build_method
from workbench.training.kept_stages import KeptStages
from workbench.training.progress import preparing
from workbench.training.report import write_results
from workbench.training.solved import solve_stage
from workbench.training.stage import Setting, run_stage

_LOG = logging.getLogger("workbench")


def run_job(job: Job) -> None:
    """Train what the job says and write what came out.

    Raises:
        WorkbenchError: as `fit` says of building the model and of training.
        SystemExit: in processes that only compute, when all is computed.
    """
    corpus, training, writer, path = job.corpus, job.settings.training, job.writer, job.path
    watched = job.watched and writer is not None
    before, started = _seconds_before(path), time.perf_counter()
    method = _build(job)
    with preparing(method.encoder, path.name, watched):
        prepared = {name: method.encoder.prepare(split.texts) for name, split in corpus.splits.items()}
    setting = Setting(
        corpus=corpus,
        prepared=prepared,
        training=training,
        seed=job.recipe.seed,
        device=job.device,
        precision=choose_precision(training, method.encoder, job.device),
        checkpoints=path / "checkpoints",
        writer=writer,
        title=path.name,
        is_watched=watched,
    )
    prepared_at = time.perf_counter()
    best = _run_stages(method, setting)
    trained_at = time.perf_counter()
    if writer is None:
        raise SystemExit(0)
    write_results(method, setting, writer)
    save_method(method.cpu(), writer.model_dir)
    shutil.rmtree(setting.checkpoints, ignore_errors=True)
    ended = time.perf_counter()
    spent = {
        "prepare": prepared_at - started,
        "train": before + trained_at - prepared_at,
        "evaluate": ended - trained_at,
        "total": before + ended - started,
    }
    writer.finish(
        best=best,
        precision=setting.precision,
        durations_s={part: round(seconds, 2) for part, seconds in spent.items()},
        peak_memory_mb=peak_memory_mb(job.device),
    )


def _build(job: Job) -> Method:
    """The untrained method, after what it is was written down; what limits it is refused, notes are said."""
    method = build_method(job.recipe, job.settings, job.corpus, job.cache)
    if job.writer is not None:
        job.writer.update(**_about(method))
    check_limits(method, job.settings.training.batch_size, job.device)
    if job.writer is not None:
        for note in method.notes(job.settings.training.epochs):
            _LOG.warning("Note: %s", note)
    return method


def _about(method: Method) -> dict[str, Any]:
    """What is known of a method once it is built: it has filled in the settings that were left to it."""
    return {
        "config": {"method": method.config.model_dump(mode="json")},
        "attends_by_label": method.attends_by_label,
        "compares_tokens": method.compares_tokens,
    }


def _run_stages(method: Method, setting: Setting) -> dict[str, Any]:
    best: dict[str, Any] = {}
    stages = complete_stages(method)
    if setting.writer is not None:
        setting.writer.update(stages=[stage.name for stage in stages])
    kept = KeptStages(method, stages, setting)
    kept.after(0)
    for number, stage in enumerate(stages, start=1):
        finished = setting.checkpoints / f"done-{stage.name}.safetensors"
        checkpoint = setting.checkpoints / f"resume-{stage.name}.ckpt"
        if finished.exists():
            load_trained(method, finished)
            kept.after(number)
            continue
        resumed = checkpoint if checkpoint.exists() else None
        earlier = _earlier_history(setting, stage.name, resumed)
        if stage.solve is not None:
            found = solve_stage(method, stage, setting, earlier)
        else:
            found = run_stage(method, stage, setting, earlier, resumed)
        if stage.is_classifier:
            best = {**found, "metric": setting.training.select}
        if setting.writer is not None:
            save_trained(method, finished)
            setting.writer.update(best=best)
        kept.after(number)
    return best


def _seconds_before(path: Path) -> float:
    """How long the run at `path` was trained before it was interrupted, as far as its history tells."""
    history = Run.load(path).history
    return 0.0 if history.empty else float(history["wall_time_s"].max())


def _earlier_history(setting: Setting, stage: str, checkpoint: Path | None) -> pd.DataFrame:
    """Rows written before: of earlier stages, and of this stage up to the checkpoint's epoch."""
    history = Run.load(setting.checkpoints.parent).history
    if history.empty:
        return pd.DataFrame()
    done = 0 if checkpoint is None else int(torch.load(checkpoint, weights_only=True)["epoch"]) + 1
    return history[(history["stage"] != stage) | (history["epoch"] < done)]
