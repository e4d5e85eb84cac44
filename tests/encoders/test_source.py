from __future__ import annotations

import json
import shutil

import huggingface_hub.constants
import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import AutoModel, T5Config
from transformers.utils import logging as transformers_logging

from workbench.encoders import build_encoder, load_encoder
from workbench.encoders.pretrained import default_pooling
from workbench.encoders.source import Source, find_source
from workbench.errors import WorkbenchError


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    """No network and an empty cache of the hub."""
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", True)
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(tmp_path / "hub"))


@pytest.mark.usefixtures("offline")
def test_without_a_network_the_error_names_the_offline_choice():
    with pytest.raises(WorkbenchError, match=r"'bert-base-uncased' is not on this machine.*use `minilm`"):
        build_encoder("bert-base-uncased", settings={}, train_texts=[])


@pytest.mark.usefixtures("offline")
def test_a_typo_of_a_built_in_name_is_pointed_out():
    with pytest.raises(WorkbenchError, match="Did you mean 'bilstm'"):
        build_encoder("bilstn", settings={}, train_texts=[])


def test_names_that_are_neither_folders_nor_on_the_hub(tmp_path):
    with pytest.raises(WorkbenchError, match=r"config.json is missing"):
        find_source(str(tmp_path))
    with pytest.raises(WorkbenchError, match="Unknown encoder 'a/b/c d'"):
        find_source("a/b/c d")


def test_pickled_weights_are_refused(bert):
    (bert / "model.safetensors").unlink()
    torch.save({}, bert / "pytorch_model.bin")
    with pytest.raises(WorkbenchError, match=r"pytorch_model.bin, but pickles can run code"):
        build_encoder(str(bert), settings={"max_length": 8}, train_texts=[])


def test_weights_that_lack_tensors_are_refused(bert):
    weights = load_file(bert / "model.safetensors")
    del weights["encoder.layer.1.output.dense.weight"]
    save_file(weights, bert / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(WorkbenchError, match=r"lack 1 tensors, encoder.layer.1.output.dense.weight"):
        Source("bert", bert).model()


def test_damaged_configs_and_encoder_decoders_are_refused(bert):
    config = bert / "config.json"
    for content, message in (
        ("{", "describes no model"),
        (json.dumps({"model_type": "unheard-of"}), "describes no model"),
        (T5Config().to_json_string(use_diff=False), "encoder-decoder"),
    ):
        config.write_text(content)
        with pytest.raises(WorkbenchError, match=message):
            Source("bert", bert).is_causal()


def test_more_tokens_than_positions_is_an_error_with_the_limit(bert, roberta):
    with pytest.raises(WorkbenchError, match=r"at most 24 tokens. Set max_length=24"):
        build_encoder(str(bert), settings={}, train_texts=[])
    with pytest.raises(WorkbenchError, match=r"at most 23 tokens"):
        build_encoder(str(roberta), settings={"max_length": 24}, train_texts=[])


@pytest.mark.parametrize("name", ["bert", "roberta"])
def test_states_are_those_of_the_model_itself(name, request):
    folder = request.getfixturevalue(name)
    encoder = build_encoder(str(folder), settings={"max_length": 23}, train_texts=[]).eval()
    batch = encoder.prepare(["graphs and networks", "one " * 40]).batch([0, 1])
    expected = AutoModel.from_pretrained(folder)(**batch).last_hidden_state
    encoded = encoder(batch)
    torch.testing.assert_close(encoded.tokens[encoded.mask], expected[encoded.mask], atol=1e-5, rtol=1e-5)
    torch.testing.assert_close(encoded.document, expected[:, 0], atol=1e-5, rtol=1e-5)


def test_the_digest_follows_the_weights_and_not_the_place(bert, tmp_path):
    digest = Source("a", bert).digest
    copy = shutil.copytree(bert, tmp_path / "copy")
    assert Source("b", copy).digest == digest
    weights = load_file(copy / "model.safetensors")
    weights["embeddings.LayerNorm.bias"] += 1e-3
    save_file(weights, copy / "model.safetensors", metadata={"format": "pt"})
    assert Source("b", copy).digest != digest


def test_loading_prints_nothing_and_leaves_the_library_as_it_was(bert, capfd):
    transformers_logging.enable_progress_bar()
    Source("bert", bert).model()
    assert capfd.readouterr() == ("", "")
    assert transformers_logging.is_progress_bar_enabled()


def test_gradient_checkpointing_gives_the_same_gradients(bert):
    gradients = []
    for checkpointing in (False, True):
        settings = {"max_length": 8, "gradient_checkpointing": checkpointing}
        encoder = build_encoder(str(bert), settings=settings, train_texts=[])
        modules = list(encoder.model.modules())
        assert any(getattr(module, "gradient_checkpointing", False) for module in modules) == checkpointing
        for module in modules:
            if isinstance(module, torch.nn.Dropout):
                module.p = 0.0
        encoder(encoder.prepare(["graphs and networks"]).batch([0])).document.square().sum().backward()
        gradients.append(encoder.model.get_input_embeddings().weight.grad)
    torch.testing.assert_close(gradients[0], gradients[1])


def test_a_folder_given_from_here_is_found_from_elsewhere(llama, tmp_path, monkeypatch):
    monkeypatch.chdir(llama.parent)
    encoder = build_encoder(f"./{llama.name}", settings={"max_length": 8}, train_texts=[])
    encoder.save(tmp_path / "saved")
    monkeypatch.chdir("/")
    assert load_encoder(tmp_path / "saved").name == str(llama)


def test_a_folder_is_a_sentence_encoder_by_its_own_name_alone():
    assert default_pooling("sentence-transformers/all-MiniLM-L6-v2") == "mean"
    assert default_pooling("/home/minilm-experiments/bert") == "cls"
