from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import Counter

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import f1_score
from sklearn.multiclass import OneVsRestClassifier
from sklearn.svm import LinearSVC

from workbench.data.corpus import Corpus
from workbench.data.demo import DemoCorpus, generate, generator_version
from workbench.errors import WorkbenchError

Pairs = set[frozenset[int]]


@pytest.fixture(scope="module")
def demo() -> DemoCorpus:
    return generate(seed=0)


@pytest.fixture(scope="module")
def targets(demo: DemoCorpus) -> NDArray[np.float64]:
    """(N, L) of all splits."""
    parts = [split.targets.toarray() for split in demo.corpus.splits.values()]
    return np.vstack(parts).astype(np.float64)


@pytest.fixture(scope="module")
def texts(demo: DemoCorpus) -> list[str]:
    return [text for split in demo.corpus.splits.values() for text in split.texts]


def train_counts(corpus: Corpus) -> NDArray[np.int64]:
    return corpus.train.targets.toarray().astype(np.int64).sum(axis=0)


def numbered(demo: DemoCorpus, pairs: tuple[tuple[str, str, object], ...]) -> Pairs:
    position = {code: number for number, code in enumerate(demo.corpus.labels)}
    return {frozenset((position[first], position[second])) for first, second, _ in pairs}


def test_the_same_seed_gives_the_same_corpus_and_another_seed_another() -> None:
    first, again, other = (generate(seed, 250) for seed in (3, 3, 4))
    assert first.corpus.fingerprint == again.corpus.fingerprint
    assert first.truth == again.truth
    assert first.corpus.fingerprint != other.corpus.fingerprint
    assert not set(first.corpus.train.texts) & set(other.corpus.train.texts)


def test_other_documents_come_with_another_version() -> None:
    """When this fails with the version unchanged, count workbench.data.demo.version.CODE up."""
    written = (generator_version(), generate(0, 200).corpus.fingerprint)
    assert written == ("1-68ff3c9f", "1d5619a95f264820ee8f0fa59cb413b9574db5a2cb8027fd73c7f9b302da6eb7")


def test_the_corpus_does_not_depend_on_the_hash_seed_of_the_process() -> None:
    program = "from workbench.data.demo import generate; print(generate(5, 200).corpus.fingerprint)"
    environments = [{**os.environ, "PYTHONHASHSEED": value} for value in ("1", "2")]
    outputs = {subprocess.check_output([sys.executable, "-c", program], env=env) for env in environments}
    assert outputs == {f"{generate(5, 200).corpus.fingerprint}\n".encode()}


def test_sizes_labels_and_ids(demo: DemoCorpus, targets: NDArray[np.float64]) -> None:
    corpus = demo.corpus
    assert corpus.name == "demo"
    assert [len(split) for split in corpus.splits.values()] == pytest.approx([2310, 300, 390], abs=25)
    assert len(targets) == 3000
    assert len(corpus.labels) == len(set(corpus.label_texts)) == 48
    assert 2.0 <= targets.sum(axis=1).mean() <= 2.7
    assert targets.sum(axis=1).min() >= 1
    ids = {identity for split in corpus.splits.values() for identity in split.ids}
    assert ids == {f"demo-{number:06d}" for number in range(1, 3001)}


@pytest.mark.parametrize("n_documents", [200, 300, 1000])
def test_every_label_reaches_train_in_a_small_corpus(n_documents: int) -> None:
    corpus = generate(7, n_documents).corpus
    assert sum(len(split) for split in corpus.splits.values()) == n_documents
    assert train_counts(corpus).min() >= 1


def test_too_few_documents_are_refused() -> None:
    with pytest.raises(WorkbenchError, match="at least 200 documents"):
        generate(0, 199)


def test_frequencies_follow_a_zipf_like_law_with_a_third_of_the_labels_in_the_tail(demo: DemoCorpus) -> None:
    counts = np.sort(train_counts(demo.corpus))[::-1]
    assert counts[-1] >= 3
    assert 15 <= (counts < 20).sum() <= 19
    rank = np.log(np.arange(1, len(counts) + 1))
    slope = np.polyfit(rank, np.log(counts), 1)[0]
    assert -2.0 < slope < -1.0
    assert np.corrcoef(rank, np.log(counts))[0, 1] < -0.95


def test_validation_and_test_hold_nearly_every_label(demo: DemoCorpus) -> None:
    for split in (demo.corpus.valid, demo.corpus.test):
        assert (split.targets.toarray().sum(axis=0) > 0).mean() > 0.9


def test_planted_pairs_co_occur_far_more_than_others(demo: DemoCorpus, targets: NDArray[np.float64]) -> None:
    together = targets.T @ targets
    expected = np.outer(np.diag(together), np.diag(together)) / len(targets)
    planted = numbered(demo, demo.truth.cooccurring)
    silent = numbered(demo, demo.truth.implicit)
    lift = {
        frozenset((i, j)): together[i, j] / expected[i, j]
        for i in range(48)
        for j in range(i)
        if expected[i, j] > 3 or frozenset((i, j)) in planted
    }
    others = [value for pair, value in lift.items() if pair not in planted | silent]
    assert len(others) > 100
    assert np.quantile(others, 0.99) < 1.7
    assert all(lift[pair] > 1.7 for pair in planted)
    assert np.median([lift[pair] for pair in planted]) > 4


