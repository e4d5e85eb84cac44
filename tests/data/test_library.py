from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from workbench.data import library
from workbench.data.cards import list_corpora
from workbench.data.corpus import Corpus, CorpusCard
from workbench.data.demo import generator_version
from workbench.data.library import lasting_name, load_corpus, save_corpus, verify_corpus
from workbench.errors import WorkbenchError
from workbench.workspace import Workspace


def test_a_saved_corpus_is_found_by_name_and_by_folder(corpus: Corpus, workspace: Workspace) -> None:
    folder = save_corpus(corpus, workspace.corpora / "small")
    assert load_corpus("small").fingerprint == corpus.fingerprint
    assert load_corpus(folder).fingerprint == corpus.fingerprint
    assert load_corpus("small", Workspace(workspace.root)).split_id == corpus.split_id
    assert [path.name for path in workspace.corpora.iterdir()] == ["small"]


def test_a_name_lasts_and_a_relative_path_is_made_whole(
    corpus: Corpus, workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_corpus(corpus, workspace.corpora / "small")
    elsewhere = save_corpus(corpus, tmp_path / "elsewhere" / "other")
    monkeypatch.chdir(elsewhere.parent)
    assert lasting_name("small", workspace) == "small"
    assert lasting_name("demo", workspace) == "demo"
    assert lasting_name("other", workspace) == str(elsewhere)
    assert lasting_name(Path("./other"), workspace) == str(elsewhere)
    assert load_corpus(lasting_name("other", workspace), workspace).fingerprint == corpus.fingerprint


def test_a_folder_that_cannot_be_written_to_is_named(corpus: Corpus, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(WorkbenchError, match=r"file/small could not be written"):
        save_corpus(corpus, tmp_path / "file" / "small")


def test_an_unknown_name_lists_what_there_is_and_the_nearest(corpus: Corpus, workspace: Workspace) -> None:
    save_corpus(corpus, workspace.corpora / "small")
    with pytest.raises(WorkbenchError, match=r"Did you mean 'small'\? There are: demo \(built in\), small"):
        load_corpus("smal")


def test_a_folder_of_raw_data_says_how_to_import(tmp_path: Path, workspace: Workspace) -> None:
    with pytest.raises(WorkbenchError, match="workbench data import"):
        load_corpus(tmp_path)


def test_a_folder_that_is_there_is_replaced_only_when_asked(corpus: Corpus, workspace: Workspace) -> None:
    folder = save_corpus(corpus, workspace.corpora / "small", companions={"truth.json": "{}"})
    smaller = corpus.with_train_size(7)
    with pytest.raises(WorkbenchError, match="--force"):
        save_corpus(smaller, folder)
    assert len(load_corpus("small").train) == 60
    assert (folder / "truth.json").read_text() == "{}"
    save_corpus(smaller, folder, overwrite=True)
    assert len(load_corpus("small").train) == 7
    assert not (folder / "truth.json").exists()


def test_an_opened_corpus_can_be_written_over_its_own_files(corpus: Corpus, workspace: Workspace) -> None:
    folder = save_corpus(corpus, workspace.corpora / "small")
    opened = load_corpus("small")
    save_corpus(opened, folder, overwrite=True)
    assert opened.train.texts[3] == corpus.train.texts[3]  # the old map still holds
    verify_corpus(folder)


@pytest.mark.parametrize("stop", [KeyboardInterrupt, OSError, WorkbenchError])
def test_stopped_halfway_nothing_changes(
    corpus: Corpus, workspace: Workspace, monkeypatch: pytest.MonkeyPatch, stop: type[BaseException]
) -> None:
    folder = save_corpus(corpus, workspace.corpora / "small")

    def halfway(_: Corpus, target: Path) -> None:
        (target / "train.arrow").write_bytes(b"half")
        raise stop

    monkeypatch.setattr(library, "write_corpus", halfway)
    with pytest.raises(stop):
        save_corpus(corpus.with_train_size(7), folder, overwrite=True)
    with pytest.raises(stop):
        save_corpus(corpus, workspace.corpora / "other")
    assert [path.name for path in workspace.corpora.iterdir()] == ["small"]
    assert len(load_corpus("small").train) == 60


def test_when_the_new_folder_cannot_take_its_place_the_old_one_comes_back(
    corpus: Corpus, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = save_corpus(corpus, workspace.corpora / "small")
    replace = Path.replace

    def refuse(self: Path, target: Path) -> Path:
        if target == folder and not self.name.endswith(".old"):
            raise PermissionError(13, "Permission denied")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(WorkbenchError, match="could not be written: Permission denied"):
        save_corpus(corpus.with_train_size(7), folder, overwrite=True)
    assert len(load_corpus("small").train) == 60
    assert [path.name for path in workspace.corpora.iterdir()] == ["small"]


def test_changed_content_does_not_pass_for_the_fingerprint(corpus: Corpus, workspace: Workspace) -> None:
    folder = save_corpus(corpus, workspace.corpora / "small")
    verify_corpus(folder)
    content = (folder / "train.arrow").read_bytes()
    assert content.count(b"train text 5 ") == 1
    (folder / "train.arrow").write_bytes(content.replace(b"train text 5 ", b"train text 6 "))
    with pytest.raises(WorkbenchError, match="does not have the fingerprint on its card"):
        verify_corpus(folder)


def test_the_demo_is_generated_once_and_opened_after(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = load_corpus("demo")
    assert (workspace.corpora / "demo" / "truth.json").is_file()
    monkeypatch.setattr(library, "_generate_demo", lambda folder: pytest.fail("generated twice"))
    assert load_corpus("demo").fingerprint == first.fingerprint


@pytest.mark.parametrize("extra", [{}, {"generator": "0-old"}])
def test_a_demo_of_another_generator_is_written_anew(
    corpus: Corpus, workspace: Workspace, extra: dict[str, str]
) -> None:
    old = replace(corpus, card=CorpusCard(reader="generated", extra=extra))
    folder = save_corpus(old, workspace.corpora / "demo")
    opened = load_corpus("demo")
    assert opened.fingerprint != old.fingerprint
    assert opened.card.extra == {"generator": generator_version()}
    assert (folder / "truth.json").is_file()
    verify_corpus(folder)


def test_an_old_demo_that_cannot_be_replaced_is_not_opened(
    corpus: Corpus, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = replace(corpus, card=CorpusCard(reader="generated"))
    folder = save_corpus(old, workspace.corpora / "demo")
    move = Path.replace

    def refuse(self: Path, target: Path) -> Path:
        if target == folder and not self.name.endswith(".old"):
            raise PermissionError(13, "Permission denied")
        return move(self, target)

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(WorkbenchError, match="could not be written"):
        load_corpus("demo")


def test_a_corpus_that_someone_put_in_the_place_of_the_demo_is_kept(
    corpus: Corpus, workspace: Workspace
) -> None:
    save_corpus(corpus, workspace.corpora / "demo")
    assert load_corpus("demo").fingerprint == corpus.fingerprint


@pytest.mark.parametrize("name", ["../elsewhere", "..", "a/../../elsewhere", "nul\0name", "", "/dev/null"])
def test_a_name_leads_out_of_no_folder(workspace: Workspace, name: str) -> None:
    (workspace.root / "elsewhere").mkdir(parents=True)
    with pytest.raises(WorkbenchError, match=r"no corpus|no imported corpus"):
        load_corpus(name)


def test_a_link_is_no_corpus_by_name(corpus: Corpus, workspace: Workspace, tmp_path: Path) -> None:
    elsewhere = save_corpus(corpus, tmp_path / "other")
    workspace.corpora.mkdir(parents=True)
    link = workspace.corpora / "link"
    link.symlink_to(elsewhere)
    (entry,) = list_corpora(workspace)
    assert entry.card is None and "link to a folder elsewhere" in str(entry.problem)
    for refused in (lambda: load_corpus("link"), lambda: save_corpus(corpus, link, overwrite=True)):
        with pytest.raises(WorkbenchError, match="link to a folder elsewhere"):
            refused()
    assert load_corpus(elsewhere).fingerprint == corpus.fingerprint


def test_a_card_cannot_name_a_folder_elsewhere(corpus: Corpus, workspace: Workspace) -> None:
    folder = save_corpus(corpus, workspace.corpora / "small")
    card = folder / "card.json"
    card.write_text(card.read_text().replace(f'"name": "{corpus.name}"', '"name": "../../small"'))
    with pytest.raises(WorkbenchError, match="cannot name a corpus"):
        load_corpus("small")
