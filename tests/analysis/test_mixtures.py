from __future__ import annotations

from pathlib import Path

import pytest

from tests.mixed_runs import mixed_run, terms_of
from workbench.analysis.mixture_settings import borrowed_terms
from workbench.analysis.mixtures import (
    FEWER,
    LENDER,
    METHOD,
    family_of_term,
    find_mixtures,
    own_terms,
)
from workbench.runs.store import Run

LABELS, DOCUMENTS, PROTOTYPE = "sep_mldc.label_contrast", "sep_mldc.document_contrast", "protomix.prototype"


def parents(runs: list[Run]) -> dict[str, tuple[str, list[str]]]:
    """Of the one mixture among the runs: parent -> its role and its runs."""
    (mixture,) = find_mixtures(runs, terms_of)
    return {
        parent.name: (parent.role, [run.name for run in parent.runs.values()]) for parent in mixture.parents
    }


def test_a_mixture_has_its_method_and_the_lender_as_parents_by_seed(tmp_path: Path):
    runs = [mixed_run(tmp_path, f"m-{seed}", "mix", (LABELS,), seed=seed) for seed in (2, 0, 1)]
    runs += [mixed_run(tmp_path, f"mix-{seed}", "mix", seed=seed) for seed in (0, 1, 7)]
    runs += [mixed_run(tmp_path, "sep-1", "sep-mldc", seed=1), mixed_run(tmp_path, "proto-0", "proto")]
    (mixture,) = find_mixtures(runs, terms_of)
    assert (mixture.name, mixture.method, mixture.terms) == (f"mix + {LABELS}", "mix", (LABELS,))
    assert {seed: run.name for seed, run in mixture.runs.items()} == {0: "m-0", 1: "m-1", 2: "m-2"}
    assert parents(runs) == {
        "mix": (METHOD, ["mix-0", "mix-1", "mix-7"]),
        "sep-mldc": (LENDER, ["sep-1"]),
    }
    assert [mixture.seeds_with(parent) for parent in mixture.parents] == [[0, 1], [1]]


def test_a_mixture_without_parents_names_what_they_would_be(tmp_path: Path):
    assert parents([mixed_run(tmp_path, "m-0", "mix", (LABELS,))]) == {
        "mix": (METHOD, []),
        "sep-mldc": (LENDER, []),
    }
    assert find_mixtures([mixed_run(tmp_path, "alone", "mix")], terms_of) == []
    assert find_mixtures([], terms_of) == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"training": {"epochs": 5}}, "epochs 5, not 4"),
        ({"own": {"beta": 1}}, "method.beta 1, not not recorded"),
        ({"encoder_settings": {"max_length": 64}}, "encoder.max_length 64, not 32"),
        ({"n_train": 60}, "training documents 60 of ffffffff, not 100 of ffffffff"),
        ({"encoder": "bilstm"}, "encoder bilstm, not cnn"),
        ({"precision": "bf16-mixed"}, "precision bf16-mixed, not ?"),
    ],
)
def test_the_method_alone_must_be_equal_in_everything_else(tmp_path: Path, changes: dict, said: str):
    runs = [mixed_run(tmp_path, "m-0", "mix", (LABELS,)), mixed_run(tmp_path, "other", "mix", **changes)]
    (mixture,) = find_mixtures(runs, terms_of)
    assert mixture.parents[0].runs == {}
    assert mixture.parents[0].near == f"other is none: {said}"


def test_runs_of_another_split_are_neither_parents_nor_near(tmp_path: Path):
    runs = [mixed_run(tmp_path, "m-0", "mix", (LABELS,)), mixed_run(tmp_path, "o", "mix", split_id="toy/2")]
    (mixture,) = find_mixtures(runs, terms_of)
    assert (mixture.parents[0].runs, mixture.parents[0].near) == ({}, "")


def test_what_a_lender_asks_of_the_encoder_is_told_and_its_training_must_be_equal(tmp_path: Path):
    mixture_run = mixed_run(tmp_path, "m-0", "mix", (LABELS,))
    own = {"own": {"gamma": 1}, "encoder_settings": {"max_length": 64}}
    (mixture,) = find_mixtures([mixture_run, mixed_run(tmp_path, "sep", "sep-mldc", **own)], terms_of)
    lender = mixture.parents[1]
    assert [run.name for run in lender.runs.values()] == ["sep"]
    assert lender.differs == ("encoder.max_length 64, not 32",)
    other = mixed_run(tmp_path, "longer", "sep-mldc", training={"epochs": 9})
    (mixture,) = find_mixtures([mixture_run, other], terms_of)
    assert (mixture.parents[1].runs, mixture.parents[1].near) == ({}, "longer is none: epochs 9, not 4")


