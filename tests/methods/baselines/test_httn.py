"""HTTN: head labels, prototypes and the map from them by plain loops; what each stage trains and makes."""

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
from workbench.methods.baselines.httn import (
    HTTN,
    NEVER,
    HeadClassification,
    TransferError,
    averaged_logits,
    drawn_documents,
    head_labels,
    prototypes,
)
from workbench.methods.storage import load_method
from workbench.training.batches import Documents
from workbench.training.material import gather, looking

TEXTS = ["the quick brown fox and the lazy dog", "graphs and networks learn", "one", "foxes learn graphs"]
TARGETS = np.array([[0, 1, 1, 0], [0, 1, 0, 0], [0, 1, 1, 0], [1, 0, 1, 0]], dtype=np.uint8)
LABELS = LabelSpace(tuple("abcd"), tuple("abcd"), TARGETS.sum(axis=0), 4)


def _httn(encoder: str = "bilstm", **config) -> HTTN:
    torch.manual_seed(0)
    settings = {"embedding_size": 6, "min_count": 1} | ({"units": 3} if encoder == "bilstm" else {})
    built = build_encoder(encoder, settings=settings, train_texts=TEXTS)
    given = {"size": 5, "k": 2, "draws": 3, "ensemble": 4, "head_share": 0.8} | config
    return HTTN(built, LABELS, HTTN.Config.parse(given)).eval()


def _material(method: HTTN, tmp_path):
    documents = Documents(method.encoder.prepare(TEXTS), sparse.csr_array(TARGETS))
    return gather({"train": documents}, 3, torch.device("cpu"), tmp_path / "material", 0)


def _batch(method: HTTN, rows=(0, 1, 2, 3)) -> Batch:
    chosen = np.array(rows)
    inputs = method.encoder.prepare(TEXTS).batch(chosen)
    return Batch(inputs, torch.from_numpy(TARGETS[chosen]), torch.from_numpy(chosen))


def _finished(method: HTTN, tmp_path) -> HTTN:
    with looking(method, torch.device("cpu"), False):
        method.stages()[-1].solve(_material(method, tmp_path))
    return method


@pytest.mark.parametrize(
    "counts, share, expected",
    [
        ([1, 5, 0, 3, 1], 0.5, [1]),
        ([1, 5, 0, 3, 1], 0.8, [1, 3]),
        ([1, 5, 0, 3, 1], 0.85, [0, 1, 3]),
        ([1, 5, 0, 3, 1], 1.0, [0, 1, 3, 4]),
        ([2, 2, 2], 0.5, [0, 1]),
        ([4], 0.1, [0]),
        ([0, 0], 0.9, [0]),
    ],
)
def test_head_labels_are_the_fewest_of_their_share_in_any_order(counts, share, expected):
    assert np.flatnonzero(head_labels(np.array(counts), share)).tolist() == expected


def test_documents_are_drawn_among_those_of_the_label_and_twice_where_there_are_too_few():
    targets = sparse.csr_array(np.array([[1, 0], [1, 0], [1, 1], [1, 0], [0, 0]]))
    rows = drawn_documents(targets, np.array([0, 1]), 3, 50, 0)
    assert rows.shape == (50, 2, 3)
    assert {len(set(draw)) for draw in rows[:, 0].tolist()} == {3}
    assert set(rows[:, 0].ravel()) == {0, 1, 2, 3}
    assert set(rows[:, 1].ravel()) == {2}
    assert (rows == drawn_documents(targets, np.array([0, 1]), 3, 50, 0)).all()
    assert (rows != drawn_documents(targets, np.array([0, 1]), 3, 50, 1)).any()


