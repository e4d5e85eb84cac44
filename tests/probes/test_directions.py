from __future__ import annotations

import numpy as np
import pytest
import torch

from workbench.methods.storage import trained_weights
from workbench.probes.directions import (
    Plane,
    filter_normalised,
    flattened,
    random_direction,
    unflattened,
)


def test_each_row_gets_the_norm_of_the_weights_row():
    torch.manual_seed(0)
    for shape in ((5, 7), (5, 3, 2), (1, 4)):
        weight, drawn = torch.randn(shape), torch.randn(shape)
        scaled = filter_normalised(drawn, weight)
        for row in range(shape[0]):
            expected = drawn[row] * (weight[row].norm() / drawn[row].norm())
            torch.testing.assert_close(scaled[row], expected)


def test_rows_of_zeros_and_one_dimensional_tensors_stay_where_they_are():
    weights = {"embedding": torch.tensor([[0.0, 0.0], [3.0, 4.0]]), "bias": torch.ones(3)}
    direction = random_direction(weights, seed=0, number=0)
    assert direction["embedding"][0].tolist() == [0.0, 0.0]
    assert float(direction["embedding"][1].norm()) == pytest.approx(5.0)
    assert direction["bias"].tolist() == [0.0, 0.0, 0.0]


def test_the_numbers_follow_from_seed_number_name_and_shape_alone():
    one, other = torch.full((4, 3), 0.5), torch.full((2, 3), 2.0)
    first = random_direction({"a": one, "b": other}, seed=7, number=1)
    turned = random_direction({"b": other, "c": one, "a": one}, seed=7, number=1)
    assert torch.equal(first["a"], turned["a"])
    assert torch.equal(first["b"], turned["b"])
    assert not torch.equal(turned["a"], turned["c"])
    assert not torch.equal(first["a"], random_direction({"a": one}, seed=7, number=2)["a"])
    assert not torch.equal(first["a"], random_direction({"a": one}, seed=8, number=1)["a"])


def test_models_of_one_shape_get_the_same_numbers_before_scaling():
    small, large = torch.randn(3, 5), 10 * torch.randn(3, 5)
    rows = [
        random_direction({"w": weight}, seed=0, number=0)["w"] / weight.norm(dim=1, keepdim=True)
        for weight in (small, large)
    ]
    torch.testing.assert_close(rows[0], rows[1])


def test_what_is_not_trained_has_no_direction(toy_method, llama):
    assert "encoder.embedding.weight" not in trained_weights(toy_method(train_vectors=False))
    adapted = trained_weights(toy_method(str(llama), max_length=12, dtype="float32"))
    assert adapted
    assert all(".lora_" in name or name == "classifier.weight" for name in adapted)


def test_a_plane_goes_through_the_weights_and_its_directions():
    origin, first, second = (
        {"w": torch.tensor([[value]]), "b": torch.tensor([value])} for value in (1.0, 2.0, 5.0)
    )
    plane = Plane(origin, first, second)
    assert {name: float(value) for name, value in plane.at(0.5, -2.0).items()} == {"w": -8.0, "b": -8.0}
    assert list(plane.at(0.0, 0.0, ["b"])) == ["b"]
    assert origin["w"].item() == 1.0


def test_flattening_goes_by_name_and_back():
    weights = {"b": torch.arange(4.0).view(2, 2), "a": torch.tensor([9.0])}
    vector = flattened(weights)
    assert vector.tolist() == [9.0, 0.0, 1.0, 2.0, 3.0]
    again = unflattened(vector, weights)
    assert all(torch.equal(again[name], weights[name]) for name in weights)


def test_normal_numbers_are_drawn():
    drawn = random_direction({"w": torch.ones(400, 500)}, seed=0, number=0)["w"]
    assert float(drawn.mean()) == pytest.approx(0.0, abs=0.01)
    assert float(drawn.std()) == pytest.approx(1.0, abs=0.01)
    assert np.isfinite(drawn.numpy()).all()
