"""What `python -m dashboard` changes about streamlit is still there to be changed."""

from __future__ import annotations

import gc
import importlib
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
from streamlit import runtime
from streamlit.components.v2 import manifest_scanner
from streamlit.components.v2.component_manager import BidiComponentManager
from streamlit.web import cli

from dashboard import __main__ as serving

warm_up = serving._warm_up  # the fixture puts another in its place

SERVE_NOTHING = """
import sys
from dashboard import __main__ as serving
serving._warm_up = lambda: None
try:
    serving.serve(["--help"])
except SystemExit:
    pass
heavy = {"plotly.graph_objects", "numpy", "pandas", "torch"} & set(sys.modules)
import plotly.graph_objects  # is there again
print("heavy:", *sorted(heavy))
"""


@pytest.fixture(autouse=True)
def served_by_nobody(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """`serve` returns at once, and what it sets is taken back."""
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "taken back")
    monkeypatch.delenv("OPENBLAS_NUM_THREADS")
    monkeypatch.setattr(serving, "_warm_up", lambda: None)
    monkeypatch.setattr(cli, "main", lambda options, prog_name: None)
    yield
    gc.unfreeze()
    gc.enable()


def test_the_server_computes_with_one_thread_unless_told_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    serving.serve([])
    assert os.environ["OPENBLAS_NUM_THREADS"] == "1"
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "4")
    serving.serve([])
    assert os.environ["OPENBLAS_NUM_THREADS"] == "4"


def test_no_package_is_searched_for_components(monkeypatch: pytest.MonkeyPatch) -> None:
    searched = []
    monkeypatch.setattr(
        manifest_scanner, "scan_component_manifests", lambda *_, **__: searched.append(1) or []
    )
    BidiComponentManager().discover_and_register_components(start_file_watching=False)
    assert searched == [1], "streamlit looks for components in another place now"
    serving.serve([])
    BidiComponentManager().discover_and_register_components(start_file_watching=False)
    assert searched == [1]


def test_what_is_imported_beforehand_exists() -> None:
    for name in serving._FIRST_PAGE + serving._OTHER_PAGES:
        assert importlib.import_module(name) is sys.modules[name]


def test_nothing_that_only_pictures_need_is_imported_before_the_server_starts() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SERVE_NOTHING], capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout.splitlines()[-1] == "heavy:"


def test_a_hidden_module_comes_back() -> None:
    before = importlib.import_module("plotly.graph_objects")
    with serving._hidden("plotly.graph_objects"), pytest.raises(ImportError):
        importlib.import_module("plotly.graph_objects")
    assert importlib.import_module("plotly.graph_objects") is before


def test_garbage_is_collected_again_once_the_first_page_is_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    serving.serve([])
    assert not gc.isenabled()
    assert gc.get_freeze_count() == 0
    monkeypatch.setattr(runtime, "exists", lambda: 1 / 0)  # whatever goes wrong until then
    with pytest.raises(ZeroDivisionError):
        warm_up()
    assert gc.isenabled()
    assert gc.get_freeze_count() > 0


def test_the_first_visitor_gets_the_first_page_before_more_is_imported(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now, imported, visits = [0.0], [], iter([False] * 5 + [True] * 100)
    monkeypatch.setattr(serving.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(serving.time, "sleep", lambda seconds: now.append(now.pop() + seconds))
    monkeypatch.setattr(serving.importlib, "import_module", lambda name: imported.append((name, now[0])))
    serving._import_meanwhile(lambda: next(visits))
    assert [name for name, _ in imported] == list(serving._OTHER_PAGES)
    came = 5 * 0.1
    assert min(moment for _, moment in imported) >= came + serving._UNTIL_DRAWN_S


def test_a_server_that_nobody_visits_imports_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    now, imported = [0.0], []
    monkeypatch.setattr(serving.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(serving.time, "sleep", lambda seconds: now.append(now.pop() + seconds))
    monkeypatch.setattr(serving.importlib, "import_module", lambda name: imported.append((name, now[0])))
    serving._import_meanwhile(lambda: False)
    assert [name for name, _ in imported] == list(serving._OTHER_PAGES)
    assert serving._UNTIL_VISITED_S <= imported[0][1] < serving._UNTIL_VISITED_S + 0.2
