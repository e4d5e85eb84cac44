from __future__ import annotations

import base64
import json
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from scipy import sparse

from tests.dashboard import page
from tests.dashboard.page import pictures, said, tables
from tests.dashboard.tiny_corpus import save
from workbench.data.library import load_corpus, save_corpus
from workbench.workspace import Workspace

# a is on 4 documents, b on 2, both with a; c on 1 and d on none of train.
TRAIN = [[0, 1], [0, 1], [0], [0], [2], [], [], []]
opened = partial(page.opened, "labels")


def numbers(packed: dict) -> np.ndarray:
    """An array as plotly packs it into JSON."""
    values = np.frombuffer(base64.b64decode(packed["bdata"]), packed["dtype"])
    return values.reshape([int(size) for size in str(packed["shape"]).split(",")])


@pytest.fixture
def tiny(workspace: Workspace) -> Path:
    return save(workspace, "tiny", TRAIN, ["ant", "bee", "cat", "dog"])


def test_an_empty_workspace_shows_the_built_in_corpus_and_what_was_planted(workspace: Workspace):
    test = opened()
    heat, tail = pictures(test)
    assert "Robotics" in heat["data"][1]["y"]
    assert {trace["name"].partition(":")[0] for trace in tail["data"]} == {"head", "mid", "tail"}
    assert "What was planted" in said(test)
    together, apart = (table.value for table in test.dataframe)
    assert {"probability", "by_chance", "by_plan", "counted"} <= set(together.columns)
    assert "Robotics" in set(together["label_b"])
    assert (apart["counted"] == 0).all()
    assert tables(test) == ["label-pairs.csv", "labels.csv"]
    assert not test.warning


def test_a_damaged_truth_is_said_and_the_rest_is_shown(workspace: Workspace, tiny: Path):
    (tiny / "truth.json").write_text("{")
    test = opened(corpus="tiny")
    (warning,) = [box.value for box in test.warning]
    assert "truth.json" in warning
    assert len(pictures(test)) == 2


def test_real_documents_alone_are_counted_and_generated_ones_are_spoken_of(workspace: Workspace, tiny: Path):
    corpus, made = load_corpus("tiny", workspace), sparse.csr_array(np.array([[0, 1, 1, 0]] * 3))
    grown = corpus.with_generated("grown", ["a text", "a text", "a text"], made, ["g-0", "g-1", "g-2"], "")
    save_corpus(grown, workspace.corpora / "grown")
    shown, real = (opened(corpus=name, order="by frequency") for name in ("grown", "tiny"))
    (_, pairs), (_, plain) = (pictures(test)[0]["data"] for test in (shown, real))
    np.testing.assert_array_equal(numbers(pairs["z"]), numbers(plain["z"]))
    assert "Real documents alone are counted on this page" in said(shown)
    assert "Real documents alone" not in said(opened(corpus="grown", part="test"))


def test_the_corpus_and_the_measure_come_from_the_address(tiny: Path):
    (heat, _) = pictures(opened(corpus="tiny", order="by frequency", measure="PMI"))
    never, pairs = heat["data"]
    assert pairs["y"] == pairs["x"] == ["ant", "bee", "cat"]
    np.testing.assert_array_equal(numbers(pairs["z"])[0], [np.nan, 1, np.nan])  # log2(2 x 8 / (4 x 2))
    np.testing.assert_array_equal(numbers(never["z"])[0], [np.nan, np.nan, 0.5])
    np.testing.assert_allclose(numbers(pairs["customdata"])[0, 1], [2, 1, 0.5, 1])
    (heat, _) = pictures(opened(corpus="tiny", order="alphabetical", measure="p(column | row)"))
    np.testing.assert_array_equal(numbers(heat["data"][1]["z"])[1], [1, np.nan, np.nan])


def test_labels_that_training_never_shows_are_named(tiny: Path):
    test = opened(corpus="tiny")
    assert "1 of 4 labels is never seen in train" in said(test)
    assert "dog" in said(test)
    assert "What was planted" not in said(test)


def test_a_label_that_is_searched_is_framed_and_shows_its_partners(tiny: Path):
    test = opened(corpus="tiny", label="ant")
    assert "Partners of ant" in said(test)
    assert test.dataframe[0].value["partner"].tolist() == ["bee"]
    assert test.dataframe[0].value["pmi"].tolist() == [1]
    assert len(pictures(test)[0]["layout"]["shapes"]) == 3  # the diagonal, its row, its column
    labels = tables(test)
    assert labels == ["label-pairs.csv", "labels.csv", "partners.csv"]


@pytest.mark.parametrize(
    ("label", "words"), [("dog", "No train document has"), ("cat", "On 1 train document, always alone")]
)
def test_a_label_without_partners_says_so(tiny: Path, label: str, words: str):
    test = opened(corpus="tiny", label=label)
    assert words in said(test)
    assert not test.dataframe


def test_another_split_is_counted_apart(workspace: Workspace):
    save(workspace, "other", TRAIN, ["ant", "bee", "cat", "dog"], test=[[2, 3]])
    heat, tail = pictures(opened(corpus="other", part="test"))
    assert sorted(heat["data"][1]["y"]) == ["cat", "dog"]
    assert "test documents" in tail["layout"]["yaxis"]["title"]["text"]


