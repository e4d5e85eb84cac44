"""The built-in corpus: abstracts in the manner of a research archive, with a planted label structure."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from workbench.data.corpus import Corpus, CorpusCard, Split, make_corpus
from workbench.data.demo.draws import Draws
from workbench.data.demo.labelling import LabelSampler, Noise
from workbench.data.demo.truth import PlantedTruth
from workbench.data.demo.version import generator_version
from workbench.data.demo.vocabulary import Vocabulary, vocabulary
from workbench.data.demo.writing import Writer
from workbench.data.stratification import stratified_folds
from workbench.errors import WorkbenchError

FEWEST_DOCUMENTS = 200
FRACTIONS = (0.77, 0.1, 0.13)  # train, valid, test


@dataclass(frozen=True)
class DemoCorpus:
    """A generated corpus and what was planted in it."""

    corpus: Corpus
    truth: PlantedTruth


@dataclass(frozen=True)
class _Document:
    text: str
    labels: tuple[int, ...]  # as annotated
    clean: tuple[int, ...]  # without noise, the main label first


def generate(seed: int = 0, n_documents: int = 3000) -> DemoCorpus:
    """Write a corpus of short abstracts over 48 labels; the same arguments give the same bytes everywhere.

    Label frequencies follow a Zipf-Mandelbrot law, the splits are stratified, and the planted structure is
    returned as truth: pairs that co-occur, pairs that share words and never do, words per label, noise.

    Args:
        seed: any whole number; another one gives other documents over the same labels and words.
        n_documents: of all three splits together; with far fewer than 3,000 more labels are rare.

    Raises:
        WorkbenchError: fewer documents than every label needs to reach the training split.
    """
    if n_documents < FEWEST_DOCUMENTS:
        raise WorkbenchError(
            f"The demo corpus needs at least {FEWEST_DOCUMENTS} documents for its labels, not {n_documents}."
        )
    words, noise = vocabulary(), Noise()
    documents = _documents(words, noise, seed, n_documents)
    targets = _targets([document.labels for document in documents], len(words.codes))
    folds = stratified_folds(targets, FRACTIONS, seed)
    texts = [document.text for document in documents]
    ids = [f"demo-{number:06d}" for number in range(1, n_documents + 1)]
    train, valid, test = (_split(np.flatnonzero(folds == fold), texts, targets, ids) for fold in range(3))
    corpus = make_corpus("demo", train, valid, test, words.codes, words.names, _card(seed))
    return DemoCorpus(corpus, _truth(words, noise, seed, dict(zip(ids, documents, strict=True))))


def _documents(words: Vocabulary, noise: Noise, seed: int, n_documents: int) -> list[_Document]:
    sampler = LabelSampler(words, n_documents, Draws(seed, "labels"))
    writer, draws = Writer(words, sampler, noise), Draws(seed, "texts")
    documents, texts = [], set[str]()
    for labels in sampler.draw(n_documents):
        text = writer.write(labels, draws)
        while text in texts:
            text = writer.write(labels, draws)
        texts.add(text)
        documents.append(_Document(text, sampler.disturb(labels, noise), labels))
    return documents


def _targets(label_sets: list[tuple[int, ...]], n_labels: int) -> sparse.csr_array:
    """Label numbers per document as csr (N, L) uint8."""
    sizes = [len(labels) for labels in label_sets]
    columns = np.array([label for labels in label_sets for label in labels], dtype=np.int64)
    ones = np.ones(len(columns), dtype=np.uint8)
    return sparse.csr_array((ones, columns, np.cumsum([0, *sizes])), shape=(len(sizes), n_labels))


def _split(rows: NDArray[np.int64], texts: list[str], targets: sparse.csr_array, ids: list[str]) -> Split:
    return Split([texts[row] for row in rows], targets[rows], [ids[row] for row in rows])


def _card(seed: int) -> CorpusCard:
    return CorpusCard(
        title="Built-in demo corpus: short research abstracts with a planted label structure",
        reader="generated",
        source=f"workbench.data.demo.generate(seed={seed})",
        licence="Apache-2.0",
        valid_drawn=f"train, valid and test together by iterative stratification, seed {seed}",
        notes=("Every text is made up by a grammar; no finding in it is real.",),
        extra={"generator": generator_version()},
    )


def _truth(words: Vocabulary, noise: Noise, seed: int, documents: dict[str, _Document]) -> PlantedTruth:
    def codes(labels: tuple[int, ...]) -> tuple[str, ...]:
        return tuple(words.codes[label] for label in labels)

    return PlantedTruth(
        seed=seed,
        n_documents=len(documents),
        label_words={code: words.words_of(code) for code in words.codes},
        shared_words=words.shared_words(),
        cooccurring=words.explicit,
        implicit=words.implicit,
        noise=asdict(noise),
        main_labels={key: words.codes[document.clean[0]] for key, document in documents.items()},
        disturbed={
            key: codes(document.clean)
            for key, document in documents.items()
            if set(document.labels) != set(document.clean)
        },
    )
