"""The providers by name; one is imported when it is opened."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Any

from workbench.data.corpus import Corpus
from workbench.errors import require_known
from workbench.llm.base import Provider

OFFLINE = "offline"

_PROVIDERS = {
    OFFLINE: ("workbench.llm.offline", "OfflineProvider"),
    "openai": ("workbench.llm.openai_server", "OpenAIProvider"),
    "local": ("workbench.llm.local", "LocalProvider"),
}


def provider_names() -> list[str]:
    """The names that `open_provider` takes, the default first."""
    return list(_PROVIDERS)


def provider_class(name: str) -> type[Provider]:
    """The class of a provider, whose `Settings` say what can be set; nothing is opened.

    Raises:
        WorkbenchError: an unknown name, with the known ones.
    """
    require_known([name], _PROVIDERS, "Unknown provider {}.")
    module, provider = _PROVIDERS[name]
    found: type[Provider] = getattr(importlib.import_module(module), provider)
    return found


def open_provider(name: str, corpus: Corpus, settings: Mapping[str, Any] | None = None) -> Provider:
    """A provider that is ready to answer about a corpus.

    Args:
        name: "offline" (no language model), "openai" (a server) or "local" (transformers).
        corpus: whose labels and training documents are asked about.
        settings: the provider's own, such as {"model": …, "temperature": 0.7}.

    Raises:
        WorkbenchError: an unknown name or setting, a key, model or package that is not there.
    """
    return provider_class(name).open(corpus, dict(settings or {}))