def test_an_empty_split_says_so(workspace: Workspace):
    save(workspace, "short", TRAIN, ["ant", "bee", "cat", "dog"], test=[])
    test = opened(corpus="short", part="test", label="ant")
    assert "No document" in json.dumps(pictures(test)[0]["layout"]["annotations"])
    assert "No test document has this label" in said(test)


@pytest.mark.parametrize(
    ("train", "labels"),
    [([[0], [0]], ["only"]), ([[0, 1], [0, 1]], ["twin", "other twin"]), ([[0], [1]], ["left", "right"])],
    ids=["one label", "two identical labels", "no pair"],
)
def test_small_corpora_have_pictures(workspace: Workspace, train: list[list[int]], labels: list[str]):
    save(workspace, "small", train, labels)
    for measure in ("Documents", "p(column | row)", "PMI"):
        assert len(pictures(opened(corpus="small", measure=measure))) == 2


@pytest.fixture
def large(workspace: Workspace) -> Path:
    """300 labels: neighbours come together, and every third with label 0."""
    train = [[label, (label + 1) % 300] for label in range(300)] + [[0, label] for label in range(3, 300, 3)]
    return save(workspace, "large", train, [f"label{number:03d}" for number in range(300)])


def test_many_labels_share_blocks_that_can_be_looked_into(large: Path):
    test = opened(corpus="large")
    heat, _ = pictures(test)
    assert numbers(heat["data"][1]["z"]).shape == (64, 64)
    assert "300 labels share 64 rows" in said(test)
    blocks = test.selectbox(key="block").options
    assert len(blocks) == 64
    assert len(test.selectbox(key="label").options) == 300
    _, _, inner = pictures(opened(corpus="large", block=blocks[3], beside=blocks[9]))
    rows, columns = inner["data"][1]["y"], inner["data"][1]["x"]
    assert 4 <= len(rows) <= 5
    assert not set(rows) & set(columns)


def test_a_click_opens_two_blocks_and_the_lists_have_the_last_word(large: Path):
    blocks = opened(corpus="large").selectbox(key="block").options
    click = {"selection": {"points": [{"y": blocks[3], "x": blocks[4]}]}}
    test = opened({"chart-cooccurrence": click}, corpus="large")
    assert (test.selectbox(key="block").value, test.selectbox(key="beside").value) == (blocks[3], blocks[4])
    assert len(pictures(test)) == 3
    test.session_state["chart-cooccurrence"] = click
    test.selectbox(key="block").set_value(blocks[9]).run()
    assert test.selectbox(key="block").value == blocks[9]
    test.session_state["chart-cooccurrence"] = {"selection": {"points": [{"y": blocks[5], "x": blocks[5]}]}}
    test.run()
    assert (test.selectbox(key="block").value, test.selectbox(key="beside").value) == (blocks[5], None)


def test_one_label_is_told_that_it_has_no_pairs(workspace: Workspace):
    save(workspace, "single", [[0], [0]], ["only"])
    test = opened(corpus="single")
    assert "no other" in json.dumps(pictures(test)[0]["layout"]["annotations"])
    assert "Look for squares" not in said(test)


def test_a_label_that_is_searched_opens_its_block(large: Path):
    heat, _, inner = pictures(opened(corpus="large", label="label007"))
    assert "label007" in inner["data"][1]["y"]
    assert len(heat["layout"]["shapes"]) == len(inner["layout"]["shapes"]) == 3


def test_a_choice_that_another_corpus_does_not_have_is_dropped(large: Path, tiny: Path):
    test = opened(corpus="large", label="label007")
    test.selectbox(key="block").select_index(2).run()
    test.selectbox(key="corpus").set_value("tiny").run()
    assert not test.exception
    assert test.selectbox(key="label").value is None
    assert len(pictures(test)) == 2
    assert not opened(corpus="tiny", label="label007", block="nonsense").exception


def test_a_broken_corpus_is_named_with_its_reason(tiny: Path, large: Path):
    (tiny / "card.json").write_text("{")
    test = opened(corpus="large")
    (warning,) = [box.value for box in test.warning]
    assert "tiny" in warning
    assert "damaged" in warning
    assert "tiny" not in test.selectbox(key="corpus").options


def test_a_corpus_without_its_files_says_so(tiny: Path):
    (tiny / "train.arrow").unlink()
    test = opened(corpus="tiny")
    (error,) = [box.value for box in test.error]
    assert "train.arrow is damaged" in error
    assert "Import the corpus again" in error


def test_a_corpus_that_is_imported_again_is_counted_again(workspace: Workspace, tiny: Path):
    opened(corpus="tiny")
    for file in tiny.iterdir():
        file.unlink()
    tiny.rmdir()
    save(workspace, "tiny", [[2, 3]], ["ant", "bee", "cat", "dog"])
    assert sorted(pictures(opened(corpus="tiny"))[0]["data"][1]["y"]) == ["cat", "dog"]
