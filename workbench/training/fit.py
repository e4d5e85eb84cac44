"""`fit`: from a recipe to a finished run; `resume`: from an interrupted run to a finished one."""

from __future__ import annotations

import importlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

from workbench.data.corpus import Corpus
from workbench.data.library import lasting_name, load_corpus
from workbench.errors import WorkbenchError
from workbench.methods.registry import parse_objective
from workbench.progress import is_watched
from workbench.runs.naming import free_name
from workbench.runs.removing import remove_run
from workbench.runs.store import Run
from workbench.runs.writer import RunWriter
from workbench.training.devices import (
    check_precision,
    choose_device,
    describe_device,
    is_out_of_memory,
    out_of_memory,
)
from workbench.training.job import RUN_FOLDER, Job, train_counts
from workbench.training.loggers import check_logger
from workbench.training.settings import Settings
from workbench.training.spec import Recipe, check_splits, manifest
from workbench.workspace import Workspace


class TrainingInterrupted(KeyboardInterrupt):
    """Ctrl-C during training; the run in `path` is readable and can be resumed."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path.name} was interrupted; go on with: workbench train --resume {path.name}")
        self.path = path


def fit(
    method: str = "protomix",
    corpus: str | Path | Corpus = "demo",
    encoder: str | None = None,
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
        encoder: "cnn", "bilstm", "minilm", …, a transformers name or folder; by default the method's choice.
        seed: of everything random.
        frozen: encode once, train the heads only.
        name: of the run's folder; by default made from the rest.
        workspace: where corpora, runs and caches are; by default the current folder or WORKBENCH_HOME.
        progress: show a bar; by default when standard error is a terminal.
        about: further entries of run.json, such as a trial's sweep.
        settings: hyper-parameters of method, training and encoder by their own names.

    Returns:
        The finished run: metrics in [0, 1], history, predictions, scores (N, L) of the N test documents,
        arrays such as `label_embeddings` (L, H).

    Raises:
        WorkbenchError: for a wrong name, setting, corpus, device or missing package of a logger, before
            anything is written; for what only building the model or training shows - an encoder that cannot
            be loaded, too many labels for it or the memory, a strategy that Lightning refuses, a loss that is
            not a number any more. A run that ends so before its first step is removed; a later one says why.
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
    return _train_anew(Job(recipe, resolved, opened, workspace.cache, watched, writer))


def resume(
    path: str | Path,
    *,
    corpus: Corpus | None = None,
    workspace: Workspace | None = None,
    progress: bool | None = None,
) -> Run:
    """Go on with an interrupted run from its last whole epoch; the result is that of an undisturbed run.

    Args:
        path: the run's folder.
        corpus: what it was trained on; by default the one of that name.
        workspace: where corpora and caches are; by default the current folder or WORKBENCH_HOME.
        progress: show a bar; by default when standard error is a terminal.

    Returns:
        The finished run.

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
    os.environ[RUN_FOLDER] = str(begun.path)
    watched = is_watched() if progress is None else progress
    return _train(Job(recipe, resolved, opened, workspace.cache, watched, writer))


def _limited(corpus: Corpus, settings: Settings, seed: int) -> Corpus:
    """What of the corpus is read: generated documents or not, and how many documents."""
    if not settings.method_class.reads_generated(settings.method.variant):
        corpus = corpus.without_generated()
    size = settings.training.train_size
    return corpus if size is None else corpus.with_train_size(size, seed)


def _is_first_process() -> bool:
    return int(os.environ.get("LOCAL_RANK", "0")) == 0


def _begin(
    recipe: Recipe, settings: Settings, corpus: Corpus, name: str | None, workspace: Workspace
) -> RunWriter | None:
    if not _is_first_process():
        if RUN_FOLDER not in os.environ:
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
    # Only now: Lightning takes seconds, for which a wrong name need not wait. And not later: a broken
    # Lightning, too, fails before anything is written.
    importlib.import_module("workbench.training.run_job")
    wanted = name or free_name(workspace.runs, recipe.run_name())
    writer = RunWriter.create(workspace.runs, wanted, manifest(recipe, settings, corpus, device))
    writer.write_labels(corpus.labels, corpus.label_texts, train_counts(corpus).tolist())
    os.environ[RUN_FOLDER] = str(writer.path)
    return writer


def _train_anew(job: Job) -> Run:
    try:
        return _train(job)
    except WorkbenchError:
        if job.writer is not None and Run.load(job.writer.path).history.empty:
            remove_run(job.writer.path)  # nothing was trained: it would only keep its name from the next try
        raise


def _train(job: Job) -> Run:
    try:
        from workbench.training.run_job import run_job

        run_job(job)
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
