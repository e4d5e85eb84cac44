"""Every registered method, in every variant, keeps the contract of workbench.methods.base."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from scipy import sparse
from torch.func import functional_call

from tests.encoders.conftest import save_bert
from workbench.cards import MECHANISMS, paper_cards
from workbench.encoders import build_encoder
from workbench.methods import Batch, LabelSpace, Material, find_method, method_names
from workbench.methods.base import Method
from workbench.methods.protomix_equations import classification_loss
from workbench.methods.registry import complete_stages
from workbench.methods.storage import load_method, save_method, trained_weights
from workbench.probes.directions import Weights, flattened
from workbench.probes.sharpness import hessian_product
from workbench.training.batches import Documents
from workbench.training.material import gather, looking

TEXTS = [
    "a few short words",
    "one",
    "a longer document about word3 and word4 and a few more words",
    "two words",
]
TARGETS = torch.tensor(
    [[1, 0, 1, 0, 0], [0, 0, 0, 0, 0], [1, 1, 1, 1, 1], [0, 1, 0, 0, 0]], dtype=torch.uint8
)
ENCODERS = {
    "cnn": ("cnn", {"filters": 6, "embedding_size": 8, "dropout": 0.0}),
    "bilstm": ("bilstm", {"units": 4, "embedding_size": 8, "dropout": 0.0}),
    "words": ("words", {"embedding_size": 8, "dropout": 0.0}),
    "tfidf": ("tfidf", {"min_df": 1}),
    "minilm": ("", {"max_length": 18}),  # a small BERT of random weights
}
"""Small ones in place of those that methods choose for themselves."""


def _method(name: str, bert: Path):
    labels = LabelSpace(tuple("abcde"), tuple("ABCDE"), np.array([2, 2, 2, 1, 1]), 4)
    method_class, variant = find_method(name)
    torch.manual_seed(0)
    joint = method_class.reads_labels(variant)
    name, settings = ENCODERS[method_class.default_encoder]
    encoder = build_encoder(
        name or str(bert),
        settings=settings,
        train_texts=TEXTS,
        label_texts=labels.texts if joint else None,
    )
    return method_class(encoder, labels, method_class.Config.parse({"variant": variant}))


@pytest.fixture
def material(tmp_path) -> Callable[[Method], Material]:
    def of(method: Method) -> Material:
        documents = Documents(method.encoder.prepare(TEXTS), sparse.csr_array(TARGETS.numpy()))
        return gather(
            {"train": documents, "test": documents}, 2, torch.device("cpu"), tmp_path / "material", 0
        )

    return of


def _batch(method, rows=(0, 1, 2, 3)) -> Batch:
    rows = np.array(rows)
    prepared = method.encoder.prepare(TEXTS)
    return Batch(prepared.batch(rows), TARGETS[rows], torch.from_numpy(rows))


@pytest.fixture(scope="module")
def bert(tmp_path_factory) -> Path:
    return save_bert(tmp_path_factory.mktemp("model") / "bert")


@pytest.fixture(params=method_names())
def method(request, bert):
    return _method(request.param, bert)


def test_a_step_from_random_input_gives_finite_named_terms_and_every_parameter_a_gradient(method, material):
    method.train()
    reached: set[str] = set()
    trained: set[str] = set()
    for stage in complete_stages(method):
        with looking(method, torch.device("cpu"), False):
            examples = stage.examples(material(method)) if stage.examples else None
            method.begin_epoch(stage, 1, material(method))
        batch = _batch(method) if examples is None else examples[np.arange(len(examples))]
        forward = (stage.forward or method)(batch)
        terms = {objective.name: objective(forward, batch) for objective in stage.objectives}
        assert terms
        assert all(term.dim() == 0 and torch.isfinite(term) for term in terms.values())
        method.zero_grad()
        sum(terms.values()).backward()
        trained |= {name for name, p in method.named_parameters() if p.requires_grad and stage.trains(name)}
        reached |= {name for name, p in method.named_parameters() if p.grad is not None and p.grad.any()}
    assert trained - reached == set()


def test_shapes_are_those_of_the_contract(method):
    forward = method.eval()(_batch(method))
    assert forward.logits.shape == (4, 5)
    hidden = method.encoder.hidden_size
    if forward.document is not None:
        assert forward.document.shape == (4, hidden)
    if forward.labels is not None:
        assert forward.labels.shape in {(5, hidden), (4, 5, hidden)}
    if forward.tokens is not None:
        assert forward.tokens.shape[:2] == forward.mask.shape
    scores = method.probabilities(forward)
    assert scores.shape == (4, 5)
    assert ((scores >= 0) & (scores <= 1)).all()


def test_padding_changes_nothing(method):
    method.eval()
    together = method(_batch(method)).logits
    for row in range(len(TEXTS)):
        alone = method(_batch(method, [row])).logits
        torch.testing.assert_close(alone[0], together[row], atol=1e-5, rtol=1e-4)


def test_the_order_of_the_batch_changes_nothing(method):
    method.eval()
    order = [2, 0, 3, 1]
    torch.testing.assert_close(
        method(_batch(method, order)).logits, method(_batch(method)).logits[order], atol=1e-5, rtol=1e-4
    )


def test_its_loss_can_be_differentiated_twice(method):
    """As the curvature of its landscape is: neither sums of bags nor decisions stand in the way."""
    method.eval()
    weights = trained_weights(method)

    def loss(moved: Weights) -> torch.Tensor:
        forward = functional_call(method, moved, (_batch(method),))
        return classification_loss(forward.logits, TARGETS)

    product = hessian_product([loss], weights)
    image = product(torch.ones_like(flattened(weights)))
    assert image.shape == flattened(weights).shape
    assert torch.isfinite(image).all()


def test_saved_and_loaded_it_gives_the_same_logits(method, tmp_path):
    save_method(method, tmp_path)
    loaded = load_method(str(tmp_path))
    assert not loaded.training
    batch = _batch(method)
    torch.testing.assert_close(loaded(batch).logits, method.eval()(batch).logits)


def test_what_a_run_keeps_is_numbers_of_as_many_rows_as_its_labels_say(method, material):
    with looking(method, torch.device("cpu"), False):
        for stage in complete_stages(method):
            if stage.examples is not None:
                stage.examples(material(method))
        arrays = method.arrays(material(method))
    for name, array in arrays.items():
        assert not array.dtype.hasobject
        assert np.isfinite(array).all(), name
    method.train()
    assert method.training


def test_the_card_names_its_paper_and_equations(method):
    assert method.card.title
    assert method.card.equations
    assert all(0 <= value <= 1 for value in method.card.reported.values())
    assert method.card.mechanisms
    assert set(method.card.mechanisms) <= set(MECHANISMS)
    assert paper_cards()[method.name] is method.card


@pytest.mark.parametrize("name", ["proto", "protomix"])
def test_a_batch_in_which_no_document_has_labels_gives_zero_distance(name, bert):
    method = _method(name, bert).train()
    batch = _batch(method)
    batch.targets = torch.zeros_like(batch.targets)
    forward = method(batch)
    terms = {o.name: o(forward, batch) for stage in complete_stages(method) for o in stage.objectives}
    distance = next(value for term, value in terms.items() if "prototype" in term)
    assert distance.item() == 0
    sum(terms.values()).backward()
    assert torch.isfinite(method.classifier.weight.grad).all()


def test_a_method_says_whether_labels_attend_or_tokens_are_compared(method):
    with torch.no_grad():
        forward = method(_batch(method))
    assert method.attends_by_label == (forward.attention is not None)
    assert method.compares_tokens == (forward.correlation is not None) == (forward.token_weights is not None)


def test_what_tokens_have_to_do_with_labels_is_nothing_at_padding(method):
    batch = _batch(method)
    with torch.no_grad():
        forward = method.eval()(batch)
    if not method.compares_tokens:
        assert forward.token_weights is None
        return
    rows, width = batch.inputs["attention_mask"].shape
    assert forward.correlation.shape == (rows, width, len(method.label_space))
    assert forward.token_weights.shape == (rows, width)
    outside = ~method.encoder.words(batch.inputs)
    assert outside.any()
    assert (forward.correlation[outside] == 0).all()
    assert (forward.token_weights[outside] == 0).all()
