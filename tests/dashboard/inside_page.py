"""What tests of the page inside a document share: a run whose labels attend, and what the page shows."""

from __future__ import annotations

from html import unescape
from re import findall

import workbench
from tests.dashboard.page import pictures
from workbench.data.corpus import Corpus
from workbench.data.library import save_corpus
from workbench.runs.store import Run
from workbench.workspace import Workspace

SMALL = {"filters": 4, "widths": [2], "embedding_size": 8, "epochs": 1}


def attending_run(corpus: Corpus, workspace: Workspace) -> Run:
    """A run whose labels attend, on a corpus that lies in the workspace."""
    save_corpus(corpus, workspace.corpora / "toy")
    return workbench.fit("lsfa-attention", "toy", workspace=workspace, **SMALL)


def tokens(test) -> list[str]:
    """The shaded tokens of the page, in their order."""
    html = "\n".join(part.proto.body for part in test.get("html"))
    return [unescape(token) for token in findall(r'of the attention">([^<]*)<', html)]


def rows(test, number: int = 0) -> list[str]:
    """The labels of a picture, the first on top."""
    return pictures(test)[number]["layout"]["yaxis"]["ticktext"]


def row_with_labels(run: Run) -> int:
    return next(row for row, gold in enumerate(run.predictions["gold_labels"]) if len(gold))
