from __future__ import annotations

import numpy as np
import pytest

import workbench
from workbench.analysis.heads import HEADS, gold_array, head_gold, head_scores
from workbench.data.library import save_corpus
from workbench.errors import WorkbenchError
from workbench.probes.heads import probe_heads
from workbench.probes.inference import Predictor

SMALL = {"max_length": 16, "epochs": 1, "train_size": 40, "window_filters": 2, "gamma": 0.3}


@pytest.fixture
def trained(workspace, toy_corpus):
    """A run with two heads."""
    save_corpus(toy_corpus, workspace.corpora / "toy")
    return workbench.fit("dil", "toy", "small-bert", workspace=workspace, progress=False, **SMALL)


def test_each_heads_scores_are_kept_and_average_to_the_runs_own(trained, toy_corpus):
    with pytest.raises(WorkbenchError, match=f"workbench probe heads {trained.name}"):
        head_scores(trained, "test")
    report = probe_heads(trained)
    assert report["heads"] == ["cil", "fil"]
    assert report["documents"] == {"valid": 40, "test": 60}
    for split in ("valid", "test"):
        documents = toy_corpus.splits[split]
        scores = head_scores(trained, split)
        joined = 0.3 * scores["fil"] + 0.7 * scores["cil"]
        expected = Predictor.load(trained).scores(documents.texts)
        np.testing.assert_allclose(joined, expected, atol=1e-5)
        np.testing.assert_array_equal(head_gold(trained, split).toarray(), documents.targets.toarray())
    np.testing.assert_allclose(joined, trained.scores, atol=1e-5)
    assert probe_heads(trained) == report  # what is there stays
    assert probe_heads(trained, force=True)["seconds"] != report["seconds"]
    np.save(trained.path / "arrays" / f"{gold_array('test')}.npy", np.array([[0, 99]]))
    with pytest.raises(WorkbenchError, match="--force"):
        head_gold(trained, "test")


def test_a_run_with_one_head_is_refused(workspace, toy_corpus):
    save_corpus(toy_corpus, workspace.corpora / "toy")
    small = {"filters": 4, "embedding_size": 8, "epochs": 1, "train_size": 40, "progress": False}
    run = workbench.fit("base", "toy", "cnn", workspace=workspace, **small)
    with pytest.raises(WorkbenchError, match=f"{run.name} has one head alone"):
        probe_heads(run)
    assert run.probe(HEADS) is None
