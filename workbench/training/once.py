"""`fit_once`: a run that is there already is not trained again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from workbench.data.library import load_corpus
from workbench.runs.matching import find_run_of
from workbench.runs.store import Run, list_runs
from workbench.training.fit import fit, resume
from workbench.training.spec import Recipe
from workbench.workspace import Workspace


def fit_once(
    method: str,
    corpus: str | Path,
    encoder: str,
    seed: int = 0,
    *,
    frozen: bool = False,
    workspace: Workspace | None = None,
    progress: bool | None = None,
    **settings: Any,
) -> Run:
    """The finished run with this very recipe if there is one, an interrupted one finished, or a new one.

    Takes and raises what `workbench.fit` does. A run that another process is training is not waited for.
    """
    workspace = workspace or Workspace.current()
    recipe = Recipe.of(method, corpus, encoder, frozen, seed, settings).as_json()
    found = find_run_of(list_runs(workspace.runs), recipe, load_corpus(corpus, workspace).fingerprint)
    if found is not None and found.status == "done":
        return found
    if found is not None and found.status == "stopped":
        return resume(found.path, workspace=workspace, progress=progress)
    return fit(
        method, corpus, encoder, seed, frozen=frozen, workspace=workspace, progress=progress, **settings
    )
