"""The page inside a document: several runs of any method beside each other, edits and neighbours."""

from __future__ import annotations

import json
import re
from base64 import b64decode

import numpy as np
import pytest

import workbench
from tests.dashboard.inside_page import SMALL, attending_run, row_with_labels, rows, tokens
from tests.dashboard.page import opened, pictures, said
from tests.encoders.conftest import save_bert
from workbench.data.library import load_corpus, save_corpus
from workbench.files import write_json
from workbench.probes.training_vectors import probe_training_vectors
from workbench.runs.store import Run


@pytest.fixture
def run(toy_corpus, workspace) -> Run:
    return attending_run(toy_corpus, workspace)


@pytest.fixture
def comparing(toy_corpus, workspace, tmp_path) -> Run:
    """A run whose tokens are compared with labels."""
    save_corpus(toy_corpus, workspace.corpora / "toy")
    settings = {"encoder": str(save_bert(tmp_path / "bert")), "max_length": 12, "epochs": 1}
    return workbench.fit("laco", "toy", workspace=workspace, **settings)


def test_tokens_and_labels_of_a_run_that_compares_them(comparing):
    row = row_with_labels(comparing)
    test = opened("inside", document=str(comparing.predictions["id"].iloc[row]))
    gold = comparing.predictions["gold_labels"].iloc[row]
    assert f"Tokens and labels in {comparing.name}" in said(test)
    assert "of the document's weight" in said(test)
    assert "gradient × input on word embeddings" in said(test)
    _, figure = pictures(test)
    names = next(axis for name, axis in figure["layout"].items() if name == "yaxis2")["ticktext"]
    assert [name.endswith("(gold)") for name in names] == [place < len(gold) for place in range(len(names))]


def test_a_run_that_attends_stands_beside_one_that_compares(comparing):
    attending = workbench.fit("lsfa-attention", "toy", **SMALL)
    test = opened("inside", runs=[attending.name, comparing.name])
    assert f"Tokens and labels in {comparing.name}" in said(test)
    words = said(test)
    assert re.search(rf"in {re.escape(attending.name)}<br>[^/]*>attention<", words)
    assert re.search(rf"in {re.escape(comparing.name)}<br>[^/]*>gradient × input on word", words)


def test_a_document_of_which_no_token_weighs_anything_says_so(comparing, monkeypatch):
    from workbench.methods.laco import LACO

    monkeypatch.setattr(LACO, "_weights", lambda self, scores: 0 * scores.sum(dim=-1))
    assert "No token weighs anything" in said(opened("inside"))


@pytest.fixture
def several(run, workspace) -> list[Run]:
    """Runs of methods that have little in common, on one corpus."""
    words = {"filters": 4, "embedding_size": 8, "epochs": 1}
    small = {"state_size": 8, "label_size": 8, "beam": 2, "most_labels": 4}
    return [
        run,
        workbench.fit("protomix", "toy", workspace=workspace, **words),
        workbench.fit("binary-relevance", "toy", workspace=workspace),
        workbench.fit("sgm", "toy", workspace=workspace, encoder="cnn", **words, **small),
    ]


def test_four_runs_of_any_method_stand_side_by_side(several):
    names = [run.name for run in several]
    test = opened("inside", runs=names)
    (figure,) = pictures(test)
    assert [note["text"].replace("<br>", "") for note in figure["layout"]["annotations"]] == [*names, "votes"]
    words = said(test)
    for name, shades in zip(names, ("attention", "gradient × input"), strict=False):
        assert re.search(rf"in {re.escape(name)}<br>[^/]*>{shades}", words)
    assert "gradient × input on TF-IDF weights of terms" in words
    assert "Exact: the values add up" in words
    assert not test.warning


def test_scores_of_the_picture_are_those_of_the_run(several):
    run, row = several[1], row_with_labels(several[0])
    identity = str(run.predictions["id"].iloc[row])
    test = opened("inside", runs=[run.name], document=identity, inside="test")
    (figure,) = pictures(test)
    names = [name.removeprefix("★ ") for name in rows(test)]
    drawn: dict[str, float] = {}
    for trace in figure["data"]:
        if trace.get("legendgroup") in ("found", "missed", "wrong", "left out"):
            drawn |= dict(zip([names[int(y)] for y in values(trace["y"])], values(trace["x"]), strict=True))
    scores = dict(zip(run.label_texts, run.scores[row].tolist(), strict=True))
    assert drawn == pytest.approx({name: scores[name] for name in names}, abs=1e-5)


