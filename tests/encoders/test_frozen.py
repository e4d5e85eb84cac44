from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from workbench.data.selected import Selected
from workbench.encoders import build_encoder, encoding, frozen, load_encoder
from workbench.encoders.encoding import base_model, batches_of_like_length
from workbench.encoders.frozen import FrozenEncoder
from workbench.encoders.source import Source
from workbench.errors import WorkbenchError

TEXTS = ["graphs and networks", "", "the quick brown fox jumps over the lazy dog", "one"]


@pytest.fixture(autouse=True)
def forget_base() -> None:
    base_model.cache_clear()


def build(folder: Path, cache: Path | None = None, **settings) -> FrozenEncoder:
    settings = {"max_length": 16, "dtype": "float32", "projection": "none"} | settings
    encoder = build_encoder(str(folder), settings=settings, train_texts=[], frozen=True, cache=cache)
    assert isinstance(encoder, FrozenEncoder)
    return encoder


@pytest.fixture
def no_weights(monkeypatch: pytest.MonkeyPatch):
    """From when it is called on, weights cannot be loaded."""

    def forbid(*_: object, **__: object) -> None:
        raise AssertionError("the base was loaded")

    return lambda: (base_model.cache_clear(), monkeypatch.setattr(Source, "model", forbid))


@pytest.mark.parametrize("states", ["document", "tokens"])
@pytest.mark.parametrize("on_disk", [True, False])
def test_states_are_those_of_the_base(bert, tmp_path, states, on_disk):
    base = build_encoder(str(bert), settings={"max_length": 16}, train_texts=[]).eval()
    expected = base(base.prepare(TEXTS).batch([2, 0, 1]))
    encoder = build(bert, tmp_path / "cache" if on_disk else None, states=states)
    encoded = encoder(encoder.prepare(TEXTS).batch([2, 0, 1]))
    torch.testing.assert_close(encoded.document, expected.document, atol=2e-3, rtol=2e-3)  # float16's grain
    if states == "tokens":
        torch.testing.assert_close(encoded.tokens, expected.tokens, atol=2e-3, rtol=2e-3)
        assert torch.equal(encoded.mask, expected.mask)
    else:
        assert encoded.tokens is None


def test_a_second_look_opens_the_file_without_loading_weights(bert, tmp_path, no_weights):
    first = build(bert, tmp_path).prepare(TEXTS)
    no_weights()
    again = build(bert, tmp_path)
    second = again.prepare(TEXTS)
    assert isinstance(second.document, np.memmap)
    np.testing.assert_array_equal(first.document, second.document)
    np.testing.assert_array_equal(
        again.prepare(list(TEXTS)).document, first.document
    )  # after the tokenizer was used
    with pytest.raises(AssertionError, match="the base was loaded"):
        again.prepare(TEXTS[1:])


@pytest.mark.parametrize("states", ["document", "tokens"])
def test_a_part_is_taken_from_the_states_of_the_whole(bert, tmp_path, no_weights, states):
    part = Selected(TEXTS, np.array([2, 0]))
    expected = build(bert, None, states=states).prepare(list(part)).batch([0, 1])
    build(bert, tmp_path, states=states).prepare(TEXTS)
    no_weights()
    ours = build(bert, tmp_path, states=states).prepare(part).batch([0, 1])
    for name in expected:
        torch.testing.assert_close(ours[name], expected[name], atol=2e-3, rtol=2e-3)
    assert len(list((tmp_path / "frozen").iterdir())) == 1


def test_the_key_follows_text_length_pooling_and_weights(bert, tmp_path):
    def keys() -> set[str]:
        return {path.name for path in (tmp_path / "frozen").iterdir()}

    build(bert, tmp_path).prepare(TEXTS)
    assert len(keys()) == 1
    build(bert, tmp_path).prepare([*TEXTS[:-1], "two"])
    build(bert, tmp_path).prepare(TEXTS[::-1])
    build(bert, tmp_path, max_length=15).prepare(TEXTS)
    build(bert, tmp_path, pooling="mean").prepare(TEXTS)
    build(bert, tmp_path, states="tokens").prepare(TEXTS)
    assert len(keys()) == 6
    build(bert, tmp_path, projection="mlp").prepare(
        TEXTS
    )  # trained anew for each run: no matter of the states
    assert len(keys()) == 6
    weights = load_file(bert / "model.safetensors")
    weights["embeddings.LayerNorm.bias"] += 1
    save_file(weights, bert / "model.safetensors", metadata={"format": "pt"})
    build(bert, tmp_path).prepare(TEXTS)
    assert len(keys()) == 7


