from __future__ import annotations

import logging

import pytest

from tests.llm import server as play
from tests.llm.conftest import ask_server, kitchen, server, waits  # noqa: F401
from workbench.data.library import load_corpus, save_corpus
from workbench.llm.report import read_report

KEY = "sk-marked-0123456789"


@pytest.fixture
def cooking(workspace, kitchen):  # noqa: F811
    """The kitchen corpus, imported."""
    save_corpus(kitchen, workspace.corpora / "kitchen")
    return "kitchen"


@pytest.fixture
def asked(server, waits, monkeypatch):  # noqa: F811
    """Options that send a command to the fake server, with a marked key in the environment."""
    monkeypatch.setenv("MARKED", KEY)
    return [
        *("--provider", "openai", "--model", "fake", "--base-url", server.base_url),
        *("--key-variable", "MARKED", "--set", "retries=1", "--set", "concurrency=1"),
    ]


def test_offline_describes_and_then_generates(command, cooking, workspace):
    described = command("llm", "describe", "--corpus", cooking)
    assert described.status == 0
    assert "no language model" in described.out
    assert "written kitchen-described: 4 descriptions" in described.out
    assert "Documents about Baking" in described.out
    grown = command(
        *("llm", "generate", "--corpus", "kitchen-described", "--name", "grown"),
        *("--set", "tail_below=4", "--set", "each=6", "--set", "seed=3"),
    )
    assert grown.status == 0
    corpus, report = load_corpus("grown"), read_report(workspace.corpora / "grown")
    assert f"written grown: {corpus.train.n_generated} documents" in grown.out
    assert "struck: " in grown.out
    assert set(report) == {"schema", "describe", "generate"}
    assert report["generate"]["job_settings"]["seed"] == report["generate"]["settings"]["seed"] == 3
    assert corpus.descriptions[0].startswith("Documents about Baking")


def test_a_dry_run_prices_and_asks_nothing(command, cooking, asked, server, workspace):  # noqa: F811
    command("llm", "describe", "--corpus", cooking, *asked)
    before = len(server.requests)
    said = command(
        *("llm", "generate", "--corpus", cooking, *asked, "--set", "tail_below=4", "--set", "each=2"),
        *("--price-in", "1000", "--price-out", "2000", "--dry-run"),
    )
    assert said.status == 0
    assert "6 prompts for fake (openai)" in said.out
    assert "to ask: 6" in said.out
    assert ", cost " in said.out
    assert "four characters" in said.out
    again = command("llm", "describe", "--corpus", cooking, *asked, "--dry-run")
    assert "4 answers kept from before" in again.out
    assert len(server.requests) == before
    assert not (workspace.corpora / "kitchen-generated").exists()


def test_a_dry_run_prices_without_a_key_and_asking_needs_one(command, cooking, monkeypatch):
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    arguments = ["llm", "describe", "--corpus", cooking, "--provider", "openai", "--model", "m"]
    priced = command(*arguments, "--price-in", "1000", "--price-out", "2000", "--dry-run")
    assert (priced.status, priced.err) == (0, "")
    assert "4 prompts" in priced.out
    asked = command(*arguments)
    assert asked.status == 1
    assert "OPENAI_API_KEY holds no key" in asked.err


def test_a_server_describes(command, cooking, asked, server, workspace):  # noqa: F811
    ended = command("llm", "describe", "--corpus", cooking, *asked, "--price-in", "1", "--price-out", "1")
    assert ended.status == 0
    assert "asked: 4; 44 tokens read, 28 written (counted), cost 7.2e-05" in ended.out
    report = read_report(workspace.corpora / "kitchen-described")["describe"]
    assert (report["provider"], report["model"], report["is_language_model"]) == ("openai", "fake", True)
    assert load_corpus("kitchen-described").descriptions[0].startswith("answer to The dataset")


def test_ctrl_c_says_what_is_kept_and_how_to_go_on(command, cooking, asked, server, workspace, monkeypatch):  # noqa: F811
    from workbench.llm.asking import Tally

    whole = Tally.after

    def stop_at_two(tally, *arguments):
        if tally.asked == 1:
            monkeypatch.setattr(Tally, "after", whole)
            raise KeyboardInterrupt
        return whole(tally, *arguments)

    monkeypatch.setattr(Tally, "after", stop_at_two)
    stopped = command("llm", "describe", "--corpus", cooking, *asked)
    assert stopped.status == 130
    assert "2 answers of this model lie in" in stopped.out
    assert "goes on from there" in stopped.out
    assert not (workspace.corpora / "kitchen-described").exists()
    ended = command("llm", "describe", "--corpus", cooking, *asked)
    assert "2 answers kept from before" in ended.out
    assert ended.status == 0


def test_templates_are_listed_and_written_out(command, workspace):
    listed = command("llm", "templates").out
    for part in ("aapd", "eurlex", "general", "{document}", "{label_n}"):
        assert part in listed
    assert "kitchen.toml" in command("llm", "templates", "--write", "general", "--to", "kitchen").out
    assert str(workspace.prompts / "kitchen.toml") in command("llm", "templates").out
    assert command("llm", "templates", "--to", "kitchen").status == 1


@pytest.mark.parametrize(
    "options, message",
    [
        (("--provider", "opnai"), "Did you mean 'openai'"),
        (("--provider", "openai"), "Name it with --model"),
        (("--model", "m"), "Unknown setting 'model' for this provider"),
        (("--set", "tokns=3"), "Did you mean 'tokens'"),
        (("--price-in", "1"), "--price-in and --price-out"),
        (("--name", "kitchen"), "is there already"),
        (("--template", "apd"), "Did you mean 'aapd'"),
    ],
)
def test_mistakes_are_named_before_anything_is_asked(command, cooking, workspace, options, message):
    ended = command("llm", "describe", "--corpus", cooking, *options)
    assert ended.status == 1
    assert message in ended.err
    assert not (workspace.corpora / "kitchen-described").exists()


@pytest.mark.parametrize(
    "behaviour",
    [
        play.repeat_the_key(200),
        *(play.repeat_the_key(status) for status in (400, 401, 403, 404, 422, 429, 500)),
        play.repeat_the_key_as_a_page,
        play.truncated,
        play.without_choices,
        play.reset,
        play.hang,
    ],
)
def test_the_key_reaches_no_file_no_message_and_no_log(
    command,
    cooking,
    asked,
    server,  # noqa: F811
    workspace,
    caplog,
    behaviour,
):
    caplog.set_level(logging.DEBUG)
    server.usual = behaviour
    patience = ("timeout_s=1", "retries=0") if behaviour is play.hang else ("timeout_s=5",)
    options = [*asked, *(word for each in patience for word in ("--set", each))]
    ended = command("llm", "describe", "--corpus", cooking, *options)
    assert f"Bearer {KEY}" in server.authorizations
    said = [ended.out, ended.err, caplog.text]
    files = [path for path in workspace.root.rglob("*") if path.is_file()]
    said += [path.read_bytes().decode("utf-8", "replace") for path in files]
    assert [text for text in said if KEY in text or "0123456789" in text] == []
    assert ended.status == 0 or ended.err.startswith("error:")
    assert any(path.suffix == ".jsonl" for path in files)
