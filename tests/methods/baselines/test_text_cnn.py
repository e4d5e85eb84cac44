"""TextCNN as a baseline: a convolution by hand, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from workbench.encoders import build_encoder
from workbench.errors import WorkbenchError
from workbench.methods import Batch, LabelSpace
from workbench.methods.baselines.text_cnn import TextCNN

TEXTS = ["one two three four", "two two"]
LABELS = LabelSpace(("a", "b"), ("a", "b"), np.array([1, 2]), 2)


def _text_cnn(name: str = "cnn", **settings) -> TextCNN:
    torch.manual_seed(0)
    encoder = build_encoder(name, settings={"min_count": 1, **settings}, train_texts=TEXTS)
    return TextCNN(encoder, LABELS, TextCNN.Config()).eval()


def test_logits_are_linear_in_the_largest_response_of_each_filter():
    method = _text_cnn(filters=3, widths=(2,), embedding_size=4)
    inputs = method.encoder.prepare(TEXTS).batch([0, 1])
    logits = method(Batch(inputs, torch.zeros(2, 2), torch.arange(2))).logits
    words = method.encoder.embedding(inputs["input_ids"]).detach().double()
    (convolution,) = method.encoder.convolutions
    weight, bias = convolution.weight.detach().double(), convolution.bias.detach().double()
    for row, length in enumerate(inputs["attention_mask"].sum(dim=1).tolist()):
        responses = [
            [
                max(0.0, float((weight[f] * words[row, start : start + 2].T).sum() + bias[f]))
                for start in range(length - 1)
            ]
            for f in range(3)
        ]
        largest = torch.tensor([max(each) for each in responses], dtype=torch.float64)
        expected = method.classifier.weight.double() @ largest + method.classifier.bias.double()
        torch.testing.assert_close(logits[row].double(), expected, atol=1e-5, rtol=1e-5)


def test_another_encoder_is_refused():
    with pytest.raises(WorkbenchError, match=r"'bilstm' does not.*--encoder cnn"):
        _text_cnn("bilstm", units=4)
