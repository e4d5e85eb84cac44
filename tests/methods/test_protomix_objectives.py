"""The objectives against plain arithmetic on a batch whose mixing is fixed."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from workbench.encoders import build_encoder
from workbench.encoders.base import Encoded
from workbench.errors import WorkbenchError
from workbench.methods.base import Batch, Forward, LabelSpace
from workbench.methods.mixing import Mixing, batch_mixing, draw_mixing
from workbench.methods.protomix import (
    ProtoMix,
    ProtoMixConfig,
    attentive_prototype,
    classification_loss,
    prototype_distance,
)
from workbench.methods.protomix_objectives import (
    MixedClassification,
    MixedPrototypeDistance,
    PrototypeDistance,
)

LAM, PARTNER = 0.3, [2, 0, 1]


@pytest.fixture
def batch() -> Batch:
    targets = torch.tensor([[1, 0, 1, 0], [0, 1, 0, 0], [1, 1, 0, 1]], dtype=torch.uint8)
    return Batch({}, targets, torch.arange(3), {"mixing": Mixing(LAM, torch.tensor(PARTNER))})


@pytest.fixture
def forward() -> Forward:
    generator = torch.Generator().manual_seed(3)
    document = torch.randn(3, 5, generator=generator)
    labels = torch.randn(4, 5, generator=generator)
    return Forward(document @ labels.T, labels, Encoded(document), classify=lambda s: s @ labels.T)


def test_mixed_classification_mixes_documents_and_targets_alike(batch, forward):
    expected = 0.0
    for i, j in enumerate(PARTNER):
        document = (1 - LAM) * forward.document[i] + LAM * forward.document[j]
        target = (1 - LAM) * batch.targets[i].float() + LAM * batch.targets[j].float()
        expected += classification_loss((document @ forward.labels.T)[None], target[None]).item() / 3
    assert MixedClassification()(forward, batch).item() == pytest.approx(expected, rel=1e-5)


def test_mixed_prototype_mixes_prototypes_of_clean_documents(batch, forward):
    prototypes = attentive_prototype(forward.document, forward.labels, batch.targets)
    expected = 0.0
    for i, j in enumerate(PARTNER):
        document = (1 - LAM) * forward.document[i] + LAM * forward.document[j]
        prototype = (1 - LAM) * prototypes[i] + LAM * prototypes[j]
        expected += ((document - prototype) ** 2).mean().item() / 3
    assert MixedPrototypeDistance()(forward, batch).item() == pytest.approx(expected, rel=1e-5)


def test_mixed_prototype_leaves_out_pairs_with_an_unlabelled_document(batch, forward):
    batch.targets[0] = 0  # in the pairs (0, 2) and (1, 0); only (2, 1) is left
    prototypes = attentive_prototype(forward.document, forward.labels, batch.targets)
    document = (1 - LAM) * forward.document[2] + LAM * forward.document[1]
    prototype = (1 - LAM) * prototypes[2] + LAM * prototypes[1]
    expected = ((document - prototype) ** 2).mean().item()
    assert MixedPrototypeDistance()(forward, batch).item() == pytest.approx(expected, rel=1e-5)


def test_prototype_distance_of_clean_documents(batch, forward):
    prototypes = attentive_prototype(forward.document, forward.labels, batch.targets)
    expected = prototype_distance(forward.document, prototypes, batch.targets).item()
    assert PrototypeDistance()(forward, batch).item() == pytest.approx(expected)


def test_all_objectives_of_a_batch_see_one_draw():
    batch = Batch({}, torch.ones(6, 2), torch.arange(6))
    first = batch_mixing(batch, 0.5)
    assert batch_mixing(batch, 0.5) is first
    assert sorted(first.partner.tolist()) == list(range(6))


def test_a_batch_cannot_be_mixed_with_two_alphas():
    batch = Batch({}, torch.ones(6, 2), torch.arange(6))
    batch_mixing(batch, 0.5)
    with pytest.raises(WorkbenchError, match=r"alpha=0\.5, one with alpha=0\.2.*--add …:alpha=0\.5"):
        batch_mixing(batch, 0.2)


def test_lambda_is_drawn_from_a_symmetric_beta():
    torch.manual_seed(0)
    draws = torch.tensor([draw_mixing(2, 0.5).lam for _ in range(4000)])
    # Beta(a, a): mean 1/2, variance 1 / (4 (2a + 1)) = 1/8
    assert draws.mean().item() == pytest.approx(0.5, abs=0.02)
    assert draws.var().item() == pytest.approx(0.125, abs=0.01)


def test_a_batch_of_one_is_its_own_partner():
    mixing = batch_mixing(Batch({}, torch.ones(1, 3), torch.arange(1)), 0.4)
    assert mixing.partner.tolist() == [0]
    assert 0 <= mixing.lam <= 1


def test_words_behind_a_frozen_encoder_cannot_be_mixed():
    encoder = build_encoder("minilm", settings={}, train_texts=[], frozen=True)
    labels = LabelSpace(("a", "b"), ("a", "b"), np.array([1, 1]), 2)
    method = ProtoMix(encoder, labels, ProtoMixConfig(mix_at="embedding")).train()
    batch = Batch({"document": torch.zeros(2, 384)}, torch.eye(2), torch.arange(2))
    with pytest.raises(WorkbenchError, match="frozen and has no word embeddings to mix"):
        method(batch)
