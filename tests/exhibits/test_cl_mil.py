"""CL-MIL's exhibits: what they ask for, and what they make of runs."""

from __future__ import annotations

import numpy as np
import pytest

from tests.exhibits.conftest import FACTS
from tests.heads import give_heads
from workbench.analysis.floor import FLOOR
from workbench.analysis.gamma_sweep import run_gamma_table
from workbench.analysis.group_f1 import group_f1_table
from workbench.analysis.label_relations import class_shares, relations
from workbench.errors import WorkbenchError
from workbench.exhibits import cl_mil
from workbench.exhibits.offers import commands_for, offers
from workbench.exhibits.registry import find_exhibit
from workbench.runs.store import Run, list_runs

TWO = (0, 1)


def made_all(exhibit, answer, seeds=(0,)):
    scope = exhibit.scope(FACTS, seeds=seeds)
    return scope, [answer(need) for need in exhibit.needs(scope)]


def test_baselines_are_trained_and_stand_in_the_printed_table_by_their_names_here():
    table = find_exhibit("cl-mil/table-3")
    for method in cl_mil.BASELINES.names.values():
        assert method in table.methods
        assert method in set(table.printed["variant"])
    assert {"cl-mil", "laco", "laco+plcp", "laco+clcp"} <= set(table.methods)


def test_the_constraint_sets_are_counted_in_both_readings(toy_corpus, analysed):
    exhibit = find_exhibit("cl-mil/table-1")
    _, result = analysed(exhibit, exhibit.scope(FACTS))
    found = relations(toy_corpus.train.targets)
    shares = result.tables["sets"].set_index(["reading", "name"])["share of pairs"]
    for reading in ("default", "anchor"):
        assert shares[reading].to_dict() == pytest.approx(class_shares(found, reading))
        assert shares[reading].sum() == pytest.approx(1)
    example = result.tables["example"].set_index(["reading", "set"])
    label = int(np.argmax(found.counts))
    assert set(example["label A"]) == {toy_corpus.label_texts[label]}
    row = toy_corpus.train.ids.index(example["training document"].iloc[0])
    own = toy_corpus.train.targets[[row]].indices
    assert label in own
    assert example.loc[("default", "Y+"), "labels"] == example.loc[("anchor", "Y+"), "labels"] == len(own) - 1
    assert (example.groupby("reading")["labels"].sum() == 9).all()
    figure = exhibit.figure(result)
    assert [trace.name for trace in figure.data[1:]] == ["related", "weak", "contradicting"]


def test_the_groups_of_table_6_cover_all_labels(toy_corpus, analysed):
    exhibit = find_exhibit("cl-mil/table-6")
    _, result = analysed(exhibit, exhibit.scope(FACTS))
    table = result.tables["groups"]
    assert table["group"].tolist() == ["head", "mid", "tail"]
    assert table["labels"].sum() == len(toy_corpus.labels)
    assert table["training documents of a label"].tolist() == ["14 or more", "5 to 13", "fewer than 5"]


def test_vectors_before_the_last_stage_are_of_the_start_and_after_the_contrast(answer, analysed):
    exhibit = find_exhibit("cl-mil/figure-3")
    scope, runs = made_all(exhibit, answer, TWO)
    _, result = analysed(exhibit, scope)
    table = result.tables["geometry"]
    assert list(zip(table["seed"], table["moment"], strict=True)) == [
        (seed, moment) for seed in TWO for moment in ("start", "after contrast")
    ]
    assert (table.groupby("seed")["mean_cosine"].diff().dropna() < 0).all()  # made up to spread
    points = result.tables["points"]
    assert points["panel"].unique().tolist() == [
        f"cl-mil · small-bert · {moment}" for moment in ("start", "after contrast")
    ]
    assert len(points) == 2 * len(runs[0].predictions)  # of the first seed alone
    scenes = {trace.scene for trace in exhibit.figure(result).data}
    assert len(scenes) == 2


def test_vectors_after_training_are_of_every_method(answer, analysed):
    exhibit = find_exhibit("cl-mil/figure-4")
    scope, _ = made_all(exhibit, answer)
    _, result = analysed(exhibit, scope)
    assert result.tables["geometry"]["method"].tolist() == list(cl_mil.CONTRAST)
    assert set(result.tables["geometry"]["moment"]) == {"trained"}


