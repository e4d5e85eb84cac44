from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from workbench.data.library import save_corpus
from workbench.errors import WorkbenchError
from workbench.runs.store import Run, list_runs
from workbench.training import sweep as sweeping
from workbench.training.fit import TrainingInterrupted
from workbench.training.studies import load_study, open_storage, shown_url, trials_of
from workbench.training.sweep import Sweep, begin_sweep, run_trials, study_name
from workbench.workspace import Workspace

SMALL = {"filters": 4, "embedding_size": 8, "epochs": 1, "batch_size": 32}


@pytest.fixture
def plan(workspace, toy_corpus) -> Sweep:
    save_corpus(toy_corpus, workspace.corpora / "toy")
    space = {"beta": {"low": 1e-4, "high": 0.1, "log": True}, "widths": [[1, 2], [2]]}
    return Sweep("try", "protomix", "toy", space=space, settings=SMALL, sampler="random")


@pytest.fixture
def pretended(monkeypatch, run_factory):
    """Instead of training, a made-up run whose best value is made from its settings; None fails."""
    asked: list[dict] = []

    def pretend(value_of):
        def fit(*given, name, about, **settings):
            asked.append(settings)
            value = value_of(settings)
            if value is None:
                raise WorkbenchError("the loss became nan")
            return Run.load(run_factory(name, best={"value": value}, **about))

        monkeypatch.setattr(sweeping, "fit", fit)
        return asked

    return pretend


def test_trials_are_runs_that_know_their_study_and_count_by_validation(plan, workspace):
    told = []
    run_trials(plan, begin_sweep(plan), 2, tell=told.append)
    runs = {run.name: run for run in list_runs(workspace.runs)}
    assert set(runs) == {"try-trial-0", "try-trial-1"}
    for trial in told:
        run = runs[trial.run]
        assert run.manifest["sweep"] == {"study": "try", "trial": trial.number}
        assert (
            trial.value
            == run.manifest["best"]["value"]
            == pytest.approx(run.metrics["valid"]["overall"]["nDCG@5"])
        )
        assert run.manifest["config"]["method"]["beta"] == trial.settings["beta"]
        assert run.manifest["config"]["encoder"]["widths"] == trial.settings["widths"]
    assert workspace.sweeps.exists()


def test_a_loss_that_is_no_number_fails_its_trial_and_the_sweep_goes_on(plan, workspace):
    wild = replace(plan, space={"learning_rate": [1e30, 0.003]}, sampler="grid")
    study = begin_sweep(wild)
    run_trials(wild, study, None)
    good, bad = trials_of(study)
    assert (good.status, bad.status, bad.value) == ("done", "failed", None)
    assert "nan" in bad.reason
    assert Run.load(workspace.runs / bad.run).status == "failed"


def test_a_sweep_in_two_parts_is_the_sweep_in_one(plan, pretended):
    asked = pretended(lambda settings: settings["beta"])
    for kind in ("random", "tpe"):
        whole, parts = (replace(plan, study=f"{kind}-{name}", sampler=kind) for name in ("whole", "parts"))
        run_trials(whole, begin_sweep(whole), 13)
        for count in (11, 2):  # beyond the trials that tpe draws at random
            run_trials(parts, begin_sweep(parts), count)
        first, second = asked[:13], asked[13:]
        assert first == second
        assert len({settings["beta"] for settings in first}) == 13
        asked.clear()


def test_another_seed_proposes_other_settings(plan, pretended):
    asked = pretended(lambda settings: 0.5)
    for seed in (0, 1):
        other = replace(plan, study=f"s{seed}", seed=seed)
        run_trials(other, begin_sweep(other), 1)
    assert asked[0]["beta"] != asked[1]["beta"]


def test_tpe_draws_nearer_to_good_values_than_chance(plan, pretended):
    asked = pretended(lambda settings: -abs(settings["dropout"] - 0.2))
    wanted = replace(plan, space={"dropout": {"low": 0.0, "high": 0.9}}, sampler="tpe")
    run_trials(wanted, begin_sweep(wanted), 40)
    far = [abs(settings["dropout"] - 0.2) for settings in asked]
    assert sum(far[20:]) / 20 < 0.5 * sum(far[:10]) / 10


def test_a_grid_is_tried_once_also_in_parts(plan, pretended):
    asked = pretended(lambda settings: settings["epochs"])
    grid = replace(plan, space={"epochs": {"low": 1, "high": 3}, "bias": [True, False]}, sampler="grid")
    grid = replace(grid, settings={key: value for key, value in SMALL.items() if key != "epochs"})
    run_trials(grid, begin_sweep(grid), 4)
    assert len(asked) == 4
    run_trials(grid, begin_sweep(grid), 100)
    points = [(settings["epochs"], settings["bias"]) for settings in asked]
    assert sorted(points) == [(epochs, bias) for epochs in (1, 2, 3) for bias in (False, True)]
    run_trials(grid, begin_sweep(grid), None)
    assert len(asked) == 6


