"""Base on augmented versions of a corpus, beside base and ProtoMix on the corpus itself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.exhibits.conftest import FACTS, VERSIONS
from workbench.analysis.floor import FLOOR
from workbench.data.augment import augment
from workbench.data.library import save_corpus
from workbench.exhibits.numbers import side_by_side, wide
from workbench.exhibits.offers import commands_for, offers
from workbench.exhibits.registry import find_exhibit
from workbench.exhibits.reproduction import Reproduction, facts_of
from workbench.exhibits.scope import CorpusFacts, Scope
from workbench.exhibits.state import state_of
from workbench.runs.store import Run, list_runs

TABLE = find_exhibit("protomix/table-5")
ROWS = ["base", "EDA", "back-translation", "LLM rewriting", "protomix"]
WITH_EDA = replace(FACTS, versions={"demo-eda": VERSIONS["demo-eda"]})


def runs_in(workspace) -> list[Run]:
    return [run for run in list_runs(workspace.runs) if isinstance(run, Run)]


@pytest.mark.parametrize("name", ["protomix/table-5", "protomix/table-7"])
def test_versions_that_are_there_stand_in_the_papers_order(name):
    exhibit = find_exhibit(name)
    everything = exhibit.needs(Scope(replace(FACTS, versions=VERSIONS | {"demo-eda-2": "0"}), seeds=(0, 1)))
    assert [(need.seed, need.method, need.corpus) for need in everything[:5]] == [
        (0, "base", ""),
        (0, "base", "demo-eda"),
        (0, "base", "demo-back-translation"),
        (0, "base", "demo-rewriting"),
        (0, "protomix", ""),
    ]
    assert len(everything) == 11  # the floor once
    assert list(dict.fromkeys(exhibit.printed["variant"])) == ROWS
    assert [need.method for need in exhibit.needs(Scope(FACTS))] == ["base", "protomix", FLOOR]
    assert "workbench data augment CORPUS --with eda" in exhibit.remark


def test_a_part_of_the_training_documents_has_no_augmented_rows():
    needs = TABLE.needs(Scope(WITH_EDA, settings={"train_size": 100}))
    assert [need.corpus for need in needs] == ["", "", ""]


def test_each_row_has_the_numbers_of_its_own_runs(answer, analysed):
    scope = Scope(replace(FACTS, versions=VERSIONS))
    needs = TABLE.needs(scope)
    rows = [*ROWS, FLOOR]
    scores = dict(zip(rows, (0.60, 0.61, 0.62, 0.63, 0.64, 0.59), strict=True))
    runs = {row: answer(need, score=scores[row]) for row, need in zip(rows, needs, strict=True)}
    state, result = analysed(TABLE, scope)
    assert state.is_whole
    found = result.tables["numbers"].set_index(["variant", "metric"])["value"]
    for row in rows:
        assert found[row, "nDCG@5"] == runs[row].metrics["test"]["overall"]["nDCG@5"]
    table = wide(side_by_side(TABLE.printed, result.tables["numbers"], scope.encoders))
    first = table[table["metric"] == "P@1"]
    assert first["variant"].tolist() == rows
    assert all("–" not in cells for cells in first.iloc[:-1, :-1].to_numpy().tolist())
    assert "tfidf" in first.columns[-1] and "–" not in first.iloc[-1, -1]


def test_runs_on_a_version_of_another_content_do_not_count(answer, workspace):
    for need in TABLE.needs(Scope(WITH_EDA)):
        answer(need)
    remade = Scope(replace(FACTS, versions={"demo-eda": "0" * 64}))
    state = state_of(TABLE, remade, list_runs(workspace.runs))
    assert [need.corpus for need in state.missing] == ["demo-eda"]


def test_a_page_knows_versions_from_their_runs(answer, workspace):
    for need in TABLE.needs(Scope(WITH_EDA)):
        answer(need)
    ((scope, state),) = offers(TABLE, FACTS, runs_in(workspace)).values()
    assert scope.corpus.versions == {"demo-eda": VERSIONS["demo-eda"]}
    assert (len(state.made), state.is_whole) == (4, True)


def test_commands_name_the_version_where_there_is_no_budget():
    scope = Scope(WITH_EDA, budget="")
    commands = commands_for(TABLE, scope, TABLE.needs(scope))
    named = [words[words.index("--corpus") + 1] for words in map(str.split, commands)]
    assert named == ["demo", "demo-eda", "demo", "demo"]


def test_versions_have_the_same_split_id_and_another_name():
    others = [
        ("demo", "a", FACTS.split_id),
        ("demo-eda", "b", FACTS.split_id),
        ("demo-eda", "older", FACTS.split_id),
        ("other", "c", "other/1"),
    ]
    known = FACTS.with_versions(others)
    assert known.versions == {"demo-eda": "b"}
    assert known == FACTS and hash(known) == hash(FACTS)
    assert (known.fingerprint_of(""), known.fingerprint_of("demo-eda")) == ("f" * 64, "b")


def test_it_trains_base_on_the_version_and_tests_on_the_same_documents(workspace, toy_corpus):
    save_corpus(toy_corpus, workspace.corpora / "toy")
    made = augment(
        toy_corpus, lambda texts, ids, copy: [f"{text} more" for text in texts], "eda", "a word more"
    )
    save_corpus(made.corpus, workspace.corpora / "toy-eda")
    small = {"epochs": 1, "filters": 4, "embedding_size": 8, "batch_size": 32}
    facts = facts_of("toy", workspace)
    assert facts == CorpusFacts.of(toy_corpus)
    making = Reproduction(TABLE, Scope(facts, settings=small), "toy", workspace)
    told: list[Run] = []
    making.train(told.append)
    about = [(run.manifest["method"], run.manifest["corpus"]) for run in told]
    assert [(method, corpus["name"], corpus["n_train"]) for method, corpus in about] == [
        ("base", "toy", 240),
        ("base", "toy-eda", 480),
        ("protomix", "toy", 240),
        (FLOOR, "toy", 240),
    ]
    assert len({corpus["split_id"] for _, corpus in about}) == 1
    assert making.state().is_whole
    numbers = making.analyse().tables["numbers"]
    assert list(dict.fromkeys(numbers["variant"])) == ["base", "EDA", "protomix", FLOOR]
    assert set(numbers["split"]) == {f"{toy_corpus.split_id} / 240 train / 60 test"}