def test_a_prototype_is_the_mean_of_its_documents_at_unit_length():
    features = torch.randn(4, 3, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    rows = [[0, 2], [3, 3]]
    found = prototypes(features, torch.tensor(rows))
    for row, expected in zip(rows, found.tolist(), strict=True):
        mean = [sum(float(features[i, d]) for i in row) / 2 for d in range(3)]
        norm = math.sqrt(sum(value**2 for value in mean))
        assert expected == pytest.approx([value / norm for value in mean])


def test_many_classifiers_average_their_probabilities():
    generator = torch.Generator().manual_seed(0)
    features = torch.randn(2, 3, generator=generator, dtype=torch.float64)
    classifiers = 3 * torch.randn(4, 5, 3, generator=generator, dtype=torch.float64)
    found = torch.sigmoid(averaged_logits(features, classifiers))
    for b in range(2):
        for label in range(5):
            each = [
                1 / (1 + math.exp(-sum(float(features[b, d] * classifiers[s, label, d]) for d in range(3))))
                for s in range(4)
            ]
            assert float(found[b, label]) == pytest.approx(sum(each) / 4)
    torch.testing.assert_close(averaged_logits(features, classifiers[:1]), features @ classifiers[0].T)
    assert averaged_logits(1e4 * features, classifiers).isfinite().all()


def test_features_and_scores_are_those_of_plain_loops():
    method = _httn("words")
    batch = _batch(method, [0])
    with torch.no_grad():
        found = method(batch)
        tokens = method.encoder(batch.inputs).tokens[0].double().tolist()
    w, b = method.attention.weight[0].tolist(), method.attention.bias.item()
    scores = [math.exp(b + sum(x * y for x, y in zip(w, token, strict=True))) for token in tokens]
    document = [
        sum(s * token[d] for s, token in zip(scores, tokens, strict=True)) / sum(scores) for d in range(6)
    ]
    raw = [
        bias + sum(x * y for x, y in zip(weights, document, strict=True))
        for weights, bias in zip(
            method.projection.weight.tolist(), method.projection.bias.tolist(), strict=True
        )
    ]
    norm = math.sqrt(sum(value**2 for value in raw))
    assert found.features[0].tolist() == pytest.approx([value / norm for value in raw], abs=1e-5)
    expected = [
        10 * sum(x * y / norm for x, y in zip(weights, raw, strict=True))
        for weights in method.classifier.weight.tolist()
    ]
    assert found.logits[0, [1, 2]].tolist() == pytest.approx(expected, abs=1e-5)


def test_rare_labels_have_no_score_before_their_classifiers_are_made_and_unseen_ones_never(tmp_path):
    method = _httn()
    assert (method.head.tolist(), method.tail.tolist()) == ([1, 2], [0])
    before = method(_batch(method)).logits
    assert (before[:, [0, 3]] == NEVER).all()
    after = _finished(method, tmp_path)(_batch(method)).logits
    assert (after[:, 0] > NEVER).all()
    assert (after[:, 3] == NEVER).all()
    torch.testing.assert_close(after[:, [1, 2]], before[:, [1, 2]])
    assert (method.probabilities(method(_batch(method)))[:, 3] < 1e-12).all()


def test_a_tail_classifier_is_what_its_prototype_is_mapped_to(tmp_path):
    method = _finished(_httn(), tmp_path)
    features = method(_batch(method)).features
    prototype = features[3]  # the one document of label a, drawn twice
    torch.testing.assert_close(method.tail_classifiers[0, 0], method.transfer.weight @ prototype)
    expected = method.scale * features @ (method.transfer.weight @ prototype)
    torch.testing.assert_close(method(_batch(method)).logits[:, 0], expected)
    embeddings = method.label_embeddings()
    torch.testing.assert_close(embeddings[[1, 2]], method.classifier.weight)
    assert embeddings[3].tolist() == [0] * 5


def test_the_map_is_told_the_classifiers_of_head_labels(tmp_path):
    method = _httn()
    stage = method.stages()[1]
    with looking(method, torch.device("cpu"), False):
        examples = stage.examples(_material(method, tmp_path))
    assert len(examples) == 3 * 2
    batch = examples[np.arange(6)]
    forward = stage.forward(batch)
    for row in range(6):
        torch.testing.assert_close(forward.wanted[row], method.classifier.weight[row % 2])
        torch.testing.assert_close(
            forward.made[row], method.transfer.weight @ batch.inputs["prototype"][row].float()
        )
    assert batch.inputs["prototype"].norm(dim=1).tolist() == pytest.approx([1.0] * 6)
    loss = TransferError()(forward, batch)
    assert loss.item() == pytest.approx(((forward.made - forward.wanted) ** 2).mean().item())
    loss.backward()
    assert method.classifier.weight.grad is None


def test_the_first_stage_knows_head_labels_alone():
    method = _httn()
    batch = _batch(method)
    forward = method(batch)
    loss = HeadClassification(lambda: method.head)(forward, batch)
    p = torch.sigmoid(forward.logits.detach().double())
    terms = [
        -math.log(float(p[i, label] if TARGETS[i, label] else 1 - p[i, label]))
        for i in range(4)
        for label in (1, 2)
    ]
    assert loss.item() == pytest.approx(sum(terms) / 8, rel=1e-5)


def test_where_all_labels_are_frequent_there_is_nothing_to_carry_over():
    method = _httn(head_share=1.0)
    assert [stage.name for stage in method.stages()] == ["head"]
    assert method.transfer is None
    assert method(_batch(method)).logits[:, 3].tolist() == [NEVER] * 4


def test_the_same_document_has_the_same_scores_twice_and_however_far_it_is_padded(tmp_path):
    method = _finished(_httn(variant="ehttn"), tmp_path)
    first = method(_batch(method)).logits
    torch.testing.assert_close(method(_batch(method)).logits, first, rtol=0, atol=0)
    for row in range(4):
        torch.testing.assert_close(method(_batch(method, [row])).logits[0], first[row], atol=1e-5, rtol=1e-4)


def test_a_row_of_padding_and_half_precision_give_numbers(tmp_path):
    method = _finished(_httn("words", variant="ehttn"), tmp_path)
    batch = _batch(method)
    batch.inputs["attention_mask"][1] = 0
    assert method(batch).logits.isfinite().all()
    with torch.autocast("cpu", dtype=torch.bfloat16):
        assert method(_batch(method)).logits.isfinite().all()


def test_an_ensemble_without_room_is_refused(monkeypatch):
    monkeypatch.setattr("workbench.methods.baselines.httn.free_main_memory", lambda: 100)
    with pytest.raises(WorkbenchError, match=r"ehttn keeps 18 vectors of 5 numbers .* --set draws=10"):
        _httn(variant="ehttn")


def test_a_run_makes_tail_classifiers_and_loads_them(toy_corpus, workspace):
    settings = {"epochs": 1, "embedding_size": 8, "size": 6, "device": "cpu", "head_share": 0.5}
    run = workbench.fit("ehttn", toy_corpus, "words", ensemble=3, **settings)
    assert list(run.history["stage"].unique()) == ["head", "transfer", "tail"]
    method = load_method(run.model_dir)
    assert method.tail_classifiers.shape == (3, 10 - len(method.head), 6)
    assert bool(method.is_filled)
    assert method.tail_classifiers.any(dim=2).all()