@pytest.mark.parametrize("sampler", ["random", "grid"])
def test_an_interrupted_trial_is_tried_again_first(plan, pretended, sampler):
    def first_interrupted(settings):
        if len(asked) == 1:
            raise TrainingInterrupted(Path("try-trial-0"))
        return 0.5

    asked = pretended(first_interrupted)
    wanted = replace(plan, space={"beta": [0.1, 0.2]}, sampler=sampler)
    study = begin_sweep(wanted)
    with pytest.raises(TrainingInterrupted):
        run_trials(wanted, study, 2)
    assert "interrupted" in trials_of(study)[0].reason
    again = begin_sweep(wanted)
    run_trials(wanted, again, 2)
    if sampler == "grid":
        assert sorted(settings["beta"] for settings in asked) == sorted([asked[0]["beta"], 0.1, 0.2])
    else:
        assert asked[0]["beta"] == asked[1]["beta"]


def test_two_machines_share_a_study_by_its_storage(plan, pretended, tmp_path):
    asked = pretended(lambda settings: settings["beta"])
    url = f"sqlite:///{tmp_path / 'shared.db'}"
    first, second = begin_sweep(plan, storage=url), begin_sweep(plan, storage=url)
    run_trials(plan, first, 1)
    run_trials(plan, second, 1)
    run_trials(plan, first, 1)
    trials = trials_of(load_study("try", open_storage(url, Workspace(tmp_path))))
    assert sorted(trial.number for trial in trials) == [0, 1, 2]
    assert len({settings["beta"] for settings in asked}) == 3
    assert [trial.value for trial in trials] == sorted((one["beta"] for one in asked), reverse=True)


@pytest.mark.parametrize(
    "changes, message",
    [
        ({"space": {"beta": [0.1]}}, "space"),
        ({"settings": SMALL | {"select": "P@1"}}, "metric"),
        ({"method": "proto"}, "method: protomix against proto"),
        ({"seed": 1}, "seed: 0 against 1"),
    ],
    ids=["space", "select", "method", "seed"],
)
def test_a_study_goes_on_only_with_what_it_is_a_sweep_of(plan, changes, message):
    begin_sweep(plan)
    with pytest.raises(WorkbenchError, match=f"sweep of something else .*{message}"):
        begin_sweep(replace(plan, **changes))


@pytest.mark.parametrize(
    "changes, message",
    [
        ({"study": "../up"}, "cannot name the runs of a study"),
        ({"sampler": "tep"}, "Did you mean 'tpe'"),
        ({"sampler": "grid"}, "give beta a list"),
        ({"method": "protomx"}, "Did you mean 'protomix'"),
        ({"corpus": "toi"}, "no corpus 'toi'"),
        ({"seed": -1}, "is no seed"),
        ({"settings": {"devices": 2}}, "leave devices out"),
        ({"frozen": True}, "frozen, it would encode nothing"),
    ],
    ids=str,
)
def test_what_will_not_do_is_refused_before_a_study_is_made(plan, workspace, changes, message):
    with pytest.raises(WorkbenchError, match=message):
        begin_sweep(replace(plan, **changes))
    assert not workspace.sweeps.exists()


@pytest.mark.parametrize(
    "url, message",
    [
        ("nonsense", "storage 'nonsense' cannot be opened"),
        ("sqlite:////no/such/folder/x.db", "unable to open database file"),
        ("mysql+nodriver://me:secret@host/db", r"mysql\+nodriver://me:\*\*\*@host/db cannot be opened"),
    ],
)
def test_a_storage_that_cannot_be_opened_is_named_without_its_password(workspace, url, message):
    with pytest.raises(WorkbenchError, match=message) as raised:
        open_storage(url, workspace)
    assert "secret" not in str(raised.value)


def test_addresses_are_shown_without_passwords():
    assert shown_url("postgresql://me:secret@host/db") == "postgresql://me:***@host/db"
    assert "secret" not in shown_url("me:secret@host")


def test_an_unknown_study_is_named_with_those_there_are(plan, workspace):
    storage = open_storage(None, workspace)
    with pytest.raises(WorkbenchError, match="There is none yet"):
        load_study("tri", storage)
    begin_sweep(plan)
    with pytest.raises(WorkbenchError, match=r"Did you mean 'try'\? Studies there: try"):
        load_study("tri", storage)


def test_a_study_of_another_program_is_left_alone(plan, workspace):
    import optuna

    optuna.create_study(study_name="try", storage=open_storage(None, workspace)).set_user_attr("mine", 1)
    with pytest.raises(WorkbenchError, match="was not made by `workbench sweep`"):
        begin_sweep(plan)


def test_without_optuna_the_command_that_installs_it_is_named(plan, workspace, monkeypatch):
    monkeypatch.setitem(sys.modules, "optuna", None)
    with pytest.raises(WorkbenchError, match=r"pip install 'mltc-workbench\[sweeps\]'"):
        begin_sweep(plan)


def test_a_run_of_that_name_is_left_alone(plan, run_factory, workspace):
    run_factory("try-trial-0")
    run_trials(plan, begin_sweep(plan), 1)
    assert {run.name for run in list_runs(workspace.runs)} == {"try-trial-0", "try-trial-0-2"}


def test_a_study_is_called_after_what_it_searches():
    assert (
        study_name("mix", "/data/My Papers", "org/BERT", Path("x/space.yaml")) == "my-papers-bert-mix-space"
    )
