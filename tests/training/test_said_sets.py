"""Methods that say label sets themselves: no threshold decides, in metrics or in what is looked at."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import f1_score, hamming_loss

import workbench
from workbench.analysis.agreement import read_decisions
from workbench.analysis.chosen_documents import chosen_documents
from workbench.analysis.document_kinds import label_states
from workbench.analysis.documents import read_documents
from workbench.analysis.predicted_sets import PredictedSets, label_matrix, says_sets, threshold_of
from workbench.probes.attention import read_text
from workbench.probes.inference import Predictor
from workbench.runs.store import Run

L = 10


@pytest.fixture(scope="module")
def run(toy_corpus, tmp_path_factory) -> Run:
    workspace = workbench.Workspace(tmp_path_factory.mktemp("said"))
    sizes = {"units": 16, "embedding_size": 16, "label_size": 8}
    how = {"epochs": 8, "batch_size": 16, "learning_rate": 0.02, "head_learning_rate": 0.02}
    return workbench.fit(
        "sgm", toy_corpus, "bilstm", device="cpu", workspace=workspace, progress=False, **sizes, **how
    )


@pytest.fixture(scope="module")
def said(run, toy_corpus) -> np.ndarray:
    """The likeliest sequences' labels, from the saved model, a document at a time."""
    predictor = Predictor.load(run)
    return np.stack([read_text(predictor, text).chosen for text in toy_corpus.test.texts])


def test_metrics_of_sets_are_those_of_what_was_said(run, said, toy_corpus):
    gold = toy_corpus.test.targets.toarray()
    overall = run.metrics["test"]["overall"]
    assert overall["micro_F1"] == pytest.approx(f1_score(gold, said, average="micro"))
    assert overall["macro_F1"] == pytest.approx(f1_score(gold, said, average="macro", zero_division=0))
    assert overall["hamming_loss"] == pytest.approx(hamming_loss(gold, said))
    assert overall["subset_accuracy"] == pytest.approx((gold == said).all(axis=1).mean())
    best = run.history.query("phase == 'valid'")["micro_F1"]
    assert run.metrics["valid"]["overall"]["micro_F1"] in best.to_numpy()


def test_whoever_reads_the_run_reads_these_sets(run, said, toy_corpus):
    gold = toy_corpus.test.targets.toarray() > 0
    assert says_sets(run)
    assert run.metrics["threshold"] is None
    assert np.isnan(threshold_of(run))
    sets, rows = PredictedSets(run), np.array([7, 3, 4])
    assert (sets.sets.mask(0, len(said)) == said).all()
    assert (sets.of_documents(rows) == said[rows]).all()
    assert (sets.of_label(rows, 2) == said[rows, 2]).all()
    assert (label_matrix(run.predictions["predicted_labels"].to_numpy(), L).toarray() == said).all()
    assert (read_decisions(run).predicted.toarray() == said).all()
    documents = read_documents(run)
    assert documents.missed.tolist() == (gold & ~said)[documents.rows].sum(axis=1).tolist()
    assert documents.wrong.tolist() == (said & ~gold)[documents.rows].sum(axis=1).tolist()
    states = np.asarray(label_states(documents, run, 0))
    assert ((states == "gold, predicted") == (gold & said)[documents.rows, 0]).all()
    (told,) = chosen_documents([run], [5])[f"{run.name} predicted"]
    assert (told.startswith("none")) == (not said[5].any())


def test_new_texts_are_decided_alike(run, said, toy_corpus):
    table = workbench.predict(run, list(toy_corpus.test.texts[:8]), top=L)
    label = table["label"].map(list(run.labels).index)
    assert table["is_predicted"].tolist() == said[table["document"], label].tolist()
    again = Predictor.load(run).evaluate(toy_corpus)
    assert again["overall"] == pytest.approx(run.metrics["test"]["overall"])


def test_sets_that_cannot_be_had_from_any_threshold_occur(run, said):
    """Else these tests would not tell the sets from scores above a threshold."""
    scores = np.asarray(run.scores)
    assert scores[said].min() < scores[~said].max()
    assert len(np.unique(said, axis=0)) > 3
