from __future__ import annotations

import pytest

from workbench.errors import WorkbenchError
from workbench.llm.base import About, Prompt, estimated_tokens
from workbench.llm.offline import OfflineProvider


def ask(corpus, *abouts, seed=0, tokens=60):
    provider = OfflineProvider.open(corpus, {"seed": seed})
    return [answer.text for answer in provider.complete([Prompt("…", tokens, about) for about in abouts])]


def test_a_label_is_described_by_its_name_and_its_telling_words(kitchen):
    baking, soups, knives, drinks = ask(kitchen, *(About("describe", (label,)) for label in range(4)))
    assert baking.startswith("Documents about Baking, with words such as ")
    assert "dough" in baking
    assert "soup" in soups
    assert knives == "Documents about knives, with words such as pot."  # others stand in one document alone
    assert drinks == "Documents about Drinks."


def test_a_description_keeps_its_limit(kitchen):
    for tokens in (9, 14, 20):
        (text,) = ask(kitchen, About("describe", (0,)), tokens=tokens)
        assert estimated_tokens(text) <= tokens


def test_the_same_seed_gives_the_same_documents_in_any_order(kitchen):
    abouts = [About("generate", (0, 1), 3, repetition) for repetition in range(8)]
    texts = ask(kitchen, *abouts)
    assert ask(kitchen, *reversed(abouts)) == texts[::-1]
    assert len(set(texts)) > 1
    assert ask(kitchen, *abouts, seed=1) != texts


def test_it_never_poses_as_a_language_model(kitchen):
    provider = OfflineProvider.open(kitchen, {})
    assert not provider.is_language_model
    assert provider.settings == {"seed": 0, "corpus": kitchen.fingerprint}


def test_generated_documents_are_no_source(kitchen):
    more = kitchen.with_generated("more", ["Zucchini zucchini."], kitchen.train.targets[[0]], ["g"], "note")
    abouts = [About("describe", (0,)), *(About("generate", (0,), 0, number) for number in range(9))]
    assert ask(more, *abouts) == ask(kitchen, *abouts)
    assert OfflineProvider.open(more, {}).settings == OfflineProvider.open(kitchen, {}).settings


@pytest.mark.parametrize("row", [None, -1, 6])
def test_a_demonstration_that_is_not_there_is_refused(kitchen, row):
    with pytest.raises(WorkbenchError, match=f"0 to 5, not {row}"):
        ask(kitchen, About("generate", (0,), row))
