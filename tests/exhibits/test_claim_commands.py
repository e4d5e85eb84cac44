from __future__ import annotations

import shlex

import pytest

from workbench.errors import WorkbenchError
from workbench.exhibits.claim_commands import recorded_settings, training_command

GROUP = {
    "n_train": 1000,
    "drawn_from": None,
    "settings": {"training.epochs": 3, "method.beta": 0.001, "encoder.widths": [1, 2]},
}
RUN = {
    "run": "a-proto-s4",
    "corpus": "mine",
    "encoder": "cnn",
    "method": "proto",
    "prototype": "attentive",
    "n_train": 1000,
    "seed": 4,
}


def test_what_differs_from_the_defaults_is_set_and_nothing_else():
    assert shlex.split(training_command(RUN, GROUP)) == [
        *("workbench", "train", "proto", "--corpus", "mine", "--encoder", "cnn", "--seed", "4"),
        *("--name", "a-proto-s4", "--set", "epochs=3", "--set", "widths=[1, 2]"),
    ]


def test_the_average_prototype_and_a_part_of_the_documents_are_said():
    command = training_command(RUN | {"prototype": "average", "n_train": 250}, GROUP)
    assert command.endswith("--set prototype=average --set train_size=250")


def test_a_part_of_a_larger_corpus_is_said_for_the_largest_share_too():
    whole = GROUP | {"drawn_from": {"n_train": 40_000}}
    assert recorded_settings(RUN, whole)["training.train_size"] == 1000


def test_a_recorded_size_is_taken_as_it_is():
    """Documents without the generated ones are fewer, but not drawn."""
    settings = GROUP["settings"] | {"training.train_size": None}
    found = recorded_settings(RUN | {"n_train": 600}, GROUP | {"settings": settings})
    assert found["training.train_size"] is None


def test_a_frozen_encoder_is_an_option():
    group = GROUP | {"settings": {"encoder.states": "tokens"}}
    words = shlex.split(training_command(RUN | {"encoder": "minilm frozen"}, group))
    assert words[5:8] == ["--encoder", "minilm", "--frozen"]
    assert words[-1] == "states=tokens"


def test_a_name_that_two_sections_share_keeps_its_section():
    group = GROUP | {"settings": {"method.projection": 0}}
    words = shlex.split(
        training_command(RUN | {"encoder": "minilm frozen", "method": "lsfa", "prototype": ""}, group)
    )
    assert words[-1] == "method.projection=0"


def test_settings_that_no_command_brings_about_are_refused():
    group = GROUP | {"settings": {"training.epochs": 3, "method.gone": None, "method.bias": 7}}
    with pytest.raises(WorkbenchError, match="bias"):
        training_command(RUN, group)
