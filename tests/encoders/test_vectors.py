from __future__ import annotations

import pytest
import torch

from workbench.encoders import build_encoder, load_encoder
from workbench.errors import WorkbenchError

LINES = "cat 1 2 3\ndog -1 0.5 2e-1\ncat 9 9 9\n. . . 4 5 6\n"


def settings(path, **more):
    given = {"vectors": str(path), "vectors_std": None, "embedding_size": 3, "min_count": 1, "filters": 2}
    return given | more


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


@pytest.mark.parametrize("std", [0.1, 2.0])
def test_the_numbers_of_a_file_are_scaled_on_demand_and_those_of_other_words_with_them(tmp_path, std):
    path = tmp_path / "vectors.txt"
    path.write_text(LINES)
    texts = ["cat dog " + " ".join(f"fish{number}" for number in range(2000))]
    scaled = build_encoder(
        "cnn", settings=settings(path, vectors_std=std), train_texts=texts
    ).embedding.weight
    places = [row for row in range(2, len(scaled)) if (scaled[row] / scaled[row, 0]).tolist()[1:] == [2, 3]]
    assert len(places) == 1  # the cat's, in its direction
    file = torch.tensor([[1, 2, 3], [-1, 0.5, 0.2]])
    torch.testing.assert_close(scaled[places[0]], file[0] * std / file.std())
    others = scaled[2:].detach()
    assert float(others.std()) == pytest.approx(std, rel=0.1)


@pytest.mark.parametrize(("kind", "std"), [("cnn", 0.13), ("words", 0.13), ("bilstm", 1.0)])
def test_each_kind_scales_a_file_to_what_it_learns_from(tmp_path, kind, std):
    path = tmp_path / "vectors.txt"
    path.write_text(LINES)
    given = {"vectors": str(path), "embedding_size": 3, "min_count": 1}
    weights = build_encoder(kind, settings=given, train_texts=["cat dog"]).embedding.weight.detach()
    assert float(weights[2:].std()) == pytest.approx(std)


def test_vectors_of_zeros_stay_zeros(tmp_path):
    path = tmp_path / "vectors.txt"
    path.write_text("cat 0 0 0\n")
    weights = build_encoder(
        "cnn", settings=settings(path, vectors_std=1), train_texts=["cat"]
    ).embedding.weight
    assert weights[2].tolist() == [0, 0, 0]
