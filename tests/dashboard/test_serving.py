"""What `python -m dashboard` changes about streamlit is still there to be changed."""

from __future__ import annotations

import importlib
import os
import sys

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.components.v2.component_manager import BidiComponentManager
from streamlit.web import cli

from dashboard import __main__ as serving


@pytest.fixture(autouse=True)
def served_by_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """`serve` returns at once, and what it sets is taken back."""
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "taken back")
    monkeypatch.delenv("OPENBLAS_NUM_THREADS")
    monkeypatch.setattr(serving, "_warm_up", lambda: None)
    monkeypatch.setattr(cli, "main", lambda options, prog_name: None)


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
