"""Binary relevance and classifier chain against scikit-learn's, on the same TF-IDF, and their corners."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from scipy import sparse
from sklearn.multiclass import OneVsRestClassifier
from sklearn.multioutput import ClassifierChain as Oracle
from sklearn.svm import LinearSVC

from workbench.encoders import build_encoder
from workbench.errors import WorkbenchError
from workbench.methods import Batch, LabelSpace, Material, Method, find_method
from workbench.methods import linear_svm as shared
from workbench.methods.baselines import classifier_chain
from workbench.methods.baselines.classifier_chain import chain_order
from workbench.methods.registry import complete_stages
from workbench.methods.storage import load_method, save_method
from workbench.training.batches import Documents
from workbench.training.material import gather, looking

BOTH = ("binary-relevance", "classifier-chain")


def _documents(size: int, seed: int) -> tuple[list[str], np.ndarray]:
    """Texts that half give away their labels: the first label most often, then less and less."""
    generator = np.random.default_rng(seed)
    targets = (generator.random((size, 6)) < [0.6, 0.5, 0.3, 0.3, 0.2, 0.1]).astype(np.uint8)
    targets[:, 3] |= targets[:, 1] & targets[:, 2]  # what a chain can learn
    texts = [
        " ".join([f"word{label}" for label in np.flatnonzero(row)] + [f"noise{n}" for n in noise])
        for row, noise in zip(targets, generator.integers(0, 15, (size, 6)), strict=True)
    ]
    return texts, targets


TRAIN, TARGETS = _documents(120, 0)
TEST, _ = _documents(40, 1)


def _method(name: str, targets: np.ndarray = TARGETS, encoder: str = "tfidf", **config) -> Method:
    codes = tuple(f"l{number}" for number in range(targets.shape[1]))
    space = LabelSpace(codes, codes, targets.sum(axis=0, dtype=np.int64), len(targets))
    built = build_encoder(encoder, settings={}, train_texts=TRAIN)
    method_class, _ = find_method(name)
    return method_class(built, space, method_class.Config.parse(config))


def _material(method: Method, folder: Path, targets: np.ndarray = TARGETS, seed: int = 0) -> Material:
    documents = Documents(method.encoder.prepare(TRAIN), sparse.csr_array(targets))
    return gather({"train": documents}, 32, torch.device("cpu"), folder, seed)


def _solve(method: Method, folder: Path, targets: np.ndarray = TARGETS) -> Method:
    (stage,) = method.stages()
    with looking(method, torch.device("cpu"), False):
        stage.solve(_material(method, folder, targets))
    return method


def _logits(method: Method, texts: list[str]) -> np.ndarray:
    inputs = method.encoder.prepare(texts).batch(range(len(texts)))
    batch = Batch(inputs, torch.zeros(len(texts), len(method.label_space)), torch.arange(len(texts)))
    with torch.no_grad():
        return method.eval()(batch).logits.double().numpy()


def _bags(method: Method, texts: list[str]) -> sparse.csr_matrix:
    return sparse.csr_matrix(method.encoder.prepare(texts).matrix.astype(np.float64))


@pytest.mark.parametrize("c", [0.1, 1.0, 10.0])
def test_binary_relevance_decides_as_scikit_learn_does(tmp_path: Path, c: float):
    method = _solve(_method("binary-relevance", C=c), tmp_path)
    oracle = OneVsRestClassifier(LinearSVC(C=c, max_iter=10_000, random_state=0))
    oracle.fit(_bags(method, TRAIN), TARGETS.astype(np.int64))
    expected = oracle.decision_function(_bags(method, TEST))
    np.testing.assert_allclose(_logits(method, TEST), expected, atol=2e-5)


@pytest.mark.parametrize("order", ["frequency", "random"])
def test_a_chain_decides_as_scikit_learn_does(tmp_path: Path, order: str):
    method = _solve(_method("classifier-chain", order=order, order_seed=3), tmp_path)
    oracle = Oracle(LinearSVC(max_iter=10_000, random_state=0), order=method.order.tolist())
    oracle.fit(_bags(method, TRAIN), TARGETS.astype(np.int64))
    expected = oracle.decision_function(_bags(method, TEST))
    logits = _logits(method, TEST)
    np.testing.assert_allclose(logits, expected, atol=2e-5)
    assert np.array_equal(logits > 0, oracle.predict(_bags(method, TEST)))
    assert method.before.abs().max() > 0.1


def test_a_chain_is_told_gold_labels_while_it_learns(tmp_path: Path):
    method = _solve(_method("classifier-chain"), tmp_path)
    (stage,) = method.stages()
    batch = _material(method, tmp_path).documents[np.arange(len(TRAIN))]
    with torch.no_grad():
        told = stage.forward(batch).logits.double().numpy()
    bags, order = _bags(method, TRAIN).toarray(), method.order.tolist()
    weight, before, bias = (p.detach().double().numpy() for p in (method.weight, method.before, method.bias))
    for place, label in enumerate(order):
        expected = bags @ weight[:, label] + bias[label]
        for earlier in order[:place]:
            expected = expected + TARGETS[:, earlier] * before[earlier, label]
        np.testing.assert_allclose(told[:, label], expected, atol=1e-5)
        assert not before[order[place:], label].any()  # nothing from itself or from later labels


def test_orders_of_a_chain():
    space = LabelSpace(("a", "b", "c", "d"), ("a", "b", "c", "d"), np.array([2, 5, 2, 9]), 9)
    parse = classifier_chain.ClassifierChainConfig.parse
    assert chain_order(space, parse({})).tolist() == [3, 1, 0, 2]
    drawn = [chain_order(space, parse({"order": "random", "order_seed": seed})).tolist() for seed in range(9)]
    assert all(sorted(each) == [0, 1, 2, 3] for each in drawn)
    assert len({tuple(each) for each in drawn}) > 3
    assert chain_order(space, parse({"order": "random", "order_seed": 4})).tolist() == drawn[4]


@pytest.mark.parametrize("name", BOTH)
def test_labels_that_no_document_or_every_document_has_get_a_constant(tmp_path: Path, name: str):
    targets = TARGETS.copy()
    targets[:, 2], targets[:, 4] = 0, 1
    logits = _logits(_solve(_method(name, targets), tmp_path, targets), TEST)
    assert (logits[:, 2] == -shared.CERTAIN).all()
    assert (logits[:, 4] == shared.CERTAIN).all()
    assert (logits[:, 2] < np.delete(logits, 2, axis=1).min(axis=1)).all()


@pytest.mark.parametrize("name", BOTH)
def test_solved_saved_and_loaded_it_scores_the_same_in_any_batch(tmp_path: Path, name: str):
    method = _solve(_method(name), tmp_path)
    save_method(method, tmp_path / "model")
    loaded, expected = load_method(tmp_path / "model"), _logits(method, TEST)
    np.testing.assert_array_equal(_logits(loaded, TEST), expected)
    for row in (0, 7):
        np.testing.assert_allclose(_logits(loaded, [TEST[row]])[0], expected[row], atol=1e-6)
    empty = _logits(loaded, ["unknown words alone"])[0]
    if name == "binary-relevance":
        np.testing.assert_allclose(empty, method.bias.detach().numpy(), atol=1e-6)


@pytest.mark.parametrize("name", BOTH)
def test_another_seed_finds_nearly_the_same(tmp_path: Path, name: str):
    one, other = _method(name), _method(name)
    _solve(one, tmp_path)
    (stage,) = other.stages()
    with looking(other, torch.device("cpu"), False):
        stage.solve(_material(other, tmp_path, seed=2**40 + 5))
    torch.testing.assert_close(one.weight, other.weight, atol=5e-3, rtol=0)


def test_the_bags_are_gathered_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(shared, "_AT_ONCE", 50)
    method = _method("binary-relevance")
    found = shared.gathered_bags(_material(method, tmp_path), method.encoder.hidden_size)
    np.testing.assert_array_equal(found.toarray(), _bags(method, TRAIN).toarray())


def test_the_squared_hinge_by_hand():
    from workbench.methods import Forward

    batch = Batch({}, torch.tensor([[1, 0], [0, 1]], dtype=torch.uint8), torch.arange(2))
    forward = Forward(torch.tensor([[0.5, -2.0], [0.25, 3.0]]))
    expected = (0.5**2 + 0 + 1.25**2 + 0) / 4
    assert float(shared.SquaredHinge()(forward, batch)) == pytest.approx(expected)


def test_a_solver_that_is_cut_off_says_so(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    _solve(_method("binary-relevance", C=1000.0, most_steps=1), tmp_path)
    assert "labels the solver was still moving after 1 steps" in caplog.text


@pytest.mark.parametrize("name", BOTH)
def test_another_encoder_is_refused(name: str):
    with pytest.raises(WorkbenchError, match=rf"{name} takes bags .*'cnn'.*--encoder tfidf"):
        _method(name, encoder="cnn")


@pytest.mark.parametrize("name", BOTH)
def test_weights_beyond_memory_are_refused_in_numbers(name: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(shared, "free_main_memory", lambda: 720)
    with pytest.raises(WorkbenchError, match=r"terms and 6 labels needs about .*--set max_terms=10 or less"):
        _method(name)


def test_a_chain_takes_a_thousand_labels():
    assert classifier_chain.MOST_LABELS == 1000


def test_a_chain_of_very_many_labels_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(classifier_chain, "MOST_LABELS", 5)
    with pytest.raises(WorkbenchError, match=r"chain of 6 labels .* up to 5\. Take binary-relevance"):
        _method("classifier-chain")


def test_too_many_weights_are_not_kept_twice(monkeypatch: pytest.MonkeyPatch):
    method = _method("binary-relevance")
    assert method.label_embeddings().shape == (6, method.encoder.hidden_size)
    monkeypatch.setattr(shared, "MOST_EMBEDDED", 5)
    assert method.label_embeddings() is None


def test_what_is_solved_takes_no_borrowed_term():
    method = _method("binary-relevance", add=("protomix.classification",))
    with pytest.raises(WorkbenchError, match="solved for its own loss"):
        complete_stages(method)
