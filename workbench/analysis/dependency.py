"""Whether a run learned which labels come together: its label pairs and label sets beside the gold ones.

Source: "Enhancing Label Correlation Feedback in Multi-Label Text Classification via Multi-Task Learning",
Tables 5 and 6. The paper has a divergence on training documents too. A run keeps the predictions of its test
documents alone: those of training documents are there once `workbench probe training-sets` has visited it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from workbench.analysis.predicted_sets import PredictedSets, label_matrix
from workbench.analysis.trained_on import trained_on
from workbench.data.corpus import Corpus
from workbench.errors import WorkbenchError
from workbench.metrics import (
    ConditionalProbabilities,
    LabelCombinations,
    conditional_divergence,
    conditional_probabilities,
    label_combinations,
)
from workbench.metrics.indicator import Indicator
from workbench.runs.store import Run

TRAINING_SETS = "training-sets"
"""The probe that predicts training documents."""
TRAINING_PREDICTED, TRAINING_GOLD = "training_predicted", "training_gold"
"""Its arrays (K, 2): document and label of each predicted pair, and of each gold one."""


@dataclass(frozen=True, eq=False)
class LabelSets:
    """The label sets of a finished run's test documents.

    Attributes:
        ids: (N,) the documents.
        gold: csr_array (N, L) of 0/1.
        predicted: (N, L) the labels whose score is at least the run's threshold.
    """

    ids: np.ndarray
    gold: sparse.csr_array
    predicted: Indicator


@dataclass(frozen=True)
class LabelDependency:
    """How a run's predictions keep to the gold's label pairs and label sets, on its test documents.

    Attributes:
        gold: p(b | a) among gold label sets, unsmoothed, with counts.
        predicted: the same among predicted ones.
        divergence: of the predicted pairs from the gold ones, in nats (Eq. 8).
        combinations: how many label sets there are, and what training did not show of them.
    """

    gold: ConditionalProbabilities
    predicted: ConditionalProbabilities
    divergence: float
    combinations: LabelCombinations


def read_label_sets(run: Run) -> LabelSets:
    """Gold label sets of the test documents, and those that the run predicts.

    Raises:
        WorkbenchError: when the run is not finished, or its predictions are damaged or do not fit its scores.
    """
    run.require_done("has predictions")
    table, scores = run.predictions, run.scores
    if len(table) != len(scores) or scores.ndim != 2 or scores.shape[1] != len(run.labels):
        raise WorkbenchError(
            f"Run {run.name!r} has {len(table)} predictions, {len(run.labels)} labels and scores of shape "
            f"{scores.shape}, which do not fit together. Train it again, or remove it with "
            "`workbench runs rm`."
        )
    gold = label_matrix(table["gold_labels"].to_numpy(), scores.shape[1])
    return LabelSets(table["id"].to_numpy(), gold, PredictedSets(run).sets)


def label_dependency(run: Run, corpus: Corpus, smoothing: float = 1.0) -> LabelDependency:
    """Label pairs and label sets of a finished run, beside those of the gold and of training.

    The two matrices (L, L) are dense: 4,000 labels take 400 MB. `run_divergence` and `run_combinations` give
    the numbers alone without them.

    Args:
        run: a finished run.
        corpus: what it was trained on, whole: for the label sets of its training documents.
        smoothing: of the divergence, see `metrics.conditional_divergence`.

    Raises:
        WorkbenchError: as `read_label_sets`; when the corpus is not the one the run was trained on.
    """
    sets = read_label_sets(run)
    return LabelDependency(
        conditional_probabilities(sets.gold),
        conditional_probabilities(sets.predicted),
        conditional_divergence(sets.gold, sets.predicted, smoothing),
        label_combinations(sets.predicted, sets.gold, trained_on(run, corpus).train.targets),
    )


def run_divergence(run: Run, smoothing: float = 1.0) -> float:
    """How far predicted label pairs are from the gold ones, in nats (Eq. 8); raises as `read_label_sets`."""
    sets = read_label_sets(run)
    return conditional_divergence(sets.gold, sets.predicted, smoothing)


def training_divergence(run: Run, smoothing: float = 1.0) -> float:
    """The same among the documents that the run was trained on.

    Raises:
        WorkbenchError: when the probe has not visited the run, or what it wrote is damaged.
    """
    known = run.probe(TRAINING_SETS)
    if known is None:
        raise WorkbenchError(
            f"Run {run.name!r} keeps no predictions of its training documents. Make them with: "
            f"workbench probe {TRAINING_SETS} {run.name}"
        )
    shape = int(known["documents"]), len(run.labels)
    gold, predicted = (_of_pairs(run, name, shape) for name in (TRAINING_GOLD, TRAINING_PREDICTED))
    return conditional_divergence(gold, predicted, smoothing)


def _of_pairs(run: Run, name: str, shape: tuple[int, int]) -> sparse.csr_array:
    pairs = np.asarray(run.array(name))
    is_whole = pairs.ndim == 2 and pairs.shape[1] == 2 and pairs.dtype.kind in "iu"
    if not is_whole or (pairs < 0).any() or (pairs >= shape).any():
        raise WorkbenchError(
            f"{name} of run {run.name!r} is no list of documents and labels. Make it again with: "
            f"workbench probe {TRAINING_SETS} {run.name} --force"
        )
    ones = np.ones(len(pairs), dtype=np.uint8)
    return sparse.csr_array((ones, (pairs[:, 0], pairs[:, 1])), shape=shape)


def run_combinations(run: Run, corpus: Corpus) -> LabelCombinations:
    """The label combinations of a finished run; `corpus` and errors as in `label_dependency`."""
    sets = read_label_sets(run)
    return label_combinations(sets.predicted, sets.gold, trained_on(run, corpus).train.targets)