def test_of_several_lenders_the_papers_own_method_then_those_that_train_the_term(tmp_path: Path):
    runs = [mixed_run(tmp_path, "m-0", "mix", (LABELS,))]
    runs += [mixed_run(tmp_path, name, name) for name in ("sep-mldc-no-smcl", "sep-mldc-no-lse")]
    assert parents(runs)["sep-mldc-no-lse"] == (LENDER, ["sep-mldc-no-lse"])
    assert "sep-mldc-no-smcl" not in parents(runs)
    runs.append(mixed_run(tmp_path, "sep", "sep-mldc"))
    assert list(parents(runs)) == ["mix", "sep-mldc"]
    # protomix has another term: the variant that trains this one lends it
    runs = [mixed_run(tmp_path, "b-0", "sep-mldc", (PROTOTYPE,)), mixed_run(tmp_path, "whole", "protomix")]
    runs += [mixed_run(tmp_path, "proto", "proto", split_id="toy/2")]
    assert list(parents(runs)) == ["sep-mldc", "proto"]


def test_of_several_settings_of_a_lender_the_one_that_differs_least_then_with_most_seeds(tmp_path: Path):
    runs = [mixed_run(tmp_path, f"m-{seed}", "mix", (LABELS,), seed=seed) for seed in (0, 1)]
    runs += [
        mixed_run(tmp_path, f"w-{seed}", "sep-mldc", seed=seed, encoder_settings={"max_length": 8})
        for seed in (0, 1)
    ]
    runs.append(mixed_run(tmp_path, "a-0", "sep-mldc", own={"beta": 1}))
    assert parents(runs)["sep-mldc"] == (LENDER, ["a-0"])
    runs += [mixed_run(tmp_path, f"b-{seed}", "sep-mldc", seed=seed, own={"beta": 2}) for seed in (0, 1)]
    assert parents(runs)["sep-mldc"] == (LENDER, ["b-0", "b-1"])


def test_two_borrowed_terms_have_the_method_each_part_and_each_lender(tmp_path: Path):
    both = mixed_run(tmp_path, "both", "mix", (f"{PROTOTYPE}:weight=0.1", LABELS))
    runs = [both, mixed_run(tmp_path, "part", "mix", (LABELS,)), mixed_run(tmp_path, "alone", "mix")]
    runs += [mixed_run(tmp_path, name, name) for name in ("proto", "sep-mldc")]
    found = {mixture.terms: mixture for mixture in find_mixtures(runs, terms_of)}
    mixture = found[f"{PROTOTYPE}:weight=0.1", LABELS]
    assert [(parent.role, parent.name) for parent in mixture.parents] == [
        (METHOD, "mix"),
        (FEWER, f"mix + {LABELS}"),
        (LENDER, "proto"),
        (LENDER, "sep-mldc"),
    ]
    assert all(len(parent.runs) == 1 for parent in mixture.parents)
    assert [parent.name for parent in found[(LABELS,)].parents] == ["mix", "sep-mldc"]


def test_mixtures_of_other_settings_are_told_apart_and_the_order_of_terms_is_not_one(tmp_path: Path):
    runs = [
        mixed_run(tmp_path, "one", "mix", (LABELS,)),
        mixed_run(tmp_path, "two", "mix", (LABELS,), training={"epochs": 9}),
    ]
    names = [mixture.name for mixture in find_mixtures(runs, terms_of)]
    assert names == [f"mix + {LABELS} (epochs=4)", f"mix + {LABELS} (epochs=9)"]
    runs = [mixed_run(tmp_path, "ab", "mix", (LABELS, DOCUMENTS), seed=0)]
    runs.append(mixed_run(tmp_path, "ba", "mix", (DOCUMENTS, LABELS), seed=1))
    (mixture,) = find_mixtures(runs, terms_of)
    assert list(mixture.runs) == [0, 1]


def test_the_newest_run_of_a_seed_counts_and_unfinished_ones_do_not(tmp_path: Path, run_factory):
    runs = [mixed_run(tmp_path, name, "mix", (LABELS,)) for name in ("new", "old")]
    live = Run.load(run_factory("live", end="running", config={"method": {"add": [LABELS]}}))
    (mixture,) = find_mixtures([live, *runs], terms_of)
    assert [run.name for run in mixture.runs.values()] == ["new"]


def test_terms_are_read_from_the_config_and_from_the_history(run_factory):
    run = Run.load(run_factory("m-0", config={"method": {"add": [f"{LABELS}: weight=0.1"]}}))
    assert borrowed_terms(run) == (f"{LABELS}:weight=0.1",)
    assert own_terms(run) == {"classification", "prototype"}
    assert family_of_term(f"{LABELS}:weight=0.1") == "sep-mldc"
    assert borrowed_terms(Run.load(run_factory("old-0", config={}))) == ()
