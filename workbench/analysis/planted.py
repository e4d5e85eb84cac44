"""The built-in corpus's planted label pairs beside what is counted in its documents."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from workbench.analysis.cooccurrence import cooccurrence, pmi
from workbench.data.demo.truth import PlantedTruth
from workbench.errors import WorkbenchError

Partners = dict[str, list[tuple[str, float]]]


def planted_pairs(
    truth: PlantedTruth, labels: Sequence[str], ids: Sequence[str], targets: sparse.csr_array
) -> pd.DataFrame:
    """One row a pair that co-occurs by plan, in the truth's order.

    Args:
        truth: what was planted.
        labels: L codes.
        ids: N documents of a split.
        targets: (N, L) of 0/1, the labels of these documents.

    Returns:
        Columns: label_a, label_b (codes), probability (planted), by_chance (documents expected with both,
        were the two independent), by_plan (documents expected from the rule alone: those mainly about one
        label that drew the other as a companion and did not lose it to noise), counted, pmi (bits).

    Raises:
        WorkbenchError: when the truth is of other labels or documents.
    """
    counted = _counted([pair[:2] for pair in truth.cooccurring], labels, targets)
    counted.insert(2, "probability", [probability for *_, probability in truth.cooccurring])
    counted.insert(4, "by_plan", _by_plan(truth, labels, ids, targets))
    return counted


def silent_pairs(truth: PlantedTruth, labels: Sequence[str], targets: sparse.csr_array) -> pd.DataFrame:
    """One row a pair that shares words and never a document, in the truth's order.

    Columns: label_a, label_b (codes), shared_words (how many), for_example (three of them), by_chance
    (documents expected with both, were the two independent), counted, pmi (bits; minus infinity for none).

    Raises:
        WorkbenchError: when the truth is of other labels.
    """
    counted = _counted([pair[:2] for pair in truth.implicit], labels, targets)
    counted.insert(2, "shared_words", [len(words) for *_, words in truth.implicit])
    counted.insert(3, "for_example", [", ".join(words[:3]) for *_, words in truth.implicit])
    return counted


def _counted(
    pairs: Sequence[tuple[str, str]], labels: Sequence[str], targets: sparse.csr_array
) -> pd.DataFrame:
    position = {code: number for number, code in enumerate(labels)}
    if any(code not in position for pair in pairs for code in pair):
        raise WorkbenchError("The planted truth beside this corpus is of other labels. Generate it again.")
    a, b = (np.array([position[pair[side]] for pair in pairs], dtype=np.intp) for side in (0, 1))
    found = cooccurrence(targets)
    together = np.asarray(found.together[a, b]).reshape(-1).astype(np.int64)
    by_chance = found.counts[a] * found.counts[b] / max(1, found.documents)
    return pd.DataFrame(
        {
            "label_a": [first for first, _ in pairs],
            "label_b": [second for _, second in pairs],
            "by_chance": by_chance,
            "counted": together,
            "pmi": pmi(together, by_chance),
        }
    )


def _by_plan(
    truth: PlantedTruth, labels: Sequence[str], ids: Sequence[str], targets: sparse.csr_array
) -> list[float]:
    """Documents with both labels of each pair, expected from the rule that was planted.

    A document with k companions that is mainly about a label holds a partner with probability 1 - (1 - h)^k,
    where h is the chance of one draw: no earlier partner of the label is drawn, and this one is.
    """
    if any(identity not in truth.main_labels for identity in ids):
        raise WorkbenchError("The planted truth beside this corpus is of other documents. Generate it again.")
    about = np.array([truth.main_labels[identity] for identity in ids], dtype=object)
    companions = _companions(truth, ids, targets)
    frequency = dict(zip(labels, cooccurrence(targets).counts.tolist(), strict=True))
    partners = _partners(truth, frequency)
    kept = 1 - truth.noise["missing"]
    expected = []
    for first, second, _ in truth.cooccurring:
        held = [
            1 - (1 - _one_draw(partners[main], other)) ** companions[about == main]
            for main, other in ((first, second), (second, first))
        ]
        expected.append(float(kept * np.concatenate(held).sum()))
    return expected


def _companions(truth: PlantedTruth, ids: Sequence[str], targets: sparse.csr_array) -> NDArray[np.int64]:
    """How many labels each document had beside its main one before noise, (N,)."""
    sizes = np.diff(targets.indptr).astype(np.int64)
    clean = [len(truth.disturbed.get(identity, ())) for identity in ids]
    return np.where(clean, clean, sizes) - 1


def _partners(truth: PlantedTruth, frequency: dict[str, int]) -> Partners:
    """The planted partners of each label with the probability of each, lower for the more frequent label."""
    partners: Partners = {}
    for first, second, probability in truth.cooccurring:
        for main, other in ((first, second), (second, first)):
            in_proportion = min(1.0, frequency[other] / max(1, frequency[main]))
            partners.setdefault(main, []).append((other, probability * in_proportion))
    return partners


def _one_draw(partners: Sequence[tuple[str, float]], wanted: str) -> float:
    free = 1.0
    for other, probability in partners:
        if other == wanted:
            return free * probability
        free *= 1 - probability
    return 0.0
