"""results/claims.json: every claim has runs, every run a command that the command line understands."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from statistics import mean, stdev

import pytest
import typer.main
from scipy.stats import t as student

from workbench.assignments import parse_assignments
from workbench.cli.app import app
from workbench.exhibits.claim_file import PACKAGED, read_claims
from workbench.exhibits.registry import all_exhibits
from workbench.training.settings import resolve

RESULTS = Path(__file__).parents[2] / "results"
COMMANDS = typer.main.get_command(app)
FOUND = read_claims()
CLAIMS, RUNS = FOUND["claims"], {run["id"]: run for run in FOUND["runs"]}
SETTINGS = {setting["id"]: setting for setting in FOUND["settings"]}
PAPERS = pytest.mark.parametrize("paper", [paper["key"] for paper in FOUND["papers"]])


def _judged(paper: str, name: str = "claims") -> dict | list:
    return json.loads((RESULTS / paper / f"{name}.json").read_text(encoding="utf-8"))


def _given(command: str) -> tuple[str, dict]:
    """The name and parameters of a command, as the command line takes them; it raises for what it has not."""
    group, words = COMMANDS, shlex.split(command)
    assert words.pop(0) == "workbench"
    context, name = None, "workbench"
    while hasattr(group, "resolve_command"):
        context = group.make_context(name, words, parent=context)
        name, group, words = group.resolve_command(
            context, [*getattr(context, "_protected_args", []), *context.args]
        )
    return name, group.make_context(name, list(words), parent=context).params


def test_the_package_carries_the_same_bytes():
    assert (RESULTS / "claims.json").read_bytes() == PACKAGED.read_bytes()


def test_ids_are_told_apart_and_lead_somewhere():
    assert len({row["id"] for row in CLAIMS}) == len(CLAIMS)
    assert len(RUNS) == len(FOUND["runs"])
    for row in CLAIMS:
        assert row["runs"]
        assert set(row["runs"]) <= set(RUNS)
        assert {RUNS[name]["setting"] for name in row["runs"]} == {row["setting"]}
        assert row["setting"] in SETTINGS
        assert row["seeds"] == sorted({RUNS[name]["seed"] for name in row["runs"]})


@PAPERS
def test_every_claim_with_a_pair_of_runs_has_a_row_and_no_other(paper):
    told = [
        (family["id"], claim["claim"], claim["corpus"], claim["encoder"], claim["mean"], claim["verdict"])
        for family in _judged(paper)["families"]
        for claim in family["claims"]
        if claim["n"]
    ]
    names = ("family", "claim", "corpus", "encoder", "effect", "verdict")
    assert [tuple(row[name] for name in names) for row in CLAIMS if row["paper"] == paper] == told
    whole = sum(len(family["claims"]) for family in _judged(paper)["families"])
    (about,) = [one for one in FOUND["papers"] if one["key"] == paper]
    assert sum(about["verdicts"].values()) + about["without_runs"] == whole


@PAPERS
def test_differences_are_those_of_the_runs(paper):
    """Of what each run keeps: the first side's mean over seeds minus the second's."""
    kept = {run["run"]: run for run in _judged(paper, "runs")}
    checked = 0
    for row in CLAIMS:
        names = [name.partition("/")[2] for name in row["runs"]]
        if row["paper"] != paper or "drop of" in row["measure"]:
            continue
        sides = []
        for side in (row["first"], row["second"]):
            measure = row["measure"] + (f": {side['part']}" if "part" in side else "")
            own = {
                kept[name]["seed"]: kept[name]["measured"].get(measure)
                for name in names
                if all(kept[name][key] == value for key, value in side.items() if key != "part")
            }
            sides.append([own[seed] for seed in row["seeds"]])
        if None not in [*sides[0], *sides[1]]:
            differences = [one - other for one, other in zip(*sides, strict=True)]
            assert differences == pytest.approx(row["differences"], abs=1e-11)
            checked += 1
    assert checked > 10


@PAPERS
def test_drops_are_those_of_the_runs(paper):
    kept = {run["run"]: run for run in _judged(paper, "runs")}
    rows = [row for row in CLAIMS if row["paper"] == paper and "drop of" in row["measure"]]
    assert bool(rows) == (paper == "protomix")
    for row in rows:
        runs = [kept[name.partition("/")[2]] for name in row["runs"]]
        value = {(run["method"], run["percent"], run["seed"]): run["measured"]["nDCG@5"] for run in runs}
        one, other = row["first"]["method"], row["second"]["method"]
        lost = [
            value[one, 100, seed] - value[one, 25, seed] - value[other, 100, seed] + value[other, 25, seed]
            for seed in row["seeds"]
        ]
        assert lost == pytest.approx(row["differences"], abs=1e-11)


@pytest.mark.parametrize("row", CLAIMS, ids=lambda row: row["id"])
def test_interval_and_verdict_follow_from_the_differences(row):
    values = row["differences"]
    assert len(values) == row["n"] == len(row["seeds"])
    assert row["effect"] == pytest.approx(mean(values), abs=1e-12)
    if len(values) < 2:
        assert (row["low"], row["high"], row["p"]) == (None, None, None)
        assert row["verdict"] == "undecided"
        return
    half = student.ppf(0.975, len(values) - 1) * stdev(values) / len(values) ** 0.5
    assert row["low"] == pytest.approx(mean(values) - half, rel=1e-6, abs=1e-10)
    assert row["high"] == pytest.approx(mean(values) + half, rel=1e-6, abs=1e-10)
    assert row["low"] <= row["effect"] <= row["high"]
    claimed = (row["low"] > 0) if row["higher"] else (row["high"] < 0)
    against = (row["high"] < 0) if row["higher"] else (row["low"] > 0)
    assert row["verdict"] == ("held" if claimed else "did not hold" if against else "undecided")


@PAPERS
def test_what_survives_holm_does_so_step_by_step(paper):
    """All claims of a paper, the least p first: each is compared with 0.05 over those that are left."""
    tested = sorted(
        (row for row in CLAIMS if row["paper"] == paper and row["p"] is not None), key=lambda row: row["p"]
    )
    alive = True
    for place, row in enumerate(tested):
        alive = alive and row["p"] * (len(tested) - place) < 0.05
        assert row["survives_holm"] == alive, row["id"]


@pytest.mark.parametrize("setting", FOUND["settings"], ids=lambda setting: setting["id"])
def test_commands_make_the_corpus_and_train_with_the_settings_that_are_recorded(setting):
    for command in setting["commands"]:
        if command.startswith("python"):
            assert (RESULTS.parent / shlex.split(command)[1]).is_file()
        else:
            assert _given(command)[0] in ("import", "describe", "generate")
    seen = set()
    for run in FOUND["runs"]:
        if run["setting"] != setting["id"]:
            continue
        name, given = _given(run["command"])
        assert (name, given["seed"], given["method"]) == ("train", [run["seed"]], run["method"])
        assert given["corpus"] == setting["corpus"]
        assert given["encoder"] + " frozen" * given["frozen"] == setting["encoder"]
        assert given["name"] == run["id"].partition("/")[2]
        key = (run["method"], *given["assignments"])
        if key in seen:
            continue
        seen.add(key)
        trained = resolve(
            given["method"], given["encoder"], given["frozen"], parse_assignments(given["assignments"])
        )
        parts = {"method": trained.method, "training": trained.training, "encoder": trained.encoder_config}
        for recorded, value in setting["settings"].items():
            section, _, key = recorded.partition(".")
            assert parts[section].model_dump(mode="json").get(key) == value, (run["id"], recorded)
        size = trained.training.train_size
        assert size in (None, run["n_train"])
    assert seen


def test_probes_are_commands_too():
    probed = [row for row in CLAIMS if row["then"]]
    assert {row["family"] for row in probed} == {"curvature", "rise"}
    for row in probed:
        name, given = _given(row["then"][0])
        assert name == "landscape"
        assert [f"{row['paper']}/{run}" for run in given["runs"]] == row["runs"]


def test_papers_are_those_of_the_exhibits():
    titles = {exhibit.paper.key: exhibit.paper.title for exhibit in all_exhibits().values()}
    assert {paper["key"]: paper["title"] for paper in FOUND["papers"]} == titles
