"""VCLDL: its divergence and loss by plain loops, and a base as in evaluation while the head learns."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from scipy import sparse

import workbench
from workbench.encoders import build_encoder
from workbench.methods import Batch, LabelSpace
from workbench.methods.baselines.vcldl import VCLDL, Autoencoding, normal_divergence
from workbench.methods.storage import load_method
from workbench.training.batches import Documents
from workbench.training.fit import TrainingInterrupted, resume
from workbench.training.material import gather, looking

TEXTS = ["the quick brown fox and the lazy dog", "graphs and networks learn", "one", "learn the fox", "dog"]
TARGETS = np.array([[0, 1, 1], [0, 1, 0], [0, 0, 0], [1, 1, 1], [1, 0, 0]], dtype=np.uint8)
LABELS = LabelSpace(tuple("abc"), tuple("abc"), TARGETS.sum(axis=0).astype(np.int64), 5)


def _vcldl(labels: LabelSpace = LABELS, **config) -> VCLDL:
    torch.manual_seed(0)
    settings = {"embedding_size": 6, "filters": 4, "min_count": 1, "dropout": 0.5}
    encoder = build_encoder("cnn", settings=settings, train_texts=TEXTS)
    return VCLDL(encoder, labels, VCLDL.Config.parse({"block_units": 4} | config))


def _stored(method: VCLDL, tmp_path):
    train = Documents(method.encoder.prepare(TEXTS), sparse.csr_array(TARGETS))
    material = gather({"train": train}, 2, torch.device("cpu"), tmp_path / "material", 0)
    with looking(method, torch.device("cpu"), False):
        return method.stages()[-1].examples(material)


def _batch(method: VCLDL) -> Batch:
    inputs = method.encoder.prepare(TEXTS).batch(range(5))
    return Batch(inputs, torch.from_numpy(TARGETS), torch.arange(5))


def test_divergence_from_the_normal_is_that_of_an_integral():
    mean, variance = 0.7, 0.4
    steps, width = 20_000, 16.0
    total = 0.0
    for step in range(steps):
        x = -width / 2 + (step + 0.5) * width / steps
        p = math.exp(-((x - mean) ** 2) / (2 * variance)) / math.sqrt(2 * math.pi * variance)
        q = math.exp(-(x**2) / 2) / math.sqrt(2 * math.pi)
        total += p * math.log(p / q) * width / steps if p > 0 else 0.0
    found = normal_divergence(*(torch.tensor(value, dtype=torch.float64) for value in (mean, variance)))
    assert found.item() == pytest.approx(total, abs=1e-6)
    assert normal_divergence(torch.zeros(2), torch.ones(2)).tolist() == [0, 0]


@pytest.mark.parametrize("divergence", ["mean", "sum"])
def test_the_autoencoders_loss_is_that_of_plain_loops(divergence: str):
    head, targets = _vcldl().head, torch.from_numpy(TARGETS)
    drawn = head.draw(torch.randn(5, 3), targets.float())
    loss = Autoencoding(Autoencoding.Settings(), divergence)
    parts = {name: getattr(drawn, name).tolist() for name in ("inside", "again", "sets", "mean", "variance")}
    distance = entropy = spread = 0.0
    for i in range(5):
        for j in range(3):
            inside, again, logit, mean, variance = (parts[name][i][j] for name in parts)
            p = 1 / (1 + math.exp(-logit))
            distance += (inside - again) ** 2 / 15
            entropy -= math.log(p if TARGETS[i, j] else 1 - p) / 15
            each = 0.5 * (mean**2 + variance - math.log(variance) - 1)
            spread += each / (15 if divergence == "mean" else 5)
    batch = Batch({}, targets, torch.arange(5))
    assert loss(drawn, batch).item() == pytest.approx(0.5 * distance + entropy + spread, rel=1e-5)


def test_what_is_predicted_draws_nothing_and_asks_for_no_label_set():
    method = _vcldl().eval()
    method.has_head.fill_(True)
    batch = _batch(method)
    first = method(batch)
    batch.targets = 1 - batch.targets
    torch.testing.assert_close(method(batch).logits, first.logits, rtol=0, atol=0)
    logits = method.base(batch).logits
    torch.testing.assert_close(first.logits, method.head.decode_sets(method.head.encode_logits(logits)))
    torch.testing.assert_close(method.probabilities(first), torch.sigmoid(first.logits))
    assert not torch.allclose(first.logits, logits)


def test_the_variance_is_drawn_with_as_it_is():
    head = _vcldl().head
    with torch.no_grad():
        for part in (head.mean, head.variance):
            part.weight.zero_()
        head.mean.bias.fill_(2.0)
        head.variance.bias.fill_(math.log(math.expm1(0.25)))  # softplus gives 0.25
    drawn = head.draw(torch.zeros(1, 3), torch.zeros(1, 3))
    assert drawn.variance[0].tolist() == pytest.approx([0.25] * 3)
    head.decode_logits = torch.nn.Identity()
    torch.manual_seed(0)
    drawn_numbers = head.draw(torch.zeros(4000, 3), torch.zeros(4000, 3)).again
    assert drawn_numbers.mean().item() == pytest.approx(2.0, abs=0.03)
    assert drawn_numbers.std().item() == pytest.approx(0.5, abs=0.03)


def test_stored_logits_are_the_bases_in_evaluation_mode_of_every_document(tmp_path):
    method = _vcldl().train()
    stored = _stored(method, tmp_path)
    assert len(stored) == 5
    assert method.base.training
    with torch.no_grad():
        expected = method.eval().base(_batch(method)).logits
    torch.testing.assert_close(stored[np.arange(5)].inputs["logits"], expected, atol=1e-5, rtol=1e-4)
    assert stored[np.array([3])].targets.tolist() == [[1, 1, 1]]


def test_the_last_stage_trains_the_head_alone(tmp_path):
    method = _vcldl()
    base, head = method.stages()
    names = {name for name, _ in method.named_parameters()}
    assert {name for name in names if head.trains(name)} == {n for n in names if n.startswith("head.")}
    assert {name for name in names if base.trains(name)} == {n for n in names if not n.startswith("head.")}


def test_before_the_head_is_there_the_base_answers():
    method = _vcldl(base="lsfa-attention").eval()
    forward = method(_batch(method))
    torch.testing.assert_close(forward.logits, method.base(_batch(method)).logits)
    torch.testing.assert_close(method.probabilities(forward), torch.sigmoid(forward.logits))


def test_one_label_a_batch_of_one_and_half_precision_give_numbers():
    labels = LabelSpace(("a",), ("a",), np.array([2]), 5)
    method = _vcldl(labels).eval()
    method.has_head.fill_(True)
    inputs = method.encoder.prepare(TEXTS[:1]).batch([0])
    batch = Batch(inputs, torch.zeros(1, 1), torch.arange(1))
    with torch.autocast("cpu", dtype=torch.bfloat16):
        assert method(batch).logits.isfinite().all()
        drawn = method.head.draw(torch.full((1, 1), 1e4), torch.zeros(1, 1))
        assert Autoencoding(Autoencoding.Settings(), "sum")(drawn, batch).isfinite()


SETTINGS = {
    "epochs": 2,
    "filters": 8,
    "embedding_size": 8,
    "device": "cpu",
    "head_epochs": 2,
    "block_units": 6,
}


def test_a_run_killed_in_the_heads_stage_goes_on_there(toy_corpus, workspace, monkeypatch):
    def killed(*given):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("workbench.methods.baselines.vcldl.Head.draw", killed)
        with pytest.raises(TrainingInterrupted) as stopped:
            workbench.fit("vcldl", toy_corpus, name="killed", base="mix:alpha=1", **SETTINGS)
    again = resume(stopped.value.path, corpus=toy_corpus)
    whole = workbench.fit("vcldl", toy_corpus, name="whole", base="mix:alpha=1", **SETTINGS)
    assert again.metrics["test"] == whole.metrics["test"]
    assert list(whole.history["stage"].unique()) == ["classification", "vcldl"]
    loaded = load_method(whole.model_dir)
    assert bool(loaded.has_head)
    assert loaded.base.config.alpha == 1
