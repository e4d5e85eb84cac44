"""`fit`: from a recipe to a finished run; `resume`: from an interrupted run to a finished one."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import torch

from workbench.data.corpus import Corpus
from workbench.data.library import lasting_name, load_corpus
from workbench.encoders import build_encoder
from workbench.errors import WorkbenchError
from workbench.methods.base import LabelSpace, Method
from workbench.methods.registry import complete_stages, parse_objective
from workbench.methods.storage import load_trained, save_method, save_trained
from workbench.progress import is_watched
from workbench.runs.naming import free_name
from workbench.runs.store import Run
from workbench.runs.writer import RunWriter
from workbench.training.devices import (
    check_limits,
    check_precision,
    choose_device,
    choose_precision,
    describe_device,
    is_out_of_memory,
    out_of_memory,
    peak_memory_mb,
)
from workbench.training.loggers import check_logger
from workbench.training.progress import preparing
from workbench.training.report import write_results
from workbench.training.settings import Settings
from workbench.training.spec import Recipe, check_splits, manifest
from workbench.training.stage import Setting, run_stage
from workbench.workspace import Workspace

_RUN_FOLDER = "WORKBENCH_RUN_FOLDER"
"""Tells the further processes of a distributed training where the first one writes."""


class TrainingInterrupted(KeyboardInterrupt):
    """Ctrl-C during training; the run in `path` is readable and can be resumed."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path.name} was interrupted; go on with: workbench train --resume {path.name}")
        self.path = path


@dataclass(frozen=True)
class _Job:
    """One training: what, on what, and who writes it down (nobody, in processes that only compute)."""

    recipe: Recipe
    settings: Settings
    corpus: Corpus
    cache: Path
    watched: bool
    writer: RunWriter | None

    @property
    def path(self) -> Path:
        """The run's folder."""
        return Path(os.environ[_RUN_FOLDER])

    @cached_property
    def device(self) -> torch.device:
        """Where this process computes."""
        return choose_device(self.settings.training)


def fit(
    method: str = "protomix",
    corpus: str | Path | Corpus = "demo",
    encoder: str = "cnn",
    seed: int = 0,
    *,
    frozen: bool = False,
    name: str | None = None,
    workspace: Workspace | None = None,
    progress: bool | None = None,
    about: Mapping[str, Any] | None = None,
    **settings: Any,
) -> Run:
    """Train a method on a corpus and return its run.

    Args:
        method: a method or a variant, such as "protomix", "base" (see `workbench methods`).
        corpus: the name of an imported corpus, "demo", a folder, or a Corpus.
        encoder: "cnn", "bilstm", "minilm", a transformers name or folder.
        seed: of everything random.
        frozen: encode once, train the heads only.
        name: of the run's folder; by default made from the rest.
        workspace: where corpora, runs and caches are; by default the current folder or WORKBENCH_HOME.
        progress: show a bar; by default when standard error is a terminal.
        about: further entries of run.json, such as the sweep that the run is a trial of.
        settings: hyper-parameters of method, training and encoder by their own names.

    Raises:
        WorkbenchError: for a wrong name, setting, corpus, device or missing package of a logger, before
            anything is written; for what only building the model or training shows - an encoder that cannot
            be loaded, more labels than it or the memory has room for, a strategy that Lightning refuses, no
            memory left, a loss that is not a number any more - after which the run says so and is readable.
        TrainingInterrupted: after Ctrl-C.
    """
    workspace = workspace or Workspace.current()
    opened = corpus if isinstance(corpus, Corpus) else load_corpus(corpus, workspace)
    named = corpus.name if isinstance(corpus, Corpus) else lasting_name(corpus, workspace)
    recipe = Recipe.of(method, named, encoder, frozen, seed, settings)
    resolved = recipe.resolve()
    opened = _limited(opened, resolved, recipe.seed)
    check_splits(opened, resolved.training.devices)
    writer = _begin(recipe, resolved, opened, name, workspace)
    if writer is not None and about:
        writer.update(**about)
    watched = is_watched() if progress is None else progress
    return _train(_Job(recipe, resolved, opened, workspace.cache, watched, writer))


def resume(
    path: str | Path,
    *,
    corpus: Corpus | None = None,
    workspace: Workspace | None = None,
    progress: bool | None = None,
) -> Run:
    """Go on with an interrupted run from its last whole epoch; the result is that of an undisturbed run.

    Raises:
        WorkbenchError: when the run is finished, or its corpus is not what it was.
    """
    workspace = workspace or Workspace.current()
    begun = Run.load(path)
    known = begun.manifest
    recipe = Recipe(**known["recipe"])
    resolved = recipe.resolve()
    opened = _limited(corpus or load_corpus(recipe.corpus, workspace), resolved, recipe.seed)
    if opened.fingerprint != known["corpus"]["fingerprint"]:
        raise WorkbenchError(
            f"The corpus {opened.name!r} has changed since {begun.name} was started (fingerprint "
            f"{opened.fingerprint[:12]} against {known['corpus']['fingerprint'][:12]}): train it anew."
        )
    writer = RunWriter.reopen(begun.path) if _is_first_process() else None
    os.environ[_RUN_FOLDER] = str(begun.path)
    watched = is_watched() if progress is None else progress
    return _train(_Job(recipe, resolved, opened, workspace.cache, watched, writer))


