"""What goes wrong in released code of these methods, by their papers' later readers, goes right here.

Padding that is attended to, random initial states at test time too, test documents that a last small batch
drops, and vocabularies that have seen test documents.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch.nn import functional

import workbench
from workbench.data.corpus import make_corpus
from workbench.encoders import build_encoder
from workbench.methods import Batch, LabelSpace, find_method
from workbench.methods.base import Method
from workbench.probes.inference import Predictor

METHODS = ["xml-cnn", "attention-xml", "lsan", "exam", "ml-reasoner"]
TEXTS = ["the quick brown fox and the lazy dog run", "graphs and networks learn", "one", ""]
LABELS = LabelSpace(("a", "b", "c"), ("brown fox", "Graphs", "chimneysweep"), np.array([1, 2, 1]), 3)
SETTINGS = {"cnn": {"filters": 4}, "bilstm": {"units": 4}}


@pytest.fixture(params=METHODS)
def method(request) -> Method:
    torch.manual_seed(0)
    method_class, variant = find_method(request.param)
    name = method_class.default_encoder
    settings = SETTINGS[name] | {"embedding_size": 6, "min_count": 1}
    encoder = build_encoder(name, settings=settings, train_texts=TEXTS)
    return method_class(encoder, LABELS, method_class.Config.parse({"variant": variant})).eval()


def _batch(method: Method, extra: int = 0) -> Batch:
    inputs = method.encoder.prepare(TEXTS).batch(range(len(TEXTS)))
    longer = {name: functional.pad(part, (0, extra)) for name, part in inputs.items()}
    return Batch(longer, torch.zeros(len(TEXTS), 3), torch.arange(len(TEXTS)))


@pytest.mark.parametrize("extra", [1, 50, 600])
def test_however_far_a_batch_is_padded_the_logits_are_the_same(method, extra: int):
    with torch.no_grad():
        expected, found = method(_batch(method)).logits, method(_batch(method, extra)).logits
    torch.testing.assert_close(found, expected, atol=1e-6, rtol=1e-5)


def test_what_stands_in_the_padding_is_never_read(method):
    batch = _batch(method)
    outside = ~batch.inputs["attention_mask"].bool()
    assert outside.any()
    with torch.no_grad():
        expected = method(batch).logits
        batch.inputs["input_ids"][outside] = 2  # a word of the vocabulary
        torch.testing.assert_close(method(batch).logits, expected, atol=1e-6, rtol=1e-5)


def test_the_same_documents_get_the_same_logits_whatever_was_drawn_before(method):
    batch = _batch(method)
    with torch.no_grad():
        torch.manual_seed(1)
        first = method(batch).logits
        torch.manual_seed(2)
        assert torch.equal(method(batch).logits, first)


def test_half_precision_gives_logits_near_those_of_float32(method):
    batch = _batch(method)
    with torch.no_grad():
        exact = method(batch).logits
        with torch.autocast("cpu", dtype=torch.bfloat16):
            half = method(batch).logits
    torch.testing.assert_close(half.float(), exact, atol=0.03, rtol=0.05)


def test_a_few_documents_are_learned_by_heart(method):
    batch = _batch(method)
    batch.targets = torch.tensor([[1, 0, 1], [0, 1, 0], [0, 0, 0], [1, 1, 1]])
    (stage,) = method.stages()
    optimizer = torch.optim.Adam(method.parameters(), lr=2e-2)
    for _ in range(150):
        optimizer.zero_grad()
        sum(term(method(batch), batch) for term in stage.objectives).backward()
        optimizer.step()
    assert (method(batch).logits > 0).tolist() == batch.targets.bool().tolist()


@pytest.mark.parametrize("name", METHODS)
def test_every_test_document_is_scored_by_words_of_the_training_documents(name, toy_corpus, workspace):
    added = [f"{text} onlyinvalid onlyinvalid" for text in toy_corpus.valid.texts]
    shown = [f"{text} onlyintest onlyintest" for text in toy_corpus.test.texts]
    corpus = make_corpus(
        "shown",
        toy_corpus.train,
        replace(toy_corpus.valid, texts=added),
        replace(toy_corpus.test, texts=shown),
        toy_corpus.labels,
        toy_corpus.label_texts,
    )
    size = {"filters": 4} if find_method(name)[0].default_encoder == "cnn" else {"units": 4, "layers": 1}
    run = workbench.fit(name, corpus, epochs=1, batch_size=11, embedding_size=8, device="cpu", **size)
    assert len(corpus.test) % 22 != 0  # documents are scored in batches of twice the size
    assert list(run.predictions["id"]) == list(corpus.test.ids)
    words = set(Predictor.load(run).method.encoder.tokenizer.get_vocab())
    assert "word0x0" in words
    assert words & {"onlyinvalid", "onlyintest"} == set()