def test_implicit_pairs_never_co_occur_with_or_without_noise(
    demo: DemoCorpus, targets: NDArray[np.float64]
) -> None:
    together = targets.T @ targets
    for first, second in (sorted(pair) for pair in numbered(demo, demo.truth.implicit)):
        assert together[first, second] == 0
        assert min(together[first, first], together[second, second]) > 0
    silent = [{first, second} for first, second, _ in demo.truth.implicit]
    assert not any(pair <= set(codes) for codes in demo.truth.disturbed.values() for pair in silent)


def test_implicit_pairs_share_more_words_than_any_other_pair(demo: DemoCorpus) -> None:
    words = {code: set(own) for code, own in demo.truth.label_words.items()}
    silent = {frozenset(pair[:2]) for pair in demo.truth.implicit}

    def overlap(first: str, second: str) -> float:
        return len(words[first] & words[second]) / len(words[first] | words[second])

    pairs = [(a, b) for a in words for b in words if a < b]
    others = [overlap(a, b) for a, b in pairs if frozenset((a, b)) not in silent]
    assert min(overlap(a, b) for a, b, _ in demo.truth.implicit) > max(others)
    for first, second, shared in demo.truth.implicit:
        assert set(shared) <= words[first] & words[second]
        assert all({first, second} <= set(demo.truth.shared_words[word]) for word in shared)


def test_words_of_a_label_are_over_represented_in_its_documents(
    demo: DemoCorpus, targets: NDArray[np.float64], texts: list[str]
) -> None:
    lowered = [text.lower() for text in texts]
    for number, code in enumerate(demo.corpus.labels):
        only_here = [w.lower() for w in demo.truth.label_words[code] if w not in demo.truth.shared_words]
        says = np.array([any(word in text for word in only_here) for text in lowered])
        has = targets[:, number] > 0
        assert says[has].mean() > 2.5 * says[~has].mean()
        assert says[has].mean() < 1


def test_noise_is_as_frequent_as_the_truth_says(demo: DemoCorpus) -> None:
    truth, corpus = demo.truth, demo.corpus
    codes = np.array(corpus.labels)
    given = {
        identity: set(codes[split.targets[[row]].indices])
        for split in corpus.splits.values()
        for row, identity in enumerate(split.ids)
    }
    assert all(truth.main_labels[identity] in labels for identity, labels in given.items())
    added = sum(bool(given[identity] - set(clean)) for identity, clean in truth.disturbed.items())
    removed = sum(len(set(clean) - given[identity]) for identity, clean in truth.disturbed.items())
    companions = sum(len(labels) - 1 for labels in given.values()) - added + removed
    assert added / 3000 == pytest.approx(truth.noise["spurious"], rel=0.25)
    assert removed / companions == pytest.approx(truth.noise["missing"], rel=0.25)


def test_texts_are_well_formed_short_and_varied(texts: list[str]) -> None:
    assert len(set(texts)) == len(texts)
    for text in texts:
        assert re.fullmatch(r"[A-Z].*[.?]", text), text
        assert not re.search(r"[\[\]{}|]|\s\s|\s[.,;?]|[.,;?][.,;?]|\b(a [aeio]|an [^aeiou])", text), text
        assert not re.search(r"\b([A-Za-z]+) \1\b", text), text
    lengths = np.array([len(text.split()) for text in texts])
    assert lengths.min() >= 15
    assert lengths.max() <= 130
    assert 50 <= np.median(lengths) <= 75
    sentences = [sentence for text in texts for sentence in re.split(r"(?<=[.?]) ", text)]
    assert len(set(sentences)) > 0.9 * len(sentences)
    openings = Counter(tuple(text.split()[:2]) for text in texts)
    assert openings.most_common(1)[0][1] < 0.08 * len(texts)


def test_a_linear_model_gets_far_but_not_to_the_ceiling_and_fails_the_tail(demo: DemoCorpus) -> None:
    corpus = demo.corpus
    vectorizer = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)
    model = OneVsRestClassifier(LinearSVC())
    model.fit(vectorizer.fit_transform(corpus.train.texts), corpus.train.targets.toarray())
    scores = model.decision_function(vectorizer.transform(corpus.test.texts))
    gold = corpus.test.targets.toarray()
    precision_at_1 = gold[np.arange(len(gold)), scores.argmax(axis=1)].mean()
    assert 0.70 < precision_at_1 < 0.90
    f1 = f1_score(gold, scores > 0, average=None, zero_division=0.0)
    counts = train_counts(corpus)
    assert f1[counts < 20].mean() < 0.5 * f1[counts >= 100].mean()
