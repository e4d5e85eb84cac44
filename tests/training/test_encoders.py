"""ProtoMix trains on every kind of encoder, and each run scores the same from its folder alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import LlamaConfig, LlamaModel, PreTrainedTokenizerFast

import workbench
from workbench.encoders.vocabulary import fit_word_tokenizer
from workbench.probes.inference import Predictor

ENCODERS: dict[str, tuple[str, dict[str, Any]]] = {
    "bilstm": ("bilstm", {"units": 8, "embedding_size": 8}),
    "fine-tuned": ("minilm", {"max_length": 12}),
    "frozen": ("minilm", {"max_length": 12, "frozen": True, "projection": "mlp", "states": "tokens"}),
    "LoRA": ("llama", {"max_length": 12, "rank": 2}),
    "frozen causal": ("llama", {"max_length": 12, "frozen": True}),
}


@pytest.fixture
def llama(tmp_path: Path, toy_corpus) -> str:
    """A folder with a tiny LLaMA of random weights."""
    tokenizer = fit_word_tokenizer(toy_corpus.train.texts)
    folder = str(tmp_path / "llama")
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, pad_token="[PAD]").save_pretrained(folder)
    torch.manual_seed(0)
    size = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 16}
    LlamaModel(LlamaConfig(vocab_size=tokenizer.get_vocab_size(), **size)).save_pretrained(folder)
    return folder


@pytest.mark.parametrize("kind", ENCODERS)
def test_protomix_trains_on_it_and_scores_the_same_from_the_folder(kind, llama, toy_corpus, workspace):
    name, settings = ENCODERS[kind]
    corpus = toy_corpus.with_train_size(48)
    encoder = llama if name == "llama" else name
    run = workbench.fit("protomix", corpus, encoder, workspace=workspace, epochs=1, **settings)
    assert run.history["loss/mixed_prototype"].notna().any()
    report = Predictor.load(run).evaluate(corpus)
    assert report["overall"] == pytest.approx(run.metrics["test"]["overall"], abs=2e-3)
    assert Predictor.load(run).scores(corpus.test.texts) == pytest.approx(run.scores, abs=2e-3)


@pytest.mark.parametrize("kind", ["bilstm", "fine-tuned", "LoRA"])
def test_words_are_mixed_before_encoding(kind, llama, toy_corpus, workspace):
    name, settings = ENCODERS[kind]
    encoder = llama if name == "llama" else name
    run = workbench.fit(
        "mix",
        toy_corpus.with_train_size(48),
        encoder,
        workspace=workspace,
        epochs=1,
        mix_at="embedding",
        **settings,
    )
    assert run.history["loss/mixed_classification"].dropna().between(0.1, 1.0).all()
