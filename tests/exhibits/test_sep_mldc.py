from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from scipy import sparse

from workbench.analysis.similarity import TEST, TRAINING
from workbench.exhibits import sep_mldc, sep_mldc_numbers, sep_mldc_texts, similarities
from workbench.exhibits.base import Material
from workbench.exhibits.baselines import PUBLISHED
from workbench.exhibits.registry import find_exhibit
from workbench.exhibits.state import state_of
from workbench.methods import find_method
from workbench.runs.store import Run, list_runs
from workbench.workspace import Workspace


@pytest.mark.parametrize(
    "table, size",
    [
        (sep_mldc_numbers.TABLE_1, 3 * 7),
        (sep_mldc_numbers.TABLE_2, 10 * 5),
        (sep_mldc_numbers.TABLE_3, 10 * 5),
        (sep_mldc_numbers.TABLE_4, 10 * 5),
        (sep_mldc_numbers.TABLE_5, 2 * 5 * 5),
        (sep_mldc_numbers.TABLE_6, 4 * 3),
    ],
    ids=[f"table {number}" for number in range(1, 7)],
)
def test_every_printed_number_is_there(table, size):
    assert len(table) == size


@pytest.mark.parametrize(
    "table, corpus, variant, metric, value",
    [
        (sep_mldc_numbers.TABLE_1, "EUR-Lex", "", "labels", 3956),
        (sep_mldc_numbers.TABLE_2, "AAPD", "sep-mldc", "P@5", 0.4308),
        (sep_mldc_numbers.TABLE_3, "RCV1", "LDGN", "nDCG@5", 0.9503),
        (sep_mldc_numbers.TABLE_4, "EUR-Lex", "lsfa", "P@3", 0.7074),
        (sep_mldc_numbers.TABLE_5, "AAPD", "sep-mldc-no-lse", "P@1", 0.852),
        (sep_mldc_numbers.TABLE_5, "EUR-Lex", "sep-mldc-no-datc", "nDCG@5", 0.5612),
        (sep_mldc_numbers.TABLE_6, "EUR-Lex", "HTTN", "PSP@3", 0.4328),
    ],
)
def test_some_numbers_by_hand(table, corpus, variant, metric, value):
    rows = table[(table["corpus"] == corpus) & (table["variant"] == variant) & (table["metric"] == metric)]
    assert rows["value"].item() == value


@pytest.mark.parametrize(
    "corpus, order",
    [
        ("AAPD", ["no-smcl", "no-lgfs", "no-lse", "no-datc"]),
        ("EUR-Lex", ["no-datc", "no-lse", "no-smcl", "no-lgfs"]),
    ],
)
def test_the_parts_cost_as_much_as_the_claims_about_their_order_say(corpus, order):
    table = sep_mldc_numbers.TABLE_5
    here = table[(table["corpus"] == corpus) & (table["metric"] == "P@1")].sort_values("value")
    assert here["variant"].tolist() == [*(f"sep-mldc-{part}" for part in order), "sep-mldc"]


def test_what_the_paper_prints_of_others_is_what_the_lsfa_paper_prints():
    for ours, theirs in (("table-2", "table-2"), ("table-3", "table-3"), ("table-4", "table-4")):
        mine = find_exhibit(f"sep-mldc/{ours}").printed
        other = find_exhibit(f"lsfa/{theirs}").printed
        both = mine.merge(other, on=["corpus", "split", "variant", "metric"])
        assert len(both) == len(other)
        assert (both["value_x"] == both["value_y"]).all()


def test_prompts_and_descriptions_stand_beside_those_of_a_version(scope, toy_corpus):
    described = toy_corpus.with_descriptions(
        "toy-said", ["It is so.", " ", *[""] * 100][: len(toy_corpus.labels)], ""
    )
    result = find_exhibit("sep-mldc/table-7").analyse(Material(scope, [], lambda: described))
    table = result.tables["descriptions"]
    ours = table[table["source"] == "ours"]
    assert ours[["corpus", "description"]].to_numpy().tolist() == [["toy-said", "It is so."]]
    assert len(table) == 1 + len(sep_mldc_texts.DESCRIPTIONS)
    assert set(result.tables["prompts"]["corpus"]) == {"AAPD", "EUR-Lex"}
    assert "{label}" in result.tables["prompts"]["prompt"].iloc[0]


