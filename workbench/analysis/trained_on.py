"""The corpus that a run was trained on, cut to the training documents that it saw."""

from __future__ import annotations

from pathlib import Path

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
    recipe = run.manifest.get("recipe") or {}
    name = str(recipe.get("corpus") or (run.manifest.get("corpus") or {}).get("name", "?"))
    return trained_on(run, load_corpus(Path(name) if "/" in name else name, workspace))


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