def test_a_run_that_kept_no_vectors_of_its_stages_is_told_how_to(answer, analysed):
    exhibit = find_exhibit("cl-mil/figure-3")
    scope, (run,) = made_all(exhibit, answer)
    for name in run.array_names:
        if name.startswith("stage_"):
            (run.path / "arrays" / f"{name}.npy").unlink()
    _, result = analysed(exhibit, scope)
    (problem,) = result.problems
    assert "before the last stage" in problem and "keep_stages=true" in problem


def test_gamma_needs_one_run_a_pair_of_weights_and_the_default_pair_serves_others():
    exhibit, table = find_exhibit("cl-mil/figure-5"), find_exhibit("cl-mil/table-5")
    first, *others = exhibit.needs(exhibit.scope(FACTS))
    assert first in table.needs(table.scope(FACTS))
    given = [
        {key: need.settings[key] for key in ("alpha", "beta") if key in need.settings} for need in others
    ]
    assert given == [{"alpha": 0.5}, {"beta": 0.5}, {"alpha": 1.5}, {"beta": 1.5}]


@pytest.mark.parametrize("name", ["alpha", "beta", "gamma"])
def test_what_figure_5_varies_cannot_be_set(name):
    exhibit = find_exhibit("cl-mil/figure-5")
    with pytest.raises(WorkbenchError, match=f"varies {name} itself"):
        exhibit.check(exhibit.scope(FACTS, settings={f"method.{name}": 0.5}))


def test_gamma_is_swept_over_seeds_and_summed_up(answer, analysed):
    exhibit = find_exhibit("cl-mil/figure-5")
    scope, runs = made_all(exhibit, answer, TWO)
    state, before = analysed(exhibit, scope)
    assert len(exhibit.unprobed(state.made)) == len(runs) == 10
    assert before.tables["gamma"].empty and not before.problems
    for run in runs:
        give_heads(run.path)
    _, result = analysed(exhibit, scope)
    swept = [run_gamma_table(run).set_index("gamma") for run in runs]
    table = result.tables["gamma"].set_index(["alpha", "beta", "gamma", "metric"])
    weighed = [{"alpha", "beta"} & need.settings.keys() for need in exhibit.needs(scope)]
    of_default = [one for one, changed in zip(swept, weighed, strict=True) if not changed]
    mean = np.mean([one.loc[0.5, "micro_F1"] for one in of_default])
    assert table.loc[(1.0, 1.0, 0.5, "micro_F1"), ["value", "n"]].tolist() == [pytest.approx(mean), 2]
    row = result.tables["summary"].iloc[0]
    f1 = np.mean([one["micro_F1"] for one in of_default], axis=0)
    assert (row["least F1"], row["highest F1"]) == (pytest.approx(f1.min()), pytest.approx(f1.max()))
    recall = np.mean([one.loc[0.0, "micro_recall"] for one in of_default])
    assert row["recall of the coarse head alone"] == pytest.approx(recall)
    names = {trace.name for trace in exhibit.figure(result).data}
    assert {"alpha 1, beta 1", "alpha 0.5, beta 1", "alpha 1, beta 1.5"} < names


def test_runs_with_other_weights_are_of_one_way_and_wait_for_the_probe(answer, workspace):
    exhibit = find_exhibit("cl-mil/figure-5")
    _, made = made_all(exhibit, answer)
    runs = [run for run in list_runs(workspace.runs) if isinstance(run, Run)]
    ((name, (scope, state)),) = offers(exhibit, FACTS, runs).items()
    assert (name, state.is_whole) == ("small-bert · quick", True)
    (command,) = commands_for(exhibit, scope, [], exhibit.unprobed(state.made))
    assert command == "workbench reproduce cl-mil/figure-5 --corpus demo --encoder small-bert --budget quick"
    assert len(made) == 5


def test_micro_f1_of_groups_is_drawn_for_all_and_each(answer, analysed):
    exhibit = find_exhibit("cl-mil/figure-6")
    scope, runs = made_all(exhibit, answer)
    _, result = analysed(exhibit, scope)
    groups = result.tables["groups"]
    first = groups[groups["method"] == "joint-bert"].set_index("group")
    expected = group_f1_table(runs[0]).set_index("group")
    assert first["mean"].to_dict() == pytest.approx(expected["micro_F1"].to_dict())
    assert first["labels"].to_dict() == expected["labels"].to_dict()
    assert [trace.name for trace in exhibit.figure(result).data] == [
        *(f"{method} · small-bert" for method in cl_mil.RELATIONS),
        f"{FLOOR} · tfidf",
    ]
