"""What is described is what the config models say, setting by setting."""

from __future__ import annotations

import json

import pytest

from workbench.config import Config
from workbench.encoders.registry import kinds_of_encoders, settings_class, settings_class_of
from workbench.errors import WorkbenchError
from workbench.forms.known import Known
from workbench.forms.settings import Section
from workbench.methods.registry import method_classes
from workbench.training.config import TrainingConfig
from workbench.training.forms import describe_settings

MODELS: dict[str, type[Config]] = {
    "training": TrainingConfig,
    **{method.name: method.Config for method in method_classes()},
    **{f"encoder {kind}": settings_class_of(kind) for kind in kinds_of_encoders()},
}
VALUES = ("-1", "0", "1.5", "1e9", "true", "nonsense", "[1, 2]", "[]", ".inf", "null")


@pytest.fixture(scope="module")
def known() -> Known:
    return Known(json.loads(json.dumps(describe_settings())))


READS_ALL = {"leam": {"variant": "leam-document"}}
"""Of methods that refuse settings that the default variant does not read: the variant that reads them."""


def told(model: type[Config], name: str, value: object, beside: dict[str, object]) -> str:
    try:
        model.parse(beside | {name: value})
    except WorkbenchError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("title", MODELS)
def test_every_value_is_judged_as_by_the_model_itself(title):
    """The same message for the same mistake, and none for what is sound."""
    from workbench.assignments import parse_assignments

    model = MODELS[title]
    section = Section("any", json.loads(json.dumps(model.model_json_schema())))
    assert list(section.settings) == list(model.model_fields)
    checked = {"widths"}  # a validator of its own: the command line says more than the form
    for name, setting in section.settings.items():
        assert setting.description == model.model_fields[name].description
        for text in VALUES if name not in checked else VALUES[:6]:
            beside = READS_ALL.get(title, {})
            expected = told(model, name, parse_assignments([f"{name}={text}"])[name], beside)
            assert section.problem(name, text) == expected, (name, text)


def test_methods_variants_and_encoders_are_all_there(known):
    assert list(known.methods) == [method.name for method in method_classes()]
    for method in method_classes():
        described = known.methods[method.name]
        assert described.variants == method.variants
        assert described.default_encoder == method.default_encoder
        assert described.encoder_settings == method.encoder_settings
        assert [v in described.joint for v in method.variants] == [
            method.reads_labels(variant) for variant in method.variants
        ]
    assert "protomix.prototype" in known.objectives


@pytest.mark.parametrize("name", ["cnn", "tfidf", "small-bert", "minilm"])
@pytest.mark.parametrize("frozen", [False, True])
@pytest.mark.parametrize("joint", [False, True])
def test_an_encoder_has_the_settings_that_training_gives_it(known, name, frozen, joint):
    try:
        expected = settings_class(name, frozen=frozen, joint=joint)
    except WorkbenchError as error:
        with pytest.raises(WorkbenchError) as raised:
            known.encoder(name, frozen=frozen, joint=joint)
        assert str(raised.value) == str(error)
    else:
        section = known.encoder(name, frozen=frozen, joint=joint)
        assert list(section.settings) == list(expected.model_fields)


def test_on_its_own_encoder_a_method_has_its_own_defaults(known):
    def units(method: str, encoder: str, frozen: bool = False) -> int:
        section = known.methods[method].encoder(known, encoder, frozen=frozen, variant=method)
        return section.settings["units"].default if "units" in section.settings else 0

    assert units("attention-xml", "bilstm") == 256
    assert units("lsan", "bilstm") == 300
    assert units("xml-cnn", "bilstm") == 512  # its own encoder is another one
    assert units("lsan", "minilm", frozen=True) == 0


def test_every_methods_own_defaults_are_settings_of_its_encoder(known):
    for method in known.methods.values():
        section = known.encoder(method.default_encoder, frozen=False, joint=False)
        for name, value in method.encoder_settings.items():
            assert section.problem(name, str(value)) == "", (method.name, name)


def test_names_that_are_not_known_here_are_pre_trained_models(known):
    assert known.encoder("org/some-bert", frozen=False, joint=False).schema["title"] == "TransformerSettings"
    assert known.encoder("org/some-bert", frozen=True, joint=False).schema["title"] == "FrozenSettings"
    assert known.encoder("causal:gpt2", frozen=False, joint=False).schema["title"] == "CausalLMSettings"


def test_what_each_kind_of_setting_asks_for(known):
    kinds = {name: setting.kind for name, setting in known.training.settings.items()}
    assert kinds["epochs"] == kinds["train_size"] == "integer"
    assert (kinds["clip"], kinds["schedule"], kinds["strategy"]) == ("number", "choice", "text")
    assert (kinds["keep_epochs"], kinds["keep_stages"]) == ("boolean", "boolean")
    settings = known.training.settings
    assert (settings["warmup"].range, settings["learning_rate"].range) == ("at least 0, at most 1", "above 0")
    assert (settings["keep_stages"].may_be_unset, settings["keep_epochs"].may_be_unset) == (True, False)
    assert settings["schedule"].choices == ("linear", "cosine", "constant")
    assert known.methods["lsan"].section.settings["variant"].choices == ("lsan",)
