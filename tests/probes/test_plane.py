from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from scipy import sparse

from tests.probes.conftest import TARGETS, TEXTS
from workbench.data.corpus import Split
from workbench.methods.storage import trained_weights
from workbench.probes import at_once, plane, vectors
from workbench.probes.directions import Plane, random_direction
from workbench.probes.documents import Sample, sample_documents
from workbench.probes.plane import clean_loss, losses_point_by_point, plane_losses

DOCUMENTS = Split(TEXTS, sparse.csr_array(TARGETS), [f"d{row}" for row in range(len(TEXTS))])
POINTS = np.array([[x, y] for y in (-1.0, 0.0, 0.7) for x in (-0.8, 0.0, 1.0)])


def around(method, seed: int = 0) -> Plane:
    weights = trained_weights(method)
    return Plane(weights, *(random_direction(weights, seed, number) for number in range(2)))


def sampled(method) -> Sample:
    return sample_documents(method, DOCUMENTS, wanted=100, seed=0)


def plain_loss(method, point: Plane, x: float, y: float) -> float:
    """Weights put into the model one by one, documents one by one, the entropy label by label in float64."""
    changed = point.at(x, y)
    entropies = []
    with torch.no_grad():
        before = {name: parameter.clone() for name, parameter in method.named_parameters()}
        for name, parameter in method.named_parameters():
            parameter.copy_(changed.get(name, parameter))
        prepared = method.encoder.prepare(TEXTS)
        for row in range(len(TEXTS)):
            document = method.encoder(prepared.batch([row])).document[0].double()
            for label in range(TARGETS.shape[1]):
                weight, bias = method.classifier.weight[label].double(), method.classifier.bias
                logit = float(document @ weight) + (0.0 if bias is None else float(bias[label]))
                sign = 1 if TARGETS[row, label] else -1
                entropies.append(math.log1p(math.exp(-sign * logit)))
        for name, parameter in method.named_parameters():
            parameter.copy_(before[name])
    return sum(entropies) / len(entropies)


@pytest.mark.parametrize(
    "settings",
    [
        {"filters": 4, "embedding_size": 6},
        {"filters": 3, "embedding_size": 5, "widths": (1, 3), "bias": True, "max_length": 4},
        {"filters": 3, "embedding_size": 5, "widths": (40,), "train_vectors": False},
    ],
)
def test_a_cnn_all_at_once_is_a_cnn_point_by_point_is_plain_loops(toy_method, settings, monkeypatch):
    method = toy_method("cnn", **settings)
    here, sample = around(method), sampled(method)
    slow = losses_point_by_point(method, sample, here, POINTS)
    assert slow == pytest.approx([plain_loss(method, here, x, y) for x, y in POINTS], rel=1e-5)
    monkeypatch.setattr(plane, "losses_point_by_point", None)  # it must not be needed
    assert plane_losses(method, sample, here, POINTS) == pytest.approx(slow, rel=1e-5)


@pytest.mark.parametrize("projection", ["none", "linear", "mlp"])
@pytest.mark.parametrize("states", ["document", "tokens"])
def test_a_frozen_encoder_all_at_once_is_one_point_by_point(
    toy_method, bert, projection, states, monkeypatch
):
    settings = {"max_length": 12, "dtype": "float32", "projection": projection, "states": states}
    method = toy_method(str(bert), frozen=True, bias=True, **settings)
    here, sample = around(method), sampled(method)
    slow = losses_point_by_point(method, sample, here, POINTS)
    assert slow == pytest.approx([plain_loss(method, here, x, y) for x, y in POINTS], rel=1e-5)
    monkeypatch.setattr(plane, "losses_point_by_point", None)
    assert plane_losses(method, sample, here, POINTS) == pytest.approx(slow, rel=1e-5)


@pytest.mark.parametrize("encoder", ["bilstm", "bert", "llama"])
def test_every_other_encoder_goes_point_by_point(toy_method, encoder, request):
    settings = {"units": 3, "embedding_size": 5}
    if encoder != "bilstm":
        settings, encoder = {"max_length": 12}, str(request.getfixturevalue(encoder))
    method = toy_method(encoder, **settings)
    here = around(method)
    found = plane_losses(method, sampled(method), here, POINTS[:3])
    assert found == pytest.approx([plain_loss(method, here, x, y) for x, y in POINTS[:3]], rel=1e-4)


def test_the_centre_is_the_loss_of_the_model_itself(toy_method):
    method = toy_method(filters=4, embedding_size=6, dropout=0.9)
    sample = sampled(method)
    assert plane_losses(method, sample, around(method), POINTS)[4] == pytest.approx(
        clean_loss(method, sample, trained_weights(method)), rel=1e-6
    )


def test_another_head_than_a_linear_layer_goes_point_by_point(toy_method, monkeypatch):
    method = toy_method(filters=4, embedding_size=6)
    forward = type(method).forward

    def scaled(self, batch):
        given = forward(self, batch)
        given.logits = 2 * given.logits
        return given

    monkeypatch.setattr(type(method), "forward", scaled)
    here, sample = around(method), sampled(method)
    assert at_once.find_head(method, sample.batches[0], here) is None
    expected = losses_point_by_point(method, sample, here, POINTS)
    assert np.array_equal(plane_losses(method, sample, here, POINTS), expected)


def test_overflow_stays_what_it_is(toy_method):
    method = toy_method(filters=4, embedding_size=6)
    far = np.array([[1e15, 0.0], [0.0, 0.0]])
    found = plane_losses(method, sampled(method), around(method), far)
    assert not np.isfinite(found[0])
    assert np.isfinite(found[1])


def test_progress_counts_every_point_once_whatever_the_blocks(toy_method, monkeypatch):
    method = toy_method(filters=4, embedding_size=6)
    here, sample = around(method), sampled(method)
    expected = plane_losses(method, sample, here, POINTS)
    monkeypatch.setattr(vectors, "_BLOCK", 1)
    monkeypatch.setattr(at_once, "_HELD", 4 * len(sample) * method.encoder.hidden_size)
    told: list[int] = []
    assert plane_losses(method, sample, here, POINTS, told.append) == pytest.approx(expected, rel=1e-6)
    assert sum(told) == len(POINTS)
    slowly: list[int] = []
    losses_point_by_point(method, sample, here, POINTS, slowly.append)
    assert slowly == [1] * len(POINTS)


def test_the_model_is_left_as_it_was(toy_method):
    method = toy_method(filters=4, embedding_size=6)
    before = {name: tensor.clone() for name, tensor in method.state_dict().items()}
    sample = sampled(method)
    for losses in (plane_losses, losses_point_by_point):
        losses(method, sample, around(method), POINTS)
        assert all(torch.equal(tensor, before[name]) for name, tensor in method.state_dict().items())
