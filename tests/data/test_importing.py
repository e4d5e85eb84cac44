from __future__ import annotations

import gzip
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from workbench.data.importing import Source, check_source, import_corpus
from workbench.data.library import load_corpus, verify_corpus
from workbench.data.reading import ReadOptions
from workbench.errors import WorkbenchError
from workbench.workspace import Workspace

Write = Callable[[Path, list[Any]], Path]


def documents(split: str, n: int) -> list[dict[str, Any]]:
    labels = [["a"], ["b", "a"], ["c"], ["a", "c"], []]
    return [{"text": f"{split} {row}", "labels": labels[row % 5]} for row in range(n)]


@pytest.fixture
def folder(tmp_path: Path, write_jsonl: Write) -> Path:
    write_jsonl(tmp_path / "raw" / "train.jsonl", documents("train", 50))
    write_jsonl(tmp_path / "raw" / "dev.jsonl", documents("dev", 10))
    test = [*documents("test", 9), {"text": "test unseen", "labels": ["new"]}]
    write_jsonl(tmp_path / "raw" / "test.jsonl", test)
    return tmp_path / "raw"


def test_an_imported_corpus_is_what_the_files_say(folder: Path, workspace: Workspace) -> None:
    imported, _ = import_corpus(Source(folder), "mine", title="Mine", licence="CC0")
    corpus = load_corpus("mine")
    assert corpus.fingerprint == imported.fingerprint
    verify_corpus(workspace.corpora / "mine")
    assert corpus.labels == ("a", "b", "c", "new")
    assert [len(split) for split in corpus.splits.values()] == [50, 10, 10]
    assert (corpus.train.texts[1], corpus.train.ids[1]) == ("train 1", "train-000002")
    assert (corpus.valid.texts[-1], corpus.valid.ids[-1]) == ("dev 9", "valid-000010")
    np.testing.assert_array_equal(
        corpus.train.targets[:5].toarray(), [[1, 0, 0, 0], [1, 1, 0, 0], [0, 0, 1, 0], [1, 0, 1, 0], [0] * 4]
    )
    np.testing.assert_array_equal(corpus.test.targets[[9]].toarray(), [[0, 0, 0, 1]])
    assert (corpus.card.title, corpus.card.reader, corpus.card.source) == ("Mine", "jsonl", "raw")
    assert corpus.card.licence == "CC0"
    assert "Labels that no training document has: 1; they stay in the label set." in corpus.card.notes
    assert "Warned of on import: no label (3)." in corpus.card.notes
    assert corpus.card.valid_drawn == ""


def test_the_label_list_gives_names_and_order(folder: Path, workspace: Workspace) -> None:
    (folder / "labels.json").write_text(
        '{"new": "New one", "c": "", "unused": "U", "b": "Bees", "a": "Ants"}'
    )
    corpus, _ = import_corpus(Source(folder), "mine")
    assert corpus.labels == ("new", "c", "b", "a")
    assert corpus.label_texts == ("New one", "c", "Bees", "Ants")
    assert "Labels of the list that no document has: 1; they are left out." in corpus.card.notes
    assert corpus.train.targets[[1]].indices.tolist() == [2, 3]


def test_without_valid_it_is_drawn_by_seed(folder: Path, workspace: Workspace) -> None:
    (folder / "dev.jsonl").unlink()
    first, _ = import_corpus(Source(folder), "one", seed=1)
    again, _ = import_corpus(Source(folder), "two", seed=1)
    other, _ = import_corpus(Source(folder), "three", seed=2)
    assert list(first.valid.ids) == list(again.valid.ids) != list(other.valid.ids)
    assert len(first.train) + len(first.valid) == 50
    assert "seed 1" in first.card.valid_drawn
    assert first.fingerprint == again.fingerprint


def test_one_file_gives_all_three_splits(tmp_path: Path, write_jsonl: Write, workspace: Workspace) -> None:
    file = write_jsonl(tmp_path / "all.jsonl", documents("x", 200))
    corpus, _ = import_corpus(Source(file), "mine")
    ids = [identity for split in corpus.splits.values() for identity in split.ids]
    assert sorted(ids) == [f"doc-{row:06d}" for row in range(1, 201)]
    assert 15 <= len(corpus.test) <= 25
    assert 12 <= len(corpus.valid) <= 25
    assert "no test split" in corpus.card.notes[-1] and "the whole" in corpus.card.notes[-1]


def test_without_test_it_is_drawn_from_train(folder: Path, workspace: Workspace) -> None:
    (folder / "test.jsonl").unlink()
    corpus, _ = import_corpus(Source(folder), "mine")
    assert len(corpus.valid) == 10
    assert len(corpus.train) + len(corpus.test) == 50
    assert any("drawn from train for it" in note for note in corpus.card.notes)


def test_a_limit_keeps_a_stratified_sample_of_train(folder: Path, workspace: Workspace) -> None:
    whole, _ = import_corpus(Source(folder), "whole")
    corpus, _ = import_corpus(Source(folder), "mine", limit=20, seed=3)
    assert [len(split) for split in corpus.splits.values()] == [20, 10, 10]
    assert load_corpus("mine").fingerprint == corpus.fingerprint != whole.fingerprint
    assert set(corpus.train.ids) < set(whole.train.ids)
    expected = whole.train.targets.sum(axis=0) * 20 / 50
    assert abs(corpus.train.targets.sum(axis=0) - expected).max() <= 1.5
    assert "20 of 50 training documents" in corpus.card.notes[-1]
    for limit in (0, 51):
        with pytest.raises(WorkbenchError, match=f"--limit {limit}: give a number from 1 to 50"):
            import_corpus(Source(folder), "other", limit=limit)
    assert not (workspace.corpora / "other").exists()


