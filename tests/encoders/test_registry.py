from __future__ import annotations

import json

import pytest

from workbench.encoders import build_encoder, encoder_class, encoder_names, load_encoder, settings_class
from workbench.errors import WorkbenchError


def test_settings_belong_to_the_kind_of_encoder(bert, llama):
    assert "filters" in settings_class("cnn").model_fields
    assert "units" in settings_class("bilstm").model_fields
    assert "pooling" in settings_class("minilm").model_fields
    assert "projection" in settings_class("minilm", frozen=True).model_fields
    assert "gradient_checkpointing" in settings_class(str(bert)).model_fields
    assert "rank" in settings_class(str(llama)).model_fields
    assert "rank" in settings_class(f"causal:{bert}").model_fields
    assert encoder_names() == ("cnn", "bilstm", "words", "tfidf", "small-bert", "minilm")


@pytest.mark.parametrize("name", ["cnn", "bilstm", "words", "small-bert"])
def test_random_weights_cannot_be_frozen(name):
    with pytest.raises(WorkbenchError, match="random weights"):
        build_encoder(name, settings={}, train_texts=[], frozen=True)


def test_unknown_settings_name_the_nearest():
    with pytest.raises(WorkbenchError, match="Did you mean 'filters'"):
        build_encoder("cnn", settings={"filter": 3}, train_texts=[])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "damaged"),
        ("{}", "kind, name or settings are missing"),
        (json.dumps({"schema": 99, "kind": "cnn", "name": "cnn", "settings": {}}), "Update the workbench"),
        (
            json.dumps({"schema": 1, "kind": "transformr", "name": "x", "settings": {}}),
            "Did you mean 'transformer'",
        ),
        (
            json.dumps({"schema": 1, "kind": "cnn", "name": "cnn", "settings": {}}),
            "tokenizer.json is missing",
        ),
    ],
)
def test_damaged_folders_say_what_is_wrong(tmp_path, content, message):
    (tmp_path / "encoder.json").write_text(content)
    with pytest.raises(WorkbenchError, match=message):
        load_encoder(tmp_path)


def test_a_folder_names_its_class_without_being_loaded(tmp_path):
    built = build_encoder("cnn", settings={}, train_texts=["a"])
    built.save(tmp_path)
    (tmp_path / "tokenizer.json").write_text("{}")
    assert encoder_class(tmp_path) is type(built)
    with pytest.raises(WorkbenchError, match=r"encoder.json is missing"):
        encoder_class(tmp_path / "nowhere")


def test_a_damaged_tokenizer_and_an_empty_folder_are_errors(tmp_path):
    with pytest.raises(WorkbenchError, match=r"encoder.json is missing"):
        load_encoder(tmp_path)
    build_encoder("cnn", settings={}, train_texts=["a"]).save(tmp_path)
    (tmp_path / "tokenizer.json").write_text("{}")
    with pytest.raises(WorkbenchError, match=r"tokenizer.json is damaged"):
        load_encoder(tmp_path)
