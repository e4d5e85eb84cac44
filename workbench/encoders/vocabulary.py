"""Words as tokens: a word-level tokenizer fitted on the training texts, for encoders trained from scratch."""

from __future__ import annotations

from collections.abc import Iterable

from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.normalizers import NFC, Lowercase, Sequence
from tokenizers.pre_tokenizers import Whitespace
from tokenizers.trainers import WordLevelTrainer

from workbench.encoders.tokens import encodable

PAD_ID, UNKNOWN_ID = 0, 1
PAD, UNKNOWN = "[PAD]", "[UNK]"


def fit_word_tokenizer(texts: Iterable[str], *, min_count: int = 2, max_words: int = 500_000) -> Tokenizer:
    """Fit on `texts`: lower-cased words and runs of punctuation, the most frequent first, ties by alphabet.

    `[PAD]` is token 0 and `[UNK]` token 1; words seen fewer than `min_count` times are unknown.
    """
    tokenizer = Tokenizer(WordLevel(unk_token=UNKNOWN))
    tokenizer.normalizer = Sequence([NFC(), Lowercase()])
    tokenizer.pre_tokenizer = Whitespace()
    trainer = WordLevelTrainer(
        vocab_size=max_words + 2, min_frequency=min_count, special_tokens=[PAD, UNKNOWN], show_progress=False
    )
    tokenizer.train_from_iterator((encodable(text) for text in texts), trainer)
    return tokenizer


def words_in_order(tokenizer: Tokenizer) -> list[str]:
    """The vocabulary, word i being token i."""
    vocabulary = tokenizer.get_vocab()
    return sorted(vocabulary, key=vocabulary.__getitem__)
