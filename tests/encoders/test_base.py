from __future__ import annotations

import torch

from workbench.encoders.base import Encoded


def test_documents_given_as_a_function_are_computed_once_and_only_when_read():
    calls = []

    def documents() -> torch.Tensor:
        calls.append(len(calls))
        return torch.zeros(1, 3)

    encoded = Encoded(documents)
    assert calls == []
    assert encoded.document is encoded.document
    assert calls == [0]


def test_token_states_given_as_a_function_are_computed_once_and_only_when_read():
    calls = []

    def states() -> torch.Tensor:
        calls.append(len(calls))
        return torch.zeros(1, 2, 3)

    encoded = Encoded(torch.zeros(1, 3), states, torch.ones(1, 2, dtype=torch.bool))
    assert encoded.gives_tokens
    assert calls == []
    assert encoded.tokens is encoded.tokens
    assert calls == [0]
    assert not Encoded(torch.zeros(1, 3)).gives_tokens
    assert Encoded(torch.zeros(1, 3)).tokens is None
