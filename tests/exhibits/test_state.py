from __future__ import annotations

from dataclasses import replace

import pytest

from workbench.errors import WorkbenchError
from workbench.exhibits.budgets import QUICK_CNN, budget_settings, check_budget
from workbench.exhibits.registry import find_exhibit
from workbench.exhibits.scope import CorpusFacts, Made
from workbench.exhibits.state import seconds_for, state_of
from workbench.runs.store import Run, list_runs

TABLE = find_exhibit("protomix/table-5")  # base and protomix


def test_runs_are_found_by_recipe_and_corpus(scope, answer, workspace):
    base, protomix, floor = TABLE.needs(scope)
    answer(base)
    answer(protomix, corpus="other", split_id="x/1", recipe=protomix.recipe("demo") | {"seed": 7})
    state = state_of(TABLE, scope, list_runs(workspace.runs))
    assert [one.run.name for one in state.made] == ["cnn-base-None-s0"]
    assert state.missing == (protomix, floor)
    assert (state.total, state.is_whole) == (3, False)


def test_runs_on_another_corpus_do_not_count(scope, answer, workspace):
    for need in TABLE.needs(scope):
        answer(need)
    elsewhere = replace(scope, corpus=replace(scope.corpus, fingerprint="0" * 64))
    assert state_of(TABLE, elsewhere, list_runs(workspace.runs)).made == ()


def test_an_interrupted_run_is_missing_and_one_in_training_is_waited_for(scope, answer, workspace):
    base, protomix, floor = TABLE.needs(scope)
    answer(base, end="stopped")
    answer(protomix, end="running")
    state = state_of(TABLE, scope, list_runs(workspace.runs))
    assert (state.missing, [one.need for one in state.training]) == ((base, floor), [protomix])


def test_time_is_estimated_from_runs_with_the_same_encoder_by_their_share(scope, answer):
    needs = find_exhibit("protomix/figure-4").needs(scope)
    whole = next(need for need in needs if need.at == 1)
    half = next(need for need in needs if need.at == 0.5)
    made = [Made(whole, answer(whole)), Made(half, answer(half))]  # 43 s each, as tests/conftest.py has it
    # a whole training split takes (43 + 43 / 0.5) / 2 = 64.5 s, so a quarter 16.125 s
    quarter = next(need for need in needs if need.at == 0.25)
    assert seconds_for([quarter, quarter], made, 240) == pytest.approx(32.25)
    assert seconds_for([replace(quarter, encoder="bilstm")], made, 240) is None
    assert seconds_for([], made, 240) == 0
    floor = next(need for need in needs if need.encoder == "tfidf")
    assert seconds_for([floor, quarter], made, 240) == pytest.approx(16.125)  # which takes seconds


def test_a_corpus_is_known_from_a_run_also_from_one_on_a_part_of_it(answer, scope, toy_corpus):
    run = answer(TABLE.needs(scope)[0])
    assert CorpusFacts.of_run(run) == CorpusFacts("demo", "f" * 64, "demo/2a9f61c3", 240)
    part = toy_corpus.with_train_size(50)
    about = {"name": "toy", "fingerprint": part.fingerprint, "split_id": part.split_id, "n_train": 50}
    whole = {"fingerprint": "a" * 64, "split_id": "toy/1", "n_train": 240}
    partly = Run(run.path, {**run.manifest, "corpus": about | {"drawn_from": whole}}, "done")
    assert CorpusFacts.of_run(partly) == CorpusFacts("toy", "a" * 64, "toy/1", 240)
    assert CorpusFacts.of_run(Run(run.path, {}, "done")).name == "?"


def test_settings_of_a_budget_and_further_ones(scope):
    assert scope.settings_for("cnn") == dict(QUICK_CNN)
    assert replace(scope, settings={"epochs": 1}).settings_for("cnn")["epochs"] == 1
    assert replace(scope, budget="").settings_for("cnn") == {}
    assert budget_settings("quick", "minilm") == budget_settings("quick", "bert-base-uncased")
    assert "max_length" not in budget_settings("quick", "minilm", frozen=True)


def test_an_unknown_budget_or_exhibit_names_the_nearest():
    with pytest.raises(WorkbenchError, match=r"no budget 'quik'.* Did you mean 'quick'"):
        check_budget("quik")
    with pytest.raises(
        WorkbenchError, match=r"no exhibit 'protomix/figure-9'.* Did you mean 'protomix/figure"
    ):
        find_exhibit("protomix/figure-9")


def test_a_setting_that_the_exhibit_varies_is_refused(scope):
    for key in ("alpha", "method.alpha"):
        with pytest.raises(WorkbenchError, match="varies alpha itself"):
            find_exhibit("protomix/table-3").check(replace(scope, settings={key: 1}))
    find_exhibit("protomix/table-4").check(replace(scope, settings={"alpha": 1}))
