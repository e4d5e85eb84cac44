from __future__ import annotations

import json
from dataclasses import replace

import pytest

from workbench.analysis.claims import Claim
from workbench.errors import WorkbenchError
from workbench.exhibits.base import Paper
from workbench.exhibits.claim_corpora import RECIPES, recipe_of
from workbench.exhibits.claim_family import ClaimFamily, PaperClaims
from workbench.exhibits.claim_file import read_claims, written
from workbench.exhibits.claim_gathering import gather
from workbench.exhibits.claim_overview import overview

BETTER = Claim("proto beats base", "nDCG@5", {"method": "proto"}, {"method": "base"})
FAMILY = ClaimFamily("parts", "the parts", "Table 4", "Proto helps.", "nDCG@5", "points", 100, 1, (BETTER,))
CLAIMS = PaperClaims(
    Paper("protomix", "ProtoMix", "A title"), ("base", "proto"), "nDCG@5", ("nDCG@5",), (FAMILY,), ()
)


def _run(method: str, seed: int, percent: int = 100, encoder: str = "cnn") -> dict:
    return {
        "run": f"{method}-{percent}-{encoder}-s{seed}",
        "corpus": "demo",
        "encoder": encoder,
        "method": method,
        "prototype": "",
        "percent": percent,
        "seed": seed,
        "n_train": 10 * percent,
        "split_id": "demo/1",
        "train_s": 1.0,
        "git_commit": "abc",
    }


def _claim(encoder: str = "cnn", seeds: tuple[int, ...] = (0, 1), **changes) -> dict:
    return {
        "corpus": "demo",
        "encoder": encoder,
        "claim": BETTER.name,
        "at": "",
        "measure": "nDCG@5",
        "higher": True,
        "n": len(seeds),
        "mean": 0.02,
        "low": 0.01,
        "high": 0.03,
        "p": 0.01,
        "p_holm": 0.04,
        "verdict": "held",
        "seeds": list(seeds),
        "differences": [0.02] * len(seeds),
        "first": dict(BETTER.first),
        "second": dict(BETTER.second),
    } | changes


def _judged(*claims: dict) -> dict:
    groups = [
        {
            "corpus": "demo",
            "title": "Demo",
            "encoder": encoder,
            "n_train": 1000,
            "drawn_from": None,
            "n_test": 385,
            "seeds": [0, 1],
            "settings": {"training.epochs": 3},
            "devices": [{"name": "A processor", "cores": 2, "memory_gb": 23.5}],
            "versions": [{"torch": "2.13.0"}],
            "git_commits": ["abc"],
        }
        for encoder in dict.fromkeys(claim["encoder"] for claim in claims)
    ]
    return {"interval": "So and so.", "groups": groups, "families": [{"id": "parts", "claims": list(claims)}]}


RUNS = [_run(method, seed) for method in ("base", "proto") for seed in (0, 1, 2)]


def test_a_row_has_the_runs_of_both_sides_at_its_seeds():
    found = gather([(CLAIMS, _judged(_claim()), [*RUNS, _run("mix", 0), _run("base", 0, 25)])])
    (row,) = found["claims"]
    assert row["runs"] == [
        f"protomix/{name}-100-cnn-s{seed}" for name in ("proto", "base") for seed in (0, 1)
    ]
    assert row["survives_holm"] is True
    assert (row["n_train"], row["n_test"], row["place"]) == ([1000], 385, "Table 4")
    (setting,) = found["settings"]
    assert setting["hardware"] == ["A processor, 2 cores, 23.5 GB"]
    assert found["runs"][0]["command"].startswith("workbench train base --corpus demo --encoder cnn --seed 0")


def test_what_less_data_costs_needs_the_runs_on_less_data():
    drop = replace(BETTER, measure="drop of nDCG@5 from 100 to 25 %")
    claims = replace(CLAIMS, families=(replace(FAMILY, measure=drop.measure, claims=(drop,)),))
    runs = [_run(name, 0, percent) for name in ("base", "proto") for percent in (100, 50, 25)]
    (row,) = gather([(claims, _judged(_claim(seeds=(0,), measure=drop.measure)), runs)])["claims"]
    assert len(row["runs"]) == 4
    assert not any("-50-" in name for name in row["runs"])
    assert row["n_train"] == [1000, 250]


def test_claims_of_which_nothing_was_run_have_no_row_but_are_counted():
    nothing = _claim("bilstm", (), mean=None, low=None, high=None, p=None, p_holm=None, verdict="undecided")
    found = gather([(CLAIMS, _judged(_claim(), nothing), RUNS)])
    assert len(found["claims"]) == 1
    (paper,) = found["papers"]
    assert paper["without_runs"] == 1
    assert paper["verdicts"] == {"held": 1, "did not hold": 0, "undecided": 0}
    assert paper["after_holm"] == {"held": 1, "did not hold": 0}


def test_a_family_that_is_no_more_and_a_corpus_that_nobody_can_make_are_refused():
    with pytest.raises(WorkbenchError, match="parts"):
        gather([(replace(CLAIMS, families=()), _judged(_claim()), RUNS)])
    with pytest.raises(WorkbenchError, match=r"'secret'.*claim_corpora"):
        recipe_of("secret")
    assert recipe_of("demo").commands == ()
    assert all(recipe.data for recipe in RECIPES.values())


def test_the_file_has_a_line_for_each_and_is_read_again(tmp_path):
    found = gather([(CLAIMS, _judged(_claim()), RUNS)])
    path = tmp_path / "claims.json"
    path.write_text(written(found), encoding="utf-8")
    assert read_claims(path) == found == json.loads(written(found))
    assert written(found).count("\n") == 10 + sum(map(len, found.values()))


@pytest.mark.parametrize("text", [None, "{", "[]", '{"papers": []}'])
def test_a_damaged_file_is_told_with_a_remedy(tmp_path, text):
    path = tmp_path / "claims.json"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(WorkbenchError, match="--gather"):
        read_claims(path)


def test_the_overview_says_counts_and_the_first_family_by_setting():
    one_seed = _claim("bilstm", (0,), low=None, high=None, p=None, p_holm=None, verdict="undecided")
    runs = [*RUNS, _run("base", 0, encoder="bilstm"), _run("proto", 0, encoder="bilstm")]
    lines = overview(gather([(CLAIMS, _judged(_claim(), one_seed), runs)])).splitlines()
    assert "| ProtoMix (2024) | 1 | 0 | 1 | 1 | 0 |" in lines
    assert "| ProtoMix, points | demo, cnn | demo, bilstm |" in lines
    assert lines[-1] == "| proto beats base | ▲ +2.0 (+1.0 to +3.0) | ○ +2.0, one seed |"
