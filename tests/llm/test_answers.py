from __future__ import annotations

import json
from dataclasses import replace

import pytest

from tests.llm.test_base import Backwards
from workbench.errors import WorkbenchError
from workbench.llm.answers import Answers, answer_key
from workbench.llm.base import About, Completion, Prompt

PROMPT = Prompt("What is it?", 30, About("describe", (2,)))


def provider(**changes):
    changed = Backwards()
    changed.is_language_model = True
    for name, value in changes.items():
        setattr(changed, name, value)
    return changed


@pytest.mark.parametrize(
    "other",
    [
        (replace(PROMPT, text="What was it?"), provider()),
        (replace(PROMPT, max_tokens=31), provider()),
        (replace(PROMPT, about=About("describe", (2,), repetition=1)), provider()),
        (PROMPT, provider(name="another")),
        (PROMPT, provider(model="larger")),
        (PROMPT, provider(settings={"temperature": 1.0})),
    ],
    ids=["text", "tokens", "repetition", "provider", "model", "settings"],
)
def test_all_that_decides_an_answer_is_in_its_key(other):
    assert answer_key(*other) != answer_key(PROMPT, provider())


def test_a_language_model_reads_the_text_and_others_what_it_is_about():
    about_another = replace(PROMPT, about=About("describe", (3,)))
    said_otherwise = replace(PROMPT, text="Tell me.")
    assert answer_key(PROMPT, provider()) == answer_key(about_another, provider())
    no_model = provider(is_language_model=False)
    assert answer_key(PROMPT, no_model) != answer_key(about_another, no_model)
    assert answer_key(PROMPT, no_model) == answer_key(said_otherwise, no_model)


def test_an_answer_is_with_the_system_before_anything_is_closed(tmp_path):
    first = Answers(tmp_path, provider())
    answers = [Completion(f"text {n}\nwith “signs”", "p", "m", n, None, "length") for n in range(3)]
    for n, answer in enumerate(answers):
        first.keep(str(n), answer)
    with Answers(tmp_path, provider()) as second:
        assert [second[str(n)] for n in range(3)] == answers
        assert len(second) == 3
        assert "3" not in second
    with first:
        assert first["1"] == answers[1]


@pytest.mark.parametrize("torn", ['{"key": "b", "te', "[1]\n", '{"key": "b"}\n', "\x00\x00\n", ""])
def test_a_torn_line_counts_as_not_there_and_harms_no_other(tmp_path, torn):
    with Answers(tmp_path, provider()) as answers:
        answers.keep("a", Completion("first", "p", "m"))
        path = answers.path
    with path.open("a") as stream:
        stream.write(torn)
    with Answers(tmp_path, provider()) as answers:
        assert len(answers) == 1
        answers.keep("b", Completion("second", "p", "m"))
    with Answers(tmp_path, provider()) as answers:
        assert [answers[key].text for key in "ab"] == ["first", "second"]


def test_two_jobs_at_once_do_not_disturb_each_other(tmp_path):
    with Answers(tmp_path, provider()) as one, Answers(tmp_path, provider()) as other:
        one.keep("a", Completion("of one", "p", "m"))
        other.keep("b", Completion("of the other", "p", "m"))
        one.keep("c", Completion("again of one", "p", "m"))
        assert (one["a"].text, other["b"].text, one["c"].text) == ("of one", "of the other", "again of one")
        lines = one.path.read_text().splitlines()
    assert [json.loads(line)["key"] for line in lines] == ["a", "b", "c"]


def test_the_file_is_named_after_provider_and_model(tmp_path):
    with Answers(tmp_path / "new", provider(name="local", model="/models/tiny llama")) as answers:
        assert answers.path == tmp_path / "new" / "local-models-tiny-llama.jsonl"


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(WorkbenchError, match="could not be written"):
        Answers(tmp_path / "file", provider())
