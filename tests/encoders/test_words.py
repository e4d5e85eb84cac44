"""Word vectors alone: the document is the mean of its words, wherever these stand."""

from __future__ import annotations

import torch

from workbench.encoders import build_encoder

TEXTS = ["neural networks learn graphs", "learn graphs learn"] * 2
SETTINGS = {"embedding_size": 5}


def test_the_document_is_the_mean_of_its_words_vectors():
    encoder = build_encoder("words", settings=SETTINGS, train_texts=TEXTS).eval()
    encoded = encoder(encoder.prepare(TEXTS[:2]).batch([0, 1]))
    vectors = {
        word: encoder.embedding.weight[encoder.tokenizer.token_to_id(word)] for word in TEXTS[0].split()
    }
    for row, text in enumerate(TEXTS[:2]):
        words = [vectors[word] for word in text.split()]
        torch.testing.assert_close(encoded.document[row], sum(words) / len(words))
        torch.testing.assert_close(encoded.tokens[row, : len(words)], torch.stack(words))


def test_neither_context_nor_order_is_read():
    encoder = build_encoder("words", settings=SETTINGS, train_texts=TEXTS).eval()
    encoded = encoder(encoder.prepare(["networks learn", "learn networks"]).batch([0, 1]))
    torch.testing.assert_close(encoded.document[0], encoded.document[1])
    torch.testing.assert_close(encoded.tokens[0, 0], encoded.tokens[1, 1])


def test_both_dropouts_apply_in_training():
    settings = {**SETTINGS, "embedding_dropout": 0.0, "dropout": 0.9}
    encoder = build_encoder("words", settings=settings, train_texts=TEXTS).train()
    torch.manual_seed(0)
    encoded = encoder(encoder.prepare(TEXTS).batch(range(4)))
    assert (encoded.tokens == 0).float().mean() > 0.5
    assert (encoded.document == 0).any()
