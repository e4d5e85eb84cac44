"""CL-BERT with nearest neighbours: its equations by plain loops, and what neighbours change in a run."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
import torch

import workbench
from tests.encoders.conftest import save_bert
from workbench.encoders import build_encoder
from workbench.errors import WorkbenchError
from workbench.methods import Batch, LabelSpace
from workbench.methods.baselines.cl_knn import (
    CLKNN,
    OverlapContrast,
    overlap_contrastive_loss,
    overlap_weights,
)
from workbench.methods.neighbour_voting import measured
from workbench.methods.registry import parse_objective
from workbench.methods.storage import load_method
from workbench.probes.inference import Predictor
from workbench.training.fit import TrainingInterrupted, resume

TEXTS = ["the quick brown fox", "graphs and networks learn", "one"]
LABELS = LabelSpace(("a", "b"), ("a", "b"), np.array([1, 2]), 3)
TARGETS = torch.tensor([[1, 1, 0, 0], [1, 1, 1, 0], [0, 0, 1, 0], [0, 0, 0, 1], [0, 0, 0, 0]])


@pytest.fixture(scope="module")
def bert(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_bert(tmp_path_factory.mktemp("model") / "bert")


def _method(bert: Path, frozen: bool = False, encoder: dict | None = None, **config) -> CLKNN:
    torch.manual_seed(0)
    settings = encoder if encoder is not None else {"max_length": 12}
    built = build_encoder(str(bert), settings=settings, train_texts=TEXTS, frozen=frozen)
    return CLKNN(built, LABELS, CLKNN.Config.parse(config)).eval()


def test_overlap_by_hand():
    expected = [[0, 1, 0, 0, 0], [2 / 3, 0, 1 / 3, 0, 0], [0, 1, 0, 0, 0], [0] * 5, [0] * 5]
    torch.testing.assert_close(overlap_weights(TARGETS), torch.tensor(expected))
    assert overlap_weights(TARGETS[:1]).tolist() == [[0.0]]


def test_overlap_of_many_labels_is_counted_exactly_under_autocast():
    targets = torch.ones(3, 1001)
    targets[2, 500:] = 0
    with torch.autocast("cpu", dtype=torch.bfloat16):
        found = overlap_weights(targets)
    assert found[0].tolist() == pytest.approx([0, 1001 / 1501, 500 / 1501])


def _by_loops(vectors, targets, temperature):
    points, sets = vectors.tolist(), targets.tolist()
    terms = []
    for i, point in enumerate(points):
        others = [j for j in range(len(points)) if j != i]
        common = {j: sum(a * b for a, b in zip(sets[i], sets[j], strict=True)) for j in others}
        if not sum(common.values()):
            continue
        whole = sum(math.exp(-math.dist(point, points[k]) / temperature) for k in others)
        terms.append(
            -sum(
                common[j]
                / sum(common.values())
                * math.log(math.exp(-math.dist(point, points[j]) / temperature) / whole)
                for j in others
            )
        )
    return sum(terms) / max(1, len(terms))


@pytest.mark.parametrize("temperature", [0.1, 1.0, 5.0])
def test_the_contrast_is_that_of_plain_loops(temperature):
    vectors = torch.randn(5, 3, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    found = overlap_contrastive_loss(vectors, TARGETS, temperature)
    assert found.item() == pytest.approx(_by_loops(vectors, TARGETS, temperature))


@pytest.mark.parametrize(
    "rows", [[0], [3, 4], [4, 4, 4]], ids=["a batch of one", "nothing in common", "no label"]
)
def test_without_common_labels_there_is_no_contrast(rows):
    vectors = torch.randn(len(rows), 3, requires_grad=True)
    loss = overlap_contrastive_loss(vectors, TARGETS[rows], 0.1)
    loss.backward()
    assert loss.item() == 0
    assert vectors.grad.tolist() == torch.zeros_like(vectors).tolist()


def test_equal_documents_have_a_gradient_that_is_a_number():
    vectors = torch.ones(4, 3, requires_grad=True)
    overlap_contrastive_loss(vectors, TARGETS[:4], 0.1).backward()
    assert vectors.grad.isfinite().all()


def test_the_contrast_draws_what_has_common_labels():
    vectors = torch.randn(4, 3, generator=torch.Generator().manual_seed(0), requires_grad=True)
    targets = torch.tensor([[1, 0], [1, 0], [0, 1], [0, 1]])
    before = torch.cdist(vectors, vectors).detach()
    optimizer = torch.optim.SGD([vectors], lr=0.1)
    for _ in range(100):
        optimizer.zero_grad()
        overlap_contrastive_loss(vectors, targets, 1.0).backward()
        optimizer.step()
    after = torch.cdist(vectors, vectors).detach()
    assert after[0, 1] < before[0, 1]
    assert after[0, 1] < after[0, 2]


def test_half_precision_is_computed_in_float32():
    vectors = (100 * torch.randn(5, 8)).half()
    loss = overlap_contrastive_loss(vectors, TARGETS, 0.01)
    assert loss.dtype == torch.float32
    assert loss.isfinite()


def test_distances_are_between_unit_vectors_or_plain_ones():
    vectors = torch.tensor([[3.0, 4.0]])
    torch.testing.assert_close(measured(vectors, "unit"), torch.tensor([[0.6, 0.8]]))
    assert measured(vectors, "plain").tolist() == [[3.0, 4.0]]


def test_the_contrast_can_be_borrowed(bert: Path):
    term = parse_objective("cl_knn.contrast:weight=0.5,temperature=2,distances=plain")
    assert isinstance(term, OverlapContrast)
    assert term.weight == 0.5
    method = _method(bert)
    batch = Batch(
        method.encoder.prepare(TEXTS).batch(range(3)), torch.tensor([[1, 0], [1, 1], [0, 1]]), torch.arange(3)
    )
    forward = method(batch)
    expected = overlap_contrastive_loss(forward.document, batch.targets, 2.0)
    torch.testing.assert_close(term(forward, batch), expected)


def test_variants_have_what_they_say(bert: Path):
    terms = {
        name: [[term.name for term in stage.objectives] for stage in _method(bert, variant=name).stages()]
        for name in CLKNN.variants
    }
    assert terms == {
        "cl-knn": [["classification", "contrast"], ["classification"]],
        "bert-knn": [["classification"], ["classification"]],
        "cl-bert": [["classification", "contrast"]],
    }


def test_a_frozen_encoder_is_refused_where_nothing_could_be_drawn(bert: Path):
    settings = {"max_length": 12, "pooling": "cls", "projection": "none", "dtype": "float32"}
    with pytest.raises(WorkbenchError, match=r"nothing of the encoder .* is trained.*bert-knn"):
        _method(bert, frozen=True, encoder=settings)
    assert _method(bert, frozen=True, encoder=settings, variant="bert-knn").neighbours is not None
    assert _method(bert, frozen=True, encoder={**settings, "projection": "mlp"}).neighbours is not None


def test_an_encoder_without_cls_is_refused():
    encoder = build_encoder("cnn", settings={}, train_texts=TEXTS)
    with pytest.raises(WorkbenchError, match="cl-bert classifies the state of"):
        CLKNN(encoder, LABELS, CLKNN.Config.parse({"variant": "cl-bert"}))


SETTINGS = {"epochs": 1, "max_length": 12, "device": "cpu", "k": 5}


def test_a_run_loads_its_neighbours_and_scores_with_them_as_it_did(bert: Path, toy_corpus, workspace):
    run = workbench.fit("cl-knn", toy_corpus, str(bert), share=0.4, **SETTINGS)
    assert {"loss/contrast", "loss/classification"} <= set(run.history)
    assert list(run.history["stage"].unique()) == ["classification", "neighbours"]
    assert run.array("neighbour_share").tolist() == pytest.approx([0.4])
    predictor = Predictor.load(run)
    neighbours = predictor.method.neighbours
    assert neighbours.vectors.shape == (len(toy_corpus.train), predictor.method.encoder.hidden_size)
    assert neighbours.vectors.dtype == torch.float16
    found = predictor.scores(toy_corpus.test.texts)
    report = predictor.evaluate(toy_corpus)
    assert report["overall"]["nDCG@5"] == pytest.approx(run.metrics["test"]["overall"]["nDCG@5"], abs=1e-3)
    prepared = predictor.method.encoder.prepare(toy_corpus.test.texts[:4])
    batch = Batch(prepared.batch(range(4)), torch.zeros(4, len(run.labels)), torch.arange(4))
    with torch.no_grad():
        forward = predictor.method(batch)
        voted = neighbours(measured(forward.document, "unit"), 5, 0.1)
    expected = 0.4 * voted + 0.6 * torch.sigmoid(forward.logits)
    np.testing.assert_allclose(found[:4], expected.numpy(), atol=2e-3)
    assert not np.allclose(found[:4], torch.sigmoid(forward.logits).numpy(), atol=2e-3)


def test_the_share_is_chosen_on_validation_documents_alone(bert: Path, toy_corpus, workspace, monkeypatch):
    asked = []

    def watched(own, voted, targets):
        asked.append((own.shape, voted.shape, targets.toarray().sum()))
        return 0.7

    monkeypatch.setattr("workbench.methods.neighbour_voting.chosen_share", watched)
    run = workbench.fit("bert-knn", toy_corpus, str(bert), **SETTINGS)
    valid = toy_corpus.valid.targets
    assert asked == [(valid.shape, valid.shape, valid.sum())]
    assert load_method(run.model_dir).neighbours.share.item() == pytest.approx(0.7)


def test_a_run_killed_before_its_neighbours_goes_on_there(bert: Path, toy_corpus, workspace, monkeypatch):
    def killed(*given):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("workbench.methods.nearest_neighbours.Neighbours.fill", killed)
        with pytest.raises(TrainingInterrupted) as stopped:
            workbench.fit("bert-knn", toy_corpus, str(bert), name="killed", **SETTINGS)
    again = resume(stopped.value.path, corpus=toy_corpus)
    whole = workbench.fit("bert-knn", toy_corpus, str(bert), name="whole", **SETTINGS)
    assert again.metrics["test"] == whole.metrics["test"]
    assert again.status == "done"


def test_without_neighbours_there_is_nothing_to_remember(bert: Path):
    method = _method(bert, variant="cl-bert")
    assert method.neighbours is None
    batch = Batch(method.encoder.prepare(TEXTS).batch(range(3)), torch.zeros(3, 2), torch.arange(3))
    forward = method(batch)
    torch.testing.assert_close(method.probabilities(forward), torch.sigmoid(forward.logits))