def test_a_corpus_without_descriptions_or_documents_says_how_to_make_them(scope, toy_corpus):
    material = Material(scope, [], lambda: toy_corpus)
    told = find_exhibit("sep-mldc/table-7").analyse(material).tables["descriptions"]["description"].iloc[-1]
    assert f"workbench llm describe --corpus {toy_corpus.name}" in told
    tables = find_exhibit("sep-mldc/table-8").analyse(material).tables
    assert f"workbench llm generate --corpus {toy_corpus.name}" in tables["documents"]["text"].item()
    assert (tables["labels"]["generated documents"] == 0).all()


def test_generated_documents_are_shown_with_their_labels_and_counted_apart(scope, toy_corpus):
    grown = toy_corpus.with_generated(
        "toy-grown", ["long " * 100, "short"], toy_corpus.train.targets[[0, 0]], ["g1", "g2"], ""
    )
    tables = find_exhibit("sep-mldc/table-8").analyse(Material(scope, [], lambda: grown)).tables
    assert tables["documents"]["document"].tolist() == ["g1", "g2"]
    assert tables["documents"]["text"].str.len().tolist() == [400, 5]
    real = toy_corpus.train.targets.sum(axis=0)
    label = int(toy_corpus.train.targets[[0]].indices[0])
    row = tables["labels"].iloc[0]
    assert row["generated documents"] == 2
    assert row["training documents"] == real[label]


def test_labels_are_compared_on_training_documents_where_the_corpus_is_as_it_was(
    answer, scope, toy_corpus, monkeypatch
):
    exhibit = find_exhibit("sep-mldc/figure-2")
    for need in exhibit.needs(scope):
        answer(need)
    found = _analysed(exhibit, scope, toy_corpus)
    assert set(found.tables["correlation"]["counted in"]) == {TEST}  # another corpus than that of these runs
    targets = (np.random.default_rng(0).random((50, 12)) < 0.3).astype(np.uint8)
    trained = SimpleNamespace(train=SimpleNamespace(real_targets=sparse.csr_array(targets)))
    monkeypatch.setattr(similarities, "trained_on", lambda run, corpus: trained)
    found = _analysed(exhibit, scope, toy_corpus)
    assert set(found.tables["correlation"]["counted in"]) == {TRAINING}
    assert found.tables["correlation"]["pairs"].tolist() == [66, 66]
    cells = found.tables["cells"]
    assert cells["panel"].nunique() == 3
    titles = [note.text for note in exhibit.figure(found).layout.annotations]
    assert titles[-1] == "<b>Jaccard in training</b>"


def _analysed(exhibit, scope, corpus):
    made = state_of(exhibit, scope, list_runs(Workspace.current().runs)).made
    return exhibit.analyse(Material(scope, made, lambda: corpus))


def test_documents_are_drawn_the_same_for_all_methods(answer, scope, toy_corpus):
    exhibit = find_exhibit("sep-mldc/figure-3")
    runs: list[Run] = [answer(need) for need in exhibit.needs(scope)]
    found = _analysed(exhibit, scope, toy_corpus)
    cells = found.tables["cells"]
    rows = [list(dict.fromkeys(cells.loc[cells["panel"] == one, "row"])) for one in cells["panel"].unique()]
    assert rows[0] == rows[1] == rows[2]
    assert set(found.tables["identical"]["run"]) == {run.name for run in runs}
    assert sep_mldc.FULL in cells["panel"].str.cat()


@pytest.mark.parametrize("number", [2, 3, 4, 6])
def test_a_baseline_reads_with_the_encoder_of_its_own_paper(number: int):
    table = find_exhibit(f"sep-mldc/table-{number}")
    baselines = [
        method for method in PUBLISHED.names.values() if method in table.methods and method != "lsfa"
    ]
    assert "lsan" in baselines
    own = {method: table.own_encoders.get(method) for method in baselines}
    assert own == {method: find_method(method)[0].default_encoder for method in baselines}
