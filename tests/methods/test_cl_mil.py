"""CL-MIL as a method: its variants, stages and settings, padding, the order of labels, its two heads."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from scipy import sparse

from tests.encoders.conftest import save_bert
from workbench.encoders import build_encoder
from workbench.errors import WorkbenchError
from workbench.methods import Batch, LabelSpace, find_method
from workbench.methods.base import Material
from workbench.methods.cl_mil import CLMIL, CLMILConfig, constraint_sets, label_relations
from workbench.metrics.label_relations import frequent_partners
from workbench.training.batches import Documents
from workbench.training.material import gather, looking

TEXTS = ["the quick brown fox", "graphs and networks", "one"]
TARGETS = torch.tensor([[1, 1, 0, 0], [0, 1, 1, 1], [0, 0, 0, 0]], dtype=torch.uint8)
LABELS = ("fox", "dog", "graphs", "networks")


@pytest.fixture(scope="module")
def bert(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_bert(tmp_path_factory.mktemp("model") / "bert")


def _method(
    bert: Path, variant: str = "mil", labels=LABELS, counts=(1, 2, 1, 1), documents=3, **config
) -> CLMIL:
    space = LabelSpace(labels, labels, np.array(counts), documents)
    torch.manual_seed(0)
    encoder = build_encoder(str(bert), settings={"max_length": 12}, train_texts=TEXTS, label_texts=labels)
    torch.manual_seed(0)
    return CLMIL(encoder, space, CLMILConfig(variant=variant, **config)).eval()


def _batch(method: CLMIL) -> Batch:
    return Batch(method.encoder.prepare(TEXTS).batch(range(3)), TARGETS, torch.arange(3))


def _material(method: CLMIL, folder: Path) -> Material:
    documents = Documents(method.encoder.prepare(TEXTS), sparse.csr_array(TARGETS.numpy()))
    return gather({"train": documents}, 2, torch.device("cpu"), folder, 0)


@pytest.mark.parametrize(
    "variant, stages",
    [
        ("cl-mil", [{"contrast": 1}, {"cil": 0.9, "fil": 0.8, "clrl": 0.35}]),
        ("mil", [{"cil": 0.9, "fil": 0.8, "clrl": 0.35}]),
        ("cl-dil", [{"contrast": 1}, {"cil": 0.9, "fil": 0.8}]),
        ("dil", [{"cil": 0.9, "fil": 0.8}]),
        ("cil", [{"classification": 1}]),
        ("fil", [{"classification": 1}]),
        ("cl-joint-bert", [{"contrast": 1}, {"classification": 1}]),
        ("joint-bert", [{"classification": 1}]),
        ("joint-bert+clrl", [{"classification": 1, "clrl": 0.35}]),
    ],
)
def test_each_variant_minimises_what_it_says(bert: Path, variant: str, stages: list[dict[str, float]]):
    found = _method(bert, variant, alpha=0.9, beta=0.8).stages()
    terms = [{objective.name: objective.weight for objective in stage.objectives} for stage in found]
    assert terms == stages
    assert [stage.is_classifier for stage in found] == [False] * (len(stages) - 1) + [True]


def test_the_first_stage_has_its_own_settings_and_trains_the_encoder_alone(bert: Path):
    given = {"contrast_epochs": 4, "contrast_rate": 3e-5, "contrast_targets": 5, "temperature": 7.0}
    method = _method(bert, "cl-mil", **given)
    stage = method.stages()[0]
    assert (stage.epochs, stage.learning_rate, stage.batch_size) == (4, 3e-5, 5)
    assert stage.objectives[0].settings.temperature == 7
    trained = {name for name, _ in method.named_parameters() if stage.trains(name)}
    assert trained == {f"encoder.{name}" for name, _ in method.encoder.named_parameters()}


def test_the_first_stage_reads_the_text_alone(bert: Path, tmp_path: Path):
    method = _method(bert, "cl-mil", low_frequency=2)
    stage = method.stages()[0]
    examples = stage.examples(_material(method, tmp_path))
    forward = stage.forward(examples[np.arange(2)])  # type: ignore[misc]
    plain = build_encoder(str(bert), settings={"max_length": 12}, train_texts=[]).eval()
    vectors = plain(plain.prepare(TEXTS).batch(range(3))).document
    torch.testing.assert_close(forward.anchor, vectors[:2], atol=1e-5, rtol=1e-5)
    torch.testing.assert_close(forward.positive, forward.anchor)  # no dropout in evaluation mode
    torch.testing.assert_close(forward.negatives, vectors[2:], atol=1e-5, rtol=1e-5)


def test_under_dropout_the_positive_is_another_vector(bert: Path, tmp_path: Path):
    method = _method(bert, "cl-mil", low_frequency=2).train()
    stage = method.stages()[0]
    forward = stage.forward(stage.examples(_material(method, tmp_path))[np.arange(2)])  # type: ignore[misc]
    assert not torch.allclose(forward.positive, forward.anchor)


@pytest.mark.parametrize(
    "documents, counts, threshold",
    [
        (53_840, (5, 900, 1_100, 30_000), 1_000),  # AAPD's size
        (804_414, (20_000, 5, 900, 30_000), 14_941),
        (100, (40, 50, 60, 70), 41),  # the rarest label at least
        (100, (0, 50, 60, 70), 51),  # labels without documents are no targets
    ],
)
def test_rare_labels_are_those_of_the_papers_share_of_documents(
    bert: Path, documents: int, counts: tuple[int, ...], threshold: int
):
    method = _method(bert, "cl-mil", counts=counts, documents=documents)
    assert method.config.low_frequency == threshold
    assert _method(bert, "mil", counts=counts, documents=documents).config.low_frequency is None


@pytest.mark.parametrize(
    "counts, given, message",
    [
        (
            (40, 50, 60, 70),
            40,
            "fewer than low_frequency=40 .* 40 to 70.* --set low_frequency=56, .* train mil",
        ),
        ((0, 0, 0, 0), None, "labels have 0 to 0. Leave out the first stage"),
    ],
)
def test_a_threshold_without_any_rare_label_is_refused(bert: Path, counts, given, message: str):
    with pytest.raises(WorkbenchError, match=message):
        _method(bert, "cl-mil", counts=counts, documents=100, low_frequency=given)


def test_relations_are_counted_once_before_the_first_epoch(bert: Path, tmp_path: Path):
    method = _method(bert, "mil")
    (stage,) = method.stages()
    material = _material(method, tmp_path)
    with looking(method, torch.device("cpu"), False):
        method.begin_epoch(stage, 0, material)
    counts = label_relations(TARGETS.numpy())
    np.testing.assert_array_equal(method.frequent.numpy(), frequent_partners(counts))
    assert constraint_sets(counts, TARGETS[0].numpy(), 0).related.tolist() == [False, True, False, False]
    relations = stage.objectives[-1]
    torch.manual_seed(5)
    first = relations(method(_batch(method)), _batch(method))
    torch.manual_seed(5)
    assert relations(method(_batch(method)), _batch(method)) == first > 0
    assert first < 5 / 4  # divided by the number of labels


def test_documents_without_labels_teach_no_relation(bert: Path):
    method = _method(bert, "mil")
    batch = _batch(method)
    batch.targets = torch.zeros_like(batch.targets)
    loss = method.stages()[0].objectives[-1](method(batch), batch)
    loss.backward()
    assert loss.item() == 0
    assert all(p.grad is None or torch.isfinite(p.grad).all() for p in method.parameters())


@pytest.mark.parametrize("gamma", [0.0, 0.3, 1.0])
def test_the_scores_are_the_average_of_the_heads_probabilities(bert: Path, gamma: float):
    method = _method(bert, "dil", gamma=gamma)
    forward = method(_batch(method))
    fine, coarse = (torch.sigmoid(forward.heads[name]) for name in ("fil", "cil"))
    torch.testing.assert_close(
        method.probabilities(forward), gamma * fine + (1 - gamma) * coarse, atol=1e-6, rtol=1e-5
    )


def test_each_heads_loss_is_of_its_own_logits(bert: Path):
    method = _method(bert, "dil")
    batch = _batch(method)
    forward = method(batch)
    for objective in method.stages()[0].objectives:
        logits = forward.heads[objective.name].double()
        y = batch.targets.double()
        p = torch.sigmoid(logits)
        expected = -(y * p.log() + (1 - y) * (1 - p).log()).mean()
        assert objective(forward, batch).item() == pytest.approx(expected.item(), rel=1e-5)


@pytest.mark.parametrize(
    "variant, compares", [("fil", True), ("dil", True), ("cil", False), ("joint-bert", False)]
)
def test_one_head_alone_is_the_logits_and_words_are_weighed_by_the_fine_one(
    bert: Path, variant: str, compares: bool
):
    method = _method(bert, variant)
    forward = method(_batch(method))
    assert (forward.heads is not None) == (variant == "dil")
    assert method.compares_tokens == compares == (forward.token_weights is not None)


def test_joint_bert_classifies_the_state_of_cls(bert: Path):
    method = _method(bert, "joint-bert")
    forward = method(_batch(method))
    torch.testing.assert_close(forward.logits, method.classifiers["cls"](forward.tokens[:, 0]))


@pytest.mark.parametrize("variant", ["mil", "joint-bert"])
def test_more_padding_changes_nothing(bert: Path, variant: str):
    method = _method(bert, variant)
    batch = _batch(method)
    pad = torch.nn.functional.pad
    wider = {
        "input_ids": pad(batch.inputs["input_ids"], (0, 25), value=4),
        "attention_mask": pad(batch.inputs["attention_mask"], (0, 25)),
    }
    torch.testing.assert_close(
        method(Batch(wider, TARGETS, batch.rows)).logits, method(batch).logits, atol=1e-5, rtol=1e-5
    )


@pytest.mark.parametrize("variant", ["dil", "cil", "fil"])
def test_the_order_of_labels_matters_by_their_positions_alone(bert: Path, variant: str):
    order = [2, 0, 3, 1]
    settings = {"window": 1}  # a wider one sees which labels stand beside each other
    one = _method(bert, variant, **settings)
    other = _method(bert, variant, labels=tuple(LABELS[place] for place in order), **settings)
    for method in (one, other):  # positions and types of labels tell nothing apart any more
        with torch.no_grad():
            method.encoder.model.embeddings.position_embeddings.weight.zero_()
    with torch.no_grad():
        for name, classifier in one.classifiers.items():
            other.classifiers[name].weight.copy_(classifier.weight[order])
            other.classifiers[name].bias.copy_(classifier.bias[order])
    torch.testing.assert_close(
        other(_batch(other)).logits, one(_batch(one)).logits[:, order], atol=1e-5, rtol=1e-5
    )


def test_a_document_without_words_is_classified_by_the_biases(bert: Path):
    method = _method(bert, "dil")
    batch = Batch(method.encoder.prepare([""]).batch([0]), TARGETS[:1], torch.arange(1))
    heads = method(batch).heads
    for name, classifier in method.classifiers.items():
        torch.testing.assert_close(heads[name][0], classifier.bias)


def test_one_vector_stands_for_each_label(bert: Path):
    assert _method(bert).label_embeddings().shape == (4, 16)


def test_all_names_are_known():
    for name in CLMIL.variants:
        assert find_method(name) == (CLMIL, name)
