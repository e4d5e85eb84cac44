"""Back-translation: texts translated into another language and back by two sequence-to-sequence models.

Source: "Improving Neural Machine Translation Models with Monolingual Data" (Sennrich, Haddow and Birch,
2016); used as an augmentation in "Preserving Label Correlation for Multi-label Text Classification by
Prototypical Regularizations", Section 5.7.2, which names neither languages nor models.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import torch
from huggingface_hub import snapshot_download
from huggingface_hub.errors import HfHubHTTPError, HFValidationError
from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

from workbench.encoders.architecture import quiet
from workbench.errors import WorkbenchError

THERE = "Helsinki-NLP/opus-mt-en-de"
BACK = "Helsinki-NLP/opus-mt-de-en"
_FILES = ["*.json", "*.txt", "*.model", "*.spm", "model*.safetensors"]
_SENTENCE_END = re.compile(r"(?<=[.!?。！？])\s+")
_BATCH = 32
_MOST_TOKENS = 512
_LONGER = 2


class Translator:
    """A sequence-to-sequence model with its tokenizer, such as MarianMT; it translates by beam search.

    Texts are translated sentence by sentence, as such models were trained; a sentence that is longer than the
    model's positions is cut between words.
    """

    def __init__(self, model: Any, tokenizer: Any) -> None:
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.model = model.to(self.device).eval()
        self.tokenizer = tokenizer
        self.most_tokens = int(getattr(model.config, "max_position_embeddings", None) or _MOST_TOKENS)

    @classmethod
    def open(cls, name_or_folder: str) -> Self:
        """Load a model from its folder, from the hub's cache or from the hub; never pickles or code.

        Raises:
            WorkbenchError: when there is none, it is no such model, or its tokenizer lacks a package.
        """
        folder = _folder(name_or_folder)
        if not list(folder.glob("*.safetensors")):
            raise WorkbenchError(
                f"{name_or_folder!r} has no weights in safetensors; pickles can run code and are not loaded. "
                "Save the model with AutoModelForSeq2SeqLM.from_pretrained(NAME).save_pretrained(FOLDER), "
                "its tokenizer beside it, and name that folder."
            )
        how: dict[str, Any] = {"local_files_only": True, "trust_remote_code": False}
        try:
            with quiet():
                tokenizer = AutoTokenizer.from_pretrained(str(folder), **how)
                model = AutoModelForSeq2SeqLM.from_pretrained(str(folder), use_safetensors=True, **how)
        except ImportError:
            raise WorkbenchError(
                f"The tokenizer of {name_or_folder!r} needs the package sentencepiece, which is not there. "
                'Install it with: pip install "mltc-workbench[translation]"'
            ) from None
        except (OSError, ValueError, KeyError) as error:
            raise WorkbenchError(f"{name_or_folder!r} is no model that translates: {error}") from None
        return cls(model, tokenizer)

    def __call__(self, texts: Sequence[str]) -> list[str]:
        """Each text translated; one without a word stays."""
        pieces = [self._pieces(text) for text in texts]
        flat = [piece for one in pieces for piece in one]
        order = sorted(range(len(flat)), key=lambda at: -len(flat[at]))  # little padding
        translated = dict[int, str]()
        for start in range(0, len(order), _BATCH):
            batch = order[start : start + _BATCH]
            translated |= dict(zip(batch, self._translated([flat[at] for at in batch]), strict=True))
        found = iter(translated[at] for at in range(len(flat)))
        return [
            " ".join(next(found) for _ in one).strip() if one else text
            for text, one in zip(texts, pieces, strict=True)
        ]

    @torch.inference_mode()
    def _translated(self, pieces: list[str]) -> list[str]:
        inputs = self.tokenizer(
            pieces, return_tensors="pt", padding=True, truncation=True, max_length=self.most_tokens
        ).to(self.device)
        inputs.pop("token_type_ids", None)
        most = min(self.most_tokens, _LONGER * inputs["input_ids"].shape[1] + 16)
        with quiet():
            made = self.model.generate(**inputs, max_length=most, do_sample=False)
        found: list[str] = self.tokenizer.batch_decode(made, skip_special_tokens=True)
        return found

    def _pieces(self, text: str) -> list[str]:
        return [piece for sentence in _SENTENCE_END.split(text.strip()) for piece in self._short(sentence)]

    def _short(self, sentence: str) -> list[str]:
        """The sentence, halved between words until each part fits the model."""
        words = sentence.split()
        if len(words) < 2 or len(self.tokenizer(sentence)["input_ids"]) <= self.most_tokens:
            return [sentence] if words else []
        half = len(words) // 2
        return self._short(" ".join(words[:half])) + self._short(" ".join(words[half:]))


class BackTranslation:
    """Texts translated there and back."""

    def __init__(self, there: Translator, back: Translator) -> None:
        self.there = there
        self.back = back

    def __call__(self, texts: Sequence[str], ids: Sequence[str], copy: int) -> list[str]:
        """What became of each text; beam search knows one translation, so there is no second copy.

        Raises:
            WorkbenchError: for another copy than the first.
        """
        if copy:
            raise WorkbenchError(
                "Back-translation gives one copy of a document: leave --copies out, or go through another "
                "language (--there, --back) for a version of its own."
            )
        return self.back(self.there(texts))


def _folder(name: str) -> Path:
    given = Path(name).expanduser()
    if given.is_dir():
        return given
    try:
        return Path(snapshot_download(name, allow_patterns=_FILES, ignore_patterns=["*/*"]))
    except (HFValidationError, HfHubHTTPError, OSError):
        raise WorkbenchError(
            f"The translator {name!r} is neither a folder nor on this machine, and the hub does not give it "
            "(no network, or no such model). Fetch it where there is a network (`hf download NAME`), or name "
            "folders of two models with --there and --back; `--with eda` needs no model."
        ) from None
