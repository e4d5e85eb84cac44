"""BERT as a baseline: the state of [CLS], whatever the encoder pools, and what is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from tests.encoders.conftest import save_bert
from workbench.encoders import build_encoder
from workbench.errors import WorkbenchError
from workbench.methods import Batch, LabelSpace
from workbench.methods.baselines.bert import Bert
from workbench.training.settings import resolve
from workbench.training.spec import Recipe

TEXTS = ["the quick brown fox", "graphs and networks learn", "one"]
LABELS = LabelSpace(("a", "b"), ("a", "b"), np.array([1, 2]), 3)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_bert(tmp_path_factory.mktemp("model") / "minilm-like")  # pooled by the mean if not told


def _bert(name: str, frozen: bool = False, **settings) -> Bert:
    torch.manual_seed(0)
    encoder = build_encoder(name, settings=settings, train_texts=TEXTS, frozen=frozen)
    return Bert(encoder, LABELS, Bert.Config()).eval()


def _batch(method: Bert) -> Batch:
    return Batch(method.encoder.prepare(TEXTS).batch(range(3)), torch.zeros(3, 2), torch.arange(3))


def test_the_first_tokens_state_is_classified_and_no_mean(folder: Path):
    method = _bert(str(folder), max_length=12)
    batch = _batch(method)
    forward, encoded = method(batch), method.encoder(batch.inputs)
    first = encoded.tokens[:, 0]
    torch.testing.assert_close(forward.document, first)
    assert not torch.allclose(encoded.document, first)
    torch.testing.assert_close(forward.logits, first @ method.classifier.weight.T + method.classifier.bias)


def test_a_frozen_encoder_is_taken_when_it_keeps_cls(folder: Path):
    method = _bert(str(folder), frozen=True, max_length=12, pooling="cls", projection="none", dtype="float32")
    batch = _batch(method)
    torch.testing.assert_close(method(batch).document, batch.inputs["document"])


@pytest.mark.parametrize(
    "frozen, settings", [(False, {"pooling": "mean"}), (True, {}), (True, {"pooling": "mean"})]
)
def test_a_mean_is_no_cls(folder: Path, frozen: bool, settings: dict[str, str]):
    with pytest.raises(WorkbenchError, match="pools by 'mean': say --set pooling=cls"):
        _bert(str(folder), frozen, max_length=12, **settings)


@pytest.mark.parametrize("name", ["cnn", "bilstm"])
def test_an_encoder_without_cls_is_refused(name: str):
    with pytest.raises(WorkbenchError, match=f"'{name}' has no such token.*--encoder minilm"):
        _bert(name)


def test_a_causal_model_has_no_cls(llama: Path):
    with pytest.raises(WorkbenchError, match="--encoder minilm"):
        _bert(str(llama), max_length=12, dtype="float32")


def test_it_chooses_its_encoder_by_itself():
    assert Recipe.of("bert", "demo", None, False, 0, {}).encoder == "minilm"
    assert Recipe.of("bert", "demo", "roberta-base", False, 0, {}).encoder == "roberta-base"
    assert Recipe.of("base", "demo", None, False, 0, {}).encoder == "cnn"
    assert "pooling" in resolve("bert", None, False, {}).encoder_config.model_dump()
