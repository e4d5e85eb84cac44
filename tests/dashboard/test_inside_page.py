"""The page inside a document: one run, its documents, labels and tokens."""

from __future__ import annotations

import json
from dataclasses import replace
from re import findall

import pytest

import workbench
from tests.dashboard.inside_page import SMALL, attending_run, row_with_labels, rows, tokens
from tests.dashboard.page import opened, pictures, said
from workbench.data.library import load_corpus, save_corpus
from workbench.files import write_json
from workbench.runs.store import Run


@pytest.fixture
def run(toy_corpus, workspace) -> Run:
    return attending_run(toy_corpus, workspace)


def test_a_document_is_read_by_its_gold_labels_at_first(run):
    row = row_with_labels(run)
    identity, gold = run.predictions[["id", "gold_labels"]].iloc[row]
    test = opened("inside", document=str(identity))
    text = load_corpus("toy").test.texts[row]
    shown = tokens(test)
    assert shown[: len(text.split())] == text.split()
    counts = [run.train_counts[label] for label in gold]
    rarest = run.label_texts[gold[counts.index(min(counts))]]
    assert f"<b>{rarest}</b>" in said(test)
    assert "Half of the attention lies on" in said(test)
    assert sum(name.startswith("★") for name in rows(test)) == len(gold)


def test_one_chooses_which_labels_read(run):
    names = list(run.label_texts[:3])
    identity = str(run.predictions["id"].iloc[0])
    test = opened("inside", **{f"read-{identity}": names})
    assert all(f"<b>{name}</b>" in said(test) for name in names)


def test_shares_of_a_label_sum_to_one(run):
    name = run.label_texts[0]
    html = said(opened("inside", **{f"read-{run.predictions['id'].iloc[0]}": [name]}))
    shares = [float(share) for share in findall(r'title="([\d.]+) % of the attention"', html)]
    assert sum(shares) == pytest.approx(100, abs=0.05 * len(shares) + 1e-6)


def test_the_threshold_is_the_one_that_the_run_chose(run):
    metrics = json.loads((run.path / "metrics.json").read_text(encoding="utf-8"))
    write_json(run.path / "metrics.json", metrics | {"threshold": 0.01})
    html = said(opened("inside", document=str(run.predictions["id"].iloc[row_with_labels(run)])))
    assert "threshold 0.010: gold, predicted" in html
    assert "threshold 0.500" not in html


def test_a_gold_label_leads_to_its_first_document(run):
    test = opened("inside")
    label = next(int(gold[0]) for gold in run.predictions["gold_labels"].iloc[1:] if len(gold))
    test.selectbox(key="gold").select(run.label_texts[label]).run()
    first = next(row for row, gold in enumerate(run.predictions["gold_labels"]) if label in set(gold))
    assert test.selectbox(key="document").value == str(run.predictions["id"].iloc[first])
    assert tokens(test)[:3] == load_corpus("toy").test.texts[first].split()[:3]


def test_each_document_begins_with_labels_of_its_own(run):
    test = opened("inside")
    rows = [row for row, gold in enumerate(run.predictions["gold_labels"]) if len(gold)][:3]
    for row in rows:
        identity, gold = run.predictions[["id", "gold_labels"]].iloc[row]
        test.selectbox(key="document").select(str(identity)).run()
        shown = test.multiselect(key=f"read-{identity}").value
        assert set(shown) <= {run.label_texts[label] for label in gold}


def test_without_labels_it_says_to_choose_one(run):
    test = opened("inside")
    test.multiselect(key=f"read-{run.predictions['id'].iloc[0]}").set_value([]).run()
    assert "Choose a label" in said(test)


@pytest.mark.parametrize("file", ["predictions.parquet", "labels.json"])
def test_a_damaged_file_is_named(run, file):
    (run.path / file).write_bytes(b"nothing")
    words = said(opened("inside"))
    assert run.name in words
    assert file in words


def test_a_text_of_ones_own_has_no_gold_labels(run):
    test = opened(
        "inside", {"own_text": "graphs <script>alert(1)</script> learn"}, inside="a text of your own"
    )
    assert not [name for name in rows(test) if name.startswith("★")]
    assert tokens(test)[0] == "graphs"
    assert "<script>" not in said(test)
    assert "not gold" not in said(test)
    assert "gold" not in test.multiselect[1].label


def test_without_a_text_of_ones_own_there_is_nothing_to_read(run):
    test = opened("inside", inside="a text of your own")
    assert not pictures(test) and not tokens(test)
    assert "Write or paste a text" in said(test)


def test_an_id_that_is_not_there_is_said(run):
    assert "No test document has the id 'nobody'" in said(opened("inside", document="nobody"))


