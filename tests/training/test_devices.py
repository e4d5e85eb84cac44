from __future__ import annotations

from itertools import count

import pytest
import torch

from workbench.encoders.cnn import CNN
from workbench.errors import WorkbenchError
from workbench.methods.protomix import ProtoMix
from workbench.runs.store import list_runs
from workbench.training import devices


@pytest.mark.parametrize(("at", "left"), [(0, []), (3, ["failed"])])
def test_running_out_of_memory_says_what_to_change(train, workspace, monkeypatch, at, left):
    calls, forward = count(), ProtoMix.forward

    def exhausted(self, batch):
        if next(calls) == at:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return forward(self, batch)

    monkeypatch.setattr(ProtoMix, "forward", exhausted)
    with pytest.raises(WorkbenchError, match="--set batch_size=8 --set accumulate=2"):
        train()
    assert [run.status for run in list_runs(workspace.runs)] == left


def test_a_label_set_too_large_for_the_encoder_is_refused_with_numbers(train, monkeypatch):
    monkeypatch.setattr(CNN, "max_labels", 4)
    with pytest.raises(WorkbenchError, match="10 labels are too many for this encoder, which has room for 4"):
        train()


def test_a_label_set_too_large_for_the_memory_is_refused_before_training(train, monkeypatch):
    monkeypatch.setattr(devices, "free_memory", lambda device: 1000)
    with pytest.raises(WorkbenchError, match=r"Training needs about .* GB .*--frozen"):
        train()
