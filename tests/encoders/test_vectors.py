from __future__ import annotations

import pytest
import torch

from workbench.encoders import build_encoder, load_encoder
from workbench.errors import WorkbenchError

LINES = "cat 1 2 3\ndog -1 0.5 2e-1\ncat 9 9 9\n. . . 4 5 6\n"


def settings(path, **more):
    return {"vectors": str(path), "embedding_size": 3, "min_count": 1, "filters": 2} | more


def test_an_encoder_starts_from_the_vectors_and_loads_without_their_file(tmp_path):
    path = tmp_path / "vectors.txt"
    path.write_text(LINES)
    encoder = build_encoder("cnn", settings=settings(path, train_vectors=False), train_texts=["cat fish"])
    weights = encoder.embedding.weight
    assert weights[2].tolist() == [1, 2, 3]
    assert weights[0].tolist() == [0, 0, 0]
    assert not weights.requires_grad
    assert encoder.vector_coverage == 0.5
    encoder.save(tmp_path / "saved")
    path.unlink()
    loaded = load_encoder(tmp_path / "saved")
    loaded.load_state_dict(encoder.state_dict())
    assert torch.equal(loaded.embedding.weight, weights)
    assert loaded.vector_coverage == 0.5


def test_another_dimension_is_an_error_that_says_which_setting(tmp_path):
    path = tmp_path / "vectors.txt"
    path.write_text(LINES)
    with pytest.raises(WorkbenchError, match="Set embedding_size=3"):
        build_encoder("cnn", settings=settings(path, embedding_size=4), train_texts=["cat fish"])
