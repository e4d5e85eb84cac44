from __future__ import annotations

import pytest

from workbench.errors import WorkbenchError
from workbench.training.space import Range, Values, check_space, read_space


def checked(**content):
    return check_space(content, "protomix", "cnn", False, {"patience": 0})


def test_lists_are_values_and_ranges_know_which_settings_count_something():
    space = checked(
        widths=[[1, 2], [2, 4]],
        beta={"low": 1e-4, "high": 0.1, "log": True},
        epochs={"low": 1, "high": 3},
        train_size={"low": 10, "high": 21, "step": 5},
    )
    assert space["beta"] == Range(1e-4, 0.1, log=True)
    assert space["epochs"] == Range(1, 3, whole=True)
    assert space["train_size"] == Range(10, 20, step=5, whole=True)  # the last step within
    assert space["widths"] == Values(([1, 2], [2, 4]))


def test_a_study_keeps_scalars_and_a_run_gets_what_was_written():
    values = Values(([1, 2], "mean", 0.5, None))
    assert values.choices == ["[1, 2]", "mean", 0.5, None]
    assert [values.value_of(choice) for choice in values.choices] == [[1, 2], "mean", 0.5, None]
    assert Range(1, 3, whole=True).value_of(2.0) == 2
    assert isinstance(Range(1, 3, whole=True).value_of(2.0), int)


@pytest.mark.parametrize(
    "dimension, choices",
    [
        (Range(1, 3, whole=True), [1, 2, 3]),
        (Range(0.1, 0.3, step=0.1), [0.1, 0.2, pytest.approx(0.3)]),
        (Range(0, 1), None),
        (Range(1, 9, log=True, whole=True), None),
    ],
    ids=str,
)
def test_values_that_can_be_counted(dimension, choices):
    assert dimension.choices == choices


@pytest.mark.parametrize(
    "content, message",
    [
        ({"bet": [0.1]}, "Unknown setting 'bet'. Did you mean 'beta'"),
        ({"training.epoch": [1]}, "Did you mean 'epochs'"),
        ({"beta": []}, "at least one"),
        ({"beta": [0.1, 0.1]}, "none twice"),
        ({"beta": 0.1}, "Write a list of values, or a range"),
        ({"beta": {"low": 0.1}}, "high"),
        ({"beta": {"low": 0.1, "hihg": 1}}, "Did you mean 'high'"),
        ({"beta": {"low": 1, "high": 1}}, "low must be below high"),
        ({"beta": {"low": 0, "high": 1, "log": True}}, "above 0"),
        ({"beta": {"low": 0.1, "high": 1, "log": True, "step": 0.1}}, "without a step"),
        ({"beta": {"low": 0, "high": 1, "step": -1}}, "greater than 0"),
        ({"beta": {"low": -1, "high": 1}}, "beta=-1"),
        ({"beta": [0.1, "much"]}, "beta='much'"),
        ({"epochs": {"low": 0, "high": 2}}, "epochs=0"),
        ({"epochs": {"low": 1, "high": 2, "step": 0.5}}, "whole number"),
        ({"bias": {"low": 0, "high": 1}}, "yes or no"),
        ({"select": ["P@1", "P@3"]}, "cannot vary select"),
        ({"devices": [1, 2]}, "cannot vary devices"),
        ({"patience": [1, 2]}, "which --set fixes"),
    ],
    ids=str,
)
def test_what_will_not_do_is_named(content, message):
    with pytest.raises(WorkbenchError) as raised:
        checked(**content)
    assert message in str(raised.value)


def test_a_file_without_settings_is_refused(tmp_path):
    path = tmp_path / "space.yaml"
    path.write_text("# nothing\n")
    with pytest.raises(WorkbenchError, match="names no setting"):
        read_space(path)
    path.write_text("method:\n  beta: [0.1, 0.2]\n")
    assert read_space(path) == {"method.beta": [0.1, 0.2]}