def test_errors_refuse_everything_and_write_nothing(folder: Path, workspace: Workspace) -> None:
    with (folder / "train.jsonl").open("a") as stream:
        stream.write('{"text": ""}\nbroken\n')
    with pytest.raises(WorkbenchError) as raised:
        import_corpus(Source(folder), "mine")
    message = str(raised.value)
    assert "train.jsonl:51: error: The field 'labels' is missing" in message
    assert "train.jsonl:52: error: The JSON is broken" in message
    assert not workspace.corpora.exists()


def test_a_truncated_gzip_is_refused(tmp_path: Path, write_jsonl: Write, workspace: Workspace) -> None:
    lines = write_jsonl(tmp_path / "raw.txt", documents(os.urandom(9).hex(), 4000)).read_bytes()
    whole = gzip.compress(lines)
    (tmp_path / "train.jsonl.gz").write_bytes(whole[:-20])
    with pytest.raises(WorkbenchError, match=r"train\.jsonl\.gz:\d+: error: The compressed file is cut off"):
        import_corpus(Source(tmp_path / "train.jsonl.gz"), "mine")
    assert not workspace.corpora.exists()


def test_a_name_that_is_taken_needs_force_and_is_refused_before_reading(
    folder: Path, workspace: Workspace
) -> None:
    import_corpus(Source(folder), "mine")
    with pytest.raises(WorkbenchError, match=r"already\. Use --force"):
        import_corpus(Source(folder / "none.jsonl"), "mine")
    import_corpus(Source(folder), "mine", limit=5, overwrite=True)
    assert len(load_corpus("mine").train) == 5


def test_the_name_of_the_built_in_corpus_is_taken(folder: Path, workspace: Workspace) -> None:
    with pytest.raises(WorkbenchError, match="built-in corpus"):
        import_corpus(Source(folder), "demo", overwrite=True)


def test_an_error_keeps_the_corpus_that_was_there(folder: Path, workspace: Workspace) -> None:
    before, _ = import_corpus(Source(folder), "mine")
    (folder / "train.jsonl").write_text("broken\n")
    with pytest.raises(WorkbenchError):
        import_corpus(Source(folder), "mine", overwrite=True)
    assert load_corpus("mine").fingerprint == before.fingerprint


def test_stopped_while_reading_nothing_is_left(folder: Path, workspace: Workspace) -> None:
    def stop(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_corpus(Source(folder), "mine", advance=stop)
    assert not workspace.corpora.exists()


def test_a_check_counts_and_collects_without_writing(folder: Path, workspace: Workspace) -> None:
    clean = check_source(Source(folder))
    assert (clean.format, clean.n_labels) == ("jsonl", 4)
    assert clean.counts == {"train": 50, "valid": 10, "test": 10}
    assert clean.problems.errors == []
    (folder / "dev.jsonl").write_text('{"txt": "a", "labels": []}\n' * 30)
    assert len(check_source(Source(folder)).problems.errors) == 30
    assert not workspace.root.exists()


def test_options_and_format_reach_the_reader(tmp_path: Path, workspace: Workspace) -> None:
    rows = [f"document {row}\tx|y" if row % 2 else f"document {row}\ty" for row in range(40)]
    (tmp_path / "data.txt").write_text("body\ttags\n" + "\n".join(rows) + "\n")
    (tmp_path / "data.tsv").write_bytes((tmp_path / "data.txt").read_bytes())
    options = ReadOptions(text_field="body", labels_field="tags")
    corpus, _ = import_corpus(Source(tmp_path / "data.tsv", "csv", options), "mine")
    assert corpus.labels == ("x", "y")
    assert sum(len(split) for split in corpus.splits.values()) == 40
    assert any("separated by '|'" in note for note in corpus.card.notes)


def test_paths_may_be_given_as_text(folder: Path) -> None:
    assert check_source(Source(str(folder))).counts == check_source(Source(folder)).counts  # type: ignore[arg-type]


def test_too_few_documents_to_draw_splits_from_are_warned_of(
    tmp_path: Path, write_jsonl: Write, workspace: Workspace
) -> None:
    few = [{"text": f"text {row}", "labels": [label]} for row, label in enumerate("aabb")]
    source = Source(write_jsonl(tmp_path / "few.jsonl", few))
    (warning,) = check_source(source).problems
    assert (warning.kind, warning.severity) == ("empty split", "warning")
    assert "to draw valid and test from; they stay empty" in warning.message
    assert "files called train, valid and test" in warning.remedy
    corpus, problems = import_corpus(source, "few", title="Few")
    assert [problem.message for problem in problems] == [warning.message]
    assert (corpus.card.title, corpus.card.valid_drawn[:28]) == ("Few", "drawn from train: 0 document")
    assert "Warned of on import: empty split (1)." in corpus.card.notes
    assert load_corpus("few").card == corpus.card
