"""Causal language models on this machine, through transformers: a local folder or a name on the hub."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self

from pydantic import Field

from workbench.config import Config
from workbench.data.corpus import Corpus
from workbench.errors import WorkbenchError
from workbench.llm.base import Completion, Prompt, Provider

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

    from workbench.encoders.source import Source


class LocalSettings(Config):
    """Which model, and how its tokens are chosen."""

    model: str = Field(min_length=1, description="folder of a causal LM, or its name on the hub")
    temperature: float = Field(0.0, ge=0, le=5, description="of the sampling; 0 takes the likeliest token")
    seed: int = Field(0, ge=0, description="of the sampling")
    batch_size: int = Field(8, ge=1, description="prompts that are answered together")
    dtype: Literal["auto", "float32", "bfloat16"] = Field(
        "auto", description="of the weights; auto: bfloat16 where the machine computes in it"
    )


class LocalProvider(Provider):
    """A model with a chat template is asked by it; any other goes on writing where the prompt ends.

    Each prompt draws from a stream of its own, so that what is in its batch changes nothing.
    """

    name = "local"
    Settings: ClassVar[type[Config]] = LocalSettings
    is_language_model: ClassVar[bool] = True

    def __init__(self, settings: LocalSettings) -> None:
        self._source = _find(settings.model)
        self._settings = settings
        self.model = settings.model
        self.settings = {
            "weights": self._source.digest,
            "temperature": settings.temperature,
            "seed": settings.seed,
            "dtype": settings.dtype,
        }
        self._loaded: tuple[PreTrainedModel, PreTrainedTokenizerBase] | None = None

    @classmethod
    def open(cls, corpus: Corpus, settings: dict[str, Any]) -> Self:
        """Find the model; its weights are loaded when it is first asked."""
        if "model" not in settings:
            raise WorkbenchError("The provider local needs a model. Name its folder with --model.")
        return cls(LocalSettings.parse(settings))

    def stream(self, prompts: Sequence[Prompt]) -> Generator[tuple[int, Completion], None, None]:
        """The answers batch by batch, in order."""
        for start in range(0, len(prompts), self._settings.batch_size):
            batch = prompts[start : start + self._settings.batch_size]
            yield from enumerate(self._answer(batch), start)

    def _answer(self, prompts: Sequence[Prompt]) -> list[Completion]:
        import torch

        if self._loaded is None:
            self._loaded = _load(self._source, self._settings)
        model, tokenizer = self._loaded
        generate: Any = model.generate
        asked = [_ids(tokenizer, prompt.text) for prompt in prompts]
        most = max(prompt.max_tokens for prompt in prompts)
        _check_room(model, max(map(len, asked)) + most, self.model)
        inputs = tokenizer.pad({"input_ids": asked}, padding_side="left", return_tensors="pt").to(
            model.device
        )
        with torch.inference_mode():
            written = generate(
                **inputs,
                do_sample=False,
                max_new_tokens=most,
                pad_token_id=tokenizer.pad_token_id,
                logits_processor=self._noise(prompts),
            )
        answers = written[:, inputs["input_ids"].shape[1] :].tolist()
        return [
            self._completion(tokenizer, model, prompt, len(ids), answer)
            for prompt, ids, answer in zip(prompts, asked, answers, strict=True)
        ]

    def _noise(self, prompts: Sequence[Prompt]) -> Any:
        from transformers import LogitsProcessorList

        if self._settings.temperature == 0:
            return None
        seeds = [_seed(self._settings.seed, prompt) for prompt in prompts]
        noise: Any = GumbelNoise(seeds, self._settings.temperature)
        return LogitsProcessorList([noise])

    def _completion(
        self,
        tokenizer: PreTrainedTokenizerBase,
        model: PreTrainedModel,
        prompt: Prompt,
        n_read: int,
        answer: list[int],
    ) -> Completion:
        ends = model.generation_config.eos_token_id
        stops = {ends} if isinstance(ends, int) else set(ends or ()) | {tokenizer.eos_token_id}
        length = next((place for place, token in enumerate(answer) if token in stops), len(answer))
        is_cut = length >= prompt.max_tokens
        kept = answer[: min(length, prompt.max_tokens)]
        text = str(tokenizer.decode(kept, skip_special_tokens=True)).strip()
        return Completion(text, self.name, self.model, n_read, len(kept), "length" if is_cut else "stop")


class GumbelNoise:
    """Turns the choice of the likeliest token into sampling, each row from a stream of its own.

    The argmax of scores / temperature + Gumbel noise is a draw from the softmax at that temperature.
    """

    def __init__(self, seeds: Sequence[int], temperature: float) -> None:
        import torch

        self._streams = [torch.Generator().manual_seed(seed) for seed in seeds]
        self._temperature = temperature

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        """Scores (B, V) with noise added."""
        import torch

        uniform = torch.stack([torch.rand(scores.shape[1], generator=one) for one in self._streams])
        noise = -torch.log(-torch.log(uniform.clamp(1e-20, 1 - 1e-7)))
        return scores.float() / self._temperature + noise.to(scores.device)


def _find(name: str) -> Source:
    from workbench.encoders.source import CAUSAL, find_source

    bare = name.removeprefix(CAUSAL)
    try:
        return find_source(bare)
    except WorkbenchError as error:
        said = str(error).partition(" Built in:")[0].partition(" Without a network")[0]
        raise WorkbenchError(
            f"{said.replace('encoder', 'model').replace('Encoder', 'Model')} Give a local folder with "
            "config.json, tokenizer.json and model.safetensors, or use --provider offline, which needs none."
        ) from None


def _load(source: Source, settings: LocalSettings) -> tuple[PreTrainedModel, PreTrainedTokenizerBase]:
    """The model in eval mode, on a GPU where there is one, and its tokenizer with something to pad by."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    from workbench.encoders.architecture import quiet
    from workbench.encoders.precision import weights_dtype

    folder = str(source.folder)
    try:
        with quiet():
            tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
            loaded: Any = AutoModelForCausalLM.from_pretrained(
                folder,
                local_files_only=True,
                use_safetensors=True,
                dtype=weights_dtype(settings.dtype),
                output_loading_info=True,
            )
    except (OSError, ValueError, RuntimeError, KeyError) as error:
        raise WorkbenchError(f"{folder} holds no causal language model: {error}") from None
    model, report = loaded
    if report["missing_keys"]:
        missing = sorted(report["missing_keys"])
        raise WorkbenchError(
            f"The weights in {folder} lack {len(missing)} tensors, {missing[0]} first: they are of a model "
            "without a head that writes."
        )
    if tokenizer.pad_token_id is None:
        tokenizer.pad_token = tokenizer.eos_token or tokenizer.convert_ids_to_tokens(0)
    return model.eval().to("cuda" if torch.cuda.is_available() else "cpu"), tokenizer


def _ids(tokenizer: PreTrainedTokenizerBase, text: str) -> list[int]:
    if getattr(tokenizer, "chat_template", None):
        said = [{"role": "user", "content": text}]
        text = str(tokenizer.apply_chat_template(said, add_generation_prompt=True, tokenize=False))
        return list(tokenizer(text, add_special_tokens=False)["input_ids"])
    return list(tokenizer(text)["input_ids"])


def _check_room(model: PreTrainedModel, tokens: int, name: str) -> None:
    from workbench.encoders.architecture import position_limit

    limit = position_limit(model.config)
    if tokens > limit:
        raise WorkbenchError(
            f"A prompt and its answer have up to {tokens} tokens, but {name} has positions for {limit}. Show "
            "less with --set demonstration_words=N, ask for less with --set length=N, or use another model."
        )


def _seed(seed: int, prompt: Prompt) -> int:
    import hashlib

    text = f"{seed}/{prompt.about.repetition}/{prompt.text}"
    return int.from_bytes(hashlib.sha256(text.encode("utf-8", "replace")).digest()[:7])
