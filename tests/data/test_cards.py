from __future__ import annotations

from workbench.data.cards import list_corpora
from workbench.data.corpus import Corpus
from workbench.data.library import save_corpus
from workbench.workspace import Workspace


def test_a_broken_corpus_is_listed_with_its_problem(corpus: Corpus, workspace: Workspace) -> None:
    assert list_corpora() == []
    save_corpus(corpus, workspace.corpora / "small")
    (workspace.corpora / "broken").mkdir()
    (workspace.corpora / "broken" / "card.json").write_text("[]")
    (workspace.corpora / ".small.x").mkdir()
    broken, small = list_corpora()
    assert broken.card is None
    assert "card.json is damaged" in (broken.problem or "")
    assert small.card is not None
    assert small.card["counts"] == {"train": 60, "valid": 10, "test": 15}
    assert small.problem is None
