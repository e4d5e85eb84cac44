from __future__ import annotations

import pytest

from workbench.errors import WorkbenchError
from workbench.llm.keys import Key


def test_a_key_shows_itself_only_when_it_is_asked_to(monkeypatch):
    monkeypatch.setenv("MINE", " sk-secret\n")
    key = Key.from_environment("MINE", is_needed=True)
    assert key.reveal() == "sk-secret"
    assert "secret" not in f"{key} {key!r} {[key]}"
    assert key.hide("you sent sk-secret, sk-secret") == "you sent [key], [key]"
    assert bool(key)


def test_no_key_hides_nothing(monkeypatch):
    monkeypatch.delenv("MINE", raising=False)
    key = Key.from_environment("MINE", is_needed=False)
    assert not key
    assert key.hide("as it is") == "as it is"


@pytest.mark.parametrize("value", ["sk\nsecret", "sk-sécret"])
def test_what_no_header_can_carry_is_refused_without_showing_it(monkeypatch, value):
    monkeypatch.setenv("MINE", value)
    with pytest.raises(WorkbenchError, match="MINE holds signs") as raised:
        Key.from_environment("MINE", is_needed=True)
    assert "cret" not in str(raised.value)
