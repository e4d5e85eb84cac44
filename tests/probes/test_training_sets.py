from __future__ import annotations

import numpy as np
import pytest

import workbench
from workbench.analysis.dependency import TRAINING_GOLD, TRAINING_PREDICTED, training_divergence
from workbench.data.library import save_corpus
from workbench.errors import WorkbenchError
from workbench.metrics import conditional_divergence
from workbench.probes.inference import Predictor
from workbench.probes.training_sets import probe_training_sets

SMALL = {"filters": 4, "embedding_size": 8, "epochs": 1, "train_size": 60}


@pytest.fixture
def trained(workspace, toy_corpus):
    """A run on 60 of the toy corpus's training documents."""
    save_corpus(toy_corpus, workspace.corpora / "toy")
    return workbench.fit("base", "toy", workspace=workspace, **SMALL)


def test_training_documents_are_predicted_at_the_runs_threshold(trained, toy_corpus):
    with pytest.raises(WorkbenchError, match=f"workbench probe training-sets {trained.name}"):
        training_divergence(trained)
    report = probe_training_sets(trained)
    seen = toy_corpus.with_train_size(60, 0).train
    predicted = Predictor.load(trained).scores(seen.texts) >= trained.metrics["threshold"]
    gold = seen.targets.toarray()
    assert report["documents"] == 60
    for name, expected in ((TRAINING_PREDICTED, predicted), (TRAINING_GOLD, gold)):
        pairs = {tuple(pair) for pair in trained.array(name).tolist()}
        assert pairs == {(int(row), int(label)) for row, label in np.argwhere(expected)}
    found = conditional_divergence(gold, predicted.astype(np.uint8))
    assert training_divergence(trained) == pytest.approx(found)


def test_what_is_there_stays_unless_it_is_forced(trained):
    kept = probe_training_sets(trained)
    assert probe_training_sets(trained) == kept
    assert probe_training_sets(trained, force=True)["seconds"] != kept["seconds"]


@pytest.mark.parametrize(
    "pairs", [np.zeros((2, 3), dtype=np.int32), np.zeros((2, 2)), np.array([[0, 99]]), np.array([[-1, 0]])]
)
def test_damaged_pairs_are_named(trained, pairs):
    probe_training_sets(trained)
    np.save(trained.path / "arrays" / f"{TRAINING_GOLD}.npy", pairs)
    with pytest.raises(WorkbenchError, match="--force"):
        training_divergence(trained)
