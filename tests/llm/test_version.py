from __future__ import annotations

import json

import pytest

from workbench.data.library import load_corpus, save_corpus, verify_corpus
from workbench.errors import WorkbenchError
from workbench.llm.answers import Answers
from workbench.llm.asking import Tally, ask
from workbench.llm.base import Completion
from workbench.llm.offline import OfflineProvider, OfflineSettings
from workbench.llm.report import REPORT, read_report
from workbench.llm.templates import SHIPPED, read_template
from workbench.llm.version import check_free, divide_settings, make_job, save_version

TEMPLATE = read_template(SHIPPED / "general.toml")


def carry_out(kind, corpus, name, workspace, before=None, **settings):
    provider = OfflineProvider.open(corpus, {})
    job = make_job(kind, corpus, TEMPLATE, settings)
    with Answers(workspace.answers, provider) as answers:
        answered, tally = ask(job.prompts, provider, answers)
    finished = job.finish(answered, provider, tally, name)
    return save_version(kind, finished, before, workspace.corpora / name)


def test_describing_then_generating_keeps_both_reports(kitchen, workspace):
    save_corpus(kitchen, workspace.corpora / "kitchen")
    assert read_report(workspace.corpora / "kitchen") is None
    first = carry_out("describe", load_corpus("kitchen"), "described", workspace)
    described = load_corpus("described")
    second = carry_out("generate", described, "grown", workspace, read_report(first), tail_below=4, each=5)
    grown = load_corpus("grown")
    verify_corpus(second)
    assert grown.descriptions == described.descriptions
    assert grown.train.n_generated > 0
    report = read_report(second)
    assert report["describe"] == read_report(first)["describe"]
    assert report["generate"]["corpus"]["name"] == "described"
    assert report["generate"]["counts"]["used"] == grown.train.n_generated
    assert len({kitchen.fingerprint, described.fingerprint, grown.fingerprint}) == 3
    assert {kitchen.split_id, described.split_id, grown.split_id} == {kitchen.split_id}


def test_nothing_is_written_when_no_answer_is_of_use(kitchen, workspace):
    job = make_job("describe", kitchen, TEMPLATE, {})

    refused = [Completion("", "p", "m", finish="refused")] * 4
    finished = job.finish(refused, OfflineProvider.open(kitchen, {}), Tally(4), "none")
    with pytest.raises(WorkbenchError, match=r"None of the 4 answers is of use \(4 refused\)"):
        save_version("describe", finished, None, workspace.corpora / "none")
    assert not (workspace.corpora / "none").exists()


def test_a_name_that_is_taken_or_wrong_is_refused_first(workspace):
    (workspace.corpora / "taken").mkdir(parents=True)
    with pytest.raises(WorkbenchError, match=r"taken is there already.*--force"):
        check_free(workspace.corpora / "taken", overwrite=False)
    check_free(workspace.corpora / "taken", overwrite=True)
    with pytest.raises(WorkbenchError, match="cannot name a corpus"):
        check_free(workspace.corpora / "a b", overwrite=True)


def test_settings_go_where_they_are_known():
    given = {"tail_below": 9, "seed": 3}
    assert divide_settings("generate", OfflineSettings, given) == (given, {"seed": 3})
    with pytest.raises(WorkbenchError, match=r"'tail_bellow'.*Did you mean 'tail_below'.*Known: tail_below"):
        divide_settings("generate", OfflineSettings, {"tail_bellow": 9})


@pytest.mark.parametrize("content", ["{", "[]", "\x00"])
def test_a_damaged_report_is_named(tmp_path, content):
    (tmp_path / REPORT).write_text(content)
    with pytest.raises(WorkbenchError, match=f"{REPORT} is damaged"):
        read_report(tmp_path)


def test_a_report_is_plain_json(kitchen, workspace):
    folder = carry_out("describe", kitchen, "described", workspace)
    assert json.loads((folder / REPORT).read_text())["schema"] == 1
