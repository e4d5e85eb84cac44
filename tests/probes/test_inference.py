from __future__ import annotations

import shutil

import numpy as np
import pytest
from scipy import sparse

import workbench
from workbench.errors import WorkbenchError
from workbench.probes import inference
from workbench.probes.inference import Predictor, match_labels
from workbench.runs.store import Run


def test_columns_are_matched_by_label_and_lost_gold_is_counted():
    targets = sparse.csr_array(np.array([[1, 1, 0], [0, 1, 1]], dtype=np.uint8))
    matched, lost = match_labels(targets, ["a", "b", "c"], ["c", "new", "a"])
    assert matched.toarray().tolist() == [[0, 0, 1], [1, 0, 0]]
    assert lost == 2  # both documents have b


def test_no_shared_label_is_an_error():
    with pytest.raises(WorkbenchError, match="share no label"):
        match_labels(sparse.csr_array(np.ones((1, 1), dtype=np.uint8)), ["a"], ["b"])


def test_a_run_trained_in_float32_scores_in_float32_where_bfloat16_is_to_be_had(
    toy_corpus, workspace, monkeypatch
):
    small = {"filters": 4, "embedding_size": 8, "epochs": 1}
    run = workbench.fit("base", toy_corpus, workspace=workspace, precision="float32", **small)
    monkeypatch.setattr(inference, "choose_precision", lambda *_: "bf16-mixed")
    assert np.array_equal(Predictor.load(run).scores(toy_corpus.test.texts), run.scores)


@pytest.mark.parametrize(
    ("texts", "says"),
    [
        ("one text", r"single text: give a list of texts, such as \[text\]"),
        ([], "no text to score"),
        (["one", None], r"Text 1 \(from 0\) is no text but None"),
    ],
)
def test_what_is_no_list_of_texts_is_refused(toy_corpus, workspace, texts, says):
    small = {"filters": 4, "embedding_size": 8, "epochs": 1}
    predictor = Predictor.load(workbench.fit("base", toy_corpus, workspace=workspace, **small))
    for ask in (predictor.predict, predictor.scores):
        with pytest.raises(WorkbenchError, match=says):
            ask(texts)


def test_what_is_no_finished_run_is_refused(run_factory):
    with pytest.raises(WorkbenchError, match=r"'one' is no run: load it first, with load_run"):
        workbench.predict("one", ["a text"])
    live = Run.load(run_factory("live", end="running"))
    with pytest.raises(WorkbenchError, match=r"'live' is running: .* Wait until it is done"):
        workbench.predict(live, ["a text"])
    half = Run.load(run_factory("half", end="stopped"))
    with pytest.raises(WorkbenchError, match="workbench train --resume half"):
        workbench.predict(half, ["a text"])


def test_a_run_without_its_model_is_told_of(toy_corpus, workspace):
    run = workbench.fit("base", toy_corpus, workspace=workspace, filters=4, embedding_size=8, epochs=1)
    shutil.rmtree(run.model_dir)
    with pytest.raises(
        WorkbenchError, match=r"model/.* cannot be read: No such file.*\. Train the run again"
    ):
        workbench.predict(run, ["a text"])
