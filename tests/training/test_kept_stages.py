"""Vectors of test documents before training and between its stages."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file

from tests.training.conftest import SMALL
from workbench.methods.base import Encoded, Forward, Objective, Stage
from workbench.methods.protomix import ProtoMix
from workbench.methods.registry import parse_objective
from workbench.runs.stages import STAGE_ROWS, kept_moments
from workbench.runs.store import Run
from workbench.training.fit import resume
from workbench.training.job import build_method
from workbench.training.kept_stages import half_vectors, moving_stages, stage_rows
from workbench.training.spec import Recipe
from workbench.workspace import Workspace


@pytest.fixture
def in_two_stages(monkeypatch):
    """ProtoMix trained twice over, the encoder in both stages."""

    def stages(self) -> list[Stage]:
        terms: list[Objective] = [parse_objective("protomix.classification")]
        return [Stage("first", terms, is_classifier=False), Stage("second", terms)]

    monkeypatch.setattr(ProtoMix, "stages", stages)


def moments(run: Run) -> dict[str, np.ndarray]:
    return {moment: np.asarray(run.array(name)) for moment, name in kept_moments(run.array_names).items()}


def test_one_stage_keeps_nothing_unless_asked(train):
    run = train()
    assert moments(run) == {}
    assert STAGE_ROWS not in run.array_names


def test_the_start_is_that_of_the_untrained_method_over_the_same_documents(train, toy_corpus, workspace):
    run = train(keep_stages=True)
    assert list(moments(run)) == ["start"]
    recipe = Recipe.of("base", "toy", "cnn", False, 0, SMALL)
    method = build_method(recipe, recipe.resolve(), toy_corpus, workspace.cache).eval()
    prepared = method.encoder.prepare(toy_corpus.test.texts)
    start = moments(run)["start"]
    assert start.dtype == np.float16
    for place, row in enumerate(run.array(STAGE_ROWS)):  # one by one, without padding
        with torch.no_grad():
            one = method.encoder(prepared.batch([int(row)])).document.numpy()[0]
        assert np.allclose(start[place], one, atol=2e-3)
    assert not np.allclose(start, run.array("document_embeddings"), atol=2e-2)


def test_two_stages_that_train_the_encoder_are_kept_apart_by_default(train, in_two_stages, toy_corpus):
    run = train()
    kept = moments(run)
    assert list(kept) == ["start", "after first"]
    assert np.array_equal(run.array(STAGE_ROWS), run.array("document_rows"))  # all of so few documents
    vectors = [*kept.values(), run.array("document_embeddings")]
    assert {one.shape for one in vectors} == {(len(toy_corpus.test), vectors[0].shape[1])}
    for one, other in ((0, 1), (1, 2)):
        assert not np.allclose(vectors[one], vectors[other], atol=1e-2)
    assert moments(train(name="off", keep_stages=False)) == {}


def test_keeping_changes_nothing_else(train, in_two_stages):
    plain, kept = train(name="plain", keep_stages=False), train(name="kept")
    ours, theirs = (load_file(run.model_dir / "model.safetensors") for run in (plain, kept))
    assert all(np.array_equal(ours[name], theirs[name]) for name in theirs)
    assert np.array_equal(plain.scores, kept.scores)


@pytest.mark.parametrize("call", [1, 12, 45], ids=["at the start", "first stage", "second stage"])
def test_an_interrupted_training_keeps_the_same_vectors(
    call, train, in_two_stages, workspace: Workspace, toy_corpus, interrupted
):
    with interrupted(call):
        train(name="interrupted", patience=0)
    path = workspace.runs / "interrupted"
    ours = moments(resume(path, corpus=toy_corpus, workspace=workspace))
    theirs = moments(train(name="undisturbed", patience=0))
    assert list(ours) == list(theirs) == ["start", "after first"]
    assert all(np.array_equal(ours[moment], theirs[moment]) for moment in theirs)


def test_stages_count_that_train_a_parameter_of_the_encoder():
    method = SimpleNamespace(
        named_parameters=lambda: [
            ("encoder.weight", torch.nn.Parameter(torch.zeros(1))),
            ("encoder.fixed", torch.nn.Parameter(torch.zeros(1), requires_grad=False)),
            ("classifier.weight", torch.nn.Parameter(torch.zeros(1))),
        ]
    )
    whole = Stage("whole", [])
    head = Stage("head", [], trains=lambda name: name.startswith("classifier"))
    fixed = Stage("fixed", [], trains=lambda name: name == "encoder.fixed")
    solved = Stage("solved", [], solve=lambda _: None)
    assert moving_stages(method, [whole, head, fixed, solved, whole]) == [1, 5]  # type: ignore[arg-type]
    assert moving_stages(method, [head]) == []  # type: ignore[arg-type]


def test_rows_are_some_of_those_whose_vectors_the_run_keeps_at_its_end():
    rows = stage_rows(30_000, seed=4)
    final = np.random.default_rng(4).permutation(30_000)[:20_000]
    assert len(rows) == len(set(rows.tolist())) == 5_000
    assert set(rows.tolist()) <= set(final.tolist())
    assert (np.diff(rows) > 0).all()


class _Fixed(torch.nn.Module):
    """Gives each document the vector (row, 1e6), or none."""

    label_space = ("a", "b")

    def __init__(self, has_vectors: bool) -> None:
        super().__init__()
        self._has_vectors = has_vectors

    def forward(self, batch) -> Forward:
        first = batch.inputs["document"]
        vectors = torch.cat([first, torch.full_like(first, 1e6)], dim=1)
        return Forward(torch.zeros(len(first), 2), encoded=Encoded(vectors) if self._has_vectors else None)


class _Numbers:
    lengths = np.ones(5, dtype=np.int64)

    def __len__(self) -> int:
        return 5

    def batch(self, rows):
        return {"document": torch.tensor(np.asarray(rows), dtype=torch.float32)[:, None]}


def test_vectors_beyond_half_precision_stay_finite_and_methods_without_them_keep_none():
    rows = np.array([1, 3, 4])
    before = torch.get_rng_state()
    kept = half_vectors(_Fixed(True), _Numbers(), rows, batch_size=2)  # type: ignore[arg-type]
    assert kept is not None
    assert kept.tolist() == [[1, 65504], [3, 65504], [4, 65504]]
    assert torch.equal(before, torch.get_rng_state())
    assert half_vectors(_Fixed(False), _Numbers(), rows) is None  # type: ignore[arg-type]
