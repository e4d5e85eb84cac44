from __future__ import annotations

import numpy as np
import pytest

from workbench.analysis.projection import kept_projection, project
from workbench.runs.store import Run


def test_maps_are_kept_where_the_pages_look_for_them(command, mapped_run_factory, workspace):
    vectors = Run.load(mapped_run_factory("base-0")).array("document_embeddings")
    done = command("project", "base-0", "--perplexity", 5, "--unit-length")
    assert done.status == 0
    assert done.out.startswith("base-0: tsne of 30 documents took")
    settings = {"perplexity": 5, "unit_length": True}
    path = kept_projection(vectors, "tsne", settings, workspace.cache)
    assert np.array_equal(np.load(path), project(vectors, "tsne", settings))
    again = command("project", "base-0", "--perplexity", 5, "--unit-length")
    assert again.out == "base-0: tsne of 30 documents was ready\n"


def test_all_finished_runs_are_meant_when_none_is_named(command, mapped_run_factory, run_factory):
    mapped_run_factory("base-0")
    mapped_run_factory("mix-0")
    run_factory("bare-0")
    run_factory("live-0", end="running")
    done = command("project", "--method", "pca")
    assert sorted(line.partition(":")[0] for line in done.out.splitlines()) == ["base-0", "mix-0"]


@pytest.mark.parametrize(
    "arguments, said",
    [
        (["nowhere-0"], "No run 'nowhere-0'"),
        (["base-0", "--method", "tnse"], "Did you mean 'tsne'?"),
        (["base-0", "--method", "umap", "--perplexity", 5], "Unknown setting 'perplexity'"),
        (["base-0", "--perplexity", 0], "perplexity=0.0"),
    ],
)
def test_mistakes_are_one_line(command, mapped_run_factory, arguments, said):
    mapped_run_factory("base-0")
    done = command("project", *arguments)
    assert done.status == 1
    assert said in done.err
    assert "Traceback" not in done.err


def test_no_run_to_draw_says_what_to_do(command, run_factory):
    run_factory("bare-0")
    assert "Train one: workbench demo" in command("project").err
    assert "no array 'document_embeddings'" in command("project", "bare-0").err


def test_a_cache_that_cannot_be_written_is_an_error_without_a_traceback(
    command, mapped_run_factory, workspace
):
    mapped_run_factory("base-0")
    workspace.cache.mkdir()
    (workspace.cache / "projections").write_text("in the way")
    done = command("project", "base-0", "--method", "pca")
    assert done.status == 1
    assert "could not be written: File exists" in done.err


def test_moments_of_training_are_laid_out_in_three_dimensions(command, mapped_run_factory, workspace):
    for name in ("base-0", "mix-0"):
        path = mapped_run_factory(name)
    start = np.random.default_rng(0).normal(size=(12, 4)).astype(np.float16)
    np.save(path / "arrays" / "stage_rows.npy", np.arange(12))
    np.save(path / "arrays" / "stage_vectors.0.start.npy", start)
    asked = (
        "--method",
        "umap",
        "--neighbours",
        5,
        "--dimensions",
        3,
        "--moment",
        "trained",
        "--moment",
        "start",
    )
    done = command("project", "base-0", "mix-0", *asked)
    assert done.status == 0
    words = [line.partition(" took")[0] for line in done.out.splitlines()]
    assert words == [
        "base-0: umap of 30 documents",
        "mix-0: umap of 12 documents (start)",
        "mix-0: umap of 30 documents",
    ]
    path = kept_projection(start, "umap", {"neighbours": 5, "dimensions": 3}, workspace.cache)
    assert np.load(path).shape == (12, 3)
    assert "documents (start) was ready" in command("project", "mix-0", *asked).out


def test_a_moment_that_no_run_kept_is_named_with_those_that_it_has(command, mapped_run_factory):
    mapped_run_factory("base-0")
    done = command("project", "base-0", "--moment", "start")
    assert done.status == 1
    assert "kept no vectors 'start'. It has: trained." in done.err
