"""SEP-MLDC's equations against plain loops in float64, scikit-learn and numbers worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from sklearn.metrics import jaccard_score

from workbench.errors import WorkbenchError
from workbench.methods.sep_mldc_equations import (
    classification_loss,
    document_contrastive_loss,
    document_similarity,
    label_contrastive_loss,
    label_similarity,
)

READINGS = ("default", "paper")
# Documents 0 and 1 have the same labels, 2 shares one of them, 3 has none; label 3 has no document.
TARGETS = torch.tensor([[1, 1, 0, 0], [1, 1, 0, 0], [0, 1, 1, 0], [0, 0, 0, 0]], dtype=torch.uint8)


def _drawn(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(*shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


def _targets(rows: int, labels: int, seed: int = 0, share: float = 0.4) -> torch.Tensor:
    drawn = torch.rand(rows, labels, generator=torch.Generator().manual_seed(seed)) < share
    return drawn.to(torch.uint8)


def _cosine(one, other) -> float:
    return float(one @ other / (one.norm() * other.norm()))


def _jaccard(one: set, other: set) -> float:
    return len(one & other) / len(one | other) if one | other else 0.0


def _documents_of_labels(targets) -> list[set[int]]:
    return [set(np.flatnonzero(column)) for column in targets.numpy().T]


def _labels_of_documents(targets) -> list[set[int]]:
    return [set(np.flatnonzero(row)) for row in targets.numpy()]


def _label_loss(labels, targets, temperature: float, reading: str) -> float:
    """Eq. 9 by plain loops."""
    documents, losses = _documents_of_labels(targets), []
    for i, own in enumerate(documents):
        denominator = 0.0
        for k, other in enumerate(documents):
            if k == i or not own or not other:
                continue
            weight = _jaccard(own, other) if reading == "paper" else 1 - _jaccard(own, other)
            denominator += weight * math.exp(_cosine(labels[i], labels[k]) / temperature)
        if denominator:
            losses.append(-math.log(math.exp(1 / temperature) / denominator))
    return sum(losses) / len(losses) if losses else 0.0


def _document_loss(documents, targets, temperature: float, reading: str) -> float:
    """Eq. 14 and 15 by plain loops."""
    sets, total = _labels_of_documents(targets), 0.0
    for i, own in enumerate(sets):
        others = [k for k in range(len(sets)) if k != i]
        positives = [k for k in others if own and sets[k] == own]
        raised = {k: math.exp(_cosine(documents[i], documents[k]) / temperature) for k in others}
        alike = {k: _jaccard(own, sets[k]) for k in others}
        negatives = [k for k in others if sets[k] != own or not own]
        if reading == "paper":
            below = sum(raised[k] * alike[k] for k in negatives)
            found = sum(-math.log(raised[j] / below) for j in positives) if below else 0.0
        else:
            below = sum(raised[k] for k in positives) + sum(raised[k] * (1 - alike[k]) for k in negatives)
            found = sum(-math.log(raised[j] / below) for j in positives) / max(len(positives), 1)
        total += found
    return total / len(sets)


def test_labels_are_alike_in_their_documents_by_hand():
    expected = [[1, 2 / 3, 0, 0], [2 / 3, 1, 1 / 3, 0], [0, 1 / 3, 1, 0], [0, 0, 0, 0]]
    torch.testing.assert_close(label_similarity(TARGETS), torch.tensor(expected))


def test_documents_are_alike_in_their_labels_by_hand():
    expected = [[1, 1, 1 / 3, 0], [1, 1, 1 / 3, 0], [1 / 3, 1 / 3, 1, 0], [0, 0, 0, 0]]
    torch.testing.assert_close(document_similarity(TARGETS), torch.tensor(expected))


@pytest.mark.parametrize("targets", [TARGETS, _targets(7, 5), _targets(1, 6), torch.zeros(3, 2)])
def test_similarities_are_those_of_scikit_learn(targets):
    def of(rows: np.ndarray) -> list[list[float]]:
        return [[jaccard_score(one, other, zero_division=0.0) for other in rows] for one in rows]

    rows = targets.numpy().astype(int)
    for found, expected in (
        (document_similarity(targets), of(rows)),
        (label_similarity(targets), of(rows.T)),
    ):
        assert found.shape == (len(expected), len(expected))
        np.testing.assert_allclose(found, expected, atol=1e-6)


def test_counts_stay_exact_under_autocast():
    targets = torch.ones(300, 2, dtype=torch.uint8)
    targets[0, 1] = 0
    with torch.autocast("cpu", dtype=torch.bfloat16):
        found = label_similarity(targets)
    assert found[0, 1] == pytest.approx(299 / 300)


@pytest.mark.parametrize("reading", READINGS)
@pytest.mark.parametrize("temperature", [0.1, 1.0])
@pytest.mark.parametrize("targets", [TARGETS, _targets(6, 4), _targets(5, 4, seed=3), _targets(1, 4)])
def test_the_contrast_of_labels_is_that_of_plain_loops(targets, temperature: float, reading: str):
    labels = _drawn(4, 8)
    found = label_contrastive_loss(labels, label_similarity(targets), temperature, reading)
    assert found.item() == pytest.approx(_label_loss(labels, targets, temperature, reading), abs=1e-5)


@pytest.mark.parametrize("reading", READINGS)
@pytest.mark.parametrize("temperature", [0.1, 1.0])
@pytest.mark.parametrize(
    "targets", [TARGETS, _targets(4, 2), _targets(4, 1, seed=1), torch.ones(4, 3), torch.zeros(4, 3)]
)
def test_the_contrast_of_documents_is_that_of_plain_loops(targets, temperature: float, reading: str):
    documents = _drawn(4, 8, seed=1)
    similarity = document_similarity(targets)
    found = document_contrastive_loss(documents, targets, similarity, temperature, reading)
    expected = _document_loss(documents, targets, temperature, reading)
    assert found.item() == pytest.approx(expected, abs=1e-5)


# Vectors at right angles: every cosine of two different ones is 0, so that exp(cosine / 1) is 1.
RIGHT_ANGLES = 5 * torch.eye(4)


def test_the_contrast_of_labels_by_hand():
    """Label 0 has the weights 2/3 (label 1) and 0 (label 2), label 1 2/3 and 1/3, label 2 1/3 and 0."""
    similarity = label_similarity(TARGETS)
    printed = (math.log(2 / 3) + math.log(2 / 3 + 1 / 3) + math.log(1 / 3)) / 3 - 1
    paper = label_contrastive_loss(RIGHT_ANGLES, similarity, 1.0, "paper")
    assert paper.item() == pytest.approx(printed, abs=1e-6)
    complement = (math.log(1 / 3 + 1) + math.log(1 / 3 + 2 / 3) + math.log(2 / 3 + 1)) / 3 - 1
    default = label_contrastive_loss(RIGHT_ANGLES, similarity, 1.0)
    assert default.item() == pytest.approx(complement, abs=1e-6)


def test_the_contrast_of_documents_by_hand():
    """Documents 0 and 1 are each other's positive; 2 weighs 1/3 as printed, else 2/3, and 3 weighs 0 or 1."""
    similarity = document_similarity(TARGETS)
    found = {
        reading: document_contrastive_loss(RIGHT_ANGLES, TARGETS, similarity, 1.0, reading).item()
        for reading in READINGS
    }
    assert found["paper"] == pytest.approx(2 * math.log(1 / 3) / 4, abs=1e-6)
    assert found["default"] == pytest.approx(2 * math.log(1 + 2 / 3 + 1) / 4, abs=1e-6)


