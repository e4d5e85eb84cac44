"""Which runs a page draws before anyone has chosen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dashboard import choices, documents_choices
from workbench.runs.store import Run


def run(name: str, method: str, *, encoder: str = "cnn", seed: int = 0, **training: Any) -> Run:
    config = {"method": {"variant": method}, "training": {"epochs": 6, "train_size": None, **training}}
    return Run(Path(name), {"method": method, "encoder": encoder, "seed": seed, "config": config}, "done")


def names(runs: list[Run]) -> list[str]:
    return [run.path.name for run in runs]


def test_methods_are_drawn_with_the_settings_that_most_of_them_share() -> None:
    found = [
        run("protomix-all", "protomix"),
        run("base-quarter", "base", train_size=250),  # newer than the one of all documents
        run("mix-quarter", "mix", train_size=250),
        run("base-all", "base"),
        run("protomix-quarter", "protomix", train_size=250),
        run("proto-half", "proto", train_size=500),
    ]
    assert names(choices.one_of_each(found)) == [
        "protomix-quarter",
        "base-quarter",
        "mix-quarter",
        "proto-half",
    ]
    assert names(documents_choices.base_and_newest(found)) == ["base-quarter", "protomix-quarter"]


def test_of_settings_that_are_shared_alike_the_newest_are_drawn() -> None:
    found = [
        run("base-quarter", "base", train_size=250),
        run("protomix-all", "protomix"),
        run("protomix-quarter", "protomix", train_size=250),
        run("base-all", "base"),
    ]
    assert names(choices.one_of_each(found)) == ["base-quarter", "protomix-quarter"]


def test_the_trials_of_a_search_do_not_push_aside_what_can_be_compared() -> None:
    found = [
        run("trial-1", "protomix", learning_rate=0.2),
        run("trial-0", "protomix", learning_rate=0.1),
        run("mix-1", "mix", seed=1),
        run("protomix-0", "protomix"),
        run("mix-0", "mix"),
        run("base-0", "base"),
    ]
    assert choices.shared_by_most(found).path.name == "protomix-0"
    assert names(choices.one_of_each(found)) == ["protomix-0", "mix-0", "base-0"]
    assert names(documents_choices.base_and_newest(found)) == ["base-0", "protomix-0"]


def test_a_setting_weighs_more_than_a_seed_and_the_newest_of_equals_is_taken() -> None:
    found = [
        run("protomix", "protomix", seed=2),
        run("base-few-epochs", "base", seed=2, epochs=3),
        run("base-other-seed", "base", seed=1),
        run("base-third-seed", "base", seed=0),
        run("base-minilm", "base", encoder="minilm", seed=2),
    ]
    assert names(choices.one_of_each(found)) == ["protomix", "base-other-seed", "base-minilm"]
    assert names(documents_choices.base_and_newest(found)) == ["base-other-seed", "protomix"]


def test_without_a_baseline_or_without_a_method_the_newest_run_stands_alone() -> None:
    assert names(documents_choices.base_and_newest([run("b", "base"), run("a", "base")])) == ["b"]
    assert names(documents_choices.base_and_newest([run("m", "mix"), run("p", "proto")])) == ["m"]
    assert documents_choices.base_and_newest([]) == []
    assert choices.one_of_each([]) == []
