from __future__ import annotations

from collections.abc import Iterator

import pytest

from dashboard import jobs


@pytest.fixture
def nothing_left_over() -> Iterator[None]:
    """Jobs end with the test that began them."""
    yield
    jobs.end_all()
    jobs._jobs.clear()
