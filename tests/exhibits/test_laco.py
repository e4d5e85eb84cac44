"""LACO's exhibits: what they ask for, and what they make of runs."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pandas as pd
import pytest

from tests.exhibits.conftest import FACTS
from tests.training_sets import give_training_sets
from workbench.analysis.floor import FLOOR
from workbench.exhibits import cl_mil, laco
from workbench.exhibits.baselines import PUBLISHED
from workbench.exhibits.corpora import whole_statistics
from workbench.exhibits.laco_numbers import COMBINATIONS, GOLD, TEST_DIVERGENCE, TRAIN_DIVERGENCE
from workbench.exhibits.offers import commands_for, offers
from workbench.exhibits.registry import find_exhibit
from workbench.exhibits.scope import CorpusFacts
from workbench.methods import method_names
from workbench.runs.store import Run, list_runs

TWO = (0, 1)


def made_all(exhibit, answer, seeds=(0,)):
    scope = exhibit.scope(FACTS, seeds=seeds)
    return scope, [answer(need) for need in exhibit.needs(scope)]


@pytest.mark.parametrize("baselines", [laco.BASELINES, cl_mil.BASELINES.names, PUBLISHED.names])
def test_every_baseline_that_a_paper_names_is_a_method_here(baselines):
    assert set(baselines.values()) <= set(method_names())


def test_baselines_are_trained_and_stand_in_the_printed_table_by_their_names_here():
    table = find_exhibit("laco/table-2")
    for method in laco.BASELINES.values():
        assert method in table.methods
        assert method in set(table.printed["variant"])


def test_quick_takes_a_transformer_from_scratch_and_full_the_papers():
    table = find_exhibit("laco/table-4")
    quick, full = table.scope(FACTS), table.scope(FACTS, budget="full")
    (need, *others) = table.needs(quick)
    assert (need.encoder, need.settings) == ("small-bert", {"epochs": 5, "patience": 0, "max_length": 64})
    methods = ["laco", "laco-no-je", "laco-no-ca", "laco-no-je-ca", FLOOR]
    assert [one.method for one in (need, *others)] == methods
    assert (full.encoders, full.n_train) == (("bert-base-uncased",), 240)
    assert "train_size" not in full.settings
    assert table.scope(FACTS, settings={"train_size": 9}).settings["train_size"] == 9


def test_baselines_with_an_encoder_of_their_own_are_asked_for_with_it_once():
    table = find_exhibit("laco/table-2")
    scope = table.scope(FACTS, ("minilm", "small-bert"))
    needs = [need for need in table.needs(scope) if need.method in ("text-cnn", "binary-relevance")]
    assert [(need.method, need.encoder) for need in needs] == [
        ("binary-relevance", "tfidf"),
        ("text-cnn", "cnn"),
    ]
    assert needs[0].settings == {}
    assert "filters" in needs[1].settings
    part = table.scope(FACTS, settings={"train_size": 9})
    assert all(need.settings["train_size"] == 9 for need in table.needs(part))


def test_its_quick_runs_are_offered_as_quick_with_one_command_for_the_rest(answer, workspace):
    table = find_exhibit("laco/table-4")
    answer(table.needs(table.scope(FACTS))[0])
    runs = [run for run in list_runs(workspace.runs) if isinstance(run, Run)]
    ((name, (scope, state)),) = offers(table, FACTS, runs).items()
    assert (name, len(state.made), state.total) == ("small-bert · quick", 1, 5)
    (command,) = commands_for(table, scope, state.missing)
    assert command == "workbench reproduce laco/table-4 --corpus demo --encoder small-bert --budget quick"


def test_a_baseline_with_an_encoder_of_its_own_is_no_way_to_make_the_table(answer, workspace):
    table = find_exhibit("laco/table-2")
    needs = {need.method: need for need in table.needs(table.scope(FACTS))}
    answer(needs["binary-relevance"])
    assert offers(table, FACTS, [run for run in list_runs(workspace.runs) if isinstance(run, Run)]) == {}
    answer(needs["laco"])
    runs = [run for run in list_runs(workspace.runs) if isinstance(run, Run)]
    ((name, (_, state)),) = offers(table, FACTS, runs).items()
    assert (name, len(state.made)) == ("small-bert · quick", 2)


def test_the_papers_friedman_statistics_come_out_to_the_last_digit(analysed):
    exhibit = find_exhibit("laco/table-2")
    _, result = analysed(exhibit, exhibit.scope(FACTS))
    table = result.tables["friedman"].set_index("metric")
    assert table["F_F"].round(3).to_dict() == {"hamming_loss": 7.875, "micro_F1": 6.125}
    assert table["F_F"].round(3).equals(table["F_F_printed"])
    assert table["F_F_critical"].round(4).tolist() == [2.8179, 2.8179]
    assert (table["methods"] == 12).all() and (table["blocks"] == 2).all()
    assert (table["chi_square_p"] > 0.05).all()
    assert (table["critical_difference"] > 11).all()  # the largest difference of twelve ranks
    figure = exhibit.figure(result)
    assert {"binary-relevance", "laco"} <= {trace.name for trace in figure.data}


def test_our_methods_are_ranked_over_seeds_where_there_are_several(answer, analysed):
    exhibit = find_exhibit("laco/table-2")
    scope, _ = made_all(exhibit, answer, TWO)
    _, result = analysed(exhibit, scope)
    ours = result.tables["friedman"].query("source.str.startswith('ours')")
    encoders = [exhibit.own_encoders.get(method, "the exhibit's") for method in exhibit.methods]
    together = [count for count in Counter(encoders).values() if count > 2]  # of one encoder
    assert sorted(ours["methods"]) == sorted(together * 2)
    assert (ours["blocks"] == 2).all()
    assert ours["F_F_printed"].isna().all()


def test_p_values_are_of_laco_against_each_other_method(answer, analysed):
    exhibit = find_exhibit("laco/table-3")
    scope, _ = made_all(exhibit, answer, TWO)
    _, result = analysed(exhibit, scope)
    tests = result.tables["tests"]
    assert len(tests) == (len(exhibit.methods) - 1) * 2 * 2 + 2
    against_floor = tests[tests["against"].str.contains(FLOOR)]
    assert against_floor["run"].unique().tolist() == ["small-bert-laco-None-s0"]
    assert FLOOR in set(result.tables["numbers"]["variant"])
    assert tests["run"].str.contains("-laco-None-").all()
    first = tests[(tests["seed"] == 0) & (tests["metric"] == "micro_F1")].iloc[0]
    values = {
        run: result.tables["runs"].query("run == @run and metric == 'micro_F1'")["value"]
        for run in (first["run"], first["against"])
    }
    assert all(len(value) == 1 or value.empty for value in values.values())
    numbers = result.tables["numbers"]
    assert set(numbers["metric"]) == {"p, hamming_loss", "p, micro_F1"}
    assert numbers["value"].between(2 / 1001 - 1e-9, 1).all()
    assert first["p"] in numbers.loc[numbers["metric"] == "p, micro_F1", "value"].tolist()


def test_divergence_on_training_documents_by_hand(answer, analysed):
    exhibit = find_exhibit("laco/table-5")
    scope, runs = made_all(exhibit, answer)
    _, before = analysed(exhibit, scope)
    assert set(before.tables["numbers"]["metric"]) == {TEST_DIVERGENCE}
    give_training_sets(runs[0].path)
    state, result = analysed(exhibit, scope)
    assert len(exhibit.unprobed(state.made)) == len(runs) - 1
    numbers = result.tables["numbers"].set_index(["variant", "metric"])["value"]
    # gold: labels 0 and 1 together once, 0 in two documents, 1 in one; predicted: 0 in one, 1 in two
    part, other = 1 + 1 / 11, math.log
    expected = (part / 3) * other((part / 3) / (part / 2)) + (part / 2) * other((part / 2) / (part / 3))
    assert numbers["laco", TRAIN_DIVERGENCE] == pytest.approx(expected)


def test_label_sets_are_counted_gold_and_predicted(answer, analysed):
    exhibit = find_exhibit("laco/table-6")
    scope, runs = made_all(exhibit, answer)
    _, result = analysed(exhibit, scope)
    numbers = result.tables["numbers"].set_index(["variant", "metric"])["value"]
    gold = {tuple(sorted(row.tolist())) for row in runs[0].predictions["gold_labels"]}
    assert set(numbers[GOLD, COMBINATIONS]) == {len(gold)}  # beside each encoder
    predicted = {tuple(np.flatnonzero(row >= 0.5)) for row in runs[0].scores} - {()}
    assert numbers["laco", COMBINATIONS] == len(predicted)


def test_groups_of_labels_are_as_large_and_fall_in_frequency(answer, analysed):
    exhibit = find_exhibit("laco/figure-2")
    scope, runs = made_all(exhibit, answer)
    _, result = analysed(exhibit, scope)
    groups = result.tables["groups"]
    assert groups["labels"].tolist() == [3] * 4 * len(exhibit.compared)
    assert (groups["mean"] == 0.5).all()  # of every label of a made-up run
    labels = result.tables["labels"]
    assert labels["documents"].tolist() == sorted(runs[0].train_counts.tolist(), reverse=True)
    assert labels["bin"].tolist() == [1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4]
    figure = exhibit.figure(result)
    np.testing.assert_array_equal(figure.data[0].y, labels["documents"])
    assert len(figure.data) == 1 + len(exhibit.compared)


def test_convergence_is_told_over_steps_and_seconds(answer, analysed):
    exhibit = find_exhibit("laco/figure-3")
    scope, runs = made_all(exhibit, answer)
    _, result = analysed(exhibit, scope)
    table = result.tables["convergence"].set_index("run")
    history = runs[0].history.query("phase == 'valid'")
    assert table.loc[runs[0].name, "best"] == history["micro_F1"].max()
    near = history[history["micro_F1"] >= 0.9 * history["micro_F1"].max()].iloc[0]
    assert table.loc[runs[0].name, "step"] == near["step"]
    figure = exhibit.figure(result)
    assert [axis.title.text for axis in figure.select_xaxes()] == ["training step", "wall time (s)"]
    assert len(figure.data) == 2 * len(exhibit.methods)


def test_table_1_counts_all_splits_together(toy_corpus):
    table = whole_statistics(toy_corpus, CorpusFacts.of(toy_corpus)).set_index("metric")["value"]
    texts = [text for split in toy_corpus.splits.values() for text in split.texts]
    assert table["documents"] == len(texts) == 240 + 40 + 60
    assert table["words per document"] == pytest.approx(np.mean([len(text.split()) for text in texts]))
    pairs = sum(split.targets.toarray().sum() for split in toy_corpus.splits.values())
    assert table["labels per document"] == pytest.approx(pairs / len(texts))
    assert table["labels"] == 10


def test_without_runs_tables_are_there_and_empty(analysed):
    exhibit = find_exhibit("laco/table-3")
    _, result = analysed(exhibit, exhibit.scope(FACTS))
    assert isinstance(result.tables["tests"], pd.DataFrame) and result.tables["tests"].empty
