from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from workbench.analysis.document_kinds import counted, first_hits, label_states, rarest_groups
from workbench.analysis.document_map import (
    hover_texts,
    map_table,
    mistake_table,
    neighbour_table,
    shared_places,
)
from workbench.analysis.documents import (
    Documents,
    document_scores,
    document_text,
    gold_first,
    read_documents,
    read_ranking,
)
from workbench.analysis.predicted_sets import label_matrix
from workbench.errors import WorkbenchError
from workbench.metrics import rank
from workbench.runs.store import Run


def documents(
    gold: list[list[int]], best: list[int] | None = None, rows: list[int] | None = None
) -> Documents:
    """Documents with these rows of gold targets; nothing missed, nothing wrong."""
    targets = sparse.csr_array(np.array(gold, dtype=np.uint8))
    chosen = np.arange(len(gold)) if rows is None else np.array(rows)
    zeros = np.zeros(len(gold), dtype=np.int64)
    ids = np.array([f"d{row}" for row in chosen])
    return Documents(chosen, ids, targets, zeros if best is None else np.array(best), zeros, zeros)


@pytest.fixture
def run(mapped_run_factory) -> Run:
    """Twelve labels; the vectors of four documents, with a threshold of each label's own."""
    path = mapped_run_factory("protomix-0", rows=[1, 4, 5, 29])
    metrics = json.loads((path / "metrics.json").read_text())
    metrics["threshold"] = np.linspace(0.2, 0.9, 12).tolist()
    (path / "metrics.json").write_text(json.dumps(metrics))
    return Run.load(path)


def test_documents_are_those_of_a_plain_loop(run):
    found = read_documents(run)
    table, thresholds = run.predictions, np.linspace(0.2, 0.9, 12)
    assert found.rows.tolist() == [1, 4, 5, 29]
    for place, row in enumerate(found.rows):
        gold = set(table["gold_labels"][row])
        predicted = {label for label in range(12) if run.scores[row, label] >= thresholds[label]}
        assert found.ids[place] == f"d{row}"
        assert set(found.gold[[place]].indices) == gold
        assert found.missed[place] == len(gold - predicted)
        assert found.wrong[place] == len(predicted - gold)
        assert found.best[place] == np.argmax(run.scores[row])


def test_blocks_change_nothing(run, monkeypatch: pytest.MonkeyPatch):
    whole = read_documents(run)
    monkeypatch.setattr("workbench.analysis.documents._CELLS_AT_ONCE", 13)
    parts = read_documents(run)
    assert np.array_equal(parts.missed, whole.missed)
    assert np.array_equal(parts.wrong, whole.wrong)


@pytest.mark.parametrize(
    "rows, said",
    [
        ([0, 1, 2, 30], "documents up to row 30, and 30 predictions"),
        ([-1, 1, 2, 3], "documents up to row 3"),
        ([0, 1, 2], "4 vectors, 3 rows"),
        ([1, 0, 2, 3], "4 vectors, 4 rows"),
        ([0.0, 1.0, 2.0, 3.0], "4 vectors, 4 rows"),
    ],
)
def test_rows_that_do_not_fit_are_refused(run, rows, said):
    np.save(run.path / "arrays" / "document_rows.npy", np.array(rows))
    with pytest.raises(WorkbenchError, match=said):
        read_documents(Run.load(run.path))


def test_a_run_without_vectors_names_what_it_has(run_factory):
    with pytest.raises(WorkbenchError, match="no array 'document_rows'"):
        read_documents(Run.load(run_factory("bare-0")))


def test_damaged_scores_are_named(run):
    (run.path / "scores.npy").write_bytes(b"\x93NUMPY")
    with pytest.raises(WorkbenchError, match=r"scores\.npy cannot be read"):
        read_documents(Run.load(run.path))


def test_the_rarest_label_decides_the_group():
    counts = np.array([500, 50, 5, 0])
    found = documents([[1, 0, 0, 0], [1, 1, 0, 0], [1, 0, 1, 0], [1, 1, 1, 1], [0, 0, 0, 0]])
    assert rarest_groups(found, counts).tolist() == ["head", "mid", "tail", "unseen", "no gold label"]


def test_states_of_one_label(run):
    label, threshold = 3, np.linspace(0.2, 0.9, 12)[3]
    found = read_documents(run)
    wanted = {
        (True, True): "gold, predicted",
        (True, False): "gold, missed",
        (False, True): "predicted, not gold",
        (False, False): "neither",
    }
    gold = [label in set(run.predictions["gold_labels"][row]) for row in found.rows]
    predicted = [bool(run.scores[row, label] >= threshold) for row in found.rows]
    assert label_states(found, run, label).tolist() == [
        wanted[key] for key in zip(gold, predicted, strict=True)
    ]


def test_counts_and_hits():
    assert counted(np.array([0, 1, 2, 3, 40])).tolist() == ["0", "1", "2", "3 or more", "3 or more"]
    found = documents([[1, 0], [1, 0], [0, 0]], best=[0, 1, 0])
    assert first_hits(found).tolist() == ["hit", "miss", "no gold label"]


