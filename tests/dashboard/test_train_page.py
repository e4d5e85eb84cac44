"""The page that trains; where nothing else is said, no worker is started and nothing is trained."""

from __future__ import annotations

from functools import partial

import pytest

from tests.dashboard import page

opened = partial(page.opened, "train")


def command(test) -> str:
    return next(block.value for block in test.code if block.value.startswith("workbench train"))


def widgets(test) -> dict[str, object]:
    kinds = (test.number_input, test.text_input, test.selectbox, test.checkbox, test.multiselect)
    return {one.key: one for kind in kinds for one in kind}


def button(test, label: str):
    return next(one for one in test.button if one.label == label)


def test_every_setting_of_every_method_has_a_widget_and_defaults_set_nothing(queue, known):
    test = opened()
    for method in known.methods.values():
        test.selectbox(key="paper").set_value(method.name).run()
        assert not test.exception
        assert test.selectbox(key="method").options == list(method.variants)
        first = next(iter(method.variants))
        if not test.error:
            assert command(test) == f"workbench train {first} --corpus demo --seed 0"
        there = widgets(test)
        wanted = {f"{method.name}.{name}" for name in method.section.settings} | {
            f"training.{name}" for name in known.training.settings
        }
        elsewhere = {f"{method.name}.variant", f"{method.name}.add"}  # what is chosen as the method; `add`
        assert wanted - elsewhere <= set(there)
        assert not test.error
        encoder = method.encoder(known, method.default_encoder, frozen=False, variant=first)
        assert {f"{encoder.schema['title']}.{name}" for name in encoder.settings} <= set(there)


def test_choices_stand_in_the_command_as_far_as_they_are_no_defaults(queue):
    test = opened(method="lsfa-pooled", encoder="bilstm", seeds="3, 4")
    assert test.selectbox(key="paper").value == "lsfa"
    there = widgets(test)
    there["training.epochs"].set_value(5)
    there["training.learning_rate"].set_value("1e-4")
    there["lsfa.bias"].set_value(True)
    there["lsfa.balance"].set_value("mean")
    there["lsfa.head_threshold"].set_value(7)
    there["training.keep_stages"].set_value("false")
    test.run()
    assert command(test) == (
        "workbench train lsfa-pooled --corpus demo --encoder bilstm --seed 3 --seed 4 "
        "--set head_threshold=7 --set balance=mean --set bias=true "
        "--set epochs=5 --set learning_rate=1e-4 --set keep_stages=false"
    )
    there = widgets(test)
    there["training.epochs"].set_value(10)
    there["training.learning_rate"].set_value(" ")
    assert "epochs" not in command(test.run())


def test_a_setting_that_two_parts_have_says_whose_it_is(queue, known):
    section = known.methods["sgm"].encoder(known, "bilstm", frozen=False, variant="sgm")
    title = section.schema["title"]
    test = opened(method="sgm", encoder="bilstm")
    widgets(test)["sgm.dropout"].set_value("0.11")
    widgets(test)[f"{title}.dropout"].set_value("0.22")
    assert command(test.run()).endswith("--set method.dropout=0.11 --set encoder.dropout=0.22")


def test_a_wrong_value_is_told_as_by_the_command_line_and_nothing_can_be_started(queue):
    test = opened()
    widgets(test)["protomix.alpha"].set_value("0").run()
    (problem,) = (error.value.replace("\\", "") for error in test.error)
    assert problem == (
        "Setting alpha=0 (Mixup's Beta(alpha, alpha), Eq. 11; paper: 0.05 to 1.5): "
        "Input should be greater than 0."
    )
    assert button(test, "Start training").disabled
    widgets(test)["protomix.alpha"].set_value("0.3").run()
    assert not test.error
    assert not button(test, "Start training").disabled


@pytest.mark.parametrize(
    "key, value, message",
    [
        ("seeds", "one", "are no seeds"),
        ("seeds", "-1", "is no seed"),
        ("seeds", "", "Give a seed"),
        ("name", "../up", "cannot name a run"),
        ("name", "there-0", "There is a run"),
        ("training.learning_rate", ":red[much]", "valid number"),
    ],
)
def test_mistakes_are_told_and_nothing_can_be_started(queue, run_factory, key, value, message):
    run_factory("there-0")
    test = opened()
    test.text_input(key=key).set_value(value).run()
    assert any(message in error.value.replace("\\", "") for error in test.error)
    assert ":red[" not in "".join(error.value for error in test.error)
    assert button(test, "Start training").disabled


def test_an_encoder_that_cannot_be_frozen_or_read_labels_is_told(queue):
    test = opened(frozen="true")
    assert "starts from random weights" in test.error[0].value
    assert button(test, "Start training").disabled
    test = opened(method="laco", encoder="cnn")
    assert "BERT" in test.error[0].value
