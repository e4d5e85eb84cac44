from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from scipy import sparse

from tests.llm.server import FakeServer
from workbench.data.corpus import Corpus, CorpusCard, Split, make_corpus
from workbench.llm.base import About, Prompt, Provider
from workbench.llm.openai_server import OpenAIProvider

TRAIN = [
    ("Dough rests overnight. The oven is hot. Bread is baked in it.", [0]),
    ("Dough needs yeast. Yeast eats sugar. Bread rises slowly.", [0]),
    ("Soup boils in a pot. Salt goes into the soup. Serve the soup warm.", [1]),
    ("Soup is served with bread. Dough is not boiled. The pot is heavy.", [0, 1]),
    ("Knives cut onions. Onions go into the pot. Sharpen the knives.", [1, 2]),
    ("Sugar and salt look alike. Taste them. Label the jars.", []),
]


def split(rows: list[tuple[str, list[int]]], prefix: str, labels: int = 4) -> Split:
    targets = np.zeros((len(rows), labels), dtype=np.uint8)
    for row, (_, columns) in enumerate(rows):
        targets[row, columns] = 1
    texts = [text for text, _ in rows]
    return Split(texts, sparse.csr_array(targets), [f"{prefix}{row}" for row in range(len(rows))])


@pytest.fixture
def kitchen() -> Corpus:
    """Six training documents; label 3 has none, and two documents of one label share no label with others."""
    return make_corpus(
        "kitchen",
        split(TRAIN, "t"),
        split([("Bread and soup.", [0, 1])], "v"),
        split([("Onions and soup.", [1, 3])], "e"),
        ["bake.1", "soup.2", "knives", "drinks"],
        ["Baking", "Soups", "knives", "Drinks"],
        CorpusCard(title="Questions about cooking"),
    )


@pytest.fixture
def server() -> Iterator[FakeServer]:
    with FakeServer().running() as running:
        yield running


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that the client would have waited before further attempts; it waits for none of them."""
    asked: list[float] = []

    async def at_once(seconds: float) -> None:
        asked.append(seconds)
        await asyncio.sleep(0)

    monkeypatch.setattr("openai._base_client.anyio.sleep", at_once)
    monkeypatch.setattr("workbench.llm.openai_server.FIRST_WAIT_S", 0)
    return asked


@pytest.fixture
def ask_server(
    server: FakeServer, kitchen: Corpus, waits: list[float], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Provider]:
    """A provider of the fake server; no key is set."""
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)

    def make(**settings: Any) -> Provider:
        known = {"model": "fake", "base_url": server.base_url, "retries": 2, "timeout_s": 5.0}
        return OpenAIProvider.open(kitchen, known | settings)

    return make


def prompts(n: int) -> list[Prompt]:
    return [Prompt(f"question {number}", 20, About("describe", (0,))) for number in range(n)]
