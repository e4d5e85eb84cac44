from __future__ import annotations

from collections.abc import Iterator

import pytest

from dashboard import jobs, meanwhile


@pytest.fixture(autouse=True)
def waiting_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages wait for what they would do meanwhile: a test looks at the whole page, once."""
    monkeypatch.setattr(meanwhile, "_PATIENCE_S", None)


@pytest.fixture
def nothing_left_over() -> Iterator[None]:
    """Jobs end with the test that began them."""
    yield
    jobs.end_all()
    jobs._jobs.clear()
