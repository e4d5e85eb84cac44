from __future__ import annotations

from pathlib import Path

import pytest
import torch
from transformers import AutoTokenizer, LlamaConfig, LlamaForCausalLM, LlamaModel

from tests.encoders.conftest import SIZES, save_tokenizer
from workbench.errors import WorkbenchError
from workbench.llm.base import About, Prompt
from workbench.llm.local import GumbelNoise, LocalProvider

TEXTS = ["the quick brown fox", "one", "neural networks learn graphs of the brown fox", "graphs and networks"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A folder with a tiny LLaMA of random weights that writes, and a tokenizer without a padding token."""
    made = tmp_path_factory.mktemp("llama")
    torch.manual_seed(4)
    size = save_tokenizer(made, cls=False, pad=False)
    config = LlamaConfig(vocab_size=size, max_position_embeddings=64, eos_token_id=size - 1, **SIZES)
    LlamaForCausalLM(config).save_pretrained(made)
    return made


def prompts(texts=TEXTS, tokens=6):
    return [Prompt(text, tokens, About("generate", (0,), 0)) for text in texts]


def complete(folder, kitchen, asked, **settings):
    provider = LocalProvider.open(kitchen, {"model": str(folder), "dtype": "float32"} | settings)
    return provider.complete(asked)


def test_the_likeliest_tokens_are_those_that_a_plain_loop_finds(folder, kitchen):
    model = LlamaForCausalLM.from_pretrained(folder).eval()
    tokenizer = AutoTokenizer.from_pretrained(folder)
    for text, answer in zip(TEXTS, complete(folder, kitchen, prompts()), strict=True):
        ids = tokenizer(text)["input_ids"]
        read, written = len(ids), []
        for _ in range(6):
            with torch.inference_mode():
                token = int(model(torch.tensor([ids])).logits[0, -1].argmax())
            if token == tokenizer.eos_token_id:
                break
            ids.append(token)
            written.append(token)
        assert answer.text == tokenizer.decode(written, skip_special_tokens=True).strip()
        assert (answer.tokens_in, answer.tokens_out) == (read, len(written))
        assert answer.finish == ("length" if len(written) == 6 else "stop")


@pytest.mark.parametrize("temperature", [0.0, 1.5])
def test_what_is_in_a_batch_changes_nothing(folder, kitchen, temperature):
    settings = {"temperature": temperature, "seed": 5}
    alone = complete(folder, kitchen, prompts(), batch_size=1, **settings)
    assert complete(folder, kitchen, prompts(), batch_size=4, **settings) == alone
    assert complete(folder, kitchen, prompts()[::-1], batch_size=3, **settings) == alone[::-1]


def test_sampling_follows_seed_and_repetition(folder, kitchen):
    asked = [Prompt(TEXTS[0], 8, About("generate", (0,), 0, number)) for number in range(4)]
    first = [answer.text for answer in complete(folder, kitchen, asked, temperature=2.0, seed=1)]
    assert [answer.text for answer in complete(folder, kitchen, asked, temperature=2.0, seed=1)] == first
    assert [answer.text for answer in complete(folder, kitchen, asked, temperature=2.0, seed=2)] != first
    assert len(set(first)) > 1


def test_noise_samples_from_the_softmax_at_its_temperature():
    scores, temperature = torch.tensor([[1.0, 0.0, -1.0, 2.0]]), 0.7
    noise = GumbelNoise([0], temperature)
    drawn = torch.tensor([int(noise(None, scores).argmax()) for _ in range(4000)])
    shares = torch.bincount(drawn, minlength=4) / 4000
    torch.testing.assert_close(shares, torch.softmax(scores[0] / temperature, 0), atol=0.03, rtol=0)


def test_each_answer_keeps_its_own_limit(folder, kitchen):
    asked = [*prompts(TEXTS[:1], 2), *prompts(TEXTS[1:2], 7)]
    short, long = complete(folder, kitchen, asked)
    assert short.tokens_out <= 2 < 7
    assert long.tokens_out <= 7
    assert short == complete(folder, kitchen, asked[:1])[0]


def test_a_chat_template_is_used_where_there_is_one(folder, kitchen, tmp_path):
    chatting = tmp_path / "chatting"
    model, tokenizer = LlamaForCausalLM.from_pretrained(folder), AutoTokenizer.from_pretrained(folder)
    tokenizer.chat_template = "one {{ messages[0].content }} graphs"
    model.save_pretrained(chatting)
    tokenizer.save_pretrained(chatting)
    (asked,) = complete(chatting, kitchen, prompts(["the fox"]))
    (plain,) = complete(folder, kitchen, prompts(["one the fox graphs"]))
    assert (asked.text, asked.tokens_in) == (plain.text, plain.tokens_in)


def test_weights_and_sampling_are_part_of_the_settings(folder, kitchen, tmp_path):
    def settings(path=folder, **changes):
        return LocalProvider.open(kitchen, {"model": str(path)} | changes).settings

    assert settings() == settings(batch_size=3)
    assert settings() != settings(temperature=1.0)
    assert settings() != settings(seed=1)
    assert len(settings()["weights"]) == 64


def test_what_is_missing_is_said(folder, kitchen, tmp_path, monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(WorkbenchError, match=r"needs a model.*--model"):
        LocalProvider.open(kitchen, {})
    with pytest.raises(WorkbenchError, match=r"holds no model.*--provider offline"):
        LocalProvider.open(kitchen, {"model": str(tmp_path)})
    headless = tmp_path / "headless"
    save_size = save_tokenizer(headless, cls=False)
    LlamaModel(LlamaConfig(vocab_size=save_size, **SIZES)).save_pretrained(headless)
    with pytest.raises(WorkbenchError, match=r"lack 1 tensors, lm_head.weight .*a head that writes"):
        complete(headless, kitchen, prompts())
    with pytest.raises(WorkbenchError, match=r"up to \d+ tokens.*positions for 64.*demonstration_words"):
        complete(folder, kitchen, prompts(["graphs " * 60]))
