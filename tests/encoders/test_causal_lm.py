from __future__ import annotations

import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import AutoModel

from workbench.encoders import build_encoder, load_encoder
from workbench.encoders.causal_lm import CausalLM
from workbench.errors import WorkbenchError

TEXTS = ["graphs and networks", "one", "the quick brown fox jumps over the lazy dog"]


def build(folder, **settings) -> CausalLM:
    encoder = build_encoder(
        str(folder),
        settings={"max_length": 16, "dtype": "float32", "dropout": 0.0} | settings,
        train_texts=[],
    )
    assert isinstance(encoder, CausalLM)
    return encoder


def test_a_document_is_the_state_of_its_last_real_token(llama):
    encoder = build(llama).eval()
    model = AutoModel.from_pretrained(llama)
    table = encoder.prepare(TEXTS)
    document = encoder(table.batch(range(3))).document
    for row in range(3):
        alone = model(torch.tensor(table[row][None].astype("int64"))).last_hidden_state  # no padding at all
        torch.testing.assert_close(document[row], alone[0, -1], atol=1e-5, rtol=1e-5)


def test_the_side_of_the_padding_does_not_matter(llama):
    encoder = build(llama).eval()
    table = encoder.prepare(TEXTS)
    right = table.batch(range(3))
    left = {key: torch.zeros_like(value) for key, value in right.items()}
    for row, length in enumerate(table.lengths):
        for key, value in right.items():
            left[key][row, -length:] = value[row, :length]
    torch.testing.assert_close(encoder(left).document, encoder(right).document, atol=1e-5, rtol=1e-5)


def test_adapters_are_trained_and_the_base_is_not(llama):
    encoder = build(llama)
    before = {name: tensor.clone() for name, tensor in encoder.state_dict().items()}
    optimizer = torch.optim.Adam([p for p in encoder.parameters() if p.requires_grad], lr=0.1)
    for _ in range(2):  # the first step moves B alone: it starts at zero
        optimizer.zero_grad()
        encoder(encoder.prepare(TEXTS).batch(range(3))).document.square().sum().backward()
        optimizer.step()
    changed = {name for name, tensor in encoder.state_dict().items() if not torch.equal(tensor, before[name])}
    assert changed == before.keys() - encoder.referenced_parameters()
    assert len(changed) == 2 * 2 * 2  # layers, queries and values, A and B
    assert all(p.grad is None for n, p in encoder.named_parameters() if n in encoder.referenced_parameters())


def test_every_linear_layer_or_named_ones_can_have_adapters(llama):
    linear = build(llama, targets="all-linear", rank=4)
    adapted = {name.split(".lora_")[0] for name, p in linear.named_parameters() if p.requires_grad}
    assert len(adapted) == 2 * 7  # q, k, v, o, gate, up, down of each layer
    assert linear.model.layers[0].mlp.up_proj.lora_A["default"].weight.shape == (4, 16)
    named = build(llama, targets=["o_proj"])
    assert {n.split(".")[-4] for n, p in named.named_parameters() if p.requires_grad} == {"o_proj"}
    with pytest.raises(WorkbenchError, match=r"targets=all-linear or some of its linear layers: .*q_proj"):
        build(llama, targets=["no_such"])


def test_bfloat16_weights_keep_adapters_in_float32(llama):
    encoder = build(llama, dtype="bfloat16")
    for name, parameter in encoder.named_parameters():
        assert parameter.dtype == (torch.float32 if ".lora_" in name else torch.bfloat16), name
    document = encoder(encoder.prepare(TEXTS).batch(range(3))).document
    document.sum().backward()
    assert document.dtype == torch.float32
    assert document.isfinite().all()


def test_a_masked_lm_is_read_as_a_causal_one_only_when_told_to(bert, llama):
    assert build_encoder(str(bert), settings={"max_length": 8}, train_texts=[]).kind == "transformer"
    assert build(llama).kind == "causal_lm"
    assert build(f"causal:{llama}").name == f"causal:{llama}"


def test_loading_refuses_a_base_whose_weights_have_changed(llama, tmp_path):
    build(llama).save(tmp_path / "saved")
    weights = load_file(llama / "model.safetensors")
    weights["norm.weight"] += 1
    save_file(weights, llama / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(WorkbenchError, match="not those that this run was trained on"):
        load_encoder(tmp_path / "saved")
