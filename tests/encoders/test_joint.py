"""Documents and labels in one sequence, against the plain model fed with the sequence written out by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from workbench.encoders import build_encoder, settings_class
from workbench.errors import WorkbenchError

TEXTS = ["the quick brown fox", "", "graphs"]
LABELS = ["neural networks", "lazy dog", "中文", "one"]


def _encoder(folder: Path, labels=LABELS, **settings):
    torch.manual_seed(0)
    given = {"max_length": 12, **settings}
    return build_encoder(str(folder), settings=given, train_texts=[], label_texts=labels).eval()


@pytest.fixture(params=["bert", "roberta"])
def folder(request: pytest.FixtureRequest) -> Path:
    return Path(str(request.getfixturevalue(request.param)))


def test_the_sequence_is_document_then_labels_with_the_types_of_each(folder: Path):
    encoder = _encoder(folder)
    batch = encoder.prepare(TEXTS).batch(range(3))
    encoded = encoder(batch)
    cls, sep = encoder.vocabulary.tokenizer.encode("").ids
    labels = encoder.label_ids.tolist()
    for row, text in enumerate(TEXTS):
        document = encoder.vocabulary.tokenizer.encode(text).ids
        assert (document[0], document[-1]) == (cls, sep)
        types = {}
        if encoder.model.config.type_vocab_size > 1:
            types["token_type_ids"] = torch.tensor([[0] * len(document) + [1] * (len(labels) + 1)])
        states = encoder.model(
            input_ids=torch.tensor([[*document, *labels, sep]]), **types
        ).last_hidden_state[0]
        close = {"atol": 1e-5, "rtol": 1e-5}
        torch.testing.assert_close(encoded.tokens[row, : len(document)], states[: len(document)], **close)
        torch.testing.assert_close(encoded.labels[row], states[len(document) : -1], **close)
        torch.testing.assert_close(encoded.document[row], states[0], **close)


def test_padding_changes_no_label(folder: Path):
    encoder = _encoder(folder)
    batch = encoder.prepare(TEXTS).batch(range(3))
    wider = {
        "input_ids": torch.nn.functional.pad(batch["input_ids"], (0, 7), value=3),
        "attention_mask": torch.nn.functional.pad(batch["attention_mask"], (0, 7)),
    }
    torch.testing.assert_close(encoder(wider).labels, encoder(batch).labels, atol=1e-5, rtol=1e-5)


def test_the_document_alone_is_truncated(bert: Path):
    encoder = _encoder(bert, max_length=5)
    table = encoder.prepare(["the quick brown fox jumps over the lazy dog"])
    assert table.lengths.tolist() == [5]
    assert encoder(table.batch([0])).labels.shape == (1, 4, 16)


def test_a_label_begins_as_the_mean_of_its_words(bert: Path):
    encoder = _encoder(bert)
    plain = build_encoder(str(bert), settings={"max_length": 12}, train_texts=[])
    words = plain.model.get_input_embeddings().weight
    table = encoder.model.get_input_embeddings().weight
    tokenizer = plain.vocabulary.tokenizer
    assert len(table) == len(words) + 4
    torch.testing.assert_close(table[: len(words)], words)
    for label, text in zip(encoder.label_ids.tolist(), LABELS, strict=True):
        ids = tokenizer.encode(text, add_special_tokens=False).ids
        torch.testing.assert_close(table[label], words[ids].mean(dim=0))


def test_what_stands_for_a_label_in_the_input_is_told(bert: Path):
    encoder = _encoder(bert)
    table = encoder.model.get_input_embeddings().weight
    torch.testing.assert_close(encoder.label_embeddings(), table[encoder.label_ids], rtol=0, atol=0)


def test_or_at_random_the_same_for_a_seed(bert: Path):
    one, other = (_encoder(bert, label_tokens="random") for _ in range(2))
    rows = [encoder.model.get_input_embeddings().weight[encoder.label_ids] for encoder in (one, other)]
    torch.testing.assert_close(rows[0], rows[1])
    assert 0.01 < rows[0].std() < 0.04


def test_a_label_without_words_begins_at_random(bert: Path):
    encoder = _encoder(bert, labels=["", "fox"])
    row = encoder.model.get_input_embeddings().weight[encoder.label_ids[0]]
    assert row.isfinite().all()
    assert row.abs().sum() > 0


def test_a_text_that_spells_out_a_labels_token_is_words(bert: Path):
    encoder = _encoder(bert)
    name = encoder.vocabulary.tokenizer.id_to_token(int(encoder.label_ids[0]))
    ids = encoder.prepare([f"fox {name} <sep> fox"]).batch([0])["input_ids"][0]
    assert not set(ids.tolist()) & set(encoder.label_ids.tolist())
    assert ids.tolist().count(encoder.framing[-1]) == 1


def test_words_are_neither_framing_nor_padding(bert: Path):
    encoder = _encoder(bert)
    words = encoder.words(encoder.prepare(TEXTS).batch(range(3)))
    assert words.int().tolist() == [[0, 1, 1, 1, 1, 0], [0] * 6, [0, 1, 0, 0, 0, 0]]


def test_labels_in_parts_do_not_see_each_other(bert: Path):
    whole, parts = _encoder(bert), _encoder(bert, labels_at_once=3)
    alone = _encoder(bert, labels=LABELS[:3])
    batch = whole.prepare(TEXTS).batch(range(3))
    expected = alone(batch)
    close = {"atol": 1e-5, "rtol": 1e-5}
    torch.testing.assert_close(parts(batch).labels[:, :3], expected.labels, **close)
    assert not torch.allclose(parts(batch).labels, whole(batch).labels, atol=1e-3)
    torch.testing.assert_close(_encoder(bert, labels_at_once=9)(batch).labels, whole(batch).labels)
    with torch.no_grad():
        first, last = (
            parts._read(batch["input_ids"], batch["attention_mask"].bool(), None, ids)[0]
            for ids in parts.label_ids.split(3)
        )
    torch.testing.assert_close(parts(batch).tokens, (first + last) / 2, **close)


def test_too_many_labels_say_how_many_and_what_helps(bert: Path):
    many = [f"label {number}" for number in range(20)]
    with pytest.raises(WorkbenchError) as error:
        _encoder(bert, labels=many)
    text = str(error.value)
    assert "24 positions" in text
    assert "12 tokens" in text
    assert "20 labels" in text
    assert "need 33" in text
    assert "labels_at_once=11" in text
    assert "2 times" in text
    assert "max_length=" not in text  # 3 tokens would be no document
    assert _encoder(bert, labels=many, labels_at_once=11).label_ids.tolist()[-1] > 0


def test_less_of_each_document_is_offered_where_enough_is_left():
    many = [f"label {number}" for number in range(300)]
    with pytest.raises(WorkbenchError, match="max_length=211"):
        build_encoder("minilm", settings={}, train_texts=[], label_texts=many)


@pytest.mark.parametrize(
    "name, frozen, reason", [("cnn", False, "no attention"), ("minilm", True, "never learns the labels")]
)
def test_encoders_that_cannot_read_labels_say_why(name: str, frozen: bool, reason: str):
    with pytest.raises(WorkbenchError, match=reason):
        build_encoder(name, settings={}, train_texts=TEXTS, frozen=frozen, label_texts=LABELS)


def test_a_causal_model_cannot_either(llama: Path):
    with pytest.raises(WorkbenchError, match="looks back only"):
        settings_class(str(llama), joint=True)


def test_one_label_is_enough(bert: Path):
    encoder = _encoder(bert, labels=["fox"])
    assert encoder(encoder.prepare(TEXTS).batch(range(3))).labels.shape == (3, 1, 16)
