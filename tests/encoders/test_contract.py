"""What every encoder keeps to, whatever its kind."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from workbench.encoders import Encoder, build_encoder, load_encoder
from workbench.encoders.base import Inputs
from workbench.errors import WorkbenchError

TEXTS = [
    "one",
    "",
    "the quick brown fox jumps over the lazy dog and then graphs of networks learn slowly , slowly",
    "neural networks learn graphs",
    "unseen words only, 中文 ?",
]
BUILDS = {
    "cnn": ("cnn", {"min_count": 1, "filters": 4, "embedding_size": 6, "max_length": 12}, False),
    "bilstm": ("bilstm", {"min_count": 1, "units": 4, "embedding_size": 6, "max_length": 12}, False),
    "words": ("words", {"min_count": 1, "embedding_size": 6, "max_length": 12}, False),
    "tfidf": ("tfidf", {"min_df": 1, "max_length": 12}, False),
    "bert": ("bert", {"max_length": 12}, False),
    "roberta": ("roberta", {"max_length": 12, "pooling": "mean"}, False),
    "llama": ("llama", {"max_length": 12, "dtype": "float32"}, False),
    "joint bert": ("bert", {"max_length": 12}, False),
    "joint bert, labels in parts": (
        "bert",
        {"max_length": 12, "labels_at_once": 2, "pooling": "mean"},
        False,
    ),
    "small bert": ("small-bert", {"max_length": 12}, False),
    "joint small bert": ("small-bert", {"max_length": 12}, False),
    "joint roberta": ("roberta", {"max_length": 12}, False),
    "frozen bert": (
        "bert",
        {"max_length": 12, "states": "tokens", "projection": "mlp", "dtype": "float32"},
        True,
    ),
    "frozen llama": ("llama", {"max_length": 12, "projection": "linear", "dtype": "float32"}, True),
}


@pytest.fixture(params=BUILDS)
def encoder(request: pytest.FixtureRequest) -> Encoder:
    name, settings, frozen = BUILDS[request.param]
    if name in ("bert", "roberta", "llama"):
        name = str(request.getfixturevalue(name))
    labels = ["graphs", "the brown fox", "?"] if request.param.startswith("joint") else None
    torch.manual_seed(0)
    return build_encoder(name, settings=settings, train_texts=TEXTS, frozen=frozen, label_texts=labels).eval()


def padded(inputs: Inputs, extra: int) -> Inputs:
    """The same batch with more padding; what stands there must not matter."""
    wider = dict(inputs)
    for key, fill in (("input_ids", 2), ("attention_mask", 0), ("terms", 2), ("weights", 0)):
        if key in inputs:
            wider[key] = torch.nn.functional.pad(inputs[key], (0, extra), value=fill)
    if "tokens" in inputs:
        wider["tokens"] = torch.nn.functional.pad(inputs["tokens"], (0, 0, 0, extra), value=7.0)
    return wider


def test_shapes_and_masks(encoder):
    prepared = encoder.prepare(TEXTS)
    encoded = encoder(prepared.batch(range(5)))
    assert len(prepared) == 5
    assert encoded.document.shape == (5, encoder.hidden_size)
    assert encoded.document.isfinite().all()
    assert (encoded.tokens is not None) == encoder.gives_tokens
    if encoder.gives_tokens:
        assert encoded.mask.sum(dim=1).tolist() == prepared.lengths.tolist()
        assert prepared.lengths.max() == 12
        assert encoded.tokens.shape == (*encoded.mask.shape, encoder.hidden_size)
        assert (encoded.tokens[~encoded.mask] == 0).all()


def test_every_token_has_its_place_in_the_text(encoder):
    prepared, spans = encoder.prepare(TEXTS), encoder.token_spans(TEXTS)
    if encoder.gives_tokens:
        assert [len(one) for one in spans] == prepared.lengths.tolist()
    for text, places in zip(TEXTS, spans, strict=True):
        assert places.dtype == np.int64
        assert ((places >= 0) & (places <= len(text))).all()
        assert (np.diff(places[:, 1][places[:, 1] > 0]) >= 0).all()
    named = [TEXTS[3][start:end].strip() for start, end in spans[3] if end > start]
    assert "".join(named) == TEXTS[3].replace(" ", "")


def test_neither_padding_nor_the_batch_nor_its_order_matters(encoder):
    prepared = encoder.prepare(TEXTS)
    document = encoder(prepared.batch(range(5))).document
    wider = encoder(padded(prepared.batch(range(5)), 9)).document
    torch.testing.assert_close(wider, document, atol=1e-5, rtol=1e-5)
    order = [3, 0, 4, 2, 1]
    torch.testing.assert_close(encoder(prepared.batch(order)).document, document[order], atol=1e-5, rtol=1e-5)
    for row in range(5):
        alone = encoder(prepared.batch([row])).document[0]
        torch.testing.assert_close(alone, document[row], atol=1e-5, rtol=1e-5)


def test_what_is_cut_off_does_not_matter(encoder):
    long = "graphs and networks of the fox " * 3
    prepared = encoder.prepare([long, long + "dog " * 50])
    document = encoder(prepared.batch([0, 1])).document
    torch.testing.assert_close(document[0], document[1], atol=1e-5, rtol=1e-5)


def test_given_embeddings_take_the_place_of_words(encoder):
    batch = encoder.prepare(TEXTS).batch(range(5))
    if encoder.kind in ("frozen", "tfidf"):
        with pytest.raises(WorkbenchError, match="no word embeddings"):
            encoder.embed(batch)
        return
    words = encoder.embed(batch)
    assert words.shape[:2] == batch["input_ids"].shape
    torch.testing.assert_close(encoder(batch, words).document, encoder(batch).document)
    assert not torch.allclose(encoder(batch, words.flip(0)).document, encoder(batch).document)


def test_every_trainable_parameter_gets_a_gradient(encoder):
    if encoder.kind == "tfidf":
        assert list(encoder.parameters()) == []
        return
    encoder.train()
    encoded = encoder(encoder.prepare(TEXTS).batch(range(5)))
    loss = encoded.document.square().sum()
    (loss + encoded.tokens.square().sum() if encoder.gives_tokens else loss).backward()
    trained = {name for name, parameter in encoder.named_parameters() if parameter.requires_grad}
    assert trained
    for name, parameter in encoder.named_parameters():
        assert (parameter.grad is not None and bool(parameter.grad.isfinite().all())) == (name in trained), (
            name
        )
    assert not trained & encoder.referenced_parameters()


def test_bfloat16_autocast_is_finite_and_close(encoder):
    batch = encoder.prepare(TEXTS).batch(range(5))
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        document = encoder(batch).document.float()
    exact = encoder(batch).document.detach()
    assert document.isfinite().all()
    assert (document - exact).norm() < 0.05 * exact.norm()


def test_saved_and_loaded_it_encodes_the_same(encoder, tmp_path: Path):
    encoder.save(tmp_path / "saved")
    kept = {
        name: tensor.clone()
        for name, tensor in encoder.state_dict().items()
        if name not in encoder.referenced_parameters()
    }
    loaded = load_encoder(tmp_path / "saved").eval()
    missing, unexpected = loaded.load_state_dict(kept, strict=False)
    assert (set(missing), unexpected) == (loaded.referenced_parameters(), [])
    expected = encoder(encoder.prepare(TEXTS).batch(range(5))).document
    torch.testing.assert_close(loaded(loaded.prepare(TEXTS).batch(range(5))).document, expected)
    assert loaded.settings == encoder.settings
    assert (loaded.name, loaded.hidden_size) == (encoder.name, encoder.hidden_size)


def test_no_documents(encoder):
    prepared = encoder.prepare([])
    assert len(prepared) == 0
    assert isinstance(prepared.lengths, np.ndarray)
