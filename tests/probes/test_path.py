from __future__ import annotations

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from workbench.errors import WorkbenchError
from workbench.probes.directions import Plane, flattened
from workbench.probes.path import plane_of_path, read_epoch, shadow_on


def weights(*numbers: float) -> dict[str, torch.Tensor]:
    values = torch.tensor(numbers, dtype=torch.float32)
    return {"b": values[:2], "a": values[2:]}


def test_the_shadow_by_hand_where_directions_are_not_orthogonal():
    plane = Plane(weights(1, 1, 1, 1), weights(1, 0, 0, 0), weights(1, 1, 0, 0))
    epochs = [weights(4, 3, 1, 1), weights(1, 1, 4, 5), weights(1, 1, 1, 1), weights(2, 1, 2, 1)]
    shadow = shadow_on(plane, epochs)
    # (3, 2, 0, 0) = 1 (1, 0) + 2 (1, 1); (0, 0, 3, 4) is at right angles; the origin; (1, 0, 1, 0) is half in
    assert shadow.coordinates == pytest.approx(np.array([[1, 2], [0, 0], [0, 0], [1, 0]]), abs=1e-12)
    assert shadow.share == pytest.approx([1.0, 0.0, np.nan, 0.5], nan_ok=True)


def test_the_shadow_is_the_nearest_point_of_the_plane():
    generator = torch.Generator().manual_seed(0)
    origin, first, second, epoch = ({"w": torch.randn(7, 5, generator=generator)} for _ in range(4))
    shadow = shadow_on(Plane(origin, first, second), [epoch])
    spanning = torch.stack([flattened(first), flattened(second)], dim=1).double()
    target = (flattened(epoch) - flattened(origin)).double()
    expected = np.linalg.lstsq(spanning.numpy(), target.numpy(), rcond=None)[0]
    assert shadow.coordinates[0] == pytest.approx(expected, rel=1e-5)
    left = np.square(target.numpy() - spanning.numpy() @ expected).sum() / np.square(target.numpy()).sum()
    assert shadow.share[0] == pytest.approx(1 - left, rel=1e-5)


def test_the_plane_of_the_path_is_spanned_by_its_principal_directions():
    generator = torch.Generator().manual_seed(1)
    origin = {"w": torch.randn(6, 4, generator=generator), "b": torch.randn(3, generator=generator)}
    epochs = [
        {name: tensor + torch.randn(tensor.shape, generator=generator) for name, tensor in origin.items()}
        for _ in range(5)
    ]
    plane = plane_of_path(origin, epochs)
    spanning = torch.stack([flattened(plane.first), flattened(plane.second)])
    torch.testing.assert_close(spanning @ spanning.T, torch.eye(2), atol=1e-5, rtol=0)
    moved = torch.stack([flattened(epoch) - flattened(origin) for epoch in epochs])
    _, _, right = np.linalg.svd(moved.numpy(), full_matrices=False)
    assert np.abs(spanning.numpy() @ right[:2].T) == pytest.approx(np.eye(2), abs=1e-4)
    caught = shadow_on(plane, epochs).share * np.square(moved.numpy()).sum(axis=1)
    assert caught.sum() == pytest.approx(np.square(np.linalg.svd(moved.numpy())[1][:2]).sum(), rel=1e-4)


def test_the_sign_of_a_direction_does_not_depend_on_the_order_of_epochs():
    origin = weights(0, 0, 0, 0)
    epochs = [weights(-5, 1, 0, 0), weights(-2, 3, 0.5, 0), weights(-1, 0, 0, 1)]
    one, other = plane_of_path(origin, epochs), plane_of_path(origin, epochs[::-1])
    torch.testing.assert_close(flattened(one.first), flattened(other.first))
    assert flattened(one.first)[2] > 0  # the b's first, which is the largest


@pytest.mark.parametrize(
    "epochs", [[(1, 0, 0, 0)], [(1, 0, 0, 0), (2, 0, 0, 0)], [(0, 0, 0, 0), (0, 0, 0, 0)]]
)
def test_a_path_along_a_line_spans_no_plane(epochs):
    with pytest.raises(WorkbenchError, match="spans no plane"):
        plane_of_path(weights(0, 0, 0, 0), [weights(*epoch) for epoch in epochs])


def test_kept_weights_come_back_in_float32_and_others_are_refused(tmp_path):
    like = weights(0, 0, 0, 0)
    path = tmp_path / "epoch-001.safetensors"
    save_file({name: tensor.half() for name, tensor in weights(1, 2, 3, 0.1).items()}, path)
    found = read_epoch(path, like)
    assert list(found) == list(like)
    assert flattened(found).tolist() == pytest.approx([3, 0.1, 1, 2], rel=1e-3)
    assert flattened(found).dtype == torch.float32
    with pytest.raises(WorkbenchError, match="does not hold the weights of this model"):
        read_epoch(path, {"a": like["a"]})
    path.write_bytes(b"cut")
    with pytest.raises(WorkbenchError, match="Cannot read the weights in"):
        read_epoch(path, like)
