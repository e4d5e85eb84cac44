from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from workbench.data import storage
from workbench.data.corpus import Corpus
from workbench.data.fingerprint import corpus_fingerprint
from workbench.data.storage import ArrowTexts, read_corpus, write_corpus
from workbench.errors import WorkbenchError


@pytest.fixture
def folder(corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(storage, "BATCH", 16)  # several batches a file
    write_corpus(corpus, tmp_path)
    return tmp_path


def test_what_is_written_comes_back(corpus: Corpus, folder: Path) -> None:
    opened = read_corpus(folder)
    for name, split in corpus.splits.items():
        assert list(opened.splits[name].texts) == list(split.texts)
        assert list(opened.splits[name].ids) == list(split.ids)
        np.testing.assert_array_equal(opened.splits[name].targets.toarray(), split.targets.toarray())
        assert opened.splits[name].targets.dtype == np.uint8
    assert (opened.labels, opened.label_texts, opened.card) == (
        corpus.labels,
        corpus.label_texts,
        corpus.card,
    )
    assert (opened.fingerprint, opened.split_id) == (corpus.fingerprint, corpus.split_id)
    assert corpus_fingerprint(opened) == corpus.fingerprint


def test_texts_stay_in_the_file(folder: Path) -> None:
    before = pa.total_allocated_bytes()
    texts = read_corpus(folder).train.texts
    assert isinstance(texts, ArrowTexts)
    assert pa.total_allocated_bytes() - before < 2000  # offsets of labels at most; the texts are 1.9 kB


def test_texts_behave_as_a_sequence_across_chunks() -> None:
    words = [f"w{number}" for number in range(10)]
    texts = ArrowTexts(pa.chunked_array([words[:3], [], words[3:4], words[4:]], pa.large_string()))
    assert len(texts) == 10
    assert [texts[number] for number in range(-10, 10)] == words * 2
    assert texts[2:9:3] == words[2:9:3]
    assert texts[::-1] == words[::-1]
    assert texts[np.int64(4)] == "w4"
    assert list(texts) == words
    for outside in (10, -11):
        with pytest.raises(IndexError):
            texts[outside]


def test_no_texts_at_all() -> None:
    assert list(ArrowTexts(pa.chunked_array([], pa.large_string()))) == []


def edit_card(folder: Path, **changes: object) -> None:
    path = folder / "card.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


def test_a_newer_schema_is_refused_with_what_to_do(folder: Path) -> None:
    edit_card(folder, schema=99)
    with pytest.raises(WorkbenchError, match=r"newer version .*schema 99.*Update"):
        read_corpus(folder)


def test_a_card_that_is_no_json_is_named(folder: Path) -> None:
    (folder / "card.json").write_text("{")
    with pytest.raises(WorkbenchError, match=r"card\.json is damaged"):
        read_corpus(folder)


def test_a_card_without_its_labels_is_named(folder: Path) -> None:
    card = json.loads((folder / "card.json").read_text())
    del card["labels"]
    (folder / "card.json").write_text(json.dumps(card))
    with pytest.raises(WorkbenchError, match="missing labels"):
        read_corpus(folder)


def test_a_folder_of_raw_data_says_how_to_import(tmp_path: Path) -> None:
    with pytest.raises(WorkbenchError, match="workbench data import"):
        read_corpus(tmp_path)


def test_a_missing_or_cut_split_is_named(folder: Path) -> None:
    whole = (folder / "valid.arrow").read_bytes()
    (folder / "valid.arrow").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(WorkbenchError, match=r"valid\.arrow is damaged"):
        read_corpus(folder)
    (folder / "valid.arrow").unlink()
    with pytest.raises(WorkbenchError, match=r"valid\.arrow is damaged \(it is missing\)"):
        read_corpus(folder)


def test_counts_and_labels_must_agree_with_the_card(folder: Path) -> None:
    edit_card(folder, counts={"train": 60, "valid": 11, "test": 15})
    with pytest.raises(WorkbenchError, match="10 documents, 11 on its card"):
        read_corpus(folder)
    edit_card(folder, labels=["a"], label_texts=["a"])
    with pytest.raises(WorkbenchError, match="outside of the 1 on the card"):
        read_corpus(folder)


def test_a_table_of_other_columns_is_refused(folder: Path) -> None:
    table = pa.table({"x": [1]})
    with pa.OSFile(str(folder / "test.arrow"), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)
    with pytest.raises(WorkbenchError, match="columns x"):
        read_corpus(folder)
