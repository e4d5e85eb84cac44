from __future__ import annotations

from dataclasses import replace

import pytest

from tests.llm.conftest import kitchen  # noqa: F401
from workbench.cli import llm_view
from workbench.llm.asking import Estimate, Prices, Tally
from workbench.llm.describe import DescribeJob, DescribeSettings
from workbench.llm.templates import SHIPPED, read_template

TALLY = Tally(1200, kept=200, asked=500, tokens_in=50_000, tokens_out=10_000)
ESTIMATE = Estimate(1200, 200, 100_000, 30_000, 1.3)


def test_how_far_a_job_is_with_tokens_and_cost():
    said = llm_view.note(TALLY, ESTIMATE, Prices(1.0, 10.0))
    assert said == (
        "700 of 1,200 answers · 200 kept from before · 50,000 tokens read, 10,000 written · "
        "cost 0.15 of about 0.3"
    )
    assert "cost" not in llm_view.note(TALLY, ESTIMATE, None)
    assert "of about 1.3" in llm_view.note(Tally(1200, kept=200), ESTIMATE, Prices(1.0, 10.0))


@pytest.mark.parametrize("watched", [True, False])
def test_a_bar_follows_the_answers(kitchen, monkeypatch, capsys, watched):  # noqa: F811
    monkeypatch.setattr(llm_view, "is_watched", lambda: watched)
    monkeypatch.setenv("WORKBENCH_PROGRESS_LINES", "1")
    job = DescribeJob(kitchen, read_template(SHIPPED / "general.toml"), DescribeSettings())
    with llm_view.progress(job, ESTIMATE, None) as on_answer:
        for done in range(5):
            on_answer(replace(Tally(4), asked=done))
    said = capsys.readouterr().err
    assert ("describing labels 100%" in said) is not watched
