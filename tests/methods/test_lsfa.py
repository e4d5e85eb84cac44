"""LSFA's configuration, its forward pass and its generator."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from workbench.data.oversampling import is_tail
from workbench.encoders import build_encoder
from workbench.encoders.base import Encoded, Encoder
from workbench.errors import WorkbenchError
from workbench.methods import Batch, LabelSpace, lsfa
from workbench.methods.label_attention import label_attention
from workbench.methods.lsfa import LSFA, LSFAConfig
from workbench.methods.lsfa_arrays import feature_arrays
from workbench.methods.lsfa_generator import PrototypeVAE

TEXTS = ["red green blue", "green", "blue blue red yellow"]


def _labels(counts) -> LabelSpace:
    names = tuple(f"l{k}" for k in range(len(counts)))
    return LabelSpace(names, names, np.array(counts), 100)


def _lsfa(variant="lsfa", counts=(50, 2, 5), **settings) -> LSFA:
    torch.manual_seed(0)
    encoder = build_encoder(
        "cnn", settings={"filters": 4, "embedding_size": 6, "dropout": 0.0}, train_texts=TEXTS
    )
    config = {"variant": variant, "projection": 5, "latent": 3, "head_threshold": 10} | settings
    return LSFA(encoder, _labels(counts), LSFAConfig.parse(config)).eval()


def _batch(method: LSFA) -> Batch:
    rows = np.arange(3)
    targets = torch.tensor([[1, 0, 1], [0, 0, 0], [1, 1, 0]], dtype=torch.uint8)
    return Batch(method.encoder.prepare(TEXTS).batch(rows), targets, torch.from_numpy(rows))


@pytest.mark.parametrize(
    ("mean", "threshold", "times"),
    [(15.59, 50, 10), (729.67, 480, 190), (2444.04, 990, 490)],
)
def test_what_is_not_given_follows_the_papers_choices_for_its_corpora(mean, threshold, times):
    counts = [round(mean / 10)] * 270 + [round(9.1 * mean) + 1000] * 30
    chosen = LSFAConfig().completed(_labels([*counts, 0]))
    found = float(np.mean(counts))
    scale = (found / mean) ** 0.59, (found / mean) ** 0.77
    assert chosen.head_threshold == pytest.approx(threshold * scale[0], rel=0.06)
    assert chosen.augment_times == pytest.approx(times * scale[1], rel=0.06)


def test_a_threshold_that_was_given_stays_else_there_are_enough_head_labels():
    assert LSFAConfig(head_threshold=7).completed(_labels([9, 1])).head_threshold == 7
    assert LSFAConfig().completed(_labels([9, 1])).head_threshold == 9
    assert LSFAConfig().completed(_labels([40, 9, 7, 3, 0])).head_threshold == 9  # half of the labels
    many = list(range(100, 0, -1))
    assert LSFAConfig().completed(_labels(many)).head_threshold == 76  # 25 labels, the power law says 100


@pytest.mark.parametrize(
    ("counts", "given"), [([1] * 80 + [5] * 20, None), ([1] * 80 + [5] * 20, 9), ([5, 9, 9, 9], 3)]
)
def test_what_is_advised_or_taken_by_default_divides_labels(counts, given):
    if given is None:
        chosen = LSFAConfig().completed(_labels(counts)).head_threshold
    else:
        with pytest.raises(WorkbenchError, match="Say --set head_threshold=") as refused:
            LSFAConfig(head_threshold=given).completed(_labels(counts))
        chosen = int(str(refused.value).split("head_threshold=")[2].split(",")[0])
        LSFAConfig(head_threshold=chosen).completed(_labels(counts))
    assert min(counts) < chosen <= max(counts)


def test_labels_that_are_all_as_frequent_cannot_be_divided():
    with pytest.raises(WorkbenchError, match="Every label has 10 training documents"):
        LSFAConfig().completed(_labels([10, 10]))
    assert LSFAConfig(variant="lsfa-attention").completed(_labels([10, 10])).head_threshold


def test_tail_labels_have_documents_but_too_few():
    assert is_tail(np.array([0, 1, 9, 10]), 10).tolist() == [False, True, True, False]


def test_scores_are_each_labels_own_feature_times_its_own_vector():
    method = _lsfa(bias=True)
    batch = _batch(method)
    forward = method(batch)
    averages, attention = label_attention(forward.tokens, forward.mask, method.attention.embeddings)
    features = method.attention.projection(averages).relu()
    torch.testing.assert_close(forward.label_features, features)
    torch.testing.assert_close(forward.attention, attention)
    for b in range(3):
        for label in range(3):
            expected = features[b, label] @ method.classifier.weight[label] + method.classifier.bias[label]
            torch.testing.assert_close(forward.logits[b, label], expected)


def test_one_vector_for_all_labels_is_the_released_codes_reading():
    method = _lsfa(classifier="shared")
    assert method.classifier.weight.shape == (1, 5)
    forward = method(_batch(method))
    torch.testing.assert_close(forward.logits, forward.label_features @ method.classifier.weight[0])
    weight, bias = method._classifiers()
    assert weight.shape == (3, 5)
    assert bias is None


def test_without_the_label_specific_encoder_a_document_has_one_vector():
    method = _lsfa("lsfa-pooled")
    forward = method(_batch(method))
    assert forward.label_features is None
    assert forward.attention is None
    torch.testing.assert_close(forward.logits, forward.document @ method.classifier.weight.T)
    assert [stage.name for stage in method.stages()] == ["features"]


def test_the_ablation_takes_away_one_thing_after_the_other():
    terms = {
        variant: [[objective.name for objective in stage.objectives] for stage in _lsfa(variant).stages()]
        for variant in LSFA.variants
    }
    augmented = [["reconstruction"], ["classification", "augmented"]]
    assert terms == {
        "lsfa": [["classification", "prototypical_contrast"], *augmented],
        "lsfa-augment": [["classification"], *augmented],
        "lsfa-attention": [["classification"]],
        "lsfa-pooled": [["classification"]],
        "lsfa-sample": [["classification"]],
    }


def test_contrast_and_generated_features_weigh_by_how_they_stand_beside_eq_6():
    """100 documents of 3 labels with 57 positive pairs; two tail labels with 4 generated features each.

    Where a document's loss is the sum over its 3 labels, other terms weigh a third of what they do beside the
    mean over labels; as printed there are 57 terms of Eq. 9 and 8 of Eq. 19 beside 300 of Eq. 6.
    """
    weights = {}
    for balance in ("default", "paper", "mean"):
        features, _, classifiers = _lsfa(augment_times=4, alpha=0.5, gamma=2.0, balance=balance).stages()
        weights[balance] = [features.objectives[1].weight, classifiers.objectives[1].weight]
    assert weights["default"] == pytest.approx([0.5 / 3, 2 / 3])
    assert weights["paper"] == pytest.approx([0.5 * 57 / 300, 2 * 8 / 300])
    assert weights["mean"] == [0.5, 2.0]


def test_the_adjustment_may_have_a_learning_rate_of_its_own():
    rates = [_lsfa(adjust_rate=rate).stages()[2].learning_rate for rate in (None, 0.0005)]
    assert rates == [None, 0.0005]


def test_an_encoder_without_tokens_says_how_to_get_them():
    class Documents(Encoder):
        name, hidden_size, gives_tokens = "documents", 4, False

        def prepare(self, texts):
            raise NotImplementedError

        def token_spans(self, texts):
            raise NotImplementedError

        def embed(self, inputs):
            raise NotImplementedError

        def forward(self, inputs, embeddings=None):
            return Encoded(inputs["document"])

        def save(self, folder):
            raise NotImplementedError

        @classmethod
        def load(cls, folder, description):
            raise NotImplementedError

    config = LSFAConfig(head_threshold=10)
    with pytest.raises(WorkbenchError, match="--set states=tokens"):
        LSFA(Documents(), _labels([50, 2]), config)
    pooled = LSFA(Documents(), _labels([50, 2]), LSFAConfig(head_threshold=10, variant="lsfa-pooled"))
    batch = Batch({"document": torch.ones(1, 4)}, torch.zeros(1, 2), torch.tensor([0]))
    assert pooled(batch).logits.shape == (1, 2)


def test_features_are_generated_for_tail_labels_alone_the_same_for_a_seed():
    method = _lsfa(augment_times=4)
    method.prototypes.normal_(generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        method._generate(3)
    features, labels = method._generated()
    assert labels.tolist() == [1] * 4 + [2] * 4
    noise = torch.randn(8, 3, generator=torch.Generator().manual_seed(3))
    expected = method.generator.decode(noise, method.prototypes[labels])
    torch.testing.assert_close(features, expected.detach())


def test_the_device_that_generates_must_have_room(monkeypatch):
    """Stages are planned on the CPU; what is free where they are trained is known when they are."""
    method = _lsfa(augment_times=4)
    monkeypatch.setattr(lsfa, "free_memory", lambda device: 100)
    with pytest.raises(WorkbenchError, match=r"augment_times=4 for 2 tail labels.*Generate fewer"):
        method._generate(3)


@pytest.mark.parametrize("reading", ["default", "code"])
def test_the_generator_is_what_its_equations_say(reading):
    torch.manual_seed(0)
    vae = PrototypeVAE(4, 6, 3, reading).double().eval()
    features, prototypes = torch.randn(2, 5, 4, dtype=torch.float64)
    torch.manual_seed(1)
    found = vae(features, prototypes)
    torch.manual_seed(1)
    noise = torch.randn(5, 3, dtype=torch.float64)
    inside = torch.nn.functional.leaky_relu(vae.trunk[0](torch.cat([features, prototypes], dim=1)))
    mean, log_variance = vae.mean[0](inside), vae.log_variance[0](inside)
    if reading == "code":
        mean, log_variance = mean.relu(), log_variance.relu()
    torch.testing.assert_close(found.mean, mean)
    torch.testing.assert_close(found.log_variance, log_variance)
    variation = mean + noise * log_variance.exp().sqrt()
    torch.testing.assert_close(found.reconstruction, vae.decode(variation, prototypes))
    assert found.logits.shape == (5, 0)
    if reading == "code":
        assert (found.reconstruction >= 0).all()


@pytest.mark.parametrize("reading", ["default", "code"])
def test_a_batch_of_one_is_reconstructed_too(reading):
    vae = PrototypeVAE(4, 6, 3, reading).train()
    found = vae(torch.ones(1, 4), torch.zeros(1, 4))
    found.reconstruction.sum().backward()
    assert torch.isfinite(found.reconstruction).all()


def test_a_generator_learns_to_vary_around_prototypes():
    """Features that vary along one axis: generated ones vary along it, too, and hardly along the others."""
    generator = torch.Generator().manual_seed(0)
    prototypes = torch.randn(6, 4, generator=generator)
    label = torch.arange(6).repeat(80)
    features = prototypes[label].clone()
    features[:, 0] += torch.randn(len(label), generator=generator)
    torch.manual_seed(0)
    vae = PrototypeVAE(4, 64, 2)
    optimizer = torch.optim.Adam(vae.parameters(), 1e-2)
    from workbench.methods.lsfa import vae_loss

    for _ in range(300):
        found = vae(features, prototypes[label])
        optimizer.zero_grad()
        vae_loss(found.reconstruction, features, found.mean, found.log_variance, 0.02).backward()
        optimizer.step()
    with torch.no_grad():
        made = vae.decode(torch.randn(500, 2, generator=generator), prototypes[:1].expand(500, -1))
    spread = made.std(dim=0)
    assert spread[0] > 0.6
    assert (spread[1:] < 0.3).all()


def test_kept_features_give_every_label_some_whatever_the_batches():
    generator = torch.Generator().manual_seed(0)
    features, label = torch.randn(900, 2, generator=generator), torch.arange(900) % 3
    label[:800] = 0
    rows = torch.arange(900)

    def pairs(size):
        batches = zip(features.split(size), label.split(size), rows.split(size), strict=True)
        return {"train": batches, "test": [(features[:0], label[:0], rows[:0])]}

    counts = np.full(1000, 10)  # ten features of each label are kept
    kept = feature_arrays(pairs(100), None, counts, seed=0)
    assert np.bincount(kept["label_feature_labels"]).tolist() == [10, 10, 10]
    np.testing.assert_allclose(kept["label_features"], features[kept["label_feature_rows"]], atol=2e-3)
    assert "augmented_features" not in kept
    made = features[:50], label[:50] + 1
    assert len(feature_arrays(pairs(100), made, counts, seed=0)["augmented_features"]) == 10
