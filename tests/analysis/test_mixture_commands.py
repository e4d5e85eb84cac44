from __future__ import annotations

from pathlib import Path

from tests.mixed_runs import mixed_run, terms_of
from workbench.analysis.mixture_commands import missing_parents, mixture_request
from workbench.analysis.mixtures import find_mixtures
from workbench.runs.store import Run

LABELS, PROTOTYPE = "sep_mldc.label_contrast", "protomix.prototype:weight=0.1"


def test_a_mixture_is_made_again_by_what_it_was_asked_for(tmp_path: Path):
    run = mixed_run(tmp_path, "m-3", "mix", (LABELS,), seed=3, own={"alpha": 0.2})
    assert mixture_request(run).command() == (
        "workbench train mix --corpus toy --encoder cnn --seed 3 --set epochs=4 --set alpha=0.2 "
        f"--add {LABELS}"
    )
    more = mixture_request(run, [PROTOTYPE, LABELS], (0, 1)).command()
    assert more.endswith(f"--add {LABELS} --add {PROTOTYPE}")
    assert "--seed 0 --seed 1" in more


def test_parents_that_seeds_lack_have_a_command_of_these_seeds(tmp_path: Path):
    runs = [mixed_run(tmp_path, f"m-{s}", "mix", (LABELS,), seed=s, own={"alpha": 0.2}) for s in (0, 1)]
    runs.append(mixed_run(tmp_path, "mix-1", "mix", seed=1, own={"alpha": 0.2}))
    (mixture,) = find_mixtures(runs, terms_of)
    method, lender = missing_parents(mixture)
    assert method.seeds == (0,)
    assert method.request.command() == (
        "workbench train mix --corpus toy --encoder cnn --seed 0 --set epochs=4 --set alpha=0.2"
    )
    assert lender.seeds == (0, 1)
    assert lender.request.command() == (  # alpha is a setting of mix, epochs of training
        "workbench train sep-mldc --corpus toy --encoder cnn --seed 0 --seed 1 --set epochs=4"
    )


def test_a_part_of_the_terms_keeps_them(tmp_path: Path):
    runs = [mixed_run(tmp_path, f"b-{s}", "mix", (PROTOTYPE, LABELS), seed=s) for s in (0, 1)]
    runs += [mixed_run(tmp_path, "part", "mix", (LABELS,)), mixed_run(tmp_path, "p", "proto")]
    mixture = next(one for one in find_mixtures(runs, terms_of) if len(one.terms) == 2)
    commands = {missing.parent.name: missing.request.command() for missing in missing_parents(mixture)}
    assert commands[f"mix + {LABELS}"].endswith(f"--seed 1 --set epochs=4 --add {LABELS}")
    assert "--add" not in commands["proto"]


def test_a_run_that_kept_no_recipe_says_it_of_itself(run_factory):
    run = Run.load(run_factory("m-0", method="mix", encoder="minilm frozen", seed=2))
    assert mixture_request(run, [LABELS]).command() == (
        f"workbench train mix --corpus demo --encoder minilm --frozen --seed 2 --add {LABELS}"
    )
