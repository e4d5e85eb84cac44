from __future__ import annotations

from pathlib import Path

import pytest
import torch
from tokenizers import processors
from transformers import (
    BertConfig,
    BertModel,
    LlamaConfig,
    LlamaModel,
    PreTrainedTokenizerFast,
    RobertaConfig,
    RobertaModel,
)

from workbench.encoders.vocabulary import fit_word_tokenizer

TEXTS = [
    "the quick brown fox jumps over the lazy dog",
    "graphs and networks",
    "neural networks learn graphs of the brown fox , slowly",
    "one",
]


def save_tokenizer(folder: Path, *, cls: bool, pad: bool = True) -> int:
    tokenizer = fit_word_tokenizer([*TEXTS, "[CLS] [SEP]"], min_count=1)
    tokenizer.add_special_tokens(["<cls>", "<sep>"])
    if cls:
        first, second = tokenizer.token_to_id("<cls>"), tokenizer.token_to_id("<sep>")
        tokenizer.post_processor = processors.TemplateProcessing(
            single="<cls> $A <sep>", special_tokens=[("<cls>", first), ("<sep>", second)]
        )
    names = {"unk_token": "[UNK]", "eos_token": "<sep>"} | ({"pad_token": "[PAD]"} if pad else {})
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, **names).save_pretrained(str(folder))
    return tokenizer.get_vocab_size()


SIZES = {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 32}


def save_bert(folder: Path) -> Path:
    """Write a tiny BERT of random weights with 24 positions."""
    torch.manual_seed(1)
    size = save_tokenizer(folder, cls=True)
    BertModel(BertConfig(vocab_size=size, max_position_embeddings=24, **SIZES)).save_pretrained(folder)
    return folder


@pytest.fixture
def bert(tmp_path: Path) -> Path:
    """A folder with a tiny BERT of random weights."""
    return save_bert(tmp_path / "bert")


@pytest.fixture
def roberta(tmp_path: Path) -> Path:
    """A folder with a tiny RoBERTa, whose positions start behind the padding token's."""
    folder = tmp_path / "roberta"
    torch.manual_seed(2)
    size = save_tokenizer(folder, cls=True)
    config = RobertaConfig(vocab_size=size, max_position_embeddings=24, pad_token_id=0, **SIZES)
    RobertaModel(config).save_pretrained(folder)
    return folder


@pytest.fixture
def llama(tmp_path: Path) -> Path:
    """A folder with a tiny LLaMA of random weights and a tokenizer without a padding token."""
    folder = tmp_path / "llama"
    torch.manual_seed(3)
    size = save_tokenizer(folder, cls=False, pad=False)
    LlamaModel(LlamaConfig(vocab_size=size, max_position_embeddings=64, **SIZES)).save_pretrained(folder)
    return folder
