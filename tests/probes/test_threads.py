from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch

from workbench.probes.threads import spread


def test_every_item_is_worked_on_without_gradients_and_told_of():
    seen: list[tuple[int, bool]] = []
    told: list[int] = []
    spread(
        lambda item: seen.append((item, torch.is_inference_mode_enabled())), range(20), lambda: told.append(1)
    )
    assert sorted(seen) == [(item, True) for item in range(20)]
    assert len(told) == 20


@pytest.mark.parametrize("raised", [ValueError, KeyboardInterrupt])
def test_an_exception_drops_what_has_not_begun_and_threads_are_as_before(raised, monkeypatch):
    before, dropped = torch.get_num_threads(), threading.Event()
    shutdown = ThreadPoolExecutor.shutdown
    seen: list[int] = []

    def watched(self, wait=True, *, cancel_futures=False):
        shutdown(self, wait=wait, cancel_futures=cancel_futures)
        dropped.set()

    def work(item: int) -> None:
        seen.append(item)
        if item == 0:
            raise raised
        assert dropped.wait(timeout=60)

    monkeypatch.setattr(ThreadPoolExecutor, "shutdown", watched)
    with pytest.raises(raised):
        spread(work, range(1000))
    assert torch.get_num_threads() == before
    assert len(seen) <= 1 + before
