"""What a method may know of the labels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class LabelSpace:
    """Labels as a method sees them.

    Attributes:
        labels: L codes.
        texts: L names for people.
        train_counts: (L,) training documents per label, without generated ones.
        n_train: training documents, without generated ones.
        descriptions: L sentences on what labels mean, empty where one has none; or no sentence at all.
        n_generated: generated training documents, which are not in the counts.
    """

    labels: tuple[str, ...]
    texts: tuple[str, ...]
    train_counts: np.ndarray
    n_train: int
    descriptions: tuple[str, ...] = ()
    n_generated: int = 0

    def __len__(self) -> int:
        """The number of labels L."""
        return len(self.labels)