def _limited(corpus: Corpus, settings: Settings, seed: int) -> Corpus:
    size = settings.training.train_size
    return corpus if size is None else corpus.with_train_size(size, seed)


def _is_first_process() -> bool:
    return int(os.environ.get("LOCAL_RANK", "0")) == 0


def _begin(
    recipe: Recipe, settings: Settings, corpus: Corpus, name: str | None, workspace: Workspace
) -> RunWriter | None:
    if not _is_first_process():
        if _RUN_FOLDER not in os.environ:
            raise WorkbenchError(
                "Further processes are started by the first one: say --set devices=N instead of torchrun."
            )
        return None
    if settings.training.devices > 1 and torch.distributed.is_initialized():
        raise WorkbenchError(
            "This process has trained on several devices already. The further processes start a program anew "
            "from its beginning, so start one program for each such run."
        )
    chosen = choose_device(settings.training)
    check_precision(settings.training, chosen)
    check_logger(settings.training.logger)
    for text in settings.method.add:
        parse_objective(text)
    device = describe_device(chosen)
    wanted = name or free_name(workspace.runs, recipe.run_name())
    writer = RunWriter.create(workspace.runs, wanted, manifest(recipe, settings, corpus, device))
    writer.write_labels(corpus.labels, corpus.label_texts, _train_counts(corpus).tolist())
    os.environ[_RUN_FOLDER] = str(writer.path)
    return writer


def _train_counts(corpus: Corpus) -> np.ndarray:
    return np.asarray(corpus.train.targets.sum(axis=0, dtype=np.int64)).ravel()


def _train(job: _Job) -> Run:
    try:
        _train_and_report(job)
    except KeyboardInterrupt:
        if job.writer is not None:
            job.writer.stop("stopped", "interrupted by the user")
        raise TrainingInterrupted(job.path) from None
    except Exception as error:
        shown = out_of_memory(job.settings.training, job.device) if is_out_of_memory(error) else error
        if job.writer is not None:
            job.writer.stop("failed", str(shown))
        if shown is error:
            raise
        raise shown from error
    return Run.load(job.path)


def _train_and_report(job: _Job) -> None:
    corpus, training, writer, path = job.corpus, job.settings.training, job.writer, job.path
    watched = job.watched and writer is not None
    started = time.perf_counter()
    method = build_method(job.recipe, job.settings, corpus, job.cache)
    check_limits(method, training.batch_size, job.device)
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
    writer.finish(
        best={**best, "metric": training.select},
        precision=setting.precision,
        durations_s={
            "prepare": round(prepared_at - started, 2),
            "train": round(trained_at - prepared_at, 2),
            "evaluate": round(ended - trained_at, 2),
            "total": round(ended - started, 2),
        },
        peak_memory_mb=peak_memory_mb(job.device),
    )


def build_method(recipe: Recipe, settings: Settings, corpus: Corpus, cache: Path) -> Method:
    """The untrained method, the same for the same recipe."""
    labels = LabelSpace(corpus.labels, corpus.label_texts, _train_counts(corpus), len(corpus.train))
    torch.manual_seed(recipe.seed)
    encoder = build_encoder(
        recipe.encoder,
        settings=settings.encoder,
        train_texts=corpus.train.texts,
        frozen=recipe.frozen,
        cache=cache,
    )
    torch.manual_seed(recipe.seed)
    return settings.method_class(encoder, labels, settings.method)


def _run_stages(method: Method, setting: Setting) -> dict[str, Any]:
    best: dict[str, Any] = {}
    for stage in complete_stages(method):
        finished = setting.checkpoints / f"done-{stage.name}.safetensors"
        checkpoint = setting.checkpoints / f"resume-{stage.name}.ckpt"
        if finished.exists():
            load_trained(method, finished)
            continue
        resumed = checkpoint if checkpoint.exists() else None
        earlier = _earlier_history(setting, stage.name, resumed)
        best = run_stage(method, stage, setting, earlier, resumed)
        if setting.writer is not None:
            save_trained(method, finished)
            setting.writer.update(best=best)
    return best


def _earlier_history(setting: Setting, stage: str, checkpoint: Path | None) -> pd.DataFrame:
    """Rows written before: of earlier stages, and of this stage up to the checkpoint's epoch."""
    history = Run.load(setting.checkpoints.parent).history
    if history.empty:
        return pd.DataFrame()
    done = 0 if checkpoint is None else int(torch.load(checkpoint, weights_only=True)["epoch"]) + 1
    return history[(history["stage"] != stage) | (history["epoch"] < done)]
