from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from workbench.errors import WorkbenchError
from workbench.llm.asking import Tally
from workbench.llm.base import Completion
from workbench.llm.generate import GenerateJob, GenerateSettings, demonstrations, tail_labels
from workbench.llm.offline import OfflineProvider
from workbench.llm.templates import SHIPPED, read_template

TEMPLATE = read_template(SHIPPED / "general.toml")


def job(corpus, **settings):
    return GenerateJob(corpus, TEMPLATE, GenerateSettings(**settings))


def finish(made, texts):
    given = [Completion(text, "p", "m") for text in texts]
    offline = OfflineProvider.open(made.corpus, {})
    return made.finish(given, offline, Tally(len(given), asked=len(given)), "grown")


def unlike(n):
    return [f"A new text of number {number} on other things." for number in range(n)]


def test_the_limits_are_the_papers():
    assert (GenerateSettings().tail_below, GenerateSettings().each) == (50, 50)


def test_tail_labels_have_few_documents_but_at_least_one():
    targets = np.zeros((60, 4), dtype=np.uint8)
    for label, count in enumerate((50, 49, 0, 1)):
        targets[:count, label] = 1
    assert tail_labels(sparse.csr_array(targets), 50).tolist() == [1, 3]


def test_the_documents_of_a_label_take_turns_as_demonstrations(kitchen):
    targets = kitchen.train.targets
    pairs = demonstrations(targets, np.array([0, 2]), 7, seed=3)
    assert [label for label, _ in pairs] == [0] * 7 + [2] * 7
    for label, row in pairs:
        assert targets[row, label] == 1
    counts = np.bincount([row for label, row in pairs if label == 0])
    assert counts[[0, 1, 3]].min() >= 2
    assert demonstrations(targets, np.array([0, 2]), 7, seed=3) == pairs
    assert any(demonstrations(targets, np.array([0, 2]), 7, seed=seed) != pairs for seed in range(5))


def test_a_prompt_shows_the_demonstration_and_all_its_labels_with_what_they_mean(kitchen):
    described = kitchen.with_descriptions("d", ["Of ovens.", "", "", ""], "note")
    prompts = job(described, tail_below=4, each=3).prompts
    (prompt,) = {one.text: one for one in prompts if one.about.demonstration == 3}.values()
    assert prompt.about.labels == (0, 1)
    assert f"Example: {kitchen.train.texts[3]}" in prompt.text
    assert "Baking, Soups. Baking represents Of ovens, Soups represents Soups." in prompt.text


def test_only_training_documents_that_nobody_generated_are_shown(kitchen):
    more = kitchen.with_generated("more", ["Made up."] * 2, kitchen.train.targets[[4, 4]], ["g0", "g1"], "n")
    made = job(more, tail_below=4, each=9)
    assert {prompt.about.demonstration for prompt in made.prompts} <= set(range(6))
    grown = finish(made, unlike(len(made.prompts))).corpus
    assert grown.train.n_generated == 2 + len(made.prompts)


def test_a_long_demonstration_is_shortened_and_the_length_is_settable(kitchen):
    made = job(kitchen, tail_below=4, each=1, demonstration_words=10, length=77)
    assert all("approximately 77 tokens" in prompt.text for prompt in made.prompts)
    assert {prompt.max_tokens for prompt in made.prompts} == {154}
    shown = made.prompts[0].text.split("\n")[0].removeprefix("Example: ")
    row = made.prompts[0].about.demonstration
    assert shown == " ".join(kitchen.train.texts[row].split()[:10])


def test_the_length_is_the_median_of_the_training_documents(kitchen):
    lengths = sorted(-(-len(text) // 4) for text in kitchen.train.texts)
    assert job(kitchen, tail_below=4).written == int((lengths[2] + lengths[3]) / 2)


def test_a_corpus_without_tail_labels_is_refused(kitchen):
    only = kitchen.with_train_rows([5], "note")
    with pytest.raises(WorkbenchError, match=r"No label of 'kitchen' has fewer than 50 .*tail_below=N"):
        job(only)


def test_documents_inherit_all_labels_of_their_demonstration_and_the_faulty_are_struck(kitchen):
    made = job(kitchen, tail_below=4, each=3)
    texts = unlike(len(made.prompts))
    texts[0] = kitchen.train.texts[2].upper()
    texts[1] = "I'm sorry, I cannot."
    texts[2] = ""
    texts[3] = "This document is of bake.1, as wanted."
    texts[4] = "long " * 500
    texts[6] = texts[5] + "!"
    finished = finish(made, texts)
    corpus, report = finished.corpus, finished.report
    assert [one["reason"] for one in report["struck"]] == [
        "duplicate",
        "refused",
        "empty",
        "label-leaking",
        "too long",
        "duplicate",
    ]
    assert report["struck_by_reason"]["duplicate"] == 2
    assert report["struck"][3]["text"] == texts[3]
    kept = [place for place in range(len(texts)) if place not in (0, 1, 2, 3, 4, 6)]
    assert list(corpus.train.texts)[6:] == [texts[place] for place in kept]
    assert corpus.train.generated.tolist() == [False] * 6 + [True] * len(kept)
    for number, place in enumerate(kept):
        row = made.prompts[place].about.demonstration
        assert (corpus.train.targets[[6 + number]] != kitchen.train.targets[[row]]).nnz == 0
        document = report["documents"][number]
        assert document["id"] == corpus.train.ids[6 + number]
        assert document["demonstration"] == kitchen.train.ids[row]
        labels = [kitchen.labels[label] for label in kitchen.train.targets[[row]].indices]
        assert document["labels"] == labels
        assert document["for"] in labels
        assert document["provider"] == "offline"
    assert corpus.split_id == kitchen.split_id
    assert corpus.fingerprint != kitchen.fingerprint


def test_nothing_is_added_when_every_answer_is_struck(kitchen):
    made = job(kitchen, tail_below=4, each=1)
    finished = finish(made, [""] * len(made.prompts))
    assert finished.corpus.train.n_generated == 0
    assert finished.report["counts"]["used"] == 0
    assert {row["generated_for_it"] for row in finished.report["tail_labels"]} == {0}


def test_the_report_counts_by_tail_label(kitchen):
    made = job(kitchen, tail_below=4, each=2)
    rows = finish(made, unlike(len(made.prompts))).report["tail_labels"]
    assert rows == [
        {"label": "bake.1", "train_documents": 3, "generated_for_it": 2},
        {"label": "soup.2", "train_documents": 3, "generated_for_it": 2},
        {"label": "knives", "train_documents": 1, "generated_for_it": 2},
    ]
