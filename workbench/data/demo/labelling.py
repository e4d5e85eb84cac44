"""Which labels stand on which document: a long tail, planted pairs, and noise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workbench.data.demo.draws import Draws
from workbench.data.demo.vocabulary import Vocabulary

EXPONENT, OFFSET = 2.6, 8.7  # of the Zipf-Mandelbrot law: frequency of rank r ~ (r + offset) ** -exponent
LABELS_PER_DOCUMENT = 2.25  # in the urn; a little more than the companions below take out
FEWEST = 6  # documents of a label, so that every split can have one
FEWEST_MAIN = 3  # documents mainly about a label
COMPANIONS = (0.22, 0.44, 0.26, 0.08)  # probability of 0, 1, 2, 3 companions of a main label


@dataclass(frozen=True)
class Noise:
    """How the labels and texts are disturbed, as probabilities.

    Attributes:
        missing: a companion is left off its document (the main label never is).
        spurious: a document gets a label it has no word of.
        aside: a text holds a sentence with words of a label that it does not have.
        stray: a word comes from a label that the document does not have.
        generic: a word says nothing about labels.
    """

    missing: float = 0.1
    spurious: float = 0.06
    aside: float = 0.65
    stray: float = 0.12
    generic: float = 0.3


def label_counts(n_documents: int, n_labels: int) -> list[int]:
    """How many documents each rank gets by the Zipf-Mandelbrot law, never fewer than a handful."""
    law = [(rank + OFFSET) ** -EXPONENT for rank in range(1, n_labels + 1)]
    scale = n_documents * LABELS_PER_DOCUMENT / sum(law)
    return [max(FEWEST, round(share * scale)) for share in law]


class LabelSampler:
    """Draws label sets from an urn that holds each label as often as the law says, without replacement."""

    def __init__(self, words: Vocabulary, n_documents: int, draws: Draws) -> None:
        position = {code: number for number, code in enumerate(words.codes)}
        self._draws = draws
        self.counts = label_counts(n_documents, len(words.codes))
        self._urn = list(self.counts)
        self._partners: dict[int, list[tuple[int, float]]] = {}
        for first, second, probability in words.explicit:
            self._plant(position[first], position[second], probability)
        self._never: dict[int, set[int]] = {number: {number} for number in position.values()}
        for first, second, _ in words.implicit:
            self._never[position[first]].add(position[second])
            self._never[position[second]].add(position[first])

    def draw(self, n_documents: int) -> list[tuple[int, ...]]:
        """The labels of `n_documents` documents, numbers from 0, the main one first."""
        first = [label for label in range(len(self._urn)) for _ in range(FEWEST_MAIN)]
        drawn = [self._with_companions(label) for label in first]
        drawn += [self._with_companions(self._main()) for _ in range(n_documents - len(first))]
        self._draws.shuffle(drawn)
        return drawn

    def disturb(self, labels: tuple[int, ...], noise: Noise) -> tuple[int, ...]:
        """The labels as an imperfect annotator gives them; pairs that never stand together still do not."""
        kept = [labels[0], *(label for label in labels[1:] if not self._draws.chance(noise.missing))]
        if self._draws.chance(noise.spurious):
            kept.append(self.stranger((*labels, *kept), self._draws))
        return tuple(kept)

    def stranger(self, labels: tuple[int, ...], draws: Draws) -> int:
        """A label that could stand beside `labels` but is none of them, a frequent one more likely."""
        return draws.weighted(self._fitting(self.counts, labels))

    def rivals(self, label: int) -> tuple[int, ...]:
        """The labels that share words with `label` and never stand beside it."""
        return tuple(sorted(self._never[label] - {label}))

    def _main(self) -> int:
        if not any(self._urn):
            self._urn = list(self.counts)
        return self._draws.weighted(self._urn)

    def _with_companions(self, main: int) -> tuple[int, ...]:
        labels = [self._take(main)]
        for _ in range(self._draws.weighted(COMPANIONS)):
            companion = self._companion(labels)
            if companion is not None:
                labels.append(self._take(companion))
        return tuple(labels)

    def _take(self, label: int) -> int:
        self._urn[label] = max(0, self._urn[label] - 1)
        return label

    def _plant(self, first: int, second: int, probability: float) -> None:
        """Let both labels draw each other; the more frequent one as often as keeps the pair in proportion."""
        for main, other in ((first, second), (second, first)):
            in_proportion = min(1.0, self.counts[other] / self.counts[main])
            self._partners.setdefault(main, []).append((other, probability * in_proportion))

    def _companion(self, labels: list[int]) -> int | None:
        weights = self._fitting(self._urn, labels)
        for partner, probability in self._partners.get(labels[0], ()):
            if weights[partner] and self._draws.chance(probability):
                return partner
        return self._draws.weighted(weights) if any(weights) else None

    def _fitting(self, counts: list[int], labels: Sequence[int]) -> list[int]:
        """The counts, with zero for every label that cannot stand beside `labels`."""
        excluded = set().union(*(self._never[label] for label in labels))
        return [0 if label in excluded else count for label, count in enumerate(counts)]
