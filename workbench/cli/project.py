"""`workbench project`: maps of documents, computed before anyone looks at them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workbench.errors import WorkbenchError
from workbench.progress import watched_bar
from workbench.workspace import Workspace

if TYPE_CHECKING:
    import numpy as np

    from workbench.runs.store import Run


def project(
    runs: Annotated[
        list[str] | None, typer.Argument(help="Runs; all finished ones if none is named.")
    ] = None,
    method: Annotated[str, typer.Option(help="tsne, umap or pca.")] = "tsne",
    perplexity: Annotated[float | None, typer.Option(help="Of t-SNE: about how many attract.")] = None,
    neighbours: Annotated[int | None, typer.Option(help="Of UMAP: how many attract.")] = None,
    min_distance: Annotated[float | None, typer.Option(help="Of UMAP: how close they may come.")] = None,
    unit_length: Annotated[bool, typer.Option("--unit-length", help="Directions of vectors alone.")] = False,
    feature_label: Annotated[
        list[str] | None,
        typer.Option(help="Instead of documents the features of this label, by its code; once for each."),
    ] = None,
    moment: Annotated[
        list[str] | None,
        typer.Option(
            help="Vectors of this moment of training, such as start, where they were kept; once for "
            "each. The trained run's, if none is named."
        ),
    ] = None,
    dimensions: Annotated[int | None, typer.Option(help="Of UMAP: 2 or 3.")] = None,
    seed: Annotated[int | None, typer.Option(help="Of whatever is random.")] = None,
) -> None:
    """Lay out the test documents of runs on a plane and keep it: the dashboard then shows it at once.

    With --feature-label, the features of document-label pairs are laid out instead, real and generated ones.
    """
    given = {
        "perplexity": perplexity,
        "neighbours": neighbours,
        "min_distance": min_distance,
        "unit_length": unit_length or None,
        "dimensions": dimensions,
        "seed": seed,
    }
    settings = {name: value for name, value in given.items() if value is not None}
    workspace = Workspace.current()
    for run in _chosen(runs or [], feature_label, workspace):
        for vectors, what in _vectors(run, feature_label, moment):
            print(f"{run.name}: {_project(run, vectors, what, method, settings, workspace.cache)}")


def _vectors(
    run: Run, feature_label: list[str] | None, moment: list[str] | None
) -> Iterator[tuple[np.ndarray, str]]:
    """What is laid out, and what it is called; moments that a run did not keep are left out."""
    from workbench.analysis.documents import EMBEDDINGS
    from workbench.analysis.stage_vectors import TRAINED, moment_vectors, moments
    from workbench.analysis.tail_features import label_indices, read_features

    if feature_label:
        yield read_features(run).of_labels(label_indices(run, feature_label)).vectors, "features"
        return
    if not moment:
        yield run.array(EMBEDDINGS), "documents"
        return
    kept = [one for one in moments(run) if one in moment]
    if not kept:
        moment_vectors(run, moment[0])  # says which it has
    for one in kept:
        yield moment_vectors(run, one)[0], "documents" if one == TRAINED else f"documents ({one})"


def _project(
    run: Run, vectors: np.ndarray, what: str, method: str, settings: dict[str, Any], cache: Path
) -> str:
    """Keep one map; returns what there is to say about it."""
    from workbench.analysis.layouts import STEPS
    from workbench.analysis.projection import kept_projection, project
    from workbench.analysis.projection_cache import read_points

    path = kept_projection(vectors, method, settings, cache)
    if read_points(path, len(vectors), settings.get("dimensions", 2)) is not None:
        return f"{method} of {len(vectors)} {what} was ready"
    began = time.perf_counter()
    with watched_bar(f"{method} of {run.name}", STEPS) as advance:
        project(vectors, method, settings, cache=cache, advance=advance)
    return f"{method} of {len(vectors)} {what} took {time.perf_counter() - began:.1f} s"


def _chosen(names: list[str], feature_label: list[str] | None, workspace: Workspace) -> list[Run]:
    from workbench.analysis.documents import EMBEDDINGS
    from workbench.analysis.tail_features import keeps_features
    from workbench.runs.opening import load_run, load_runs

    if names:
        return [load_run(name, workspace) for name in names]
    done = [run for run in load_runs(workspace) if run.status == "done"]
    if feature_label:
        keeping = [run for run in done if keeps_features(run)]
    else:
        keeping = [run for run in done if EMBEDDINGS in run.array_names]
    if not keeping and feature_label:
        raise WorkbenchError(
            f"No finished run in {workspace.runs} keeps features of document-label pairs. Train one: "
            "workbench train lsfa"
        )
    if not keeping:
        raise WorkbenchError(
            f"No finished run in {workspace.runs} keeps vectors of documents. Train one: workbench demo"
        )
    return keeping
