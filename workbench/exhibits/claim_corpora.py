"""How the corpora that claims are judged on come about: what the data is, and the commands that import it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from workbench.errors import WorkbenchError


@dataclass(frozen=True)
class CorpusRecipe:
    """What a corpus is made from (`data`), and the commands that make it, in their order."""

    data: str
    commands: tuple[str, ...]


_DEMO = "The built-in corpus: it is generated when it is first used."
_COOKING = (
    "The folder cooking holds train.jsonl.gz (12,404) and test.jsonl.gz (3,000): the questions of "
    "StackExchange Cooking with their tags, as fastText's tutorial divides them."
)
_AAPD = (
    "The folder aapd holds train.jsonl.gz, dev.jsonl.gz, test.jsonl.gz and labels.json: AAPD's own dev and "
    "test documents, 1,000 each; 43,021 training documents rebuilt from arXiv's metadata up to 2017-02, "
    "which are not the 53,840 of the release."
)
_IMPORT_COOKING = "workbench data import cooking --name cooking --title Cooking"


def _with_texts(corpus: str) -> tuple[str, str]:
    """Descriptions for labels and documents for rare labels, by the provider that is no language model."""
    return (
        f"workbench llm describe --corpus {corpus} --name {corpus}-described",
        f"workbench llm generate --corpus {corpus}-described --name {corpus}-sep",
    )


RECIPES: Mapping[str, CorpusRecipe] = {
    "demo": CorpusRecipe(_DEMO, ()),
    "demo-sep": CorpusRecipe(_DEMO, _with_texts("demo")),
    "cooking": CorpusRecipe(_COOKING, (_IMPORT_COOKING,)),
    "cooking-sep": CorpusRecipe(_COOKING, (_IMPORT_COOKING, *_with_texts("cooking"))),
    "aapd": CorpusRecipe(_AAPD, ("workbench data import aapd --name aapd",)),
    "aapd-2k": CorpusRecipe(_AAPD, ("workbench data import aapd --name aapd-2k --limit 2000",)),
    "aapd-5k": CorpusRecipe(
        _AAPD,
        (
            "workbench data import aapd --name aapd",
            "python benchmarks/draw.py aapd --documents 5000 --seed 0 --name aapd-5k",
        ),
    ),
}


def recipe_of(corpus: str) -> CorpusRecipe:
    """How the corpus of this name is made.

    Raises:
        WorkbenchError: for a corpus of which it is not said: no claim on it could be reproduced.
    """
    if corpus not in RECIPES:
        raise WorkbenchError(
            f"It is not said how the corpus {corpus!r} is made, so that its claims could not be reproduced. "
            f"Add it to RECIPES in workbench/exhibits/claim_corpora.py, which has {', '.join(RECIPES)}."
        )
    return RECIPES[corpus]
