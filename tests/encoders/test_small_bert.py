from __future__ import annotations

import torch

from workbench.encoders import build_encoder
from workbench.encoders.small_bert import SmallBertSource

TEXTS = ["Graphs of graphs and networks", "networks of words, words"]


def test_words_that_stand_twice_are_known_and_texts_are_framed():
    tokenizer = SmallBertSource(TEXTS).vocabulary().tokenizer
    assert tokenizer.encode("graphs of unheard words").tokens == [
        "[CLS]",
        "graphs",
        "of",
        "[UNK]",
        "words",
        "[SEP]",
    ]


def test_a_labels_token_begins_as_the_mean_of_its_words():
    torch.manual_seed(0)
    encoder = build_encoder(
        "small-bert", settings={"max_length": 12}, train_texts=TEXTS, label_texts=["networks of words", "of"]
    )
    table = encoder.model.get_input_embeddings().weight
    ids = [encoder.vocabulary.tokenizer.token_to_id(word) for word in ("networks", "of", "words")]
    torch.testing.assert_close(table[encoder.label_ids[0]], table[ids].mean(dim=0))
    torch.testing.assert_close(table[encoder.label_ids[1]], table[ids[1]])


def test_the_seed_decides_on_the_weights():
    def built(seed: int) -> torch.Tensor:
        torch.manual_seed(seed)
        encoder = build_encoder("small-bert", settings={}, train_texts=TEXTS)
        return encoder.model.encoder.layer[0].attention.self.query.weight

    torch.testing.assert_close(built(1), built(1), rtol=0, atol=0)
    assert not torch.equal(built(1), built(2))


def test_it_learns_faster_than_what_was_trained_before():
    small = build_encoder("small-bert", settings={}, train_texts=TEXTS)
    joint = build_encoder("small-bert", settings={}, train_texts=TEXTS, label_texts=["words"])
    assert small.suggested_learning_rate == joint.suggested_learning_rate == 2e-3
