from __future__ import annotations

import pytest

from workbench.errors import WorkbenchError
from workbench.llm.asking import Tally
from workbench.llm.base import Completion
from workbench.llm.describe import DescribeJob, DescribeSettings, judge_descriptions
from workbench.llm.offline import OfflineProvider
from workbench.llm.templates import SHIPPED, read_template

TEMPLATE = read_template(SHIPPED / "general.toml")


def answers(*texts):
    return [Completion(text, "p", "m") for text in texts]


def test_each_label_is_asked_for_once_by_name_and_code(kitchen):
    job = DescribeJob(kitchen, TEMPLATE, DescribeSettings())
    assert [prompt.about.labels for prompt in job.prompts] == [(0,), (1,), (2,), (3,)]
    assert "Questions about cooking" in job.prompts[0].text
    for prompt, label in zip(job.prompts, ("Baking (bake.1)", "Soups (soup.2)", "knives"), strict=False):
        assert f"the label {label} in" in prompt.text
    assert "30 tokens" in job.prompts[0].text
    assert {prompt.max_tokens for prompt in job.prompts} == {60}
    with pytest.raises(WorkbenchError, match="tokens=2"):
        DescribeSettings.parse({"tokens": 2})


def test_a_struck_answer_leaves_its_label_without_description():
    given = answers("It is\nabout bread.", "", "I'm sorry, no.", "word " * 99, "it is about BREAD!")
    descriptions, struck = judge_descriptions(list("abcde"), given, 60)
    assert descriptions == ["It is about bread.", "", "", "", ""]
    assert [(one.asked["label"], one.reason) for one in struck] == [
        ("b", "empty"),
        ("c", "refused"),
        ("d", "too long"),
        ("e", "duplicate"),
    ]
    assert struck[1].text == "I'm sorry, no."


def test_descriptions_make_a_version_with_its_own_fingerprint_and_the_same_split(kitchen):
    job = DescribeJob(kitchen, TEMPLATE, DescribeSettings())
    given = answers("It is about bread.", "", "It is about knives.", "It is about drinks.")
    finished = job.finish(given, OfflineProvider.open(kitchen, {}), Tally(4, asked=4), "described")
    corpus, report = finished.corpus, finished.report
    assert (corpus.name, corpus.split_id) == ("described", kitchen.split_id)
    assert corpus.fingerprint != kitchen.fingerprint
    assert corpus.descriptions == tuple(answer.text for answer in given)
    assert corpus.card.notes == ("3 of 4 labels described by the provider offline (no language model).",)
    assert report["counts"]["used"] == 3
    assert report["struck_by_reason"] == {"empty": 1}
    assert report["struck"] == [{"reason": "empty", "text": "", "label": "soup.2"}]
    assert report["template"] == {"name": "general", "prompt": TEMPLATE.describe}
    assert report["corpus"] == {"name": "kitchen", "fingerprint": kitchen.fingerprint}
    assert report["is_language_model"] is False
