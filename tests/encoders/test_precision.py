from __future__ import annotations

import pytest
import torch

from workbench.encoders import supports_bfloat16
from workbench.encoders.precision import weights_dtype


@pytest.mark.parametrize(("avx512", "amx"), [(True, False), (False, True), (False, False)])
def test_a_cpu_needs_instructions_for_it(monkeypatch, avx512, amx):
    monkeypatch.setattr(torch.cpu, "_is_avx512_bf16_supported", lambda: avx512, raising=False)
    monkeypatch.setattr(torch.cpu, "_is_amx_tile_supported", lambda: amx, raising=False)
    assert supports_bfloat16("cpu") == (avx512 or amx)


def test_other_devices_and_older_libraries_do_without(monkeypatch):
    assert not supports_bfloat16("meta")
    monkeypatch.delattr(torch.cpu, "_is_avx512_bf16_supported", raising=False)
    monkeypatch.delattr(torch.cpu, "_is_amx_tile_supported", raising=False)
    assert not supports_bfloat16("cpu")


def test_auto_follows_the_machine(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    for supported, expected in ((True, torch.bfloat16), (False, torch.float32)):
        monkeypatch.setattr(
            "workbench.encoders.precision.supports_bfloat16", lambda _, answer=supported: answer
        )
        assert weights_dtype("auto") == expected
    assert weights_dtype("float32") == torch.float32
    assert weights_dtype("bfloat16") == torch.bfloat16
