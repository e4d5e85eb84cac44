from __future__ import annotations

from tests.encoders.conftest import llama

__all__ = ["llama"]
