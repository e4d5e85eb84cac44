"""XML-CNN: from words to logits by plain loops, what learns, and what is refused."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
import torch

from tests.encoders.conftest import save_bert
from workbench.encoders import build_encoder
from workbench.errors import WorkbenchError
from workbench.methods import Batch, LabelSpace
from workbench.methods.baselines.xml_cnn import XMLCNN

TEXTS = ["one two three four five six seven", "two two", "three"]
LABELS = LabelSpace(("a", "b"), ("a", "b"), np.array([1, 2]), 2)


def _xml_cnn(name: str = "cnn", config=None, **settings) -> XMLCNN:
    torch.manual_seed(0)
    encoder = build_encoder(name, settings={"min_count": 1, **settings}, train_texts=TEXTS)
    return XMLCNN(encoder, LABELS, XMLCNN.Config.parse(config or {})).eval()


def _batch(method: XMLCNN) -> Batch:
    return Batch(method.encoder.prepare(TEXTS).batch(range(3)), torch.zeros(3, 2), torch.arange(3))


def _feature_map(words, weight, bias):
    """Responses (n, F) of filters (F, E, width) centred on each of n words, nothing beyond the text."""
    n, width = len(words), weight.shape[2]
    rows = []
    for t in range(n):
        row = []
        for f in range(len(weight)):
            total = float(bias[f])
            for offset in range(width):
                place = t + offset - (width - 1) // 2
                if 0 <= place < n:
                    total += float(weight[f, :, offset] @ words[place])
            row.append(max(0.0, total))
        rows.append(row)
    return rows


@pytest.mark.parametrize("chunks", [1, 3])
def test_logits_by_plain_loops(chunks: int):
    config = {"chunks": chunks, "hidden": 5}
    method = (
        _xml_cnn(config=config, filters=2, widths=(2, 3), embedding_size=4).double().requires_grad_(False)
    )
    batch = _batch(method)
    logits = method(batch).logits
    words = method.encoder.embedding(batch.inputs["input_ids"])
    for b, n in enumerate(batch.inputs["attention_mask"].sum(dim=1).tolist()):
        maps = [_feature_map(words[b, :n], c.weight, c.bias) for c in method.encoder.convolutions]
        joined = [[value for each in maps for value in each[t]] for t in range(n)]  # (n, 4)
        maxima = []
        for i in range(chunks):
            inside = range(math.floor(i * n / chunks), math.ceil((i + 1) * n / chunks))
            maxima += [max(joined[t][f] for t in inside) for f in range(4)]
        weight, bias = method.bottleneck.weight, method.bottleneck.bias
        hidden = [
            max(0.0, float(bias[u]) + sum(float(weight[u, i]) * maxima[i] for i in range(len(maxima))))
            for u in range(5)
        ]
        for label in range(2):
            expected = float(method.classifier.bias[label])
            expected += sum(float(method.classifier.weight[label, u]) * hidden[u] for u in range(5))
            assert float(logits[b, label]) == pytest.approx(expected, abs=1e-9)


def test_where_a_word_stands_counts_with_chunks_and_not_without():
    for chunks, is_same in [(1, True), (2, False)]:
        method = _xml_cnn("words", {"chunks": chunks}, embedding_size=4, max_length=9).requires_grad_(False)
        inputs = method.encoder.prepare(["one one two two", "two two one one"]).batch([0, 1])
        first, second = method(Batch(inputs, torch.zeros(2, 2), torch.arange(2))).logits
        assert torch.allclose(first, second) == is_same


def test_labels_are_the_classifiers_vectors():
    method = _xml_cnn(config={"hidden": 7}, filters=2)
    assert method.label_embeddings().shape == (2, 7)
    assert method.label_embeddings() is method.classifier.weight


def test_a_frozen_encoder_without_tokens_is_refused(tmp_path: Path):
    folder = save_bert(tmp_path / "bert")
    encoder = build_encoder(str(folder), settings={"max_length": 12}, train_texts=[], frozen=True)
    with pytest.raises(WorkbenchError, match=r"xml-cnn attends to tokens.*states=tokens"):
        XMLCNN(encoder, LABELS, XMLCNN.Config())
