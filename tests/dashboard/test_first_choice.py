"""Which runs a page draws before anyone has chosen; all lists are newest first."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dashboard.first_choice import baseline_and_method, in_training_first, one_of_each
from workbench.runs.store import Run


def run(
    name: str, method: str, *, encoder: str = "cnn", seed: int = 0, status: str = "done", **settings: Any
) -> Run:
    """A run; alpha is its method's setting, max_length its encoder's, the others are those of training."""
    own = {"variant": method, "beta": 0.001, "alpha": settings.pop("alpha", 0.5)}
    read = {"max_length": settings.pop("max_length", 128), f"size_of_{encoder}": 64}
    training = {"epochs": 6, "train_size": None, **settings}
    manifest = {
        "method": method,
        "family": "protomix",
        "encoder": encoder,
        "seed": seed,
        "config": {"method": own, "training": training, "encoder": read},
    }
    return Run(Path(name), manifest, status)


def names(runs: list[Run]) -> list[str]:
    return [run.path.name for run in runs]


def test_methods_are_drawn_with_the_settings_that_most_of_them_share() -> None:
    found = [
        run("protomix-all", "protomix"),
        run("base-quarter", "base", train_size=250),  # newer than the one of all documents
        run("proto-half", "proto", train_size=500),
        run("mix-quarter", "mix", train_size=250),
        run("base-all", "base"),
        run("protomix-quarter", "protomix", train_size=250),
    ]
    assert names(one_of_each(found)) == ["base-quarter", "mix-quarter", "protomix-quarter", "proto-half"]


def test_of_settings_that_are_shared_alike_the_newest_are_drawn() -> None:
    found = [
        run("base-quarter", "base", train_size=250),
        run("protomix-all", "protomix"),
        run("protomix-quarter", "protomix", train_size=250),
        run("base-all", "base"),
    ]
    assert names(one_of_each(found)) == ["base-quarter", "protomix-quarter"]


def test_the_trials_of_a_search_do_not_push_aside_what_can_be_compared() -> None:
    for searched in ("learning_rate", "alpha"):
        found = [
            run("trial-1", "protomix", **{searched: 0.2}),
            run("trial-0", "protomix", **{searched: 0.1}),
            run("mix-1", "mix", seed=1),
            run("protomix-0", "protomix"),
            run("mix-0", "mix"),
            run("base-0", "base"),
        ]
        assert names(one_of_each(found)) == ["protomix-0", "mix-0", "base-0"]
        assert names(baseline_and_method(found)) == ["base-0", "protomix-0"]


def test_each_encoder_has_settings_of_its_own_that_its_methods_share() -> None:
    found = [
        run("base-minilm-64", "base", encoder="minilm", max_length=64),
        run("mix-minilm", "mix", encoder="minilm"),
        run("base-minilm", "base", encoder="minilm"),
        run("mix-cnn", "mix"),
        run("proto-cnn", "proto"),
        run("base-cnn", "base"),
    ]
    assert names(one_of_each(found)) == ["mix-cnn", "proto-cnn", "base-cnn", "mix-minilm", "base-minilm"]


def test_a_setting_weighs_more_than_a_seed_and_the_newest_of_equals_is_taken() -> None:
    found = [
        run("protomix", "protomix", seed=2),
        run("base-few-epochs", "base", seed=2, epochs=3),
        run("base-other-seed", "base", seed=1),
        run("base-third-seed", "base", seed=0),
        run("base-minilm", "base", encoder="minilm", seed=2),
    ]
    assert names(one_of_each(found)) == ["protomix", "base-other-seed", "base-minilm"]
    assert names(baseline_and_method(found)) == ["base-other-seed", "protomix"]


def test_a_baseline_is_put_beside_the_newest_method_that_was_trained_alike() -> None:
    found = [
        run("mix-fast", "mix", learning_rate=2),
        run("proto-fast", "proto", learning_rate=2),
        run("mix-bilstm", "mix", encoder="bilstm"),
        run("protomix", "protomix"),
        run("base", "base"),
    ]
    assert names(baseline_and_method(found)) == ["base", "protomix"]
    unlike = [run("m", "mix", epochs=1), run("b2", "base", encoder="x"), found[-1]]
    assert names(baseline_and_method(unlike)) == ["base", "m"]


def test_without_a_baseline_or_without_a_method_the_newest_run_stands_alone() -> None:
    assert names(baseline_and_method([run("b", "base"), run("a", "base")])) == ["b"]
    assert names(baseline_and_method([run("m", "mix"), run("p", "proto")])) == ["m"]
    assert baseline_and_method([]) == []
    assert one_of_each([]) == []


def test_learning_curves_begin_with_what_is_being_trained() -> None:
    found = [
        run("new", "protomix", seed=1, status="running"),
        run("protomix", "protomix"),
        run("base", "base"),
    ]
    assert names(in_training_first(found)) == ["new", "protomix", "base"]
    assert names(in_training_first(found[:1])) == ["new"]


def test_runs_that_recorded_nothing_are_drawn_too() -> None:
    assert names(one_of_each([Run(Path("old"), {}, "done"), run("base", "base")])) == ["old", "base"]


def test_of_settings_that_as_many_methods_have_those_with_most_documents_are_drawn() -> None:
    found = []
    for name, size, documents in (("quarter", 250, 250), ("all", None, 1000)):
        for method in ("base", "protomix"):
            one = run(f"{method}-{name}", method, train_size=size)
            one.manifest["corpus"] = {"n_train": documents}  # type: ignore[index]
            found.append(one)
    assert names(one_of_each(found)) == ["base-all", "protomix-all"]
    assert names(baseline_and_method(found)) == ["base-all", "protomix-all"]
