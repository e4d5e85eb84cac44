from __future__ import annotations

import shutil

import pytest
import torch

from workbench.training.checkpoints import AtomicCheckpoints


def test_training_never_copies_a_checkpoint_into_its_place(train, monkeypatch):
    def copied(*_, **__):
        raise AssertionError("a kill during this copy would leave half a checkpoint")

    with monkeypatch.context() as patch:
        patch.setattr(shutil, "move", copied)
        run = train()
    assert run.status == "done"


def test_a_checkpoint_that_fails_leaves_the_one_before(tmp_path):
    path = tmp_path / "checkpoints" / "resume.ckpt"
    AtomicCheckpoints().save_checkpoint({"epoch": 1}, path)
    with pytest.raises((AttributeError, TypeError)):
        AtomicCheckpoints().save_checkpoint({"epoch": 2, "bad": (lambda: None)}, path)
    assert torch.load(path, weights_only=True) == {"epoch": 1}
    assert list(path.parent.iterdir()) == [path]