def test_several_positives_are_averaged_or_summed():
    targets = torch.tensor([[1, 0], [1, 0], [1, 0], [1, 1]], dtype=torch.uint8)
    similarity = document_similarity(targets)
    default = document_contrastive_loss(RIGHT_ANGLES, targets, similarity, 1.0)
    assert default.item() == pytest.approx(3 * math.log(2 + 1 / 2) / 4, abs=1e-6)
    paper = document_contrastive_loss(RIGHT_ANGLES, targets, similarity, 1.0, "paper")
    assert paper.item() == pytest.approx(3 * 2 * math.log(1 / 2) / 4, abs=1e-6)


def test_a_label_without_documents_is_as_if_it_were_not_there():
    labels = _drawn(4, 8).requires_grad_()
    for reading in READINGS:
        whole = label_contrastive_loss(labels, label_similarity(TARGETS), 0.1, reading)
        part = label_contrastive_loss(labels[:3], label_similarity(TARGETS[:, :3]), 0.1, reading)
        torch.testing.assert_close(whole, part)
        (slope,) = torch.autograd.grad(whole, labels)
        assert (slope[3] == 0).all()
        assert (slope[:3] != 0).any(dim=1).all()


def test_lengths_of_vectors_change_nothing():
    documents, scale = _drawn(4, 8), torch.tensor([[0.01], [1.0], [30.0], [1000.0]])
    for reading in READINGS:
        similarity = label_similarity(TARGETS)
        torch.testing.assert_close(
            label_contrastive_loss(documents * scale, similarity, 0.1, reading),
            label_contrastive_loss(documents, similarity, 0.1, reading),
        )
        similarity = document_similarity(TARGETS)
        torch.testing.assert_close(
            document_contrastive_loss(documents * scale, TARGETS, similarity, 0.1, reading),
            document_contrastive_loss(documents, TARGETS, similarity, 0.1, reading),
        )


