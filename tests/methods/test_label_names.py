"""Labels' vectors from their names, in parts, with names that nothing is known of."""

from __future__ import annotations

import torch

from workbench.encoders import build_encoder
from workbench.methods import label_names
from workbench.methods.label_names import name_embeddings, name_vectors

TEXTS = ["neural networks learn graphs", "neural networks learn graphs"]


def test_names_become_the_mean_of_their_words_whatever_the_parts(monkeypatch):
    encoder = build_encoder("words", settings={"embedding_size": 4}, train_texts=TEXTS).eval()
    names = ["graphs", "neural networks", "zebra", "", "learn zebra"]
    vectors, known = name_vectors(encoder, names, torch.device("cpu"))
    word = {w: encoder.embedding.weight[encoder.tokenizer.token_to_id(w)] for w in TEXTS[0].split()}
    torch.testing.assert_close(vectors[0], word["graphs"])
    torch.testing.assert_close(vectors[1], (word["neural"] + word["networks"]) / 2)
    assert known.tolist() == [True, True, False, False, True]
    monkeypatch.setattr(label_names, "_AT_ONCE", 2)
    torch.testing.assert_close(name_vectors(encoder, names, torch.device("cpu"))[0], vectors)


def test_embeddings_of_names_are_read_before_any_context():
    encoder = build_encoder("bilstm", settings={"embedding_size": 4, "units": 3}, train_texts=TEXTS).eval()
    vectors, known = name_embeddings(encoder, ["neural networks", "zebra"], torch.device("cpu"))
    rows = [encoder.tokenizer.token_to_id(word) for word in ("neural", "networks")]
    torch.testing.assert_close(vectors[0], encoder.embedding.weight[rows].mean(dim=0))
    assert known.tolist() == [True, False]
