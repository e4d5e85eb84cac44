"""Looking at a model leaves every part of it in the mode that it was in."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from workbench.methods.evaluation import evaluating


def test_parts_are_evaluated_without_gradients_and_put_back():
    module = nn.Sequential(nn.Dropout(), nn.Sequential(nn.Linear(2, 2), nn.Dropout())).train()
    module[1].eval()
    modes = [part.training for part in module.modules()]
    with evaluating(module):
        assert not any(part.training for part in module.modules())
        assert not module(torch.ones(1, 2)).requires_grad
    assert [part.training for part in module.modules()] == modes
    assert torch.is_grad_enabled()


def test_an_error_inside_puts_them_back_too():
    module = nn.Dropout().train()
    with pytest.raises(ValueError, match="inside"), evaluating(module):
        raise ValueError("inside")
    assert module.training