CORNERS = {
    "one document": torch.tensor([[1, 0, 1]], dtype=torch.uint8),
    "one document without labels": torch.zeros(1, 3, dtype=torch.uint8),
    "no label at all": torch.zeros(4, 3, dtype=torch.uint8),
    "all the same labels": torch.tensor([[1, 0, 1]] * 4, dtype=torch.uint8),
    "all labels": torch.ones(4, 3, dtype=torch.uint8),
    "a label for each": torch.eye(3, dtype=torch.uint8),
    "one label": torch.ones(3, 1, dtype=torch.uint8),
}


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float16])
@pytest.mark.parametrize("reading", READINGS)
@pytest.mark.parametrize("targets", CORNERS.values(), ids=CORNERS)
def test_losses_and_slopes_are_finite_at_a_low_temperature(targets, reading: str, dtype: torch.dtype):
    documents = (100 * _drawn(len(targets), 4)).to(dtype).requires_grad_()
    labels = (100 * _drawn(targets.shape[1], 4, seed=1)).to(dtype).requires_grad_()
    with torch.autocast("cpu", dtype=torch.bfloat16):
        of_labels = label_contrastive_loss(labels, label_similarity(targets), 0.01, reading)
        similarity = document_similarity(targets)
        of_documents = document_contrastive_loss(documents, targets, similarity, 0.01, reading)
    for loss in (of_labels, of_documents):
        assert loss.dim() == 0
        assert loss.dtype == torch.float32
        assert torch.isfinite(loss)
    (of_labels + of_documents).backward()
    assert torch.isfinite(labels.grad).all()
    assert torch.isfinite(documents.grad).all()


@pytest.mark.parametrize("reading", READINGS)
@pytest.mark.parametrize("corner", ["one document without labels", "no label at all"])
def test_without_labels_nothing_is_contrasted(corner: str, reading: str):
    targets = CORNERS[corner]
    documents, labels = _drawn(len(targets), 4), _drawn(3, 4)
    assert label_contrastive_loss(labels, label_similarity(targets), 0.1, reading) == 0
    similarity = document_similarity(targets)
    assert document_contrastive_loss(documents, targets, similarity, 0.1, reading) == 0


def test_where_all_documents_have_the_same_labels_they_are_only_drawn_together():
    """As printed there is no negative and so no denominator; labels differ in no document (1 - W is 0)."""
    targets = CORNERS["all the same labels"]
    documents, similarity = _drawn(4, 4), document_similarity(targets)
    assert document_contrastive_loss(documents, targets, similarity, 0.1, "paper") == 0
    together = documents[:1].expand(4, -1)
    least = document_contrastive_loss(together, targets, similarity, 0.1).item()
    assert least == pytest.approx(math.log(3), abs=1e-5)
    assert document_contrastive_loss(documents, targets, similarity, 0.1).item() > least
    assert label_contrastive_loss(_drawn(3, 4), label_similarity(targets), 0.1) == 0


def _pushes_on_labels(reading: str) -> tuple[float, float]:
    """How hard Eq. 9 pushes the cosine of label 0 with the more and with the less similar of two others."""
    sets = [[1, 1, 0]] * 3 + [[0, 1, 0]] + [[1, 0, 1]] + [[0, 0, 1]] * 4
    similarity = label_similarity(torch.tensor(sets, dtype=torch.uint8))
    assert similarity[0].tolist() == pytest.approx([1, 3 / 5, 1 / 8])
    labels = torch.tensor([[1.0, 0, 0], [0, 1.0, 0], [0, 0, 1.0]], requires_grad=True)
    label_contrastive_loss(labels, similarity, 0.1, reading).backward()
    # at right angles moving label 0 along the axis of another is moving their cosine
    return labels.grad[0, 1].item(), labels.grad[0, 2].item()


def test_which_way_labels_are_pushed():
    """Both readings repel; with W as printed similar labels most, with 1 - W the others."""
    alike, unlike = _pushes_on_labels("paper")
    assert alike > unlike > 0
    alike, unlike = _pushes_on_labels("default")
    assert 0 < alike < unlike


@pytest.mark.parametrize("reading", READINGS)
def test_which_way_documents_are_pushed(reading: str):
    """Document 0 has the positive 1, shares most labels with 2 and one with 3."""
    targets = torch.tensor([[1, 1, 1, 0], [1, 1, 1, 0], [1, 1, 0, 0], [1, 0, 0, 1]], dtype=torch.uint8)
    documents = torch.eye(4).requires_grad_()
    similarity = document_similarity(targets)
    document_contrastive_loss(documents, targets, similarity, 0.1, reading).backward()
    same, alike, unlike = documents.grad[0, 1:].tolist()
    assert same < 0  # drawn near
    assert min(alike, unlike) > 0
    assert (alike > unlike) == (reading == "paper")


@pytest.mark.parametrize(
    "equation, call",
    [
        ("9", lambda reading: label_contrastive_loss(_drawn(4, 2), torch.eye(4), 0.1, reading)),
        (
            "14",
            lambda reading: document_contrastive_loss(_drawn(4, 2), TARGETS, torch.eye(4), 0.1, reading),
        ),
        ("19", lambda reading: classification_loss(_drawn(4, 4), TARGETS, reading)),
    ],
)
def test_unknown_readings_are_refused(equation: str, call):
    with pytest.raises(WorkbenchError, match=rf"Eq\. {equation} has no reading 'code'.*default, paper"):
        call("code")
