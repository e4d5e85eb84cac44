"""Jobs wait on a pipe that the test holds, so that nothing here sleeps."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import jobs

KEY = "a job of the tests"

pytestmark = pytest.mark.usefixtures("nothing_left_over")


@pytest.fixture
def pipe(tmp_path: Path) -> Path:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    return path


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def waiting_for(pipe: Path) -> list[str]:
    """A command that ends when somebody has written to the pipe."""
    return python(f"print('at work'); print(open({str(pipe)!r}).read())")


def page() -> None:
    from dashboard import jobs

    jobs.show("a job of the tests")


def test_a_job_ends_with_what_it_said():
    job = jobs.start(
        KEY, "Counting", python("import os; print('one'); print(os.environ['TWO'])"), {"TWO": "zwei"}
    )
    assert job.join() == "done"
    assert job.said == "zwei"
    assert job.seconds == job.seconds > 0
    assert not jobs.is_running(KEY)


def test_a_job_that_says_nothing_ends_too():
    assert jobs.start(KEY, "Nothing", python("")).join() == "done"
    assert jobs.find(KEY).said == ""


def test_a_failed_job_keeps_its_last_words():
    job = jobs.start(KEY, "Failing", python("import sys; sys.exit('error: no paper\\n\\n')"))
    assert job.join() == "failed"
    assert job.said == "no paper"


def test_a_running_job_is_not_begun_twice(pipe: Path):
    job = jobs.start(KEY, "Waiting", waiting_for(pipe))
    assert job.state == "running"
    assert jobs.start(KEY, "Waiting again", ["no such command"]) is job
    with pipe.open("w") as end:
        end.write("go")
    assert job.join() == "done"
    assert job.said == "go"
    assert jobs.start(KEY, "Waiting again", python("")) is not job


def test_pages_come_before_jobs(pipe: Path):
    niceness = "import os; print(os.nice(0))"
    job = jobs.start(KEY, "Waiting", python(f"open({str(pipe)!r}).read(); {niceness}"))
    pipe.write_text("go")
    assert job.join() == "done"
    assert int(job.said) > os.nice(0)


def test_a_cancelled_job_ends(pipe: Path):
    job = jobs.start(KEY, "Waiting", waiting_for(pipe))
    job.cancel()
    assert job.state == "cancelled"


def test_a_job_that_does_not_listen_is_ended_by_force(pipe: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(jobs, "_PATIENCE_S", 0.0)
    deaf = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)"
    told = f"open({str(pipe)!r}, 'w').write('deaf'); open({str(pipe)!r}).read()"
    job = jobs.start(KEY, "Deaf", python(f"{deaf}; {told}"))
    assert pipe.read_text() == "deaf"
    job.cancel()
    assert job.state == "cancelled"


def test_what_ended_before_it_was_cancelled_stays_done():
    job = jobs.start(KEY, "Quick", python(""))
    job.join()
    job.cancel()
    assert job.state == "done"


def test_no_job_outlives_the_server(pipe: Path):
    job = jobs.start(KEY, "Waiting", waiting_for(pipe))
    jobs.end_all()
    assert job.state == "cancelled"


def test_a_page_shows_a_running_job_and_cancels_it(pipe: Path):
    job = jobs.start(KEY, "Waiting for a pipe", waiting_for(pipe))
    test = AppTest.from_function(page).run()
    assert "Waiting for a pipe: **" in test.markdown[0].value
    assert "s** so far" in test.markdown[0].value
    test.button[0].click().run()
    assert job.state == "cancelled"
    assert not test.markdown
    assert not test.error
    assert not test.exception


def test_a_page_says_why_a_job_failed():
    jobs.start(KEY, "Failing", python("import sys; sys.exit('error: no paper')")).join()
    test = AppTest.from_function(page).run()
    assert test.error[0].value.startswith("Failing failed after")
    assert "no paper" in test.error[0].value


def test_a_page_without_a_job_says_nothing():
    test = AppTest.from_function(page).run()
    assert not test.main.children
