from __future__ import annotations

import pytest

from workbench.errors import WorkbenchError
from workbench.training.settings import read_settings_file, resolve


def test_flat_settings_find_their_sections():
    settings = resolve("proto", "cnn", False, {"beta": 0.01, "epochs": 3, "filters": 16})
    assert settings.method.variant == "proto"
    assert (settings.method.beta, settings.training.epochs, settings.encoder) == (0.01, 3, {"filters": 16})


def test_a_methods_own_encoder_has_the_sizes_of_its_paper_unless_others_are_given():
    own, named = (resolve("lsan", encoder, False, {}) for encoder in (None, "bilstm"))
    assert own.encoder == named.encoder
    assert (own.encoder_config.units, own.encoder_config.layers) == (300, 1)
    given = resolve("lsan", None, False, {"units": 20}).encoder_config
    assert (given.units, given.layers) == (20, 1)
    assert resolve("lsfa", "bilstm", False, {}).encoder_config.units == 512
    assert "units" not in resolve("lsan", "small-bert", False, {}).encoder


def test_a_section_can_be_named():
    assert resolve("base", "cnn", False, {"training.epochs": 2}).training.epochs == 2


@pytest.mark.parametrize(
    "given, message",
    [
        ({"betta": 1}, r"Unknown setting 'betta'. Did you mean 'beta'\?(.|\n)*method: variant"),
        ({"training.epoch": 1}, "Unknown setting 'epoch'. Did you mean 'epochs'"),
        ({"epochs": 0}, "epochs=0 .*greater than or equal to 1"),
        ({"variant": "promix"}, "variant='promix'"),
        ({"filters": "many"}, "filters='many'"),
    ],
)
def test_wrong_settings_are_named_with_the_remedy(given, message):
    with pytest.raises(WorkbenchError, match=message):
        resolve("protomix", "cnn", False, given)


@pytest.mark.parametrize("wrapper", ["knn", "vcldl"])
def test_a_method_inside_another_reads_with_the_encoder_of_the_run(wrapper):
    inside = {"base": "attention-xml"}
    own = resolve("attention-xml", None, False, {}).encoder_config
    assert (
        resolve(wrapper, None, False, inside).encoder_config
        == resolve("base", "cnn", False, {}).encoder_config
    )
    assert resolve(wrapper, "bilstm", False, inside).encoder_config != own
    named = inside | {"units": 256, "layers": 1, "dropout": 0.5}
    assert resolve(wrapper, "bilstm", False, named).encoder_config == own


def test_a_settings_file_may_have_sections(tmp_path):
    path = tmp_path / "settings.yaml"
    path.write_text("epochs: 4\nmethod:\n  beta: 0.5\n")
    assert read_settings_file(path) == {"epochs": 4, "method.beta": 0.5}


@pytest.mark.parametrize(
    "content, message", [("a: [1", "line 1, column 6"), ("- 1\n- 2", "holds list"), ("\x00", "YAML")]
)
def test_a_broken_settings_file_is_named(tmp_path, content, message):
    path = tmp_path / "settings.yaml"
    path.write_text(content)
    with pytest.raises(WorkbenchError, match=message) as error:
        read_settings_file(path)
    assert "settings.yaml" in str(error.value)


def test_a_missing_settings_file_is_named(tmp_path):
    with pytest.raises(WorkbenchError, match=r"Cannot read the settings file .*none.yaml: No such file"):
        read_settings_file(tmp_path / "none.yaml")