def test_runs_share_the_documents_that_all_of_them_kept():
    gold = [[1, 0]] * 4
    kept = {"a": documents(gold, rows=[1, 3, 5, 9]), "b": documents(gold, rows=[0, 3, 8, 9])}
    places = shared_places(kept)
    assert {name: kept[name].take(places[name]).ids.tolist() for name in kept} == {
        "a": ["d3", "d9"],
        "b": ["d3", "d9"],
    }
    assert shared_places({}) == {}


def test_a_map_has_a_row_a_run_and_document():
    points = {"a": np.array([[1.0, 2.0], [3.0, 4.0]]), "b": np.array([[5.0, 6.0], [7.0, 8.0]])}
    kinds = {"a": counted(np.array([0, 1])), "b": counted(np.array([2, 9]))}
    table = map_table(points, kinds, np.array(["d1", "d2"]))
    assert table["run"].tolist() == ["a", "a", "b", "b"]
    assert table["document"].tolist() == [0, 1, 0, 1]
    assert table["x"].tolist() == [1.0, 3.0, 5.0, 7.0]
    assert isinstance(table["kind"].dtype, pd.CategoricalDtype)
    assert map_table({}, {}, np.array([])).empty


def test_words_under_the_pointer_are_few():
    names = ["a" * 40, "b", "c", "d", "e", "f"]
    found = documents([[1, 0, 0, 0, 0, 0], [0, 1, 1, 1, 1, 1], [0] * 6])
    assert hover_texts(found, names, with_labels=True).tolist() == [
        f"d0<br>{'a' * 29}…",
        "d1<br>b, c, d, e and 1 more",
        "d2<br>no gold label",
    ]
    assert hover_texts(found, names, with_labels=False).tolist() == ["d0", "d1", "d2"]


def test_a_selection_lists_mistakes(run):
    found = read_documents(run)
    table = mistake_table({"one": found, "two": found}, [2, 0])
    assert table.columns.tolist() == ["one missed", "one wrong", "two missed", "two wrong"]
    assert table["two missed"].tolist() == found.missed[[2, 0]].tolist()
    assert table["one wrong"].tolist() == found.wrong[[2, 0]].tolist()


def test_neighbours_of_a_document_by_hand():
    found = documents([[1, 1], [1, 0], [0, 1], [0, 0]])
    vectors = np.array([[0.0], [3.0], [1.0], [9.0]])
    table = neighbour_table(vectors, found, 0, ["x", "y"], k=2)
    assert table["id"].tolist() == ["d2", "d1"]
    assert table["gold_labels"].tolist() == ["y", "x"]
    assert table["agreement"].tolist() == [0.5, 0.5]
    assert table["distance"].tolist() == [1.0, 3.0]
    assert len(neighbour_table(vectors, found, 0, ["x", "y"], k=50)) == 3
    assert neighbour_table(vectors[:1], found.take(np.array([0])), 0, ["x", "y"]).empty


def test_scores_of_a_document_have_gold_labels_first(run):
    gold = np.array([7, 2])
    table = document_scores([run], 4, gold, top=3)
    best = [f"L{label}" for label in np.argsort(-run.scores[4])[:3]]
    assert set(table["label"]) == {"L7", "L2", *best}
    assert set(table["label"][:2]) == {"L7", "L2"}
    assert table["gold"].tolist() == [True, True] + [False] * (len(table) - 2)
    shown = dict(zip(table["label"], table["protomix-0 score"], strict=True))
    assert shown["L7"] == pytest.approx(float(run.scores[4, 7]))
    assert table.loc[table["label"] == "L2", "train_count"].item() == run.train_counts[2]


def test_the_text_is_that_of_the_document_and_of_no_other(toy_corpus):
    gold = [toy_corpus.labels[label] for label in toy_corpus.test.targets[[5]].indices]
    assert document_text(toy_corpus, 5, "c5", gold) == toy_corpus.test.texts[5]
    for row, identity, labels in [(5, "c6", gold), (5, "c5", ["topic.0"]), (60, "c60", gold)]:
        with pytest.raises(WorkbenchError, match="'toy' has changed since this run"):
            document_text(toy_corpus, row, identity, labels)


def test_reading_documents_takes_no_write(run, tmp_path: Path):
    before = sorted(path.stat().st_mtime_ns for path in run.files)
    read_documents(run)
    assert sorted(path.stat().st_mtime_ns for path in run.files) == before


@pytest.mark.parametrize("k", [1, 4, 9])
def test_the_first_labels_are_those_of_the_scores(run, k: int):
    gold = label_matrix(run.predictions["gold_labels"].to_numpy(), len(run.labels))
    found, expected = read_ranking(run, gold, k), rank(run.scores, gold, k)
    np.testing.assert_array_equal(found.labels, expected.labels)
    np.testing.assert_array_equal(found.hits, expected.hits)
    assert found.depth == k


def test_gold_labels_come_first_then_the_highest_score_of_any_run():
    first, second = np.array([0.9, 0.05, 0.3, 0.2]), np.array([0.1, 0.1, 0.34, 0.95])
    assert gold_first([first, second], [1, 2]) == [2, 1, 3, 0]
    assert gold_first([first], []) == [0, 2, 3, 1]
