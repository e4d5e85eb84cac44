"""SEP-MLDC as a method: what labels are read from, what a step encodes, what evaluation sees."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from tests.encoders.conftest import save_bert
from workbench.encoders import build_encoder
from workbench.encoders.base import Encoder
from workbench.methods import Batch, Forward, LabelSpace, label_names
from workbench.methods.registry import parse_objective
from workbench.methods.sep_mldc import (
    SEPMLDC,
    SEPMLDCConfig,
    document_contrastive_loss,
    document_similarity,
    label_contrastive_loss,
    label_guided_features,
    label_similarity,
)
from workbench.methods.sep_mldc_labels import LabelVectors, described_labels
from workbench.methods.storage import load_method, save_method

TEXTS = ["red green blue", "green", "blue blue red yellow"]
TARGETS = torch.tensor([[1, 0, 1, 0], [0, 0, 0, 0], [1, 1, 0, 0]], dtype=torch.uint8)
SPACE = LabelSpace(
    tuple("abcd"),
    ("red", "green", "blue", "yellow"),
    np.array([2, 1, 1, 0]),
    3,
    ("green and red", "", "blue blue", "green"),
)


def _encoder() -> Encoder:
    torch.manual_seed(0)
    settings = {"filters": 4, "embedding_size": 6, "dropout": 0.0, "embedding_dropout": 0.0, "min_count": 1}
    return build_encoder("cnn", settings=settings, train_texts=TEXTS)


def _method(variant: str = "sep-mldc", labels: LabelSpace = SPACE, **settings) -> SEPMLDC:
    encoder = _encoder()
    torch.manual_seed(1)
    return SEPMLDC(encoder, labels, SEPMLDCConfig.parse({"variant": variant} | settings)).eval()


def _batch(method: SEPMLDC, targets: torch.Tensor = TARGETS) -> Batch:
    return Batch(method.encoder.prepare(TEXTS).batch(np.arange(3)), targets, torch.arange(3))


def _read(encoder: Encoder, texts) -> torch.Tensor:
    """The vectors of texts, one by one."""
    alone = [encoder(encoder.prepare([text]).batch([0])).document for text in texts]
    return torch.cat(alone).detach()


def _rows_read(method: SEPMLDC, monkeypatch) -> list[int]:
    """How many texts each call of the encoder reads, from now on."""
    rows: list[int] = []
    read = method.encoder.forward

    def counting(inputs, embeddings=None):
        rows.append(len(inputs["input_ids"]))
        return read(inputs, embeddings)

    monkeypatch.setattr(method.encoder, "forward", counting)
    return rows


def test_a_label_is_read_by_its_name_and_what_describes_it():
    assert described_labels(SPACE) == ("red: green and red", "green", "blue: blue blue", "yellow: green")
    assert described_labels(replace(SPACE, descriptions=())) == SPACE.texts


@pytest.mark.parametrize("variant", SEPMLDC.variants)
def test_every_variant_but_one_reads_descriptions(variant: str):
    method = _method(variant)
    texts = SPACE.texts if variant == "sep-mldc-no-lse" else described_labels(SPACE)
    torch.testing.assert_close(method.label_embeddings(), _read(method.encoder, texts))


@pytest.mark.parametrize("variant", SEPMLDC.variants)
def test_every_variant_but_one_reads_generated_documents(variant: str):
    assert SEPMLDC.reads_generated(variant) == (variant != "sep-mldc-no-datc")


@pytest.mark.parametrize("variant", SEPMLDC.variants)
def test_each_variant_minimises_what_it_says(variant: str):
    (stage,) = _method(variant, beta=0.2, gamma=0.3).stages()
    terms = {"classification": 1, "label_contrast": 0.2, "document_contrast": 0.3}
    if variant == "sep-mldc-no-smcl":
        terms = {"classification": 1}
    assert {objective.name: objective.weight for objective in stage.objectives} == pytest.approx(terms)


def test_settings_are_those_of_the_paper():
    config = SEPMLDCConfig()
    assert (config.beta, config.gamma, config.temperature, config.dropout) == (0.01, 0.01, 0.1, 0.5)
    assert _method().config.classifier_units == _encoder().hidden_size
    assert _method(classifier_units=3).classifier[0].out_features == 3


@pytest.mark.parametrize("readings", [("default", "paper"), ("paper", "default")])
def test_terms_are_the_equations_in_the_chosen_reading(readings: tuple[str, str]):
    method = _method(label_contrast=readings[0], document_contrast=readings[1], temperature=0.5)
    batch = _batch(method)
    forward = method(batch)
    (stage,) = method.stages()
    found = {objective.name: objective(forward, batch) for objective in stage.objectives}
    torch.testing.assert_close(
        found["label_contrast"],
        label_contrastive_loss(forward.labels, label_similarity(TARGETS), 0.5, readings[0]),
    )
    torch.testing.assert_close(
        found["document_contrast"],
        document_contrastive_loss(forward.document, TARGETS, document_similarity(TARGETS), 0.5, readings[1]),
    )
    entropy = torch.nn.functional.binary_cross_entropy_with_logits(forward.logits, TARGETS.float())
    torch.testing.assert_close(found["classification"], entropy)


@pytest.mark.parametrize("scale, factor", [("none", 1.0), ("sqrt", 12**-0.5)])
def test_labels_stand_beside_the_document_that_is_classified(scale: str, factor: float):
    method = _method(scale=scale)
    assert method.encoder.hidden_size == 12
    forward = method(_batch(method))
    torch.testing.assert_close(forward.labels, method.label_embeddings())
    features, _ = label_guided_features(forward.document, forward.labels, factor)
    torch.testing.assert_close(forward.logits, method.classifier(features))
    torch.testing.assert_close(forward.classify(forward.document), forward.logits)


def test_without_label_guidance_the_document_alone_is_classified():
    method = _method("sep-mldc-no-lgfs")
    forward = method(_batch(method))
    torch.testing.assert_close(forward.logits, method.classifier(forward.document))


def test_with_the_printed_classification_loss_probabilities_are_shares():
    method = _method(classification="paper")
    forward = method(_batch(method))
    torch.testing.assert_close(method.probabilities(forward).sum(dim=1), torch.ones(3))
    torch.testing.assert_close(method.probabilities(forward), forward.logits.softmax(dim=1))
    method = _method()
    torch.testing.assert_close(method.probabilities(method(_batch(method))), forward.logits.sigmoid())


def test_a_step_encodes_some_labels_and_takes_the_others_as_they_are_kept():
    method = _method(labels_at_once=3)
    method.label_vectors.refresh(method.encoder)
    kept = method.label_vectors.vectors.clone()
    with torch.no_grad():
        for parameter in method.encoder.parameters():
            parameter.mul_(1.5)
    fresh = _read(method.encoder, described_labels(SPACE))
    forward = method.train()(_batch(method))
    torch.testing.assert_close(forward.labels[:3], fresh[:3])  # those of the batch
    torch.testing.assert_close(forward.labels[3], kept[3])
    assert not torch.allclose(kept[3], fresh[3])
    slopes = []
    for label in range(4):
        words = method.encoder.embedding.weight
        grad = torch.autograd.grad(forward.labels[label].sum(), words, retain_graph=True, allow_unused=True)
        slopes.append(bool(grad[0] is not None and grad[0].any()))
    assert slopes == [True, True, True, False]
    torch.testing.assert_close(method.label_vectors.vectors, kept)


def test_of_thousands_of_labels_a_step_reads_few(monkeypatch):
    count = 4_108
    names = tuple(f"{TEXTS[label % 3]} {label}" for label in range(count))
    space = LabelSpace(names, names, np.ones(count, dtype=np.int64), 3)
    method = _method(labels=space, labels_at_once=16)
    targets = torch.zeros(3, count, dtype=torch.uint8)
    targets[:, [5, 4_000]] = 1
    method.label_vectors.refresh(method.encoder)
    rows = _rows_read(method, monkeypatch)
    forward = method.train()(_batch(method, targets))
    assert rows == [3, 16]
    assert forward.labels.shape == (count, 12)
    (stage,) = method.stages()
    sum(objective(forward, _batch(method, targets)) for objective in stage.objectives).backward()
    assert all(parameter.grad is not None for parameter in method.parameters())


def test_evaluation_sees_the_labels_of_the_encoder_as_it_is_and_encodes_them_once(monkeypatch):
    method = _method(labels_at_once=2)
    monkeypatch.setattr(label_names, "_AT_ONCE", 3)
    method(_batch(method))
    method.train()(_batch(method))  # a step; the optimiser moves the encoder
    with torch.no_grad():
        for parameter in method.encoder.parameters():
            parameter.mul_(1.5)
    rows = _rows_read(method.eval(), monkeypatch)
    with torch.inference_mode():
        forward = method(_batch(method))
        method(_batch(method))
    assert rows == [3, 3, 1, 3]  # documents, all labels in parts, documents
    torch.testing.assert_close(forward.labels, _read(method.encoder, described_labels(SPACE)))
    assert not forward.labels.requires_grad
    method.train()(_batch(method)).logits.sum().backward()  # what inference wrote can be trained on


def test_looking_at_labels_leaves_training_as_it_was():
    method = _method().train()
    method.label_vectors.refresh(method.encoder)
    assert all(module.training for module in method.modules())


def test_a_saved_model_needs_no_texts_of_labels(tmp_path: Path, monkeypatch):
    method = _method()
    forward = method(_batch(method))
    save_method(method, tmp_path)
    monkeypatch.setattr(LabelVectors, "_texts_of", None)
    loaded = load_method(tmp_path)
    torch.testing.assert_close(loaded(_batch(method)).logits, forward.logits)
    torch.testing.assert_close(loaded.label_embeddings(), method.label_embeddings())


def test_a_model_that_was_saved_after_a_step_encodes_its_labels_when_it_is_loaded(tmp_path: Path):
    method = _method()
    method.train()(_batch(method))
    save_method(method, tmp_path)
    expected = _read(method.eval().encoder, described_labels(SPACE))
    torch.testing.assert_close(load_method(tmp_path).label_embeddings(), expected)


@pytest.mark.parametrize("variant", ["sep-mldc", "sep-mldc-no-lgfs"])
def test_a_frozen_encoder_reads_labels_once_and_trains_what_is_behind_it(
    variant: str, tmp_path: Path, monkeypatch
):
    save_bert(tmp_path / "bert")
    encoder = build_encoder(
        str(tmp_path / "bert"), settings={"max_length": 12}, train_texts=TEXTS, frozen=True
    )
    texts: list[int] = []
    prepare = encoder.prepare
    monkeypatch.setattr(encoder, "prepare", lambda given: texts.append(len(given)) or prepare(given))
    method = SEPMLDC(encoder, SPACE, SEPMLDCConfig(variant=variant))
    (stage,) = method.stages()
    for _ in range(2):
        method.begin_epoch(stage, 0, None)
        batch = _batch(method)
        forward = method.train()(batch)
        sum(objective(forward, batch) for objective in stage.objectives).backward()
        method.eval()(batch)
    assert texts == [4, 3, 3]
    assert all(parameter.grad.any() for parameter in encoder.parameters())


def test_its_contrasts_can_be_borrowed():
    of_labels = parse_objective("sep_mldc.label_contrast:weight=0.5,temperature=1")
    of_documents = parse_objective("sep_mldc.document_contrast:reading=paper,temperature=1")
    assert (of_labels.weight, of_documents.weight) == (0.5, 0.01)
    batch = Batch({}, TARGETS, torch.arange(3))
    labels = torch.randn(3, 4, 5, generator=torch.Generator().manual_seed(0))
    whole = Forward(torch.zeros(3, 4), labels=labels.mean(dim=0))
    by_document = Forward(torch.zeros(3, 4), labels=labels)
    expected = label_contrastive_loss(labels.mean(dim=0), label_similarity(TARGETS), 1.0)
    for forward in (whole, by_document):
        torch.testing.assert_close(of_labels(forward, batch), expected)
    assert of_labels.requires == ("labels",)
    assert of_documents.requires == ("document",)


@pytest.mark.parametrize(
    "variant, described, generated, said",
    [
        ("sep-mldc", True, True, []),
        ("sep-mldc", False, True, ["no-lse"]),
        ("sep-mldc", True, False, ["no-datc"]),
        ("sep-mldc-no-smcl", False, False, ["no-lse", "no-datc"]),
        ("sep-mldc-no-lse", False, True, []),
        ("sep-mldc-no-datc", True, False, []),
    ],
)
def test_what_the_corpus_has_nothing_for_is_said(variant: str, described: bool, generated: bool, said):
    space = replace(
        SPACE,
        descriptions=SPACE.descriptions if described else ("", " ", "", ""),
        n_generated=2 * generated,
    )
    notes = SEPMLDCConfig(variant=variant).notes(1, space)
    assert len(notes) == len(said)
    assert all(note.endswith(f"sep-mldc-{part}.") for note, part in zip(notes, said, strict=True))


def test_the_card_has_the_papers_numbers():
    reported = SEPMLDC.card.reported
    assert len(reported) == 3 * 5 + 3 + 2 * 4 * 5
    assert reported["AAPD", "", "sep-mldc", "P@1"] == 0.903
    assert reported["EUR-Lex", "", "sep-mldc-no-datc", "nDCG@5"] == 0.5612
    assert reported["EUR-Lex", "", "sep-mldc", "PSP@5"] == 0.5378
    assert {variant for _, _, variant, _ in reported} == set(SEPMLDC.variants)
