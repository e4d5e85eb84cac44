from __future__ import annotations

import math

import pytest
from scipy import sparse

from workbench.analysis.planted import planted_pairs, silent_pairs
from workbench.data.demo import DemoCorpus, PlantedTruth, generate
from workbench.errors import WorkbenchError

# Four documents over a, b, c. d0 and d1 are mainly about a; d1 lost b to noise; d2 is about b, d3 about c.
TRUTH = PlantedTruth(
    seed=0,
    n_documents=4,
    label_words={},
    shared_words={},
    cooccurring=(("a", "b", 0.5), ("a", "c", 0.2)),
    implicit=(("b", "c", ("wave", "field", "tree", "path")),),
    noise={"missing": 0.1},
    main_labels={"d0": "a", "d1": "a", "d2": "b", "d3": "c", "elsewhere": "a"},
    disturbed={"d1": ("a", "b", "c")},
)
TARGETS = sparse.csr_array([[1, 1, 0], [1, 0, 1], [1, 1, 0], [0, 0, 1]])
IDS = ["d0", "d1", "d2", "d3"]


def test_expected_by_the_rule_worked_out_by_hand():
    table = planted_pairs(TRUTH, "abc", IDS, TARGETS)
    assert table.columns.tolist() == [
        "label_a",
        "label_b",
        "probability",
        "by_chance",
        "by_plan",
        "counted",
        "pmi",
    ]
    assert table[["label_a", "label_b", "probability"]].to_numpy().tolist() == [
        ["a", "b", 0.5],
        ["a", "c", 0.2],
    ]
    assert table["by_chance"].tolist() == [1.5, 1.5]  # 3 x 2 / 4
    assert table["counted"].tolist() == [2, 1]
    assert table["pmi"].tolist() == pytest.approx([math.log2(2 / 1.5), math.log2(1 / 1.5)])
    # a stands on 3 documents, b and c on 2: a draws them in proportion, 2/3 as often as they draw a.
    # Companions before noise: d0 one, d1 two, d2 one, d3 none.
    a_draws_b = 0.5 * 2 / 3
    a_draws_c = (1 - a_draws_b) * 0.2 * 2 / 3
    about_a = [sum(1 - (1 - chance) ** k for k in (1, 2)) for chance in (a_draws_b, a_draws_c)]
    assert table["by_plan"].tolist() == pytest.approx([0.9 * (about_a[0] + 0.5), 0.9 * (about_a[1] + 0)])


def test_silent_pairs_share_words_and_no_document():
    table = silent_pairs(TRUTH, "abc", TARGETS)
    assert table.to_numpy().tolist() == [["b", "c", 4, "wave, field, tree", 1.0, 0, -math.inf]]
    assert table.columns.tolist() == [
        "label_a",
        "label_b",
        "shared_words",
        "for_example",
        "by_chance",
        "counted",
        "pmi",
    ]


def test_a_split_without_documents():
    empty = sparse.csr_array((0, 3))
    table = planted_pairs(TRUTH, "abc", [], empty)
    assert table["counted"].tolist() == table["by_chance"].tolist() == table["by_plan"].tolist() == [0, 0]
    assert table["pmi"].isna().all()
    assert silent_pairs(TRUTH, "abc", empty)["pmi"].isna().all()


def test_a_truth_of_another_corpus_is_refused():
    with pytest.raises(WorkbenchError, match="other labels"):
        silent_pairs(TRUTH, ["a", "b", "x"], TARGETS)
    with pytest.raises(WorkbenchError, match="other documents"):
        planted_pairs(TRUTH, "abc", ["d0", "d1", "d2", "new"], TARGETS)


@pytest.fixture(scope="module")
def demo() -> DemoCorpus:
    return generate(seed=0)


def test_the_built_in_corpus_holds_what_was_planted(demo: DemoCorpus):
    train = demo.corpus.train
    table = planted_pairs(demo.truth, demo.corpus.labels, train.ids, train.targets)
    assert len(table) == len(demo.truth.cooccurring)
    assert 0.9 * table["by_plan"].sum() < table["counted"].sum() < 1.25 * table["by_plan"].sum()
    assert table["counted"].sum() > 2.5 * table["by_chance"].sum()
    assert (table["pmi"] > 0.5).all()
    # In standard deviations of a count; frequent labels come together by chance too, so more is likelier.
    off = (table["counted"] - table["by_plan"]) / table["by_plan"] ** 0.5
    assert (off > -2).all()
    assert (off.abs() < 3).all()


def test_pairs_that_share_words_never_meet_in_the_built_in_corpus(demo: DemoCorpus):
    table = silent_pairs(demo.truth, demo.corpus.labels, demo.corpus.train.targets)
    assert (table["counted"] == 0).all()
    assert table["by_chance"].max() > 5
    assert (table["shared_words"] > 10).all()
