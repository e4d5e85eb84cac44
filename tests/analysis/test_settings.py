from __future__ import annotations

import pytest

from workbench.analysis.settings import beyond_method, flat, labels_of, of_method

COMMON = {f"training.s{number}": 0 for number in range(9)}


def test_only_what_differs_from_the_most_common_value_is_named():
    configs = [COMMON, COMMON, COMMON | {"training.s3": 7}, COMMON]
    assert labels_of(configs) == ["", "", "s3=7", ""]


def test_without_a_most_common_value_each_names_its_own():
    assert labels_of([COMMON | {"training.s3": value} for value in (1, 2, 3)]) == ["s3=1", "s3=2", "s3=3"]


def test_settings_are_named_up_to_a_length_and_the_rest_counted():
    other = COMMON | {f"training.s{number}": 1 for number in range(5)}
    configs = [COMMON, COMMON, other]
    assert labels_of(configs) == ["", "", "s0=1, s1=1, s2=1, s3=1, s4=1"]
    assert labels_of(configs, most=16) == ["", "", "s0=1, s1=1, s2=1, +2 more"]
    assert labels_of(configs, most=0) == ["", "", "s0=1, +4 more"]


def test_what_is_not_set_is_said_in_words():
    sizes = [{"training.train_size": size} for size in (None, 60)]
    assert labels_of(sizes) == ["all documents", "60 documents"]
    rates = [{"training.rate": rate} for rate in (None, 0.5)]
    assert labels_of(rates) == ["rate=own default", "rate=0.5"]


def test_lists_of_names_are_joined():
    configs = [{"training.add": add} for add in ([], ["a.b"], ["a.b", "c.d"])]
    assert labels_of(configs) == ["nothing added", "add=a.b", "add=a.b + c.d"]
    assert labels_of([{"encoder.widths": widths} for widths in ([1, 2], [3])]) == [
        "widths=[1, 2]",
        "widths=[3]",
    ]


def test_what_was_not_recorded_is_named_and_never_taken_for_a_value():
    older = {key: value for key, value in COMMON.items() if key != "training.s8"}
    assert labels_of([COMMON, older, older]) == ["", "s8 not recorded", "s8 not recorded"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"training.s7": 5}, {"training.s7": 6}),  # beyond those that are named
        ({"method.dropout": 1}, {"training.dropout": 1}),  # of the same name
        ({"training.s8": "1"}, {"training.s8": 1}),  # printed alike
    ],
)
def test_different_settings_never_share_a_label(one: dict, other: dict):
    base = COMMON | {"method.dropout": 0, "training.dropout": 0}
    shared = {f"training.s{number}": 1 for number in range(3)}
    configs = [base, base, base, base, base | shared | one, base | shared | other, base | shared | one]
    labels = labels_of(configs, most=21)
    assert labels[:4] == [""] * 4
    assert labels[4] == labels[6] != labels[5]
    assert all("s0=1, s1=1" in label and " more #" in label for label in labels[4:])


def test_what_belongs_to_a_method_is_compared_within_it_alone():
    configs = [{"method.beta": 1, "training.epochs": 3}] * 3 + [{"method.beta": 2, "training.epochs": 4}]
    assert labels_of(configs, ["a", "a", "a", "b"]) == ["", "", "", "epochs=4"]
    assert labels_of(configs, ["a", "a", "b", "b"]) == ["", "", "beta=1", "beta=2, epochs=4"]
    assert labels_of(configs) == ["", "", "", "beta=2, epochs=4"]


def test_how_and_with_which_seed_a_run_is_made_is_no_setting():
    configs = [flat({"training": {"seed": seed, "device": "cpu", "epochs": 3}}) for seed in (0, 1)]
    assert labels_of([*configs, flat({"training": {"epochs": 3}})]) == ["", "", ""]


def test_what_runs_of_any_method_share_is_told_from_what_is_their_own():
    config = {
        "method.variant": "mix",
        "method.beta": 0.1,
        "training.seed": 1,
        "training.keep_epochs": True,
        "training.keep_stages": True,
        "training.epochs": 3,
        "encoder.widths": [1, 2],
    }
    assert beyond_method(config) == {("training.epochs", "3"), ("encoder.widths", "[1, 2]")}
    assert of_method(config) == {("method.beta", "0.1")}
