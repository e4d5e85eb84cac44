"""LDGN: a document's graph by plain loops, the corpus's graph from training documents, and its limits."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from scipy import sparse

import workbench
from workbench.encoders import build_encoder
from workbench.errors import WorkbenchError
from workbench.methods import Batch, LabelSpace
from workbench.methods.baselines import ldgn
from workbench.methods.baselines.ldgn import LDGN
from workbench.methods.label_graph import conditional_graph, normalised
from workbench.methods.storage import load_method
from workbench.training.batches import Documents
from workbench.training.material import gather

TEXTS = ["the quick brown fox and the lazy dog", "graphs and networks learn", "one"]
TARGETS = np.array([[1, 1, 0, 0], [1, 0, 0, 0], [0, 0, 1, 0]], dtype=np.uint8)


def _labels(count: int = 4) -> LabelSpace:
    names = tuple(str(number) for number in range(count))
    return LabelSpace(names, names, np.ones(count, dtype=np.int64), 3)


def _ldgn(encoder: str = "words", labels: LabelSpace | None = None) -> LDGN:
    torch.manual_seed(0)
    settings = {"embedding_size": 6, "min_count": 1} | ({"units": 3} if encoder == "bilstm" else {})
    built = build_encoder(encoder, settings=settings, train_texts=TEXTS)
    return LDGN(built, labels or _labels(), LDGN.Config.parse({"graph_units": 5})).eval()


def _batch(method: LDGN, rows=(0, 1, 2)) -> Batch:
    chosen = np.array(rows)
    inputs = method.encoder.prepare(TEXTS).batch(chosen)
    return Batch(inputs, torch.from_numpy(TARGETS[chosen]), torch.from_numpy(chosen))


def _with_graph(method: LDGN, tmp_path) -> LDGN:
    train = Documents(method.encoder.prepare(TEXTS), sparse.csr_array(TARGETS))
    material = gather({"train": train}, 3, torch.device("cpu"), tmp_path / "material", 0)
    with torch.no_grad():
        method.begin_epoch(method.stages()[0], 0, material)
    return method


def test_a_documents_graph_compares_all_its_labels_and_is_its_own():
    method = _ldgn().double()
    states = torch.randn(2, 4, 5, dtype=torch.float64)
    found = method.document_graph(states).detach()
    for b in range(2):
        first = [[float(w @ states[b, i]) for w in method.first.weight.detach()] for i in range(4)]
        second = [[float(w @ states[b, i]) for w in method.second.weight.detach()] for i in range(4)]
        for i in range(4):
            for j in range(4):
                score = sum(x * y for x, y in zip(first[i], second[j], strict=True))
                assert float(found[b, i, j]) == pytest.approx(1 / (1 + math.exp(-score)))
    assert torch.linalg.matrix_rank(torch.logit(found[0])) == 4  # of scalar projections it would be 1


def test_logits_are_those_of_the_equations(tmp_path):
    method = _with_graph(_ldgn(), tmp_path).double()
    batch = _batch(method)
    with torch.no_grad():
        found = method(batch)
        tokens = method.encoder(batch.inputs).tokens
    leaky = torch.nn.functional.leaky_relu
    for b in range(3):
        real = tokens[b][batch.inputs["attention_mask"][b].bool()]
        weights = (method.attention.embeddings.double() @ real.T).softmax(dim=1)
        states = weights @ real
        for layer in method.static:
            states = leaky(method.graph @ states @ layer.linear.weight.T)
        own = normalised(torch.sigmoid(states @ method.first.weight.T @ method.second.weight @ states.T))
        further = states
        for layer in method.dynamic:
            further = leaky(own @ further @ layer.linear.weight.T)
        both = torch.cat([states, further], dim=1)
        expected = (both * method.classifier.weight).sum(dim=1) + method.classifier.bias
        torch.testing.assert_close(found.logits[b], expected, atol=1e-6, rtol=1e-5)


def test_the_graph_is_counted_before_the_first_epoch_alone(tmp_path):
    method = _with_graph(_ldgn(), tmp_path)
    torch.testing.assert_close(method.graph, normalised(torch.from_numpy(conditional_graph(TARGETS))))
    method.graph.zero_()
    method.begin_epoch(method.stages()[0], 1, None)
    assert not method.graph.any()


def test_the_graph_is_of_training_documents_alone_and_kept(toy_corpus, workspace):
    settings = {"epochs": 1, "embedding_size": 8, "graph_units": 4, "device": "cpu"}
    run = workbench.fit("ldgn", toy_corpus, "words", **settings)
    expected = normalised(torch.from_numpy(conditional_graph(toy_corpus.train.targets)))
    torch.testing.assert_close(load_method(run.model_dir).graph, expected)
    other = normalised(torch.from_numpy(conditional_graph(toy_corpus.valid.targets)))
    assert not torch.allclose(expected, other)


def test_documents_in_parts_give_the_same_numbers_and_gradients(tmp_path, monkeypatch):
    method = _with_graph(_ldgn(), tmp_path)
    batch = _batch(method)
    found = []
    for most in (2**26, 16):
        monkeypatch.setattr(ldgn, "MOST_KEPT", most)
        method.zero_grad()
        logits = method(batch).logits
        logits.square().sum().backward()
        found.append((logits.detach(), method.first.weight.grad.clone()))
    torch.testing.assert_close(found[0], found[1])


def test_the_same_document_has_the_same_scores_twice_and_however_far_it_is_padded(tmp_path):
    method = _with_graph(_ldgn("bilstm"), tmp_path)
    first = method(_batch(method)).logits
    torch.testing.assert_close(method(_batch(method)).logits, first, rtol=0, atol=0)
    for row in range(3):
        torch.testing.assert_close(method(_batch(method, [row])).logits[0], first[row], atol=1e-5, rtol=1e-4)


def test_one_label_all_padding_and_half_precision_give_numbers(tmp_path):
    assert _ldgn(labels=_labels(1))(_batch(_ldgn())).logits.shape == (3, 1)
    method = _with_graph(_ldgn(), tmp_path)
    batch = _batch(method)
    batch.inputs["attention_mask"][1] = 0
    assert method(batch).logits.isfinite().all()
    with torch.autocast("cpu", dtype=torch.bfloat16):
        assert method(_batch(method)).logits.isfinite().all()


def test_thousands_of_labels_are_refused_with_the_memory_that_they_need(monkeypatch):
    monkeypatch.setattr(ldgn, "MOST_LABELS", 3)
    with pytest.raises(WorkbenchError, match=r"all 4 labels .* GB a document.*Keep the most frequent labels"):
        _ldgn()
