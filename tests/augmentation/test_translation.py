"""Back-translation with tiny random MarianMT models: what they say is noise, but always the same."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace
from transformers import MarianConfig, MarianMTModel, PreTrainedTokenizerFast

from workbench.augmentation.translation import BackTranslation, Translator
from workbench.errors import WorkbenchError

WORDS = ["<pad>", "</s>", "<unk>", "a", "small", "model", "reads", "words", ".", "Ends"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A tiny MarianMT model with 16 positions and a tokenizer of ten words."""
    path = tmp_path_factory.mktemp("marian")
    torch.manual_seed(0)
    sizes = {"d_model": 16, "max_position_embeddings": 16, "vocab_size": len(WORDS)}
    sizes |= {
        f"{side}_{what}": 2 for side in ("encoder", "decoder") for what in ("layers", "attention_heads")
    }
    sizes |= {f"{side}_ffn_dim": 16 for side in ("encoder", "decoder")}
    special = {"pad_token_id": 0, "eos_token_id": 1, "decoder_start_token_id": 0, "forced_eos_token_id": 1}
    MarianMTModel(MarianConfig(**sizes, **special)).eval().save_pretrained(path)
    tokenizer = Tokenizer(WordLevel({word: place for place, word in enumerate(WORDS)}, unk_token="<unk>"))
    tokenizer.pre_tokenizer = Whitespace()
    named = {"pad_token": "<pad>", "eos_token": "</s>", "unk_token": "<unk>"}
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, **named).save_pretrained(path)
    return path


@pytest.fixture(scope="module")
def translator(folder: Path) -> Translator:
    return Translator.open(str(folder))


def test_a_text_is_translated_the_same_alone_and_among_others(translator):
    texts = ["a small model", "words . Ends", "", "reads words a small model reads", "  "]
    together = translator(texts)
    assert len(together) == 5
    assert (together[2], together[4]) == ("", "  ")
    assert [translator([text])[0] for text in texts] == together
    assert translator(texts[::-1]) == together[::-1]
    assert translator([]) == []


def test_sentences_are_translated_one_by_one(translator):
    one, other = "a small model.", "Ends words."
    assert translator([f"{one} {other}"]) == [" ".join(translator([one, other])).strip()]


def test_a_sentence_longer_than_the_models_positions_is_cut_between_words(translator):
    asked: list[list[str]] = []
    long = " ".join(["model", "words"] * 25)

    class Noting(Translator):
        def _translated(self, pieces: list[str]) -> list[str]:
            asked.append(pieces)
            return pieces

    noting = Noting(translator.model, translator.tokenizer)
    assert noting([long]) == [long]
    assert all(len(piece.split()) <= 16 for pieces in asked for piece in pieces)
    assert len(translator([long])) == 1


def test_there_and_back_is_one_copy(translator):
    both = BackTranslation(translator, translator)
    texts = ["a small model", "reads words"]
    assert both(texts, ["x", "y"], 0) == translator(translator(texts))
    with pytest.raises(WorkbenchError, match="one copy of a document"):
        both(texts, ["x", "y"], 1)


def test_without_a_network_it_says_what_to_do():
    with pytest.raises(WorkbenchError, match=r"(?s)opus-mt-xx-yy.*hf download NAME.*--there and --back"):
        Translator.open("Helsinki-NLP/opus-mt-xx-yy")
    with pytest.raises(WorkbenchError, match="neither a folder"):
        Translator.open("/no/such/folder")


def test_folders_that_hold_no_translator_are_refused(folder, tmp_path):
    with pytest.raises(WorkbenchError, match="no weights in safetensors"):
        Translator.open(str(tmp_path))
    (tmp_path / "model.safetensors").write_bytes((folder / "model.safetensors").read_bytes())
    with pytest.raises(WorkbenchError, match="no model that translates"):
        Translator.open(str(tmp_path))


def test_a_tokenizer_without_its_package_says_how_to_get_it(folder, monkeypatch):
    def lacking(*arguments, **options):
        raise ImportError("sentencepiece")

    monkeypatch.setattr("workbench.augmentation.translation.AutoTokenizer.from_pretrained", lacking)
    with pytest.raises(WorkbenchError, match=r"sentencepiece.*mltc-workbench\[translation\]"):
        Translator.open(str(folder))
