from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.components.v2 import manifest_scanner

from dashboard import __main__ as serving
from dashboard import jobs, meanwhile
from workbench.analysis.floor import FLOOR
from workbench.exhibits.registry import find_exhibit
from workbench.exhibits.scope import CorpusFacts, Scope
from workbench.files import write_json
from workbench.forms.known import Known, place_of_description
from workbench.queue import worker
from workbench.queue.jobs import Queue
from workbench.training.forms import describe_settings

FACTS = CorpusFacts("demo", "f" * 64, "demo/2a9f61c3", 240)


@pytest.fixture(autouse=True)
def waiting_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages wait for what they would do meanwhile: a test looks at the whole page, once."""
    monkeypatch.setattr(meanwhile, "_PATIENCE_S", None)


@pytest.fixture(autouse=True)
def no_search_for_components(monkeypatch: pytest.MonkeyPatch) -> None:
    """As when the dashboard is served; the search took half of the time of a test."""
    monkeypatch.setattr(manifest_scanner, "scan_component_manifests", serving._no_components)


@pytest.fixture
def nothing_left_over() -> Iterator[None]:
    """Jobs end with the test that began them."""
    yield
    jobs.end_all()
    jobs._jobs.clear()


@pytest.fixture(scope="session")
def description() -> dict:
    return describe_settings()


@pytest.fixture
def known(workspace, description) -> Known:
    path = place_of_description(workspace)
    write_json(path, description)
    return Known.read(path)


@pytest.fixture
def started(monkeypatch) -> list[str]:
    """Workspaces for which a worker was started."""
    calls: list[str] = []
    monkeypatch.setattr(worker, "start", lambda workspace: calls.append(str(workspace.root)))
    return calls


@pytest.fixture
def queue(workspace, known, started) -> Queue:
    return Queue(workspace)


@pytest.fixture
def answered(run_factory) -> Callable[..., dict[str, Path]]:
    """The made-up runs that an exhibit needs with the budget quick, and their folders by method."""
    there: list[str] = []
    floor = f"{FLOOR}-None-s0"

    def make(name: str, **changes) -> dict[str, Path]:
        folders = {}
        for need in find_exhibit(name).needs(Scope(FACTS, **changes)):
            about = {"method": need.method, "seed": need.seed, "encoder": need.encoder}
            manifest = {"recipe": need.recipe("demo"), "config": {"all": dict(need.settings)}}
            drawn = f"-{need.settings['train_size']}" if "train_size" in changes.get("settings", {}) else ""
            name = f"{need.method}-{need.at}{drawn}-s{need.seed}"
            if name == floor and floor in there:  # one serves every exhibit
                continue
            there.append(name)
            folders[need.method] = run_factory(name, **about, **manifest)
        return folders

    return make