def test_the_key_follows_the_type_that_auto_means_on_this_machine(bert, tmp_path, monkeypatch):
    for dtype in (torch.float32, torch.bfloat16):
        monkeypatch.setattr(frozen, "weights_dtype", lambda setting, dtype=dtype: dtype)
        build(bert, tmp_path, dtype="auto").prepare(TEXTS)
    assert len(list((tmp_path / "frozen").iterdir())) == 2


def test_an_interrupted_run_leaves_nothing_behind(bert, tmp_path, monkeypatch):
    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    encoder = build(bert, tmp_path)
    encoder.progress = stop
    with pytest.raises(KeyboardInterrupt):
        encoder.prepare(TEXTS)
    assert list((tmp_path / "frozen").iterdir()) == []


def test_progress_counts_documents(bert, monkeypatch):
    monkeypatch.setattr(encoding.batches_of_like_length, "__defaults__", (12,))
    seen: list[tuple[int, int]] = []
    encoder = build(bert)
    encoder.progress = lambda done, total: seen.append((done, total))
    encoder.prepare(TEXTS)
    assert seen[-1] == (4, 4)
    assert len(seen) == 3  # 11 tokens, then 5 + 3, then 2: twelve at most with padding


def test_batches_hold_every_row_once_and_stay_within_their_budget():
    lengths = np.array([5, 1, 9, 2, 2, 30, 4])
    batches = batches_of_like_length(lengths, tokens=10)
    assert sorted(np.concatenate(batches).tolist()) == list(range(7))
    assert batches[0].tolist() == [5]
    assert all(len(rows) == 1 or len(rows) * lengths[rows].max() <= 10 for rows in batches)


def test_a_damaged_cache_says_which_folder_to_delete(bert, tmp_path):
    encoder = build(bert, tmp_path)
    encoder.prepare(TEXTS)
    folder = next((tmp_path / "frozen").iterdir())
    (folder / "document.npy").write_bytes(b"not an array")
    with pytest.raises(WorkbenchError, match=rf"{folder.name}.*damaged.*Delete that folder"):
        encoder.prepare(TEXTS)


def test_a_full_disk_is_noticed_before_it_is_written_to(bert, tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10, 10, 0))
    with pytest.raises(WorkbenchError, match="GB free"):
        build(bert, tmp_path).prepare(TEXTS)


def test_encoding_leaves_the_random_state_alone(bert):
    torch.manual_seed(5)
    expected = torch.rand(3)
    encoder = build(bert)
    torch.manual_seed(5)
    encoder.prepare(TEXTS)
    assert torch.equal(torch.rand(3), expected)


@pytest.mark.parametrize(("projection", "parameters"), [("none", 0), ("linear", 2), ("mlp", 2)])
def test_only_the_projection_is_trained_and_saved(bert, projection, parameters):
    encoder = build(bert, projection=projection)
    encoder.prepare(TEXTS)
    assert len(encoder.state_dict()) == len(list(encoder.parameters())) == parameters
    assert encoder.referenced_parameters() == frozenset()


def test_loading_refuses_a_base_that_has_changed(bert, tmp_path):
    build(bert).save(tmp_path / "saved")
    assert load_encoder(tmp_path / "saved", cache=tmp_path / "cache").cache == tmp_path / "cache"
    weights = load_file(bert / "model.safetensors")
    weights["embeddings.LayerNorm.bias"] += 1
    save_file(weights, bert / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(WorkbenchError, match="not those that this run was trained on"):
        load_encoder(tmp_path / "saved")


def test_a_causal_lm_gives_its_last_token(llama):
    base = build_encoder(str(llama), settings={"max_length": 16, "dtype": "float32"}, train_texts=[]).eval()
    expected = base(base.prepare(TEXTS).batch(range(4))).document
    encoder = build(llama)
    document = encoder(encoder.prepare(TEXTS).batch(range(4))).document
    torch.testing.assert_close(document, expected, atol=2e-3, rtol=2e-3)
