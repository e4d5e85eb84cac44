"""The corpus that a run was trained on, cut to the training documents that it saw."""

from __future__ import annotations

from workbench.data.corpus import Corpus
from workbench.data.library import load_corpus
from workbench.errors import WorkbenchError
from workbench.runs.store import Run
from workbench.workspace import Workspace


def corpus_of(run: Run, workspace: Workspace | None = None) -> Corpus:
    """The corpus of `run`, found by its name in the workspace; see `trained_on`.

    Raises:
        WorkbenchError: when it is not there any more, or is not what it was.
    """
    return trained_on(run, named_corpus(run, workspace))


def named_corpus(run: Run, workspace: Workspace | None = None) -> Corpus:
    """The corpus by the name or folder that `run` was given, as it is now; see `load_corpus`."""
    recipe = run.manifest.get("recipe") or {}
    name = recipe.get("corpus") or (run.manifest.get("corpus") or {}).get("name", "?")
    return load_corpus(str(name), workspace)


def trained_on(run: Run, corpus: Corpus) -> Corpus:
    """`corpus` with the training documents of `run` alone, which may have been trained on a part of them.

    Raises:
        WorkbenchError: when the corpus is not what the run was trained on.
    """
    known = run.manifest
    size = (known.get("config") or {}).get("training", {}).get("train_size")
    seed = known.get("seed") or 0
    if not known.get("reads_generated", True):
        corpus = corpus.without_generated()
    found = corpus if size is None else corpus.with_train_size(min(size, len(corpus.train)), seed)
    was = known["corpus"]["fingerprint"]
    if found.fingerprint != was:
        raise WorkbenchError(
            f"The corpus {corpus.name!r} has changed since {run.name} was trained (fingerprint "
            f"{found.fingerprint[:12]} against {was[:12]}): bring back the one it was, or train the run anew."
        )
    return found
