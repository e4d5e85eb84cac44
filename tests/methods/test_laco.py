"""LACO as a method: what its variants have, that padding and the order of labels do not matter, one step."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from tests.encoders.conftest import save_bert
from workbench.encoders import build_encoder
from workbench.errors import WorkbenchError
from workbench.methods import Batch, LabelSpace, find_method
from workbench.methods.cross_attention import cross_attention_scores
from workbench.methods.laco import LACO, LACOConfig
from workbench.training.settings import resolve
from workbench.training.spec import Recipe

TEXTS = ["the quick brown fox", "graphs and networks", "one"]
TARGETS = torch.tensor([[1, 1, 0, 0], [0, 1, 1, 1], [0, 0, 0, 0]], dtype=torch.uint8)
LABELS = ("fox", "dog", "graphs", "networks")


@pytest.fixture(scope="module")
def bert(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_bert(tmp_path_factory.mktemp("model") / "bert")


def _laco(bert: Path, variant: str = "laco+both", labels=LABELS, encoder: str = "", **config) -> LACO:
    space = LabelSpace(labels, labels, np.ones(len(labels), dtype=np.int64), 3)
    torch.manual_seed(0)
    built = build_encoder(
        encoder or str(bert),
        settings={"max_length": 12} | ({"filters": 6, "embedding_size": 4} if encoder else {}),
        train_texts=TEXTS,
        label_texts=labels if LACO.reads_labels(variant) else None,
    )
    torch.manual_seed(0)
    return LACO(built, space, LACOConfig(variant=variant, **config)).eval()


def _batch(method: LACO) -> Batch:
    return Batch(method.encoder.prepare(TEXTS).batch(range(3)), TARGETS, torch.arange(3))


@pytest.mark.parametrize("variant", LACO.variants)
def test_every_variant_chooses_its_encoder_by_itself(variant: str):
    assert Recipe.of(variant, "demo", None, False, 0, {}).encoder == "minilm"
    assert Recipe.of(variant, "demo", "small-bert", False, 0, {}).encoder == "small-bert"
    chosen = resolve(variant, None, False, {}).encoder_config
    assert hasattr(chosen, "labels_at_once") == LACO.reads_labels(variant)


@pytest.mark.parametrize(
    "variant, terms",
    [
        ("laco", {"classification": 1}),
        ("laco+plcp", {"classification": 1, "plcp": 0.3}),
        ("laco+clcp", {"classification": 1, "clcp": 0.7}),
        ("laco+both", {"classification": 1, "plcp": 0.3, "clcp": 0.7}),
        ("laco-no-je", {"classification": 1}),
    ],
)
def test_each_variant_minimises_what_it_says(bert: Path, variant: str, terms: dict[str, float]):
    (stage,) = _laco(bert, variant, alpha=0.3).stages()
    assert {objective.name: objective.weight for objective in stage.objectives} == pytest.approx(terms)


def test_the_weights_of_the_released_code_are_a_reading(bert: Path):
    (stage,) = _laco(bert, task_weights="code").stages()
    assert [objective.weight for objective in stage.objectives] == [1, 1, 5]


def test_words_are_weighed_by_the_largest_label_of_a_window_by_hand(bert: Path):
    method = _laco(bert, "laco", window=2)
    with torch.no_grad():
        method.window.weight.zero_()
        for label in range(4):
            method.window.weight[label, label, 1] = 2.0  # twice the next token's score
        method.window.bias.fill_(-0.5)
    scores = torch.tensor([[[0.1, 0.2, 0.0, 0.0], [0.9, 0.3, 0.0, 0.0], [-1.0, 0.4, 0.0, 0.0]]])
    expected = torch.tanh(torch.tensor([[2 * 0.9 - 0.5, 2 * 0.4 - 0.5, 0.0]]))
    torch.testing.assert_close(method._weights(scores), expected)


def test_the_document_is_the_weighted_sum_of_its_words_alone(bert: Path):
    method = _laco(bert, "laco")
    batch = _batch(method)
    forward = method(batch)
    words = method.encoder.words(batch.inputs)
    scores = cross_attention_scores(forward.tokens, forward.labels, words)
    weights = method._weights(scores)
    for row in range(3):
        document = sum(
            (weights[row, t] * forward.tokens[row, t] for t in range(words.shape[1]) if words[row, t]),
            torch.zeros(16),
        )
        torch.testing.assert_close(forward.logits[row], method.classifier(document), atol=1e-5, rtol=1e-5)


def test_more_padding_changes_nothing(bert: Path):
    method = _laco(bert)
    batch = _batch(method)
    pad = torch.nn.functional.pad
    wider = {
        "input_ids": pad(batch.inputs["input_ids"], (0, 5), value=4),
        "attention_mask": pad(batch.inputs["attention_mask"], (0, 5)),
    }
    torch.testing.assert_close(
        method(Batch(wider, TARGETS, batch.rows)).logits, method(batch).logits, atol=1e-5, rtol=1e-5
    )


def test_the_order_of_labels_matters_by_their_positions_alone(bert: Path):
    order = [2, 0, 3, 1]
    one, other = _laco(bert), _laco(bert, labels=tuple(LABELS[place] for place in order))
    for method in (one, other):  # positions and types of labels tell nothing apart any more
        with torch.no_grad():
            method.encoder.model.embeddings.position_embeddings.weight.zero_()
    with torch.no_grad():
        other.classifier.weight.copy_(one.classifier.weight[order])
        other.classifier.bias.copy_(one.classifier.bias[order])
        other.window.weight.copy_(one.window.weight[order][:, order])
        other.window.bias.copy_(one.window.bias[order])
    torch.testing.assert_close(
        other(_batch(other)).logits, one(_batch(one)).logits[:, order], atol=1e-5, rtol=1e-5
    )


@pytest.mark.parametrize("variant", ["laco-no-je", "laco-no-je-ca"])
def test_without_joint_embedding_any_encoder_will_do(bert: Path, variant: str):
    method = _laco(bert, variant, encoder="cnn")
    assert method(_batch(method)).logits.shape == (3, 4)
    assert method.label_embeddings().shape == (4, 6 * 3)


@pytest.mark.parametrize("variant", ["laco", "laco+both", "laco-no-ca", "laco-no-je"])
def test_one_vector_stands_for_each_label(bert: Path, variant: str):
    method = _laco(bert, variant)
    assert method.label_embeddings().shape == (4, 16)


def test_a_document_without_words_is_classified_by_the_bias(bert: Path):
    method = _laco(bert)
    batch = Batch(method.encoder.prepare([""]).batch([0]), TARGETS[:1], torch.arange(1))
    torch.testing.assert_close(method(batch).logits[0], method.classifier.bias)


def test_an_encoder_without_tokens_is_refused_by_name(bert: Path):
    encoder = build_encoder(str(bert), settings={"max_length": 12}, train_texts=[], frozen=True)
    labels = LabelSpace(LABELS, LABELS, np.ones(4, dtype=np.int64), 3)
    with pytest.raises(WorkbenchError, match="states=tokens"):
        LACO(encoder, labels, LACOConfig(variant="laco-no-je"))


def test_all_names_are_known():
    for name in LACO.variants:
        assert find_method(name) == (LACO, name)