def values(given) -> list[float]:
    """Numbers of a picture, which come as base64 where they are many."""
    if isinstance(given, dict):
        return np.frombuffer(b64decode(given["bdata"]), dtype=given["dtype"]).tolist()
    return list(given)


def test_all_runs_can_be_looked_at_by_gradients(several):
    test = opened("inside", runs=[several[0].name], shades="gradient × input")
    assert "gradient × input on word embeddings of cnn" in said(test)
    assert not tokens(test)


def test_a_run_that_fails_is_told_beside_the_others(several):
    good, bad = several[1], several[2]
    (bad.path / "model" / "model.safetensors").write_bytes(b"no weights")
    test = opened("inside", runs=[good.name, bad.name])
    assert f"in {good.name}<br>" in said(test)
    assert any(bad.name in box.value for box in test.warning)


def test_a_gradient_that_cannot_be_taken_is_told_in_its_place(run, monkeypatch):
    from workbench.probes import saliency

    def fails(*_):
        raise RuntimeError("CUDA out of memory\nand a page of advice")

    monkeypatch.setattr(saliency, "text_saliency", fails)
    test = opened("inside", runs=[run.name], shades="gradient × input")
    assert {box.value for box in test.info} == {"CUDA out of memory"}


def test_runs_with_other_labels_are_not_put_into_the_same_rows(run):
    other = workbench.fit("protomix", "toy", **SMALL)
    content = json.loads((other.path / "labels.json").read_text(encoding="utf-8"))
    write_json(other.path / "labels.json", content | {"labels": [f"x{code}" for code in content["labels"]]})
    test = opened("inside", runs=[run.name, other.name])
    assert any("labels are not those of" in box.value for box in test.warning)
    assert len(pictures(test)) == 1


def test_missed_labels_are_listed_with_their_reason(run):
    metrics = json.loads((run.path / "metrics.json").read_text(encoding="utf-8"))
    write_json(run.path / "metrics.json", metrics | {"threshold": 0.999999})
    row = row_with_labels(run)
    gold = run.predictions["gold_labels"].iloc[row]
    address = {"document": str(run.predictions["id"].iloc[row]), "look": "missed and wrong labels"}
    table = opened("inside", **address).dataframe[0].value
    assert set(table["label_text"]) == {run.label_texts[label] for label in gold}
    assert (table["distance"] < 0).all()
    assert table.columns[:4].tolist() == ["run", "label_text", "why", "distance"]  # in view
    assert table["why"].str.endswith(".").all()


def test_of_a_text_of_ones_own_nobody_knows_what_is_missed(run):
    page = {"inside": "a text of your own", "look": "missed and wrong labels"}
    test = opened("inside", {"own_text": "graphs learn"}, **page)
    assert "has no gold labels" in said(test)
    assert not test.dataframe


def test_an_edited_copy_moves_scores_and_goes_back(several):
    names = [run.name for run in several[:3]]
    test = opened("inside", runs=names, look="an edited copy")
    assert len(pictures(test)) == 1
    area = test.text_area[0]
    original = area.value
    assert original == load_corpus("toy").test.texts[0]
    area.set_value(" ".join(original.split()[:3])).run()
    assert not test.exception
    moved = pictures(test)[1]
    assert [note["text"].replace("<br>", "") for note in moved["layout"]["annotations"]] == names
    assert "before" in {trace.get("name") for trace in moved["data"]}
    test.button[0].click().run()
    assert test.text_area[0].value == original
    assert len(pictures(test)) == 1


def test_nearest_training_documents_are_offered_and_then_shown(several):
    names = [run.name for run in several[1:3]]
    address = {"runs": names, "look": "nearest training documents"}
    test = opened("inside", **address)
    assert [button.label for button in test.button if button.key == "compute"] == [
        "Compute vectors of the training documents of 2 runs"
    ]
    assert not test.dataframe
    for run in several[1:3]:
        probe_training_vectors(run)
    test = opened("inside", **address)
    assert len(test.dataframe) == 2
    assert all(len(frame.value) == 5 for frame in test.dataframe)
    assert all(frame.value["similarity"].is_monotonic_decreasing for frame in test.dataframe)
    assert "Gold labels that these 5 documents have, too" in said(test)


def test_the_button_starts_the_command(run, monkeypatch):
    from dashboard import inside_neighbours

    begun: list[list[str]] = []
    monkeypatch.setattr(
        inside_neighbours.jobs, "start_workbench", lambda key, title, arguments: begun.append(arguments)
    )
    test = opened("inside", look="nearest training documents")
    test.button(key="compute").click().run()
    assert begun == [["probe", "training-vectors", str(run.path)]]