def test_a_corpus_that_has_changed_is_said(run, toy_corpus, workspace):
    texts = tuple(f"other {text}" for text in toy_corpus.test.texts)
    ids = tuple(f"other-{row}" for row in range(len(texts)))
    test = replace(toy_corpus.test, texts=texts, ids=ids)
    save_corpus(replace(toy_corpus, test=test), workspace.corpora / "toy", overwrite=True)
    assert "has changed since this run" in said(opened("inside"))


def test_a_damaged_model_is_named(run):
    (run.path / "model" / "model.safetensors").write_bytes(b"no weights")
    assert "1 run cannot be shown" in said(opened("inside"))
    assert run.name in said(opened("inside"))


def test_without_models_it_says_what_to_train(run_factory):
    run_factory("base-0")
    assert "workbench train lsfa-attention" in said(opened("inside"))


def test_without_runs_it_says_to_choose_one(run):
    test = opened("inside")
    test.multiselect(key="runs").set_value([]).run()
    assert "Choose a run" in said(test)


def test_a_text_of_unknown_words_is_said_to_be_one(run):
    page = {"inside": "a text of your own"}
    assert "knows no word of this text" in said(opened("inside", {"own_text": "xqzv wvvk"}, **page))
    known = load_corpus("toy").test.texts[0]
    assert "knows no word" not in said(opened("inside", {"own_text": known}, **page))


def test_a_text_of_ones_own_has_no_gold_labels_to_look_for(run):
    page = {"inside": "a text of your own"}
    own = said(opened("inside", {"own_text": load_corpus("toy").test.texts[0]}, **page))
    assert "from run to run." in own
    assert "gold labels whose ring" not in own
    assert "gold labels whose ring stands just left of the stroke. ★" in said(opened("inside"))


def test_several_runs_that_know_no_word_are_named_in_the_plural(run, workspace):
    workbench.fit("lsfa-attention", "toy", workspace=workspace, seed=5, **SMALL)
    runs = sorted(path.name for path in workspace.runs.iterdir() if (path / "DONE").exists())
    page = {"inside": "a text of your own", "runs": runs}
    told = said(opened("inside", {"own_text": "xqzv wvvk"}, **page))
    assert f"{runs[0]} and {runs[1]} know no word of this text" in told
    assert "frequent enough in their training documents" in told


def test_labels_stand_in_the_same_order_in_the_box_and_in_the_picture(run, workspace):
    workbench.fit("lsfa-attention", "toy", workspace=workspace, seed=5, **SMALL)
    runs = sorted(path.name for path in workspace.runs.iterdir() if (path / "DONE").exists())
    row = max(range(len(run.predictions)), key=lambda one: len(run.predictions["gold_labels"].iloc[one]))
    test = opened("inside", runs=runs, document=str(run.predictions["id"].iloc[row]))
    box = test.multiselect[1]
    assert "gold ones first, then by the highest score of any run" in box.label
    shown = [name.removeprefix("★ ") for name in rows(test)]
    gold = [name.startswith("★") for name in rows(test)]
    assert gold == sorted(gold, reverse=True)
    assert [option for option in box.options if option in shown[: sum(gold)]] == shown[: sum(gold)]


def test_the_document_stands_above_what_runs_make_of_it(run):
    identity = str(run.predictions["id"].iloc[3])
    text = load_corpus("toy").test.texts[3]
    for look in ("tokens", "missed and wrong labels", "nearest training documents"):
        assert any(
            text in part.proto.body for part in opened("inside", document=identity, look=look).get("html")
        )


def test_an_edited_copy_is_still_there_after_a_look_at_something_else(run):
    identity = str(run.predictions["id"].iloc[0])
    test = opened("inside", document=identity, look="an edited copy")
    test.text_area(key=f"edited-{identity}").set_value("graphs learn").run()
    test.segmented_control(key="look").set_value("tokens").run()
    assert not test.text_area
    test.segmented_control(key="look").set_value("edit").run()
    assert test.text_area(key=f"edited-{identity}").value == "graphs learn"
    next(one for one in test.button if one.label.startswith("Back to the text")).click().run()
    assert test.text_area(key=f"edited-{identity}").value == load_corpus("toy").test.texts[0]


def test_a_text_of_ones_own_is_still_there_after_a_test_document(run):
    test = opened("inside", inside="a text of your own")
    test.text_area(key="own_text").set_value("graphs learn").run()
    test.segmented_control(key="inside").set_value("test").run()
    test.segmented_control(key="inside").set_value("own").run()
    assert test.text_area(key="own_text").value == "graphs learn"
