from __future__ import annotations

import pytest

import workbench
from workbench.errors import WorkbenchError
from workbench.forms import known
from workbench.forms.known import Known, place_of_description


@pytest.fixture
def sources(tmp_path, monkeypatch):
    """A package of which the digest is taken."""
    for name in ("methods", "encoders", "training"):
        (tmp_path / name).mkdir()
    (tmp_path / "config.py").write_text("one")
    monkeypatch.setattr(workbench, "__file__", str(tmp_path / "__init__.py"))
    yield tmp_path
    known._digest.cache_clear()


def test_another_version_or_source_has_another_description(workspace, sources, monkeypatch):
    def place():
        known._digest.cache_clear()
        return place_of_description(workspace)

    first = place()
    assert first == place()
    assert first.is_relative_to(workspace.cache)
    assert workbench.__version__ in first.name
    (sources / "methods" / "new.py").write_text("a method")
    second = place()
    (sources / "config.py").write_text("two")
    third = place()
    monkeypatch.setattr(workbench, "__version__", "9.9")
    assert len({first, second, third, place()}) == 4


@pytest.mark.parametrize("content", ["", "[]", None])
def test_a_damaged_description_says_how_to_write_it_again(tmp_path, content):
    path = tmp_path / "settings.json"
    if content is not None:
        path.write_text(content)
    with pytest.raises(WorkbenchError, match="workbench methods --json"):
        Known.read(path)


def test_a_method_that_is_not_known_is_named():
    with pytest.raises(WorkbenchError, match="Unknown method 'x'"):
        Known({"methods": []}).method_of("x")
