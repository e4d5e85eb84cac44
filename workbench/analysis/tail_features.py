"""Features of document-label pairs, real and generated: are generated ones where real ones will be?

Source: "Label-Specific Feature Augmentation for Long-Tailed Multi-Label Text Classification", Figure 6. A
picture persuades easily, so that closeness.py measures beside it, against features of test documents.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.analysis.trained_on import trained_on
from workbench.errors import WorkbenchError, nearest
from workbench.plain_text import shown_name
from workbench.runs.store import Run

if TYPE_CHECKING:
    from workbench.data.corpus import Corpus

KINDS = ("training", "held out", "generated", "prototype")
"""What `Features.kind` counts from 0: real features of training and of test documents, and what is made."""
TRAINING, HELD_OUT, GENERATED, PROTOTYPE = range(4)

MOST = 5_000
"""Features that one picture shows, at most."""

_NEEDED = (
    "label_features",
    "label_feature_labels",
    "label_feature_rows",
    "label_feature_splits",
    "prototypes",
    "label_is_tail",
)
_LETTERS = 70


@dataclass(frozen=True)
class Features:
    """P features of a run: vectors (P, V), label (P,), row of the document (P,; -1 without one), kind (P,).

    `is_tail` says which of the run's labels are tail labels, (L,).
    """

    vectors: np.ndarray
    label: NDArray[np.int64]
    row: NDArray[np.int64]
    kind: NDArray[np.uint8]
    is_tail: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.label)

    def take(self, places: NDArray[np.integer] | NDArray[np.bool_]) -> Features:
        """Only the features at `places`."""
        return Features(
            self.vectors[places], self.label[places], self.row[places], self.kind[places], self.is_tail
        )

    def of_labels(self, labels: Sequence[int], most: int = MOST) -> Features:
        """Features of these labels; where they are more than `most`, an even share of each label and kind."""
        found = self.take(np.isin(self.label, labels))
        if len(found) <= most:
            return found
        return found.take(even_share(found.label * len(KINDS) + found.kind, most))


def keeps_features(run: Run) -> bool:
    """Whether a run has features of document-label pairs."""
    return set(_NEEDED) <= set(run.array_names)


def read_features(run: Run) -> Features:
    """All features that a run kept, with its prototypes and, where it has them, the generated ones.

    Raises:
        WorkbenchError: when an array is missing, damaged or does not fit the others, with how to make it.
    """
    if not keeps_features(run):
        raise WorkbenchError(
            f"Run {run.name!r} has no features of document-label pairs. Train a method that has such: "
            "workbench train lsfa"
        )
    real, label = run.array("label_features"), run.array("label_feature_labels")
    row, split = run.array("label_feature_rows"), run.array("label_feature_splits")
    prototypes, is_tail = run.array("prototypes"), np.asarray(run.array("label_is_tail"), dtype=bool)
    parts = [(real, label, row, np.where(split == 0, TRAINING, HELD_OUT))]
    if "augmented_features" in run.array_names:
        made, of = run.array("augmented_features"), run.array("augmented_labels")
        parts.append((made, of, np.full(len(of), -1), np.full(len(of), GENERATED)))
    odd = WorkbenchError(f"The features of run {run.name!r} do not fit together. Train it anew.")
    if {prototypes.shape[:1], is_tail.shape} != {run.train_counts.shape}:
        raise odd
    known = np.flatnonzero(run.train_counts > 0)
    parts.append((prototypes[known], known, np.full(len(known), -1), np.full(len(known), PROTOTYPE)))
    if any(part[0].shape[:1] != column.shape for part in parts for column in part[1:]):
        raise odd
    if {part[0].ndim for part in parts} != {2} or len({part[0].shape[1] for part in parts}) != 1:
        raise odd
    vectors, labels, rows, kinds = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    return Features(
        vectors.astype(np.float32),
        labels.astype(np.int64),
        rows.astype(np.int64),
        kinds.astype(np.uint8),
        is_tail,
    )


def label_indices(run: Run, codes: Sequence[str]) -> list[int]:
    """The places of these label codes among the run's labels.

    Raises:
        WorkbenchError: for a code that the run has not, with the nearest it has.
    """
    places = {code: index for index, code in enumerate(run.labels)}
    for code in codes:
        if code not in places:
            raise WorkbenchError(f"Run {run.name!r} has no label {code!r}.{nearest(code, places)}")
    return [places[code] for code in codes]


def feature_table(
    features: Mapping[str, Features],
    points: Mapping[str, np.ndarray],
    texts: Mapping[str, NDArray[np.str_]],
    labels: Mapping[int, str],
) -> pd.DataFrame:
    """What a picture draws, one row a run and feature: run, x, y, label (name), kind, text, document.

    The last is the row of the test split; -1 for a feature of no test document.

    Shapes: by run name, P features, points (P, 2) and texts (P,); `labels` are names by label index, in the
    order that the picture shall have.
    """
    parts = [
        pd.DataFrame(
            {
                "run": name,
                "x": points[name][:, 0],
                "y": points[name][:, 1],
                "label": pd.Categorical([labels[k] for k in found.label.tolist()], list(labels.values())),
                "kind": np.array(KINDS)[found.kind],
                "text": texts[name],
                "document": np.where(found.kind == HELD_OUT, found.row, -1),
            }
        )
        for name, found in features.items()
    ]
    columns = ["run", "x", "y", "label", "kind", "text", "document"]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)


def first_labels(found: Features, tails: int = 2) -> list[int]:
    """A head label and some tail labels to begin with: those with most features of test documents."""
    held_out = np.bincount(found.label[found.kind == HELD_OUT], minlength=len(found.is_tail))
    ranked = np.argsort(-held_out, kind="stable")
    heads = [int(label) for label in ranked if not found.is_tail[label] and held_out[label]]
    rare = [int(label) for label in ranked if found.is_tail[label] and held_out[label]]
    return heads[:1] + rare[:tails]


def pair_texts(run: Run, corpus: Corpus, found: Features) -> NDArray[np.str_]:
    """For each feature its document's id and the text's beginning, (P,); what it is where it has none.

    Raises:
        WorkbenchError: when the corpus is not what the run was trained on.
    """
    corpus = trained_on(run, corpus)
    splits = {TRAINING: corpus.train, HELD_OUT: corpus.test}
    texts = []
    for kind, row in zip(found.kind.tolist(), found.row.tolist(), strict=True):
        split = splits.get(kind)
        if split is None:
            texts.append(KINDS[kind])
            continue
        texts.append(f"{shown_name(split.ids[row])}: {shown_name(split.texts[row], _LETTERS)}")
    return np.array(texts, dtype=np.str_)


def even_share(group: NDArray[np.int64], most: int) -> NDArray[np.bool_]:
    """Which of the members (P,) to take so that they are `most` at the most: as many of each group, drawn.

    At least one of each is taken, also where groups are more than `most`.
    """
    if len(group) <= most:
        return np.ones(len(group), dtype=bool)
    drawn = np.random.default_rng(0).permutation(len(group))
    order = drawn[np.argsort(group[drawn], kind="stable")]  # any of a group, not its first documents
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order)) - np.searchsorted(group[order], group[order])
    reach = np.cumsum(np.bincount(place))  # taken in all with 1, 2, … of each group
    share = max(1, int(np.searchsorted(reach, most, side="right")))
    return place < share
