"""Draw some training documents of a corpus into a corpus of its own; validation and test documents stay.

    python benchmarks/draw.py aapd --documents 5000 --seed 0 --name aapd-5k

Python's own generator draws them, whatever their labels (`workbench data import --limit` stratifies).
"""

from __future__ import annotations

import argparse
import random
from dataclasses import replace

from workbench.data.corpus import Corpus, make_corpus
from workbench.data.library import load_corpus, save_corpus
from workbench.errors import WorkbenchError
from workbench.workspace import Workspace


def main() -> None:
    """Draw and save."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", help="an imported corpus")
    parser.add_argument("--documents", type=int, required=True, help="how many training documents to keep")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--name", required=True, help="name of the new corpus")
    arguments = parser.parse_args()
    workspace = Workspace.current()
    try:
        whole = load_corpus(arguments.corpus, workspace)
        part = drawn(whole, arguments.documents, arguments.seed, arguments.name)
        save_corpus(part, workspace.corpora / arguments.name)
    except WorkbenchError as error:
        raise SystemExit(str(error)) from None


def drawn(whole: Corpus, n: int, seed: int, name: str) -> Corpus:
    """`n` of the training documents, in their order, as a corpus of this name and of its own split id.

    Raises:
        WorkbenchError: when there are not as many.
    """
    if not 1 <= n <= len(whole.train):
        raise WorkbenchError(
            f"--documents {n}: give a number from 1 to {len(whole.train)}, the size of train."
        )
    rows = sorted(random.Random(seed).sample(range(len(whole.train)), n))
    title = f"{whole.card.title}, {n:,} training documents drawn with seed {seed}"
    card = replace(whole.card, title=title)
    train = whole.train.take(rows)
    return make_corpus(name, train, whole.valid, whole.test, whole.labels, whole.label_texts, card)


if __name__ == "__main__":
    main()
