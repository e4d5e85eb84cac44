"""A corpus and a run whose names and texts mean something to browsers, plotly, Markdown and spreadsheets."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from scipy import sparse

from tests.tested_runs import plausible_scores, write_tested_run
from workbench.data.corpus import Corpus, CorpusCard, Split, make_corpus
from workbench.data.library import save_corpus
from workbench.runs.store import Run
from workbench.workspace import Workspace

MEGABYTE = 2**20
LABELS = (
    "<script>alert(1)</script>",
    "<b>bold</b> <br> <img src=http://evil.example/i.png onerror=alert(2)>",
    '<a href="http://evil.example/a">link</a>',
    "![picture](http://evil.example/p.png)",
    "[link](javascript:alert(3))",
    ":red[colour] :smile: :material/home:",
    "$\\sqrt{x}$ `code` **strong** _faint_ ~~gone~~",
    "# heading\n\n- item",
    "=1+1",
    "@SUM(A1:A9)",
    "%{customdata[0]} &lt;i&gt;",
    "long " + "<i>x" * (MEGABYTE // 4),
)
TEXT = "<script>alert(4)</script> ![p](http://evil.example/t.png) :red[x] $y$ =2+2 "
_LONG = (0, 3)
_DOCUMENTS = {"train": 40, "valid": 12, "test": 24}


def odd_corpus() -> Corpus:
    """Documents with two labels or three each; some texts are a megabyte long."""
    splits = {}
    for part, count in _DOCUMENTS.items():
        rows = np.repeat(np.arange(count), 2)
        columns = np.stack([np.arange(count) % len(LABELS), (3 * np.arange(count) + 1) % len(LABELS)], axis=1)
        cells = np.ones(len(rows), np.uint8)
        targets = sparse.csr_array((cells, (rows, columns.ravel())), shape=(count, len(LABELS)))
        targets.data[:] = 1
        texts = [f"{TEXT}{row} in {part}" for row in range(count)]
        for row in _LONG:
            texts[row] += TEXT * (MEGABYTE // len(TEXT))
        ids = [f"<b>{part}</b>:red[{row}]" for row in range(count)]
        splits[part] = Split(texts, targets, ids)
    card = CorpusCard(title="<script>alert(5)</script> ![t](http://evil.example/c.png) :red[t] $z$")
    return make_corpus("odd", *splits.values(), labels=LABELS, label_texts=LABELS, card=card)


def write_odd(workspace: Workspace) -> tuple[Path, list[Run]]:
    """The corpus in the workspace, and two finished runs on it."""
    corpus = odd_corpus()
    folder = save_corpus(corpus, workspace.corpora / "odd")
    gold = corpus.test.targets.toarray()
    about = {
        "name": "odd",
        "title": corpus.card.title,
        "fingerprint": corpus.fingerprint,
        "split_id": corpus.split_id,
        "n_train": len(corpus.train),
        "n_test": len(corpus.test),
    }
    runs = []
    for seed, method in enumerate(("base", "protomix")):
        run = write_tested_run(
            workspace.runs,
            f"odd-{method}",
            plausible_scores(gold, seed),
            gold,
            method=method,
            corpus=about,
            ids=list(corpus.test.ids),
            labels=list(LABELS),
            counts=np.asarray(corpus.train.targets.sum(axis=0)).ravel(),
            recipe={"method": method, "corpus": "odd", "encoder": "cnn", "seed": 0, "frozen": False},
        )
        generator = np.random.default_rng(seed)
        for name, array in (
            ("label_embeddings", generator.normal(size=(len(LABELS), 6))),
            ("document_embeddings", generator.normal(size=(len(corpus.test), 6)).astype(np.float32)),
            ("document_rows", np.arange(len(corpus.test))),
        ):
            (run.path / "arrays").mkdir(exist_ok=True)
            np.save(run.path / "arrays" / f"{name}.npy", array)
        runs.append(run)
    return folder, runs
