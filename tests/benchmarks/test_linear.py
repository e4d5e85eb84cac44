from __future__ import annotations

import json
import sys

import numpy as np
import pytest
from scipy import sparse

from benchmarks import linear
from workbench.data.corpus import Corpus, Split, make_corpus
from workbench.data.library import save_corpus


def split(name: str, labels: list[int], n_labels: int) -> Split:
    """Documents of one label each, which their words give away."""
    targets = np.zeros((len(labels), n_labels), dtype=np.uint8)
    targets[np.arange(len(labels)), labels] = 1
    texts = [f"word{label} word{label}" for label in labels]
    return Split(texts, sparse.csr_array(targets), [f"{name}{row}" for row in range(len(labels))])


@pytest.fixture
def many() -> Corpus:
    """300 labels, more than a byte counts; the last of them is never seen in training."""
    names = [f"l{label}" for label in range(300)]
    train = split("a", [*range(299), *range(299)], 300)
    valid, test = (split(name, [3, 257, 280, 298], 300) for name in ("b", "c"))
    return make_corpus("many", train, valid, test, names, names)


def test_words_that_give_labels_away_are_learned_whatever_their_number(
    many, workspace, tmp_path, monkeypatch
):
    save_corpus(many, workspace.corpora / "many")
    monkeypatch.setattr(sys, "argv", ["linear.py", "many", "--out", str(tmp_path)])
    linear.main()
    record = json.loads((tmp_path / "many.json").read_text(encoding="utf-8"))
    tuned = record["test, threshold chosen on validation documents"]
    assert (tuned["P@1"], tuned["micro_F1"]) == (1.0, 1.0)
    assert record["n_train"] == 598


def test_an_unknown_corpus_is_said_without_a_traceback(workspace, tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["linear.py", "nothing", "--out", str(tmp_path)])
    with pytest.raises(SystemExit, match="nothing"):
        linear.main()
